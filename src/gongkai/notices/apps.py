"""Notices 通知: who is told what by which channel, once, when the ledger says that something happened."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The place of notices in Django; makes their followers known."""

    name = "gongkai.notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from . import outbox, retention  # noqa: F401
