"""The place of operations in Django."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The app."""

    name = "gongkai.operations"
    label = "operations"
    verbose_name = "运行维护"
