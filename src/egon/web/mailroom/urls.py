"""Addresses of intake and dispatch."""

from django.urls import URLPattern, path

from egon.web.mailroom import views
from egon.web.mailroom.views import bulk

app_name = "mailroom"

urlpatterns: list[URLPattern] = [
    path("", views.inbox, name="inbox"),
    path("stahnout/", views.fetch, name="fetch"),
    path("zfo/", views.upload, name="upload"),
    path("zasilka/", views.new_letter, name="letter"),
    path("zasilka/<int:pk>/", views.letter_done, name="letter_done"),
    path("zasilka/<int:pk>/obalka/", views.envelope, name="envelope"),
    path("tabulky/", bulk.tables, name="tables"),
    path("tabulky/<int:pk>/", bulk.table, name="table"),
    path("tabulky/<int:pk>/sloupce/", bulk.table_columns, name="table_columns"),
    path("tabulky/<int:pk>/chyby.csv", bulk.table_faults, name="table_faults"),
    path("tabulky/<int:pk>/spustit/", bulk.start_table, name="start_table"),
    path("tabulky/<int:pk>/zastavit/", bulk.stop_table, name="stop_table"),
    path("tabulky/<int:pk>/pokracovat/", bulk.resume_table, name="resume_table"),
    path("tabulky/<int:pk>/zahodit/", bulk.discard_table, name="discard_table"),
    path("stitky/", views.labels, name="labels"),
    path("denik/", views.book, name="book"),
    path("kod/", views.code, name="code"),
    path("vypravna/posta/", views.post, name="post"),
    path("vypravna/posta/obalky/", views.envelopes, name="envelopes"),
    path("vypravna/posta/archy/", views.sheets, name="sheets"),
    path("vypravna/posta/archy/<int:pk>/", views.sheet, name="sheet"),
    path("vypravna/dorucenky/", views.slips, name="slips"),
    path("vypravna/dorucenky/<int:pk>/", views.slip, name="slip"),
    path("protokoly/", views.handover_lists, name="handover_lists"),
    path("protokoly/<int:pk>/", views.handover_list, name="handover_list"),
    path("prevzit/", views.take_over, name="take_over"),
    path("vypravna/", views.dispatch_list, name="dispatch"),
    path("vypravna/odeslane/", views.dispatch_history, name="dispatch_history"),
    path("vypravna/adresat/<int:pk>/", views.dispatch_one, name="dispatch_one"),
    path("vypravna/adresat/<int:pk>/postou/", views.prepare, name="prepare"),
    path("vypravna/adresat/<int:pk>/jinak/", views.hand_over, name="hand_over"),
    path("vypravna/dokument/<int:pk>/", views.dispatch_many, name="dispatch_many"),
    path("vypravna/<int:pk>/", views.dispatch_detail, name="dispatch_detail"),
    path("vypravna/<int:pk>/zrusit/", views.cancel, name="cancel"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/hotovo/", views.done, name="done"),
    path("<int:pk>/odlozit/", views.reject, name="reject"),
    path("<int:pk>/duplicita/", views.duplicate, name="duplicate"),
    path("<int:pk>/dorucenka/", views.attach, name="attach"),
    path("<int:pk>/zfo/", views.zfo, name="zfo"),
    path("<int:pk>/priloha/<int:file_pk>/nahled", views.preview, name="preview"),
    path("<int:pk>/priloha/<int:file_pk>/stahnout", views.download, name="download"),
]
