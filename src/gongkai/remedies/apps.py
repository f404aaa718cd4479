"""The place of remedies in Django."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """The app."""

    name = "gongkai.remedies"
    label = "remedies"
