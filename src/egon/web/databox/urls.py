"""Addresses of the data boxes."""

from django.urls import URLPattern, path

from egon.web.databox import browsing, centre, certificates, importing, overview, personal, stamps, views, waiting

app_name = "databox"

urlpatterns: list[URLPattern] = [
    path("", overview.boxes, name="boxes"),
    path("zpravy/", browsing.message_list, name="messages"),
    path("import/", importing.imports, name="imports"),
    path("import/<int:pk>/", importing.import_run, name="import_run"),
    path("import/<int:pk>/zastavit/", importing.stop, name="import_stop"),
    path("import/<int:pk>/pokracovat/", importing.go_on, name="import_go_on"),
    path("import/<int:pk>/protokol.csv", importing.report, name="import_report"),
    path("centrum/", centre.boxes, name="centre"),
    path("centrum.json", centre.boxes_json, name="centre_json"),
    path("razitka/", stamps.stamps, name="stamps"),
    path("razitka/schranka/<int:pk>/", stamps.switch, name="stamps_switch"),
    path("razitka/zprava/<int:pk>/znovu/", stamps.again, name="stamp_again"),
    path("razitka/<int:pk>/zfo", stamps.version, name="stamped"),
    path("nova/", views.add, name="add"),
    path("<int:pk>/", views.edit, name="edit"),
    path("<int:pk>/obnovit/", views.resume, name="resume"),
    path("<int:pk>/stahnout/", views.fetch, name="fetch"),
    path("<int:pk>/certifikaty/", certificates.certificates, name="certificates"),
    path("<int:pk>/certifikaty/<int:certificate_pk>/zkusit/", certificates.attempt_now, name="try_certificate"),
    path("<int:pk>/certifikaty/<int:certificate_pk>/vyradit/", certificates.remove, name="remove_certificate"),
    path("cekajici/", waiting.waiting, name="waiting"),
    path("<int:pk>/prevzit/", waiting.deliver, name="deliver"),
    path("osobni/", personal.mine, name="personal"),
    path("zprava/<int:pk>/adresat/", personal.name, name="name_person"),
    path("zprava/<int:pk>/predat/", personal.release, name="release"),
    path("zprava/<int:pk>/priloha/<int:file_pk>", personal.file, name="file"),
    path("zprava/<int:pk>/", views.message, name="message"),
    path("zprava/<int:pk>/pristup/", views.who_sees_message, name="message_access"),
    path("zprava/<int:pk>/do-podatelny/", browsing.bring, name="bring"),
    path("zprava/<int:pk>/znovu/", views.fetch_again, name="fetch_again"),
    path("zprava/<int:pk>/zfo", views.zfo, name="zfo"),
]
