"""Addresses of the data boxes."""

from django.urls import URLPattern, path

from egon.web.databox import views

app_name = "databox"

urlpatterns: list[URLPattern] = [
    path("", views.boxes, name="boxes"),
    path("nova/", views.add, name="add"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/obnovit/", views.resume, name="resume"),
    path("<int:pk>/stahnout/", views.fetch, name="fetch"),
    path("zprava/<int:pk>/", views.message, name="message"),
    path("zprava/<int:pk>/znovu/", views.fetch_again, name="fetch_again"),
    path("zprava/<int:pk>/zfo", views.zfo, name="zfo"),
]
