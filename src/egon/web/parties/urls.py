"""Addresses of the jmenný rejstřík."""

from django.urls import URLPattern, path

from egon.web.parties import duplicates, identification, retention, rights, views

urlpatterns: list[URLPattern] = [
    path("", views.party_list, name="parties"),
    path("novy/", views.new_party, name="party-new"),
    path("<int:pk>/", views.party_detail, name="party"),
    path("<int:pk>/pristup/", views.who_sees_party, name="party-access"),
    path("<int:pk>/udaje/", views.describe_party, name="party-own"),
    path("<int:pk>/upravit/", views.edit_party, name="party-edit"),
    path("<int:pk>/duplicita/", duplicates.suspect, name="party-suspect"),
    path("duplicity/", duplicates.duplicate_list, name="party-duplicates"),
    path("duplicity/<int:pk>/", duplicates.duplicate_page, name="party-duplicate"),
    path("duplicity/<int:pk>/sloucit/", duplicates.merge, name="party-merge"),
    path("duplicity/<int:pk>/ruzne/", duplicates.keep_apart, name="party-apart"),
    path("duplicity/<int:pk>/vratit/", duplicates.undo_merge, name="party-unmerge"),
    path("lhuty/", retention.retention, name="party-retention"),
    path("prava/", rights.rights, name="party-rights"),
    path("lhuty/notifikace/", retention.notifications, name="party-notifications"),
    path("<int:pk>/znicit/", retention.destroy, name="party-destroy"),
    path("<int:pk>/ztotoznit/", identification.identify, name="party-identify"),
]
