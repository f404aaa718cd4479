"""Remedies 救济: reconsideration, litigation, complaints, and what table four counts of them."""

from django.apps import AppConfig


class RemediesConfig(AppConfig):
    """The place of remedies in Django; makes their subjects and figures known."""

    name = "gongkai.remedies"
    verbose_name = "复议诉讼与投诉举报"

    def ready(self) -> None:
        from . import figures, projection  # noqa: F401
