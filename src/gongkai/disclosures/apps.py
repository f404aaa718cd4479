"""Disclosures: what was released to one applicant, published to all; what many ask for, proposed for active publication."""

from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    """The place of the disclosure log and the Art 44 proposals in Django; makes subjects, figures, followers known."""

    name = "gongkai.disclosures"
    verbose_name = "依申请公开信息目录"

    def ready(self) -> None:
        from . import figures, followers, projection  # noqa: F401
