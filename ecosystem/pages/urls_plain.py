"""Addresses without a language: for machines."""

from django.urls import path

from ecosystem.pages import receipts, views

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("zinas/sms/<slug:provider>/", receipts.sms_receipt, name="sms_receipt"),
]
