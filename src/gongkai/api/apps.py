"""The API's place in Django; makes its tokens known to the ledger."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens are its only table; requests are entered through the commands of the apps below."""

    name = "gongkai.api"
    verbose_name = "开放接口"

    def ready(self) -> None:
        from . import events  # noqa: F401
