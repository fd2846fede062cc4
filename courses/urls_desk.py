"""Addresses of the desk, under /darbs/. Every one of them starts from the reader's posts."""

from django.urls import path

from courses.views import assisted, attendance, board, certificates, desk, files, filling, papers, planning, telling

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
    path("aktivitates/<int:pk>/apliecibas/", certificates.activity, name="desk_certificates"),
    path("aktivitates/<int:pk>/apliecibas.pdf", certificates.file, name="desk_certificates_file"),
    path("nodarbibas/<int:pk>/", attendance.sheet, name="desk_attendance"),
    path("nodarbibas/<int:pk>/paraksti.pdf", papers.sign_in_sheet, name="desk_sign_in"),
]
