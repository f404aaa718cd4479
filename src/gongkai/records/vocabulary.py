"""The words of the library as data: themes, topics, columns, audiences, local rules.

Each is a JSON file of this package; an installation replaces one by a file of the same name in its home.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

HERE = Path(__file__).parent
#: Between the two levels of a theme, as government sites print it.
SEPARATOR = "\\"


def _data(name: str) -> Mapping[str, Any]:
    """A file's content; looked at again after a second."""
    return _looked_at(name, str(settings.HOME), int(time.monotonic()))


@lru_cache(maxsize=16)
def _looked_at(name: str, home: str, _second: int) -> Mapping[str, Any]:
    local = Path(home) / name
    path = local if local.is_file() else HERE / name
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: str, _changed: int) -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return data


def _pairs(file: str, name: str) -> tuple[tuple[str, str], ...]:
    return _pairs_of(file, name, str(settings.HOME), int(time.monotonic()))


@lru_cache(maxsize=16)
def _pairs_of(file: str, name: str, _home: str, _second: int) -> tuple[tuple[str, str], ...]:
    return tuple((one["key"], one["label"]) for one in _data(file)[name])


@lru_cache(maxsize=16)
def words_of(offered: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Keys and labels of a vocabulary, each to its key."""
    return {label: key for key, label in offered} | {key: key for key, _ in offered}


def themes() -> Mapping[str, list[str]]:
    """The two-level list of themes 主题分类: first level to second levels."""
    found: Mapping[str, list[str]] = _data("themes.json")["themes"]
    return found


def theme_choices() -> tuple[tuple[str, str], ...]:
    """Every theme as a form offers it: (value, label)."""
    both = [(one, f"{one}{SEPARATOR}{two}") for one, below in themes().items() for two in below]
    single = [(one, one) for one, below in themes().items() if not below]
    return tuple((value, value.replace(SEPARATOR, " › ")) for _, value in [*both, *single])


def theme(written: str) -> str:
    """A theme as it is stored, from the ways sites print it (``A\\\\B``, ``A/B``, ``A>B``). ValueError (Chinese)."""
    parts = [part.strip() for part in _split(written) if part.strip()]
    known = themes()
    if not parts or parts[0] not in known:
        raise ValueError(f"主题分类“{written}”不在分类表中")
    if len(parts) == 1 or (len(parts) == 2 and parts[1] in known[parts[0]]):
        return SEPARATOR.join(parts)
    raise ValueError(f"主题分类“{parts[0]}”之下没有“{parts[1]}”")


def _split(written: str) -> list[str]:
    for sign in ("\\\\", "\\", "/", ">", "›"):
        if sign in written:
            return written.split(sign)
    return [written]


@dataclass(frozen=True)
class Topic:
    """A topic that runs across kinds; ``figure`` is what its policies or items are counted as, if they are."""

    key: str
    label: str
    figure: Mapping[str, str] | None = None


def topics() -> dict[str, Topic]:
    """Every topic by key."""
    return {one["key"]: Topic(one["key"], one["label"], one.get("figure")) for one in _data("topics.json")["topics"]}


def topic_choices() -> tuple[tuple[str, str], ...]:
    """Topics as a form offers them."""
    return _pairs("topics.json", "topics")


def columns() -> tuple[tuple[str, str], ...]:
    """Columns a record may be shown in: (slug, name)."""
    return _pairs("columns.json", "columns")


def audiences() -> tuple[tuple[str, str], ...]:
    """Whom a record is for 服务对象."""
    return _pairs("audiences.json", "audiences")


@dataclass(frozen=True)
class Rules:
    """Local rules: months between assessments of what is withheld, working days of warning before publication is due."""

    reassess_months: int
    warn_workdays: int


def rules() -> Rules:
    """The rules of this installation: those of the package, with what ``HOME/records.json`` says otherwise."""
    standard = _read(str(HERE / "rules.json"), (HERE / "rules.json").stat().st_mtime_ns)
    local = Path(settings.HOME) / "records.json"
    own = _read(str(local), local.stat().st_mtime_ns) if local.is_file() else {}
    chosen = dict(standard) | dict(own)
    return Rules(int(chosen["reassess_months"]), int(chosen["warn_workdays"]))
