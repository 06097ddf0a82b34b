"""Addresses of the jmenný rejstřík."""

from django.urls import URLPattern, path

from egon.web.parties import views

urlpatterns: list[URLPattern] = [
    path("", views.party_list, name="parties"),
    path("novy/", views.new_party, name="party-new"),
    path("<int:pk>/", views.party_detail, name="party"),
    path("<int:pk>/upravit/", views.edit_party, name="party-edit"),
]
