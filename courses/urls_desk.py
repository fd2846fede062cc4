"""Addresses of the desk, under /darbs/. Every one of them starts from the reader's posts."""

from django.urls import path

from courses.views import (
    assisted,
    attendance,
    autosave,
    board,
    desk,
    editor,
    files,
    filling,
    planning,
    seasons,
    telling,
    templates,
)

urlpatterns = [
    path("", desk.today, name="desk"),
    path("programma/", board.programme, name="desk_programme"),
    path("fails/", files.upload, name="desk_upload"),
    path("fails/eksports/", files.export, name="desk_export"),
    path("programma/kopet/", seasons.copy, name="desk_season"),
    path("sagataves/", templates.listing, name="desk_templates"),
    path("sagataves/<int:pk>/", templates.template, name="desk_template"),
    path("aktivitates/jauna/", editor.create, name="desk_create"),
    path("aktivitates/jauna/saglabat/", autosave.begin, name="desk_begin"),
    path("aktivitates/<int:pk>/", filling.activity, name="desk_activity"),
    path("aktivitates/<int:pk>/izlemt/", filling.decide, name="desk_decide"),
    path("aktivitates/<int:pk>/labot/", editor.edit, name="desk_edit"),
    path("aktivitates/<int:pk>/labot/saglabat/", autosave.keep, name="desk_keep"),
    path("aktivitates/<int:pk>/sagatave/", templates.keep, name="desk_keep_template"),
    path("aktivitates/<int:pk>/nodarbibas/", planning.sessions, name="desk_sessions"),
    path("aktivitates/<int:pk>/statuss/", planning.status, name="desk_status"),
    path("aktivitates/<int:pk>/kopet/", planning.clone, name="desk_clone"),
    path("aktivitates/<int:pk>/pieteikt/", assisted.search, name="desk_search"),
    path("aktivitates/<int:pk>/pieteikt/jauns/", assisted.register, name="desk_register"),
    path("aktivitates/<int:pk>/zina/", telling.compose, name="desk_message"),
    path("aktivitates/<int:pk>/atcelt/", telling.cancel, name="desk_cancel"),
    path("nodarbibas/<int:pk>/", attendance.sheet, name="desk_attendance"),
]
