"""The place of reporting in Django."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The app."""

    name = "gongkai.reporting"
    label = "reporting"
