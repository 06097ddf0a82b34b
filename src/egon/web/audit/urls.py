"""Addresses of the transaction log."""

from django.urls import URLPattern, path

from egon.web.audit import views

urlpatterns: list[URLPattern] = [
    path("", views.log_list, name="audit-log"),
    path("<int:pk>/", views.log_record, name="audit-record"),
]
