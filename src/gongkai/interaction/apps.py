"""Interaction 互动交流: questions to the government, surveys and consultations, mistakes found on the site."""

from django.apps import AppConfig


class InteractionConfig(AppConfig):
    """The place of the app in Django; makes its subjects and figures known."""

    name = "gongkai.interaction"
    verbose_name = "互动交流"

    def ready(self) -> None:
        from . import figures, projection, retention, survey_projection  # noqa: F401
