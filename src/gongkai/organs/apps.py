"""Organs 机关: who there is, and what each may see and do."""

from django.apps import AppConfig


class OrgansConfig(AppConfig):
    """The place of bodies and people in Django; makes their subject known to the ledger."""

    name = "gongkai.organs"
    verbose_name = "机关与人员"

    def ready(self) -> None:
        from . import events  # noqa: F401
