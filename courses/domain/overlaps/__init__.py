"""Overlaps: what the three departments plan for the same people, near the same place, at the same time.

``ecosystem.overlap`` judges two profiles; here profiles are made of the programme, pairs are found among them, what was
found is kept in rows, and people decide. News of a changed activity comes by the journal (:mod:`reading`).
"""
