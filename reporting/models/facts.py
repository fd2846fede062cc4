"""Facts of taking part, which outlive the people: who (as a pseudonym), how old, from where, how far.

What the programme knows of a session – departments, topic, audiences, hours, place – is read from the programme, which
outlives people too (docs/adr/0013). So a fact holds only what an erasure would take away.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import Channel
from courses.models import Session
from ecosystem.models import Parish
from ecosystem.privacy import Personal, Term
from reporting.enums import Band


class Pseudonym(models.Model):
    """One person in the figures, without a way back: a keyed hash whose key is not in the database.

    Still personal data: deleted when its term is over, which folds the person's facts into counted ones.
    """

    digest = models.UUIDField(unique=True)

    personal = {"digest": Personal(_("A code made of your entry"), _("To count a person once"), Term.PSEUDONYM)}

    def __str__(self) -> str:
        return str(self.pk)


class KeyMark(models.Model):
    """By which key the pseudonyms were made: a mark of it, so that another one is noticed before it counts people twice."""

    mark = models.CharField(max_length=32)

    personal: dict[str, Personal] = {}

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="pseudonyms_have_one_key")]

    def __str__(self) -> str:
        return self.mark


class Participation(models.Model):
    """Somebody was present at one session; or, counted, ``times`` people of whom the same is known.

    Without ``who`` it is an unnamed place of a group (``unnamed`` is its registration, which names nobody either), or
    what is left of facts whose pseudonyms are past their term.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participations")
    who = models.ForeignKey(
        Pseudonym, null=True, blank=True, on_delete=models.PROTECT, related_name="participations", db_index=False
    )
    unnamed = models.BigIntegerField(null=True, blank=True)
    # Full years on the day; with a year of birth alone, as if born on 1 January.
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.CharField(max_length=5, choices=Band.choices, blank=True)
    sex = models.CharField(max_length=6, blank=True)
    home = models.ForeignKey(Parish, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lives_elsewhere = models.BooleanField(default=False)
    # From the centre of the home parish to where it was, as the crow flies; None online and where home is not known.
    km = models.FloatField(null=True, blank=True)
    channel = models.CharField(max_length=6, choices=Channel.choices, blank=True)
    # The day they were at any session before this one, of whichever department; None: never before.
    previous_on = models.DateField(null=True, blank=True)
    times = models.PositiveSmallIntegerField(default=1)

    personal = {
        "who": Personal(_("A code made of your entry"), _("To count a person once"), Term.PSEUDONYM),
        "age": Personal(_("Age on the day"), _("For figures by age"), Term.PSEUDONYM),
        "band": Personal(_("Age band"), _("For figures by age"), Term.FIGURES),
        "sex": Personal(_("Sex, if you said"), _("For equality figures"), Term.FIGURES),
        "home": Personal(_("Home parish"), _("For figures by place"), Term.FIGURES),
        "lives_elsewhere": Personal(_("Lives elsewhere"), _("For figures by place"), Term.FIGURES),
        "km": Personal(_("Distance from the home parish"), _("To plan nearer to home"), Term.FIGURES),
        "previous_on": Personal(_("When you last came before that"), _("To count newcomers"), Term.PSEUDONYM),
    }

    class Meta:
        indexes = [models.Index(fields=["who", "session"], name="participations_of_one")]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "who"], condition=Q(who__isnull=False), name="a_person_is_at_a_session_once"
            ),
            models.UniqueConstraint(
                fields=["session", "unnamed"],
                condition=Q(unnamed__isnull=False),
                name="an_unnamed_place_is_at_a_session_once",
            ),
            models.CheckConstraint(condition=Q(who=None) | Q(unnamed=None), name="who_has_a_code_is_not_unnamed"),
            models.CheckConstraint(condition=Q(who=None) | Q(times=1), name="a_person_counts_once_a_session"),
            models.CheckConstraint(condition=Q(times__gte=1), name="a_fact_counts_somebody"),
            models.CheckConstraint(condition=Q(band__in=["", *Band.values]), name="an_age_band_is_known_or_not_said"),
            models.CheckConstraint(
                condition=Q(home=None) | Q(lives_elsewhere=False), name="who_lives_elsewhere_has_no_parish_here"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.who_id or self.times}"


class FoldedYear(models.Model):
    """A calendar year whose pseudonyms are past their term: its facts are counts, its published figures are kept."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    folded_at = models.DateTimeField(default=timezone.now)

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class KeptFigure(models.Model):
    """A figure that counts different people, as it stood when its year was folded: people do not add up from counts."""

    code = models.CharField(max_length=10)
    first_on = models.DateField()
    last_on = models.DateField()
    # What it is broken down by, sorted and joined by ","; "" for the whole.
    by = models.CharField(max_length=60, blank=True)
    # [{"keys": {…}, "value": …, "n": …, "not_known": …}]
    rows = models.JSONField(default=list)

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["code", "first_on", "by"]
        constraints = [
            models.UniqueConstraint(fields=["code", "first_on", "last_on", "by"], name="a_figure_is_kept_once"),
            models.CheckConstraint(condition=Q(last_on__gte=models.F("first_on")), name="a_kept_period_is_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.first_on}–{self.last_on} {self.by}"
