"""What outlives people; and what the network's practices led to."""

from reporting.models.practices import PracticeUse

__all__ = ["PracticeUse"]
