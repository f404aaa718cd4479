"""How the faces find what the apps below them offer: a module of a known name in each installed app."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import AppConfig, apps


def offered(name: str) -> Iterator[tuple[AppConfig, ModuleType]]:
    """Every ``<app>.<name>`` of this house, in the order of INSTALLED_APPS. Errors inside such a module are raised."""
    for app in apps.get_app_configs():
        if app.name.startswith("gongkai.") and find_spec(f"{app.name}.{name}"):
            yield app, import_module(f"{app.name}.{name}")
