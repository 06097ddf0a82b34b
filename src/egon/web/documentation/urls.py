"""Addresses of the documentation."""

from django.urls import URLPattern, path

from egon.web.documentation import views

urlpatterns: list[URLPattern] = [
    path("", views.documentation, name="documentation"),
    path("vytvorit/", views.write_now, name="documentation-write"),
    path("soubor/<str:name>", views.download, name="documentation-file"),
]
