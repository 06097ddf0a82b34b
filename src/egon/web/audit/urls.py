"""Addresses of the transaction log."""

from django.urls import URLPattern, path

from egon.web.audit import rights, views

urlpatterns: list[URLPattern] = [
    path("", views.log_list, name="audit-log"),
    path("opravneni/", rights.matrix_page, name="audit-matrix"),
    path("opravneni.csv", rights.matrix_export, name="audit-matrix-export"),
    path("<int:pk>/", views.log_record, name="audit-record"),
]
