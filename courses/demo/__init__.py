"""The demonstration: a believable year of the municipality around any day, made of files, a seed and that day.

Everything in it is invented, people above all. The programme goes through the same door as everybody's
(``courses.domain.importing``), and whoever is still to come is registered as residents are
(``courses.domain.registrations``), so what the demonstration shows is what the portal does.
"""
