"""The place of portal in Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The app."""

    name = "gongkai.portal"
    label = "portal"
