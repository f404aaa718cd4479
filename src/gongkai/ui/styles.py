"""The style sheets: one bundle for every page, and one small sheet for each display mode.

An app puts its rules into ``<app>/css/``. The names below say what a sheet is for; every other name goes into the bundle.
Each sheet puts its rules into one of the cascade layers, so the order of files decides nothing between layers.
"""

from collections.abc import Iterator
from pathlib import Path

import rcssmin
from django.apps import apps

LAYERS = ("tokens", "base", "parts", "modes", "print")
#: Sheets for one size or colour only; they come after the bundle (:mod:`gongkai.ui.modes` says when each applies).
SPECIAL = ("elder", "larger", "largest", "dark", "contrast", "more")


def _files(names: tuple[str, ...] = ()) -> Iterator[Path]:
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "css").glob("*.css")):
            if path.stem in names if names else path.stem not in SPECIAL:
                yield path


def bundle() -> str:
    """The rules every page is shown by, in every mode, small enough to send."""
    order = f"@layer {','.join(LAYERS)};"
    return order + _small("\n".join(path.read_text() for path in _files()))


def special(name: str) -> str:
    """The rules of one size or colour (a name in :data:`SPECIAL`), from all apps."""
    return _small("\n".join(path.read_text() for path in _files((name,))))


def _small(text: str) -> str:
    return str(rcssmin.cssmin(text))
