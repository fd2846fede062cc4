"""Posts and educators; projects, and what they bring home."""

from coordinators.models.educators import Educator, EducatorQuerySet
from coordinators.models.posts import Post, PostQuerySet
from coordinators.models.projects import Mobility, Objective, Project
from coordinators.models.sharing import DisseminationEvent, Practice, Publication

__all__ = [
    "DisseminationEvent",
    "Educator",
    "EducatorQuerySet",
    "Mobility",
    "Objective",
    "Post",
    "PostQuerySet",
    "Practice",
    "Project",
    "Publication",
]
