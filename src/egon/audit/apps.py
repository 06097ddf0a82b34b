from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "egon.audit"
    label = "audit"
    verbose_name = "transakční protokol"
