"""The style sheets: one bundle for every page, one small sheet for each display mode, and a bundle for what few pages show.

An app puts its rules into ``<app>/css/``. The names below say what a sheet is for; every other name goes into the bundle
of every page. Each sheet puts its rules into one of the cascade layers, so the order of files decides nothing between
layers.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

LAYERS = ("tokens", "base", "parts", "modes", "print")
#: Sheets for one size or colour only; they come after the bundle (:mod:`gongkai.ui.modes` says when each applies).
SPECIAL = ("elder", "larger", "largest", "dark", "contrast", "more")

#: Sheets few pages link beside the bundle: casework, the kiosk, reports and charts.
RARE = ("desk", "kiosk", "report", "charts")
_LOOSE = re.compile(r"""("[^"]*")|/\*.*?\*/|\s+""", re.S)
_TIGHT = re.compile(r"""("[^"]*")| *([{};,]|:(?= )) *""")


def _files(names: tuple[str, ...]) -> Iterator[Path]:
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "css").glob("*.css")):
            if path.stem in names if names else path.stem not in (*SPECIAL, *RARE):
                yield path


def bundle(*names: str) -> str:
    """The rules every page is shown by, or those of some names of :data:`RARE`, small enough to send."""
    order = f"@layer {','.join(LAYERS)};"
    return order + _small("\n".join(path.read_text() for path in _files(names)))


def special(name: str) -> str:
    """The rules of one size or colour (a name in :data:`SPECIAL`), from all apps."""
    return _small("\n".join(path.read_text() for path in _files((name,))))


def _small(text: str) -> str:
    """Without comments and the spaces nobody needs; what stands in quotes is left alone."""
    return _TIGHT.sub(r"\1\2", _LOOSE.sub(lambda found: found[1] or " ", text)).strip().replace(";}", "}")
