"""The place of bake in Django."""

from django.apps import AppConfig


class BakeConfig(AppConfig):
    """The app."""

    name = "gongkai.bake"
    label = "bake"
