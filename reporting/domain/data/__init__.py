"""What figures are computed from: a few plain tables (``tables``), read from PostgreSQL or from a copy made whole.

``tables`` defines each by one SELECT over the portal's rows. ``postgres`` reads them as they stand this moment;
``copy`` writes them into a column store that is swapped whole, and reads there; ``sources`` says which is asked, ``exact``
what is asked by what is kept for good.
"""
