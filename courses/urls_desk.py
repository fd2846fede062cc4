"""Addresses of the desk, under /darbs/. Every one of them starts from the reader's posts."""

from django.urls import path

from courses.views import assisted, attendance, board, desk, doubles, files, filling, people, planning, telling

urlpatterns = [
    path("", desk.today, name="desk"),
    path("programma/", board.programme, name="desk_programme"),
    path("fails/", files.upload, name="desk_upload"),
    path("fails/eksports/", files.export, name="desk_export"),
    path("aktivitates/jauna/", planning.create, name="desk_create"),
    path("aktivitates/<int:pk>/", filling.activity, name="desk_activity"),
    path("aktivitates/<int:pk>/izlemt/", filling.decide, name="desk_decide"),
    path("aktivitates/<int:pk>/labot/", planning.edit, name="desk_edit"),
    path("aktivitates/<int:pk>/nodarbibas/", planning.sessions, name="desk_sessions"),
    path("aktivitates/<int:pk>/statuss/", planning.status, name="desk_status"),
    path("aktivitates/<int:pk>/kopet/", planning.clone, name="desk_clone"),
    path("aktivitates/<int:pk>/pieteikt/", assisted.search, name="desk_search"),
    path("aktivitates/<int:pk>/pieteikt/jauns/", assisted.register, name="desk_register"),
    path("aktivitates/<int:pk>/zina/", telling.compose, name="desk_message"),
    path("aktivitates/<int:pk>/atcelt/", telling.cancel, name="desk_cancel"),
    path("iedzivotaji/", people.search, name="desk_people"),
    path("iedzivotaji/<uuid:pk>/", people.person, name="desk_person"),
    path("iedzivotaji/<uuid:pk>/labot/", people.correct, name="desk_person_correct"),
    path("iedzivotaji/<uuid:pk>/dati/", people.export, name="desk_person_data"),
    path("iedzivotaji/<uuid:pk>/dzest/", people.erase, name="desk_person_erase"),
    path("dubultnieki/", doubles.pairs, name="desk_doubles"),
    path("dubultnieki/<int:pk>/", doubles.compare, name="desk_double"),
    path("dubultnieki/apvienoti/<int:pk>/", doubles.undo, name="desk_merge"),
    path("nodarbibas/<int:pk>/", attendance.sheet, name="desk_attendance"),
]
