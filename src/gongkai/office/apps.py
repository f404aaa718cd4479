"""The place of office in Django."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The app."""

    name = "gongkai.office"
    label = "office"
