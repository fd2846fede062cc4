"""Posts as they are typed: what the job is, whom it is handed to, who stands in, when it ends. Rules are the domain's."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centres.models import Centre
from coordinators.domain.posts import PostSpec, Refused
from coordinators.models import Post
from courses.forms.fields import EmailField, NameField, PhoneField
from courses.forms.parts import date_field
from ecosystem.models import Department, Parish
from ecosystem.phones import spaced


class Refusing(forms.Form):
    """A form that shows what the domain refused beside the field it concerns."""

    def refuse(self, refused: Refused) -> None:
        """Beside its field, or above the form."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))


class PostForm(Refusing):
    """A post: its kind, department, ground, contact and dates. Of one that exists, kind and department stay."""

    kind = forms.ChoiceField(label=_("What the post is"), error_messages={"required": _("Choose what the post is.")})
    department = forms.ChoiceField(label=_("Department"), error_messages={"required": _("Choose the department.")})
    parishes = forms.MultipleChoiceField(
        label=_("Parishes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where a coordinator works; of a centre manager, where the centre stands."),
    )
    centre = forms.ChoiceField(
        label=_("Centre"), required=False, help_text=_("A centre manager works on what happens in it.")
    )
    phone = PhoneField(label=_("Work telephone"), required=False, help_text=_("Residents ring it."))
    email = EmailField(label=_("Work e-mail"), required=False, help_text=_("Of the post, not of the person."))
    starts_on = date_field(label=_("From"))
    ends_on = date_field(label=_("Until, that day included"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        kinds: Iterable[str],
        departments: Iterable[Department],
        parishes: Iterable[Parish],
        centres: Iterable[Centre],
        post: Post | None = None,
        today: date,
    ) -> None:
        self.department_rows = {one.pk: one for one in departments}
        self.parish_rows = {one.pk: one for one in parishes}
        self.centre_rows = {str(one.pk): one for one in centres}
        self.post = post
        super().__init__(data, initial=_initial(post) if post else {"starts_on": today})
        labels = dict(Post.Kind.choices)
        kept = [("", gettext("Choose one")), *((kind, labels[Post.Kind(kind)]) for kind in kinds)]
        self._choices("kind", kept)
        only = len(self.department_rows) == 1
        named = [(pk, one.name) for pk, one in self.department_rows.items()]
        self._choices("department", named if only else [("", gettext("Choose one")), *named])
        self._choices("parishes", [(pk, one.name) for pk, one in self.parish_rows.items()])
        self._choices("centre", [("", gettext("No centre")), *_by_parish(self.centre_rows.values())])
        for field in self.fields.values():
            # The browser would fill in its owner, who is not the one written about.
            field.widget.attrs["autocomplete"] = "off"
        if post is not None:
            del self.fields["kind"], self.fields["department"]

    def _choices(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    def spec(self) -> PostSpec:
        """As the domain takes it."""
        said = self.cleaned_data
        return PostSpec(
            kind=self.post.kind if self.post else said["kind"],
            department=self.post.department if self.post else self.department_rows[said["department"]],
            parishes=[self.parish_rows[pk] for pk in said["parishes"]],
            centre=self.centre_rows.get(said["centre"]),
            phone=said["phone"],
            email=said["email"],
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
        )


class HandForm(Refusing):
    """Whom the post is handed to."""

    email = EmailField(
        label=_("Their e-mail address"), help_text=_("They sign in by it. Who has no account yet gets one.")
    )
    name = NameField(
        label=_("Given name and family name"),
        missing=_("Type the given name and the family name."),
        longest=120,
        required=False,
        help_text=_("Needed for somebody new; colleagues and residents see it."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="hand")
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class StandInForm(Refusing):
    """Who stands in while the post is vacant."""

    stands_in = forms.ChoiceField(label=_("Who stands in"), required=False)

    def __init__(self, data: Any = None, *, posts: Iterable[Post], present: int | None = None) -> None:
        super().__init__(data, prefix="instead", initial={"stands_in": str(present or "")})
        self.posts = {str(post.pk): post for post in posts}
        groups: dict[str, list[tuple[str, str]]] = {}
        for pk, post in self.posts.items():
            groups.setdefault(str(post.department.name), []).append((pk, _post(post)))
        field = self.fields["stands_in"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", gettext("Nobody: the portal's telephone answers")), *groups.items()]

    @property
    def chosen(self) -> Post | None:
        """The post chosen."""
        return self.posts.get(self.cleaned_data["stands_in"])


class EndForm(Refusing):
    """The post's last day."""

    on = date_field(label=_("Last day"), help_text=_("Today: at once, and whoever holds the post holds it no more."))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, prefix="end", initial={"on": today})


def _initial(post: Post) -> dict[str, Any]:
    return {
        "parishes": [parish.pk for parish in post.parishes.all()],
        "centre": str(post.centre_id or ""),
        "phone": spaced(post.phone),
        "email": post.email,
        "starts_on": post.starts_on,
        "ends_on": post.ends_on,
    }


def _by_parish(centres: Iterable[Centre]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for centre in centres:
        groups.setdefault(str(centre.parish.name), []).append((str(centre.pk), str(centre.name)))
    return list(groups.items())


def _post(post: Post) -> str:
    ground = str(post.centre.name) if post.centre else ", ".join(parish.name for parish in post.parishes.all())
    return " · ".join(part for part in (str(post.holder), str(post.get_kind_display()), ground) if part)
