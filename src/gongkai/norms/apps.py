"""Norms 规章、规范性文件 and the counted registers: what table two of the annual report stands on."""

from django.apps import AppConfig


class NormsConfig(AppConfig):
    """The place of norms and registers in Django; makes their subjects and figures known."""

    name = "gongkai.norms"
    verbose_name = "规章、规范性文件与管理事项登记"

    def ready(self) -> None:
        from . import figures, projection  # noqa: F401
        from .cleanup import projection as cleanups  # noqa: F401
