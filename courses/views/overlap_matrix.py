"""To be written."""
from django.http import HttpRequest, HttpResponse
from coordinators.domain.access import Reach
from courses.views.staff import staff_page
@staff_page
def month(request: HttpRequest, reach: Reach) -> HttpResponse:
    return HttpResponse()
who_serves = who_does = month
