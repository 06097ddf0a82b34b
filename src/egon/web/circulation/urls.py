"""Addresses of this area: the desk, hand-over, approval, circulars."""

from django.urls import URLPattern, path

from egon.web.circulation import views

app_name = "circulation"

urlpatterns: list[URLPattern] = [
    path("", views.desk, name="desk"),
    path("obeh/dokument/<int:pk>/utvaru/", views.assign, name="assign"),
    path("obeh/dokument/<int:pk>/zpracovateli/", views.give, name="give"),
    path("obeh/dokument/<int:pk>/ke-schvaleni/", views.request_approval, name="request_approval"),
    path("obeh/predani/<int:pk>/prevzit/", views.take_over, name="take_over"),
    path("obeh/predani/<int:pk>/vratit/", views.send_back, name="send_back"),
    path("obeh/predani/<int:pk>/na-vedomi/", views.note_return, name="note_return"),
    path("obeh/spis/<int:pk>/predat/", views.hand_file, name="hand_file"),
    path("obeh/predani/<int:pk>/odvolat/", views.recall, name="recall"),
    path("obeh/predani/<int:pk>/v-utvaru/", views.hand_on, name="hand_on"),
    path("obeh/schvaleni/<int:pk>/schvalit/", views.approve, name="approve"),
    path("obeh/schvaleni/<int:pk>/vratit/", views.return_for_rework, name="return_for_rework"),
    path("obeh/schvaleni/<int:pk>/odvolat/", views.cancel_approval, name="cancel_approval"),
    path("obeh/dokument/<int:pk>/kroky/", views.compose_route, name="compose_route"),
    path("obeh/spis/<int:pk>/kroky/", views.compose_route_of_file, name="compose_route_of_file"),
    path("obeh/krok/<int:pk>/", views.answer_step, name="answer_step"),
    path("obeh/krok/<int:pk>/na-vedomi/", views.note_step, name="note_step"),
    path("obeh/krok/<int:pk>/vratit/", views.return_route, name="return_route"),
    path("obeh/krok/<int:pk>/preskocit/", views.skip_step, name="skip_step"),
    path("obeh/trasa/<int:pk>/pridat/", views.add_step, name="add_step"),
    path("obeh/trasa/<int:pk>/odvolat/", views.recall_route, name="recall_route"),
    path("obeh/trasa/<int:pk>/na-vedomi/", views.note_end, name="note_end"),
    path("obeh/sablony/", views.route_templates, name="route_templates"),
    path("obeh/sablony/nova/", views.new_route_template, name="new_route_template"),
    path("obeh/sablony/<int:pk>/", views.route_template, name="route_template"),
    path("obeh/sablony/<int:pk>/smazat/", views.delete_route_template, name="delete_route_template"),
    path("obeh/agenda/", views.agendas, name="agendas"),
    path("obeh/agenda/osoba/<int:pk>/", views.new_agenda, name="new_agenda"),
    path("obeh/agenda/<int:pk>/", views.agenda, name="agenda"),
    path("obeh/agenda/<int:pk>/zastavit/", views.stop_agenda, name="stop_agenda"),
    path("obeh/agenda/<int:pk>/pokracovat/", views.resume_agenda, name="resume_agenda"),
    path("obeh/kdo-co-ma/", views.who_has, name="who_has"),
    path("obeh/dokument/<int:pk>/papir/", views.place_paper, name="place_paper"),
    path("obezniky/", views.circulars, name="circulars"),
    path("obezniky/novy/", views.new_circular, name="new_circular"),
    path("obezniky/<int:pk>/", views.circular, name="circular"),
]
