"""Accounts of residents: whoever proved by a code that an e-mail is theirs sees the household that gave it.

An account is optional and adds nothing to what the signed links allow; it only brings them together in one place.
E-mail is evidence, not identity: it opens what was sent to that e-mail, and nothing else.
"""

from allauth.account.models import EmailAddress

from ecosystem.models import User
from residents.models import Household


def proved_emails(*, user: User) -> list[str]:
    """The e-mail addresses this account has proved to be its own, in lower case."""
    proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({email.lower() for email in proved if email})


def households(*, user: User, proved: list[str]) -> list[Household]:
    """The households that gave an e-mail this account has proved to be its own, newly found ones tied to it."""
    Household.objects.filter(email__in=proved, account=None).update(account_id=user.pk)
    return list(
        Household.objects.filter(account_id=user.pk, email__in=proved)
        .prefetch_related("residents")
        .order_by("created_at", "id")
    )
