"""Addresses without a language: for machines."""

from django.urls import path

from ecosystem.pages import views

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
]
