"""Requests 依申请公开: received, handled under the statute's clocks, decided, served."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """The place of requests in Django; makes their subject, figures and followers known."""

    name = "gongkai.requests"
    verbose_name = "依申请公开"

    def ready(self) -> None:
        from . import figures, followers, projection  # noqa: F401
