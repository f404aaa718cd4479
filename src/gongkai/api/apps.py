"""The API's place in Django; makes its tokens known to the ledger."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens and rates are its only tables; requests are entered through the commands of the apps below."""

    name = "gongkai.api"
    verbose_name = "开放接口"

    def ready(self) -> None:
        from . import events  # noqa: F401
