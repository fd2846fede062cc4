"""What outlives people: facts of taking part; and what the network's practices led to."""

from reporting.models.facts import FoldedYear, KeptFigure, Participation, Pseudonym
from reporting.models.practices import PracticeUse

__all__ = ["FoldedYear", "KeptFigure", "Participation", "PracticeUse", "Pseudonym"]
