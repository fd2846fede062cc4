"""Posts: who does what where, which are vacant, who stands in; opened, handed over, ended by who may."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from centres.models import Centre
from coordinators.domain import posts as domain
from coordinators.domain.access import Reach
from coordinators.domain.posts import Refused
from coordinators.models import Post
from courses.domain import trail
from courses.forms.posts import EndForm, HandForm, PostForm, StandInForm
from courses.views.staff import staff_page
from courses.views.trail import change_row
from ecosystem import dates
from ecosystem.models import Department, Parish

METHODS = ["GET", "HEAD", "POST"]
ORDER = (
    *(Post.Kind.HEAD, Post.Kind.COORDINATOR, Post.Kind.MANAGER),
    *(Post.Kind.PROJECT_MANAGER, Post.Kind.ADMINISTRATOR),
)


@require_safe
@staff_page
def posts(request: HttpRequest, reach: Reach) -> HttpResponse:
    """All posts in force or to come, by department: names and telephones of colleagues."""
    today = timezone.localdate()
    only_vacant = request.GET.get("brivi") == "1"
    found = list(_posts().exclude(ends_on__lt=today))
    vacant = [post for post in found if is_vacant(post, today=today)]
    shown = vacant if only_vacant else found
    groups = []
    for department in Department.objects.order_by("position", "pk"):
        rows = sorted((post for post in shown if post.department_id == department.pk), key=_place)
        if rows:
            groups.append({"department": department, "rows": [row_of(post, reach=reach, today=today) for post in rows]})
    context = {
        "page_title": _("Posts"),
        "groups": groups,
        "count": len(found),
        "count_words": ngettext("%(n)s post", "%(n)s posts", len(found)) % {"n": len(found)},
        "vacant_words": ngettext("%(n)s vacant", "%(n)s vacant", len(vacant)) % {"n": len(vacant)},
        "vacant": len(vacant),
        "only_vacant": only_vacant,
        "may_open": bool(domain.kinds(reach)),
    }
    return render(request, "courses/posts/posts.html", context)


@staff_page
@require_http_methods(METHODS)
def create(request: HttpRequest, reach: Reach) -> HttpResponse:
    """A new post, vacant until it is handed over."""
    if not domain.kinds(reach):
        raise PermissionDenied(_("Posts are opened by the head of the department or an administrator."))
    form = _form(request, reach)
    if form.is_bound and form.is_valid():
        try:
            made = domain.open_post(spec=form.spec(), reach=reach, now=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The post is open and vacant. Hand it to somebody."))
            return redirect("courses:desk_post", made.pk)
    return _form_page(request, form, title=_("New post"))


@staff_page
@require_http_methods(METHODS)
def change(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """Other parishes, another centre, contact or dates."""
    post = _managed(reach, pk)
    form = _form(request, reach, post=post)
    if form.is_bound and form.is_valid():
        try:
            domain.change(post=post, spec=form.spec(), reach=reach, now=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("courses:desk_post", pk)
    return _form_page(request, form, title=_("Change the post"), post=post)


@staff_page
@require_http_methods(METHODS)
def post(request: HttpRequest, reach: Reach, pk: int) -> HttpResponse:
    """One post: who holds it, who stands in, what was changed; and what can be done about it."""
    found = _managed(reach, pk)
    now = timezone.now()
    today = timezone.localdate(now)
    posted = request.POST if request.method == "POST" else None
    action = posted.get("action", "") if posted is not None else ""
    stand_ins = domain.may_stand_in(found, on=today)
    hand = HandForm(posted if action == "hand" else None)
    instead = StandInForm(posted if action == "stand_in" else None, posts=stand_ins, present=found.stands_in_id)
    ending = EndForm(posted if action == "end" else None, today=today)
    forms = {"hand": hand, "stand_in": instead, "end": ending}
    refusal = ""
    if posted is not None:
        form = forms.get(action)
        if form is None and action != "vacate":
            raise Http404(_("There is no such step."))
        if form is None or form.is_valid():
            try:
                said = _act(action, found, forms, seen=_seen(posted.get("seen", "")), reach=reach, now=now)
            except Refused as refused:
                if form is not None and refused.field in form.fields:
                    form.refuse(refused)
                else:
                    refusal = str(refused)
            else:
                messages.success(request, said)
                return redirect("courses:desk_post", pk)
        found = _managed(reach, pk)
    errors = bool(refusal) or any(form.errors for form in forms.values() if form.is_bound)
    title = ", ".join(filter(None, (str(found.get_kind_display()), ground(found))))
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if errors else title,
        "heading": title,
        "post": found,
        "row": row_of(found, reach=reach, today=today),
        "hand": hand,
        "instead": instead,
        "ending": ending,
        "forms": [form for form in forms.values() if form.is_bound],
        "refusal": refusal,
        # Whoever is told that somebody was quicker looks at the new state before pressing again.
        "seen": found.holder_id or "",
        "is_over": found.ends_on is not None and found.ends_on < today,
        "ends_today": found.ends_on == today,
        "relies": [
            {"title": words_of(other), "pk": other.pk}
            for other in _posts().filter(stands_in=found, holder=None).exclude(ends_on__lt=today)
        ],
        "changes": [change_row(each) for each in trail.of_post(post=found)],
    }
    return render(request, "courses/posts/post.html", context, status=422 if errors else 200)


def _act(action: str, found: Post, forms: dict[str, Any], *, seen: int | None, reach: Reach, now: datetime) -> str:
    """One change, and what is said when it is done; raises ``Refused``."""
    if action == "hand":
        typed = forms["hand"].cleaned_data
        given = domain.hand_over(post=found, email=typed["email"], name=typed["name"], seen=seen, reach=reach, now=now)
        return _("%(name)s holds the post now, and was written how to sign in.") % {"name": given.holder}
    if action == "stand_in":
        chosen = forms["stand_in"].chosen
        domain.name_stand_in(post=found, stands_in=chosen, reach=reach, now=now)
        if chosen is None:
            return _("Nobody stands in now.")
        return _("%(name)s stands in while the post is vacant.") % {"name": chosen.holder}
    if action == "vacate":
        domain.vacate(post=found, seen=seen, reach=reach, now=now)
        return _("The post is vacant.")
    on: date = forms["end"].cleaned_data["on"]
    domain.end(post=found, on=on, seen=seen, reach=reach, now=now)
    if on == timezone.localdate(now):
        return _("The post has ended.")
    return _("The post ends on %(day)s.") % {"day": dates.uncapital(dates.on_day(on))}


def row_of(post: Post, *, reach: Reach, today: date) -> dict[str, Any]:
    """A post as the list shows it."""
    answering = post.answering
    vacant = is_vacant(post, today=today)
    return {
        "pk": post.pk,
        "kind": post.get_kind_display(),
        "ground": ground(post),
        "is_vacant": vacant,
        "holder": str(post.holder) if post.holder else "",
        "is_me": reach.user is not None and post.holder_id == reach.user.pk,
        "phone": post.phone,
        "email": post.email,
        "stands_in": str(answering.holder) if vacant and answering and answering.holder else "",
        "stands_in_phone": answering.phone if vacant and answering else "",
        "days": days(post, today=today),
        "may_change": domain.may_manage(reach, kind=post.kind, department=post.department_id),
    }


def is_vacant(post: Post, *, today: date) -> bool:
    """Whether somebody is wanted for it: nobody holds it, and it does not end today."""
    return post.holder_id is None and (post.ends_on is None or post.ends_on > today)


def ground(post: Post) -> str:
    """Where it is: the centre, or the parishes."""
    return str(post.centre.name) if post.centre else ", ".join(parish.name for parish in post.parishes.all())


def words_of(post: Post) -> str:
    """ "Koordinators, Elejas pagasts"."""
    return ", ".join(filter(None, (str(post.get_kind_display()), ground(post))))


def days(post: Post, *, today: date) -> str:
    """From when, where that is still to come; until when, where that is known."""
    said = []
    if post.starts_on > today:
        said.append(_("from %(day)s") % {"day": f"{post.starts_on:%d.%m.%Y}"})
    if post.ends_on is not None:
        said.append(_("until %(day)s") % {"day": f"{post.ends_on:%d.%m.%Y}"})
    return " ".join(said)


def _posts() -> Any:
    return (
        Post.objects.select_related("department", "centre__parish", "holder", "stands_in__holder")
        .prefetch_related("parishes")
        .order_by("pk")
    )


def _managed(reach: Reach, pk: int) -> Post:
    """A post the reader looks after. Everybody sees all posts, so another's is refused as such."""
    found = _posts().filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such post."))
    if not domain.may_manage(reach, kind=found.kind, department=found.department_id):
        raise PermissionDenied(
            _("This post is looked after by an administrator.")
            if found.kind in (Post.Kind.HEAD, Post.Kind.ADMINISTRATOR)
            else _("This post is looked after by the head of %(department)s.") % {"department": found.department.name}
        )
    return found


def _place(post: Post) -> tuple[int, int, str]:
    """Heads first, then coordinators by parish, then the rest."""
    parishes: Sequence[Parish] = list(post.parishes.all())
    first = min((parish.position for parish in parishes), default=0)
    return ORDER.index(Post.Kind(post.kind)), first, ground(post)


def _seen(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _form(request: HttpRequest, reach: Reach, *, post: Post | None = None) -> PostForm:
    departments = Department.objects.current().order_by("position", "pk")
    if not reach.is_administrator:
        departments = departments.filter(pk__in=reach.headed)
    parishes = Parish.objects.current().order_by("position", "pk")
    centres = (
        Centre.objects.filter(retired_at=None)
        .select_related("parish")
        .order_by("parish__position", "parish_id", "name", "pk")
    )
    return PostForm(
        request.POST if request.method == "POST" else None,
        kinds=domain.kinds(reach),
        departments=departments,
        parishes=parishes,
        centres=centres,
        post=post,
        today=timezone.localdate(),
    )


def _form_page(request: HttpRequest, form: PostForm, *, title: str, post: Post | None = None) -> HttpResponse:
    wrong = form.is_bound
    context = {
        "page_title": _("Error: %(title)s") % {"title": title} if wrong else title,
        "heading": title,
        "form": form,
        "post": post,
        "post_words": words_of(post) if post else "",
    }
    return render(request, "courses/posts/form.html", context, status=422 if wrong else 200)
