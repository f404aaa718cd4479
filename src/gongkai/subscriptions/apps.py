"""The place of subscriptions in Django; makes their subject, figures, follower and letters known."""

from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """The app."""

    name = "gongkai.subscriptions"
    verbose_name = "邮件订阅"

    def ready(self) -> None:
        from . import figures, followers, letters, projection  # noqa: F401
