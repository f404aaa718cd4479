"""Reporting: the annual report compiled from figures, reviewed, frozen, published."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The place of reporting in Django; makes its subject known."""

    name = "gongkai.reporting"
    label = "reporting"
    verbose_name = "年度报告"

    def ready(self) -> None:
        from . import projection  # noqa: F401
