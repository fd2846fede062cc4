"""The trail read: what was changed, by whom, from what to what; and who looked at whose data.

A change is all that one person changed of one thing at one moment: an activity with its sessions is one thing. A head
reads their own department's and the projects', an administrator everything, a coordinator that of an activity they work on. The
beginning of a history, when what stood already was written down, is nobody's change and is not told.

However much there is, a page is read by the same number of queries: the moments first, newest first, each history by
its own index; then their rows and the rows before them; then the names of what they point to.
"""

from courses.domain.trail.asked import Wanted, colleagues
from courses.domain.trail.changes import Page, changes, of_activity, of_post
from courses.domain.trail.looked import LookRow, Looks, at_resident, looked
from courses.domain.trail.rows import (
    ACTIVITY,
    EDUCATOR,
    POST,
    PRACTICE,
    PROJECT,
    STATEMENT,
    THINGS,
    Change,
    Edit,
    post_name,
)

__all__ = [
    "ACTIVITY",
    "EDUCATOR",
    "POST",
    "PRACTICE",
    "PROJECT",
    "STATEMENT",
    "THINGS",
    "Change",
    "Edit",
    "LookRow",
    "Looks",
    "Page",
    "Wanted",
    "at_resident",
    "changes",
    "colleagues",
    "looked",
    "of_activity",
    "of_post",
    "post_name",
]
