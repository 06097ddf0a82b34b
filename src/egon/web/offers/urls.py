"""Where forms ask for suggestions."""

from django.urls import URLPattern, path

from egon.web.offers import views

urlpatterns: list[URLPattern] = [path("<str:source>/", views.offer, name="offer")]
