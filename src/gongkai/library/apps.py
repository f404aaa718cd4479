"""The library 政府信息库: the public face of every record — its page and files, its citations, and the search."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """The place of the library in Django; makes its follower and the words of the search known."""

    name = "gongkai.library"
    verbose_name = "政府信息库"

    def ready(self) -> None:
        from . import followers, projection  # noqa: F401
