"""The place of requests in Django."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """The app."""

    name = "gongkai.requests"
    label = "requests"
