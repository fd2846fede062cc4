"""Where a practice brought home from abroad was used: the activities that introduced it."""

from django.db import models

from coordinators.models import Practice
from courses.models import Activity
from ecosystem.privacy import Personal


class PracticeUse(models.Model):
    """An activity that uses a practice. Activities are upstairs of practices, so the link stands here."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="uses")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="practice_uses")

    personal: dict[str, Personal] = {}

    class Meta:
        ordering = ["practice", "activity"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "activity"], name="an_activity_uses_a_practice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.activity_id}"
