from django.apps import AppConfig


class StorageConfig(AppConfig):
    name = "egon.storage"
    label = "storage"
    verbose_name = "úložiště"
