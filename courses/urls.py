"""Addresses of the programme and of taking part. Paths are Latvian; English is the same path under /en/."""

from django.urls import include, path

from courses.views import activities, catalogue, certificate_checks, feeds, mine, papers, parties, places, registering

app_name = "courses"
urlpatterns = [
    path("aktivitates/", catalogue.catalogue, name="catalogue"),
    path("aktivitates/kalendars.ics", feeds.catalogue_feed, name="catalogue_feed"),
    path("aktivitates/<int:pk>-<slug:slug>/", activities.activity, name="activity"),
    path("aktivitates/<int:pk>-<slug:slug>/kalendars.ics", feeds.activity_feed, name="activity_feed"),
    path("aktivitates/<int:pk>-<slug:slug>/pieteikties/", registering.register, name="register"),
    path("aktivitates/<int:pk>-<slug:slug>/pieteikties/parbaudit/", registering.check, name="register_check"),
    path("aktivitates/<int:pk>-<slug:slug>/afisa.pdf", papers.activity_poster, name="activity_poster"),
    path("a/<int:pk>/", papers.activity_short, name="activity_short"),
    path("vieta/", catalogue.remember_place, name="remember_place"),
    path("pagasti/<slug:slug>/", places.parish, name="parish"),
    path("pagasti/<slug:slug>/afisa.pdf", papers.parish_poster, name="parish_poster"),
    path("pagasti/<slug:slug>/lapa.pdf", papers.parish_leaflet, name="parish_leaflet"),
    path("centri/", places.centres, name="centres"),
    path("centri/<slug:slug>/", places.centre, name="centre"),
    path("centri/<slug:slug>/afisa.pdf", papers.centre_poster, name="centre_poster"),
    path("centri/<slug:slug>/lapa.pdf", papers.centre_leaflet, name="centre_leaflet"),
    path("nodalas/<slug:code>/", places.department, name="department"),
    path("pieteikumi/atrast/", parties.find, name="find_registration"),
    path("pieteikumi/<str:token>/sanemts/", registering.received, name="received"),
    path("pieteikumi/<str:token>/kalendars.ics", parties.calendar, name="party_calendar"),
    path("pieteikumi/<str:token>/", parties.party, name="party"),
    path("piedavajumi/<str:token>/", parties.offer, name="offer"),
    path("apliecibas/", certificate_checks.entry, name="certificate_entry"),
    path("apliecibas/parbaudit/", certificate_checks.form, name="certificate_form"),
    path("apliecibas/sanemt/<str:token>/", certificate_checks.received, name="certificates"),
    path("apliecibas/sanemt/<str:token>/<str:number>.pdf", certificate_checks.file, name="certificates_file"),
    path("apliecibas/<str:number>/", certificate_checks.check, name="certificate_check"),
    path("mani/", mine.mine, name="mine"),
    path("mani/<str:token>/kalendars.ics", mine.calendar, name="mine_calendar"),
    path("darbs/", include("courses.urls_desk")),
]
