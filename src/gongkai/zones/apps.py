"""The place of the zones in Django; makes their subjects and figures known."""

from django.apps import AppConfig


class ZonesConfig(AppConfig):
    """The app."""

    name = "gongkai.zones"
    label = "zones"
    verbose_name = "政务公开专区"

    def ready(self) -> None:
        from . import figures, projection  # noqa: F401
