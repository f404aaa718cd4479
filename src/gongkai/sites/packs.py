"""Standard packs: the columns, first pages and templates of a new site, as data (``packs/*.json``, ``HOME/packs/*.json``).

A pack says ``label``, ``columns`` (nested by ``children``; fields of a column, ``page`` by the slug of a page of the
pack) and ``pages`` (form, slug, title, about, blocks). ``{name}``, ``{host}``, ``{contact}``, ``{address}``, ``{phone}``,
``{site}`` and ``{body}`` are filled in.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

HERE = Path(__file__).parent / "packs"
STANDARD = "standard"


@dataclass(frozen=True)
class Pack:
    """A pack as its file says."""

    key: str
    label: str
    tree: Sequence[Mapping[str, Any]]
    pages: Sequence[Mapping[str, Any]]

    def columns(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(slug of the column above or "", column), parents first."""
        for parent, _, one in self._walk(self.tree, "", 0):
            yield parent, one

    def outline(self) -> list[tuple[int, str, str]]:
        """(depth, name, description) of every column."""
        return [(depth, str(one["name"]), str(one["description"])) for _, depth, one in self._walk(self.tree, "", 0)]

    def _walk(self, tree: Any, parent: str, depth: int) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
        for one in tree:
            yield parent, depth, one
            yield from self._walk(one.get("children", ()), one["slug"], depth + 1)


def choices() -> tuple[tuple[str, str], ...]:
    """Every pack there is: (key, label)."""
    return tuple((key, load(key).label) for key in sorted(_files()))


def load(key: str) -> Pack:
    """A pack by key. Raises LookupError."""
    if key not in (files := _files()):
        raise LookupError(f"没有名为“{key}”的栏目包")
    told = json.loads(files[key].read_text(encoding="utf-8"))
    return Pack(key, told["label"], told["columns"], told["pages"])


def _files() -> dict[str, Path]:
    local = Path(settings.HOME) / "packs"
    return {path.stem: path for place in (HERE, local) for path in place.glob("*.json")}


def filled(value: Any, words: Mapping[str, str]) -> Any:
    """A value with its ``{words}`` filled in, whatever it is made of."""
    if isinstance(value, str):
        for name, word in words.items():
            value = value.replace(f"{{{name}}}", word)
        return value
    if isinstance(value, Mapping):
        return {key: filled(one, words) for key, one in value.items()}
    return [filled(one, words) for one in value] if isinstance(value, list) else value
