"""The words that filters choose from, held with the snapshot: they change a few times a year."""

from dataclasses import dataclass, field
from functools import cached_property

from courses.domain.catalogue.query import Home
from ecosystem.models import Audience, Department, Parish, Topic, Village


@dataclass
class Vocabulary:
    """Parishes, villages, audiences, topics and departments, retired ones too: old addresses still name them."""

    parishes: list[Parish] = field(default_factory=list)
    villages: list[Village] = field(default_factory=list)
    audiences: list[Audience] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    neighbours: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Vocabulary":
        """Read it all."""
        from ecosystem.models import Neighbourhood

        neighbours: dict[str, list[str]] = {}
        borders = Neighbourhood.objects.filter(shared_border_m__gte=Neighbourhood.DOUBTFUL_BELOW_M)
        for border in borders.order_by("-shared_border_m", "pk"):
            neighbours.setdefault(border.parish_id, []).append(border.neighbour_id)
        return cls(
            parishes=list(Parish.objects.order_by("position", "code")),
            villages=list(Village.objects.order_by("position", "code")),
            audiences=list(Audience.objects.order_by("position", "code")),
            topics=list(Topic.objects.order_by("position", "code")),
            departments=list(Department.objects.order_by("position", "code")),
            neighbours=neighbours,
        )

    @cached_property
    def homes(self) -> dict[str, Home]:
        """What ``vieta`` may name: the slug of a village or parish."""
        places: list[tuple[Parish | Village, str, bool]] = [(p, p.pk, True) for p in self.parishes]
        places += [(v, v.parish_id, False) for v in self.villages]
        return {
            place.slug: Home(
                slug=place.slug,
                name=place.name,
                accusative=place.accusative,
                locative=place.locative,
                genitive=place.genitive,
                point=place.point,
                parish=parish,
                is_parish=is_parish,
            )
            for place, parish, is_parish in places
        }

    @cached_property
    def parish(self) -> dict[str, Parish]:
        """Parishes by code."""
        return {parish.pk: parish for parish in self.parishes}

    @cached_property
    def topic(self) -> dict[str, Topic]:
        """Topics by code."""
        return {topic.pk: topic for topic in self.topics}

    @cached_property
    def audience(self) -> dict[str, Audience]:
        """Audiences by code."""
        return {audience.pk: audience for audience in self.audiences}

    @cached_property
    def department(self) -> dict[str, Department]:
        """Departments by code."""
        return {department.pk: department for department in self.departments}
