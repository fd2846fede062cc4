"""``make bench``: how fast the portal answers, beside a bare page and bare SQL measured in the same run.

What is measured and how stands in ``docs/performance.md``.
"""
