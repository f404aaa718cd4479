"""Records 政府信息: the library of everything published, and the drafting procedure with attribute at source."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The place of records in Django; makes their subjects, figures and followers known."""

    name = "gongkai.records"
    verbose_name = "政府信息"

    def ready(self) -> None:
        from . import figures, projection  # noqa: F401
