"""What a department that was asked answers."""

from django.utils.translation import gettext_lazy as _

from courses.forms.parts import Refusable, TextField
from courses.models import PartnerRequest


class AnswerForm(Refusable):
    """Words that go with a yes or a no, or with leaving."""

    note = TextField(
        label=_("In your words"),
        most=PartnerRequest.LONGEST_NOTE,
        required=False,
        help_text=_("They read it with the answer: whom to ring, what you bring, or why not."),
    )

    renamed = {"partner_note": "note"}
