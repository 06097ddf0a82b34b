from django.apps import AppConfig


class MailroomConfig(AppConfig):
    name = "egon.mailroom"
    label = "mailroom"
    verbose_name = "podatelna a výpravna"
