"""Addresses of the programme and of taking part. Paths are Latvian; English is the same path under /en/."""

from django.urls import include, path

from courses.views import activities, catalogue, educator_page, feedback, feeds, mine, parties, places, registering

app_name = "courses"
urlpatterns = [
    path("aktivitates/", catalogue.catalogue, name="catalogue"),
    path("aktivitates/kalendars.ics", feeds.catalogue_feed, name="catalogue_feed"),
    path("aktivitates/<int:pk>-<slug:slug>/", activities.activity, name="activity"),
    path("aktivitates/<int:pk>-<slug:slug>/kalendars.ics", feeds.activity_feed, name="activity_feed"),
    path("aktivitates/<int:pk>-<slug:slug>/pieteikties/", registering.register, name="register"),
    path("aktivitates/<int:pk>-<slug:slug>/pieteikties/parbaudit/", registering.check, name="register_check"),
    path("vieta/", catalogue.remember_place, name="remember_place"),
    path("pagasti/<slug:slug>/", places.parish, name="parish"),
    path("centri/", places.centres, name="centres"),
    path("centri/<slug:slug>/", places.centre, name="centre"),
    path("nodalas/<slug:code>/", places.department, name="department"),
    path("pieteikumi/atrast/", parties.find, name="find_registration"),
    path("pieteikumi/<str:token>/sanemts/", registering.received, name="received"),
    path("pieteikumi/<str:token>/kalendars.ics", parties.calendar, name="party_calendar"),
    path("pieteikumi/<str:token>/", parties.party, name="party"),
    path("pieteikumi/<str:token>/naksu/", parties.attend, name="attend"),
    path("atsauksme/<str:token>/", feedback.answer, name="feedback"),
    path("piedavajumi/<str:token>/", parties.offer, name="offer"),
    path("mani/", mine.mine, name="mine"),
    path("mani/<str:token>/kalendars.ics", mine.calendar, name="mine_calendar"),
    path("pasniedzejs/<str:token>/", educator_page.mine, name="educator"),
    path("pasniedzejs/<str:token>/nodarbibas/<int:pk>/", educator_page.sheet, name="educator_sheet"),
    path("pasniedzejs/<str:token>/kalendars.ics", educator_page.calendar, name="educator_calendar"),
    path("darbs/", include("courses.urls_desk")),
]
