from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "egon.jobs"
    label = "jobs"
    verbose_name = "úlohy na pozadí"
