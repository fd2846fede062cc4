"""Addresses of the desk for figures, under /darbs/. Every one of them starts from the reader's posts."""

from django.urls import path

from reporting.views import (
    baseline_file,
    baselines,
    dashboard,
    indicator,
    limits,
    mobility_file,
    parts,
    people,
    practices,
    projects,
    report_files,
    report_page,
    report_sealing,
    reports,
    totals,
)

app_name = "reporting"
urlpatterns = [
    path("parskati/", reports.listing, name="desk_reports"),
    path("parskati/jauns/", reports.create, name="desk_report_new"),
    path("parskati/bazes-vertibas/", baselines.listing, name="desk_baselines"),
    path("parskati/bazes-vertibas/jaunas/", baselines.create, name="desk_baseline_new"),
    path("parskati/bazes-vertibas/<int:pk>/", baselines.one, name="desk_baseline"),
    path("parskati/bazes-vertibas/<int:pk>/labot/", baselines.edit, name="desk_baseline_edit"),
    path("parskati/bazes-vertibas/<int:pk>/fails/", baseline_file.upload, name="desk_baseline_file"),
    path("parskati/<int:pk>/", report_page.one, name="desk_report"),
    path("parskati/<int:pk>/saglabat/", report_page.keep, name="desk_report_keep"),
    path("parskati/<int:pk>/labot/", reports.edit, name="desk_report_edit"),
    path("parskati/<int:pk>/truksts/", report_page.check, name="desk_report_check"),
    path("parskati/<int:pk>/noslegt/", report_sealing.seal, name="desk_report_seal"),
    path("parskati/<int:pk>/nakama/", reports.begin_next, name="desk_report_next"),
    path("parskati/<int:pk>/parskats.<slug:kind>", report_files.draft, name="desk_report_file"),
    path("parskati/<int:pk>/versijas/<int:number>/", report_sealing.version, name="desk_report_version"),
    path(
        "parskati/<int:pk>/versijas/<int:number>/atskiribas/",
        report_sealing.differences,
        name="desk_report_differences",
    ),
    path(
        "parskati/<int:pk>/versijas/<int:number>/parskats.<slug:kind>",
        report_files.sealed,
        name="desk_report_version_file",
    ),
    path("projekti/", projects.listing, name="desk_projects"),
    path("projekti/jauns/", projects.create, name="desk_project_new"),
    path("projekti/<int:pk>/", projects.one, name="desk_project"),
    path("projekti/<int:pk>/labot/", projects.edit, name="desk_project_edit"),
    path("projekti/<int:project>/merki/jauns/", parts.create(parts.OBJECTIVE), name="desk_project_objective_new"),
    path("projekti/<int:project>/merki/<int:pk>/", parts.edit(parts.OBJECTIVE), name="desk_project_objective"),
    path("projekti/<int:project>/mobilitates/jauna/", parts.create(parts.MOBILITY), name="desk_project_mobility_new"),
    path("projekti/<int:project>/mobilitates/fails/", mobility_file.upload, name="desk_project_mobility_file"),
    path("projekti/<int:project>/mobilitates/eksports/", mobility_file.export, name="desk_project_mobility_export"),
    path("projekti/<int:project>/mobilitates/<int:pk>/", parts.edit(parts.MOBILITY), name="desk_project_mobility"),
    path("projekti/<int:project>/prakses/jauna/", parts.create(parts.PRACTICE), name="desk_project_practice_new"),
    path(
        "projekti/<int:project>/prakses/<int:pk>/labot/", parts.edit(parts.PRACTICE), name="desk_project_practice_edit"
    ),
    path("projekti/<int:project>/pasakumi/jauns/", parts.create(parts.EVENT), name="desk_project_event_new"),
    path("projekti/<int:project>/pasakumi/<int:pk>/", parts.edit(parts.EVENT), name="desk_project_event"),
    path(
        "projekti/<int:project>/publikacijas/jauna/",
        parts.create(parts.PUBLICATION),
        name="desk_project_publication_new",
    ),
    path(
        "projekti/<int:project>/publikacijas/<int:pk>/", parts.edit(parts.PUBLICATION), name="desk_project_publication"
    ),
    path("prakses/<int:pk>/", practices.one, name="desk_project_practice"),
    path("aktivitates/<int:pk>/kopskaiti/", totals.activity, name="desk_totals"),
    path("iestatijumi/", limits.listing, name="desk_limits"),
    path("iestatijumi/<slug:code>/", limits.one, name="desk_limit"),
    path("raditaji/", dashboard.page, name="desk_figures"),
    path("raditaji/<slug:code>/", indicator.page, name="desk_figure"),
    path("raditaji/<slug:code>/cilveki/", people.page, name="desk_figure_people"),
]
