"""The yardstick: the least a Django page with twenty rows can do.

One query by an index and a plain template, through the same server and the same middlewares as the portal's pages.
What a page of the portal costs is told as a multiple of this, measured in the same run on the same machine.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.models import Activity

ROWS = 20
PAGE = """<!doctype html>
<html lang="lv">
  <head><meta charset="utf-8"><title>Aktivitātes</title></head>
  <body>
    <h1>Aktivitātes</h1>
    <ul>
      {% for row in rows %}
        <li>
          <h2><a href="/aktivitates/{{ row.pk }}-{{ row.ref }}/">{{ row.title }}</a></h2>
          <p>{{ row.starts_at|date:"j. F H:i" }}</p>
          <p>{{ row.summary }}</p>
          <p>{{ row.level }} {{ row.fee_eur }} € {{ row.taken }} / {{ row.capacity }}</p>
        </li>
      {% endfor %}
    </ul>
  </body>
</html>
"""


@login_not_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Twenty rows, soonest to end first (the index ``activities_to_come``), in a plain template."""
    offset = int(request.GET.get("n", "0")) % 200
    rows = Activity.objects.filter(status="published", ends_at__gt=timezone.now()).order_by("ends_at")
    template = engines["django"].from_string(PAGE) if not _compiled else _compiled[0]
    if not _compiled:
        _compiled.append(template)
    return HttpResponse(template.render({"rows": rows[offset : offset + ROWS]}, request))


_compiled: list = []
