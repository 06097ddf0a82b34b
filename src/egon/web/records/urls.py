"""Addresses of documents, files, the filing plan and search."""

from django.urls import URLPattern, path

from egon.web.records import views

app_name = "records"

urlpatterns: list[URLPattern] = [
    path("dokumenty/", views.document_list, name="documents"),
    path("dokumenty/novy/", views.new_document, name="new_document"),
    path("dokumenty/<int:pk>/", views.document_page, name="document"),
    path("dokumenty/<int:pk>/udaje/", views.edit_metadata, name="edit_metadata"),
    path("dokumenty/<int:pk>/spis/", views.put_in_file, name="put_in_file"),
    path("dokumenty/<int:pk>/spis/vyjmout/", views.take_out_of_file, name="take_out_of_file"),
    path("dokumenty/<int:pk>/odpoved/", views.reply, name="reply"),
    path("dokumenty/<int:pk>/text/", views.write_text, name="write_text"),
    path("dokumenty/<int:pk>/prilohy/", views.add_annexes, name="add_annexes"),
    path("dokumenty/<int:pk>/adresat/", views.change_addressee, name="change_addressee"),
    path("dokumenty/<int:pk>/vyridit/", views.settle, name="settle"),
    path("dokumenty/<int:pk>/zrusit-vyrizeni/", views.cancel_settling, name="cancel_settling"),
    path("dokumenty/<int:pk>/storno/", views.withdraw, name="withdraw"),
    path("komponenty/<int:pk>/nahled", views.preview, name="preview"),
    path("komponenty/<int:pk>/stahnout", views.download, name="download"),
    path("komponenty/<int:pk>/odebrat/", views.remove_component, name="remove_component"),
    path("spisy/", views.file_list, name="files"),
    path("spisy/novy/", views.new_file, name="new_file"),
    path("spisy/<int:pk>/", views.file_page, name="file"),
    path("spisy/<int:pk>/udaje/", views.edit_file, name="edit_file"),
    path("spisy/<int:pk>/obal/", views.file_cover, name="file_cover"),
    path("spisy/<int:pk>/vyridit/", views.settle_file, name="settle_file"),
    path("spisy/<int:pk>/uzavrit/", views.close_file, name="close_file"),
    path("spisy/<int:pk>/otevrit/", views.reopen_file, name="reopen_file"),
    path("plan/", views.filing_plan, name="plan"),
    path("hledat/", views.search_page, name="search"),
]
