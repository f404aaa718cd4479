"""The place of identity in Django."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """The app."""

    name = "gongkai.identity"
    label = "identity"
    verbose_name = "登录与账号"
