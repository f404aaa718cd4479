"""Which template is in force: the built-in ones, and local files that take their place."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from gongkai.papers.template import Template, TemplateFault, read

BUILT_IN = Path(__file__).with_name("templates")
#: The decision letters, by the leaves they serve; the longest code that fits is the template.
DECISIONS = ("3.1", "3.2", "3.3", "3.3.8", "3.4.1", "3.4.2", "3.4.3", "3.5", "3.6")


@dataclass(frozen=True)
class Library:
    """Templates by id. A local one wins over the built-in of the same id from its ``valid_from`` on.

    ``faults`` are the local files that were not taken, each with its reason in Chinese.
    """

    built_in: tuple[Template, ...]
    local: tuple[Template, ...] = ()
    faults: tuple[str, ...] = ()

    @cached_property
    def pack(self) -> bytes:
        """Every template as one file, so that a paper can be made again exactly as it was; :func:`unpack` reads it."""
        shelves = {"built_in": [one.source for one in self.built_in], "local": [one.source for one in self.local]}
        return json.dumps(shelves, ensure_ascii=False, sort_keys=True).encode()

    def find(self, name: str, on: date) -> Template:
        """The template ``name`` in force on ``on``; before any is in force, the earliest built in. Raises ``LookupError``."""
        for shelf in (self.local, self.built_in):
            valid = [one for one in shelf if one.id == name and one.valid_from <= on]
            if valid:
                return max(valid, key=lambda one: (one.valid_from, one.version))
        early = [one for one in self.built_in if one.id == name]
        if not early:
            raise LookupError(f"没有文书模板：{name}")
        return min(early, key=lambda one: one.valid_from)


def decision_of(leaf: str) -> str:
    """The id of the decision letter for a leaf of table three."""
    return "decision-" + max((code for code in DECISIONS if f"{leaf}.".startswith(f"{code}.")), key=len)


def library(local: Path | None = None) -> Library:
    """The built-in templates with the local folder's. Read again only when a file changed."""
    files = sorted(local.glob("*.json")) if local and local.is_dir() else []
    return _library(tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files))


@lru_cache(maxsize=8)
def unpack(pack: bytes) -> Library:
    """The library a pack keeps. Raises :class:`~gongkai.papers.template.TemplateFault` for anything else."""
    try:
        shelves = json.loads(pack)
        sources = [[source.encode() for source in shelves[name]] for name in ("built_in", "local")]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TemplateFault("存档的文书模板已损坏") from None
    built_in, local = (tuple(map(read, shelf)) for shelf in sources)
    return Library(built_in, local)


@lru_cache(maxsize=8)
def _library(files: tuple[tuple[str, int, int], ...]) -> Library:
    built_in = _built_in()
    known = {one.id for one in built_in}
    local: list[Template] = []
    faults: list[str] = []
    for path in (Path(name) for name, _, _ in files):
        try:
            found = read(path.read_bytes(), path.name)
            _take(found, local, known, path.name)
        except (TemplateFault, OSError) as fault:
            faults.append(str(fault))
    return Library(built_in, tuple(local), tuple(faults))


def _take(found: Template, shelf: list[Template], known: Iterable[str], name: str) -> None:
    if found.id not in known:
        raise TemplateFault(f"文书模板 {name}：没有标识为“{found.id}”的文书，本地模板只能替换已有的文书")
    if any((one.id, one.version) == (found.id, found.version) for one in shelf):
        raise TemplateFault(f"文书模板 {name}：{found.id} 的版本 {found.version} 已有，请改用新的版本号")
    shelf.append(found)


@lru_cache(maxsize=1)
def _built_in() -> tuple[Template, ...]:
    return tuple(read(path.read_bytes(), path.name) for path in sorted(BUILT_IN.glob("*.json")))
