"""Addresses of the roof."""

from django.urls import path

from ecosystem.pages import demo, statements, views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("pieklustamiba/", statements.statement, {"key": "pieklustamiba"}, name="accessibility"),
    path("privatums/", statements.statement, {"key": "privatums"}, name="privacy"),
    path("pa-talruni/", statements.statement, {"key": "pa-talruni"}, name="by_telephone"),
    path("sazina/", statements.statement, {"key": "sazina"}, name="contact"),
    path("darbs/teksti/<slug:key>/", statements.edit, name="edit_statement"),
    path("demo/", demo.index, name="demo"),
    path("demo/ieiet/<slug:role>/", demo.sign_in, name="demo_sign_in"),
    path("demo/zinas/", demo.messages, name="demo_messages"),
    path("demo/komponenti/", demo.gallery, name="gallery"),
]
