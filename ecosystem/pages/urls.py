"""Addresses of the roof."""

from django.urls import path

from ecosystem.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
]
