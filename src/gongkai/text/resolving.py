"""What a citation leads to on a day: the work it names, and of its versions the one in force."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from gongkai.text.citations import Citation, title_key
from gongkai.text.numbers import DocumentNumber


@dataclass(frozen=True)
class Version:
    """A version of a work: in force from ``since`` (None: unknown, long ago) up to the day before ``until``."""

    key: str
    work: str
    title: str
    number: DocumentNumber | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Target:
    """Where a citation leads: the version, the anchors of the places cited in it, whether it was in force on the day.

    ``note`` is Chinese and says what a reader must know: not in force, several works of the same name.
    """

    version: Version
    anchors: tuple[str, ...] = ()
    in_force: bool = True
    note: str = ""


class Catalogue(Protocol):
    """Whoever knows the works: by folded title (old titles too), by 文号, and their versions."""

    def works_titled(self, key: str) -> Iterable[str]:
        """Works that bear or bore a title (:func:`~gongkai.text.citations.title_key`)."""
        ...

    def works_numbered(self, number: DocumentNumber) -> Iterable[str]:
        """Works of which a version was issued under this 文号."""
        ...

    def versions(self, work: str) -> Iterable[Version]:
        """Every version of a work."""
        ...


class Shelf:
    """A catalogue in memory."""

    def __init__(self, versions: Iterable[Version], old_titles: Iterable[tuple[str, str]] = ()) -> None:
        """``old_titles``: pairs of a former title and its work."""
        self._versions: dict[str, list[Version]] = defaultdict(list)
        self._titles: dict[str, dict[str, None]] = defaultdict(dict)
        self._numbers: dict[str, dict[str, None]] = defaultdict(dict)
        for version in versions:
            self._versions[version.work].append(version)
            self._titles[title_key(version.title)][version.work] = None
            if version.number:
                self._numbers[version.number.text][version.work] = None
        for title, work in old_titles:
            self._titles[title_key(title)][work] = None

    def works_titled(self, key: str) -> Iterable[str]:
        """Works that bear or bore this title."""
        return list(self._titles.get(key, ()))

    def works_numbered(self, number: DocumentNumber) -> Iterable[str]:
        """Works issued under this number."""
        return list(self._numbers.get(number.text, ()))

    def versions(self, work: str) -> Iterable[Version]:
        """Every version of a work."""
        return list(self._versions.get(work, ()))


def resolve(citation: Citation, catalogue: Catalogue, day: date) -> Target | None:
    """The version in force on the day of the citing document; None for the document itself or an unknown work.

    A number decides before a title, but leads to the work: an amended version issued under another number may be the
    one in force. Where none is, the one last in force before the day, else the first after it, and a note.
    """
    if citation.internal:
        return None
    works = list(catalogue.works_numbered(citation.number)) if citation.number else []
    if not works and citation.title:
        works = list(catalogue.works_titled(title_key(citation.title)))
    found = [(_standing(version, day), version) for work in works for version in catalogue.versions(work)]
    if not found:
        return None
    (rank, _), version = max(found, key=lambda pair: pair[0])
    notes = []
    if len(works) > 1:
        notes.append(f"同名文件有 {len(works)} 件，取其中{'当日有效' if rank == _IN_FORCE else '最近'}的一件")
    if rank == _ENDED and version.until:
        notes.append(f"所引文件已于 {version.until.isoformat()} 失效")
    if rank == _NOT_YET and version.since:
        notes.append(f"所引文件自 {version.since.isoformat()} 起施行，当日尚未生效")
    anchors = tuple(place.anchor for place in citation.provisions if place.anchor)
    return Target(version, anchors, rank == _IN_FORCE, "；".join(notes))


_NOT_YET, _ENDED, _IN_FORCE = range(3)


def _standing(version: Version, day: date) -> tuple[int, int]:
    """In force before ended before not yet; of several the latest begun (of those not yet, the first)."""
    since = version.since.toordinal() if version.since else 0
    if version.since and version.since > day:
        return _NOT_YET, -since
    return (_ENDED if version.until and version.until <= day else _IN_FORCE), since
