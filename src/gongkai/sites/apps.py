"""Sites: one installation carries the portals of a government, its departments and districts over one library."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    """The place of sites in Django; makes the subjects and the follower of records known."""

    name = "gongkai.sites"
    verbose_name = "网站"

    def ready(self) -> None:
        from . import followers, projection  # noqa: F401
