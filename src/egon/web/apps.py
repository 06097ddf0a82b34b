from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "egon.web"
    label = "web"
