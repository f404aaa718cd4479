"""The place of norms in Django."""

from django.apps import AppConfig


class NormsConfig(AppConfig):
    """The app."""

    name = "gongkai.norms"
    label = "norms"
