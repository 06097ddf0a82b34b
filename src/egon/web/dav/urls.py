"""Addresses that office programs open and save under."""

from django.urls import URLPattern, path

from egon.web.dav import views

app_name = "dav"

urlpatterns: list[URLPattern] = [
    path("<int:tenant_id>/<str:secret>/", views.folder, name="folder"),
    path("<int:tenant_id>/<str:secret>/<str:name>", views.file, name="file"),
]
