"""What outlives people: facts of taking part."""

from reporting.models.facts import FoldedYear, KeptFigure, Participation, Pseudonym

__all__ = ["FoldedYear", "KeptFigure", "Participation", "Pseudonym"]
