"""The place of ui in Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The app."""

    name = "gongkai.ui"
    label = "ui"
