"""The search index of the library: kept up with the records, made anew when asked for or when there is none.

What changed waits in a table (:class:`.models.Waiting`); a row goes only after the index that holds it is committed, so
a crash repeats work and loses none: adding a key again replaces it. One process writes at a time (a lock on a file);
every process reads, and sees each commit.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from gongkai.ledger import clock
from gongkai.ledger.locks import alone
from gongkai.records.models import Record, Version
from gongkai.records.vocabulary import SEPARATOR
from gongkai.search import Document, fold, open_tantivy, schema, sound
from gongkai.search.build import write_whole

from . import citing, hits, listings, queries, showing
from .models import Waiting
from .validity import SOON, status

#: Records committed to the index together: each commit writes a segment, which is merged with others later.
BATCH = 2000
#: Records read in one go, and whose lists are noted in one transaction: nobody who writes meanwhile waits longer.
PART = 500
#: Characters of texts after which a batch is committed though it is not full: they are held in memory.
HEAVY = 20_000_000
PUBLIC = "public"
Progress = Callable[[int, int], None]


def directory() -> Path:
    """Where the index lies."""
    return Path(settings.HOME) / "index"


_NEXT, _DAY, _REACHED = "next", "day", "reached"
_open: dict[tuple[str, int], Any] = {}


@cache
def _form() -> str:
    """What decides how a document is taken apart: an index made in another way is of no use, and made anew."""
    digest = hashlib.sha256()
    for module in (schema, fold, sound):
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:12]


def current() -> Path:
    """Where the index of this version of the house lies."""
    return directory() / f"current-{_form()}"


def _whole() -> Path:
    """The mark that the index was once made of everything: a search before that makes an empty one."""
    return directory() / f"whole-{_form()}"


def whole() -> bool:
    """Whether there is an index of everything; until then nothing found means nothing."""
    return _whole().exists()


def port() -> Any:
    """The index as it is now, for reading; one for each process until another takes its place."""
    place = current()
    place.mkdir(parents=True, exist_ok=True)
    key = (str(place), place.stat().st_ino)
    if key not in _open:
        _open.clear()
        _open[key] = open_tantivy(place, hits.texts)
    return _open[key]


def _writing(wait: bool) -> AbstractContextManager[bool]:
    """The one writer; without ``wait`` False when another process has it."""
    return alone(directory() / "lock", wait)


#: What is read of a record to index it: most columns say nothing to a search, and a row is made sooner than a model.
_READ = (
    "key", "kind", "title", "text", "body_id", "body__name", "bodies", "issuer", "document_number", "register_number",
    "index_number", "theme", "category", "written_on", "published_on", "effective_on", "valid_until", "ceased_on",
    "ended_how", "public",
)  # fmt: skip


def readers_of(record: Any) -> tuple[str, ...]:
    """Who may find a record: everybody once it is public; otherwise the desks of its bodies."""
    return (PUBLIC,) if record.public else tuple(f"body:{key}" for key in {record.body_id, *record.bodies})


def document(record: Any, changes: Sequence[date], names: Sequence[str], today: date) -> Document:
    """A record (a row of ``_READ``) as the index knows it."""
    theme = record.theme.split(SEPARATOR)
    return Document(
        key=record.key,
        url=showing.address(record.key),
        title=record.title,
        text=queries.text_of(record.text),
        number=record.document_number,
        numbers=tuple(filter(None, (record.register_number, record.index_number))),
        kind=record.kind,
        bodies=tuple(record.bodies or [record.body_id]),
        body_names=tuple(names),
        theme=tuple(SEPARATOR.join(theme[: depth + 1]) for depth in range(len(theme))) if record.theme else (),
        category=record.category,
        status=status(record, today, changes).label,
        written_on=record.written_on,
        published_on=record.published_on,
        effective_on=record.effective_on,
        readers=readers_of(record),
    )


def _documents(keys: Sequence[str]) -> list[Document]:
    """The documents of these records; three queries however many."""
    records = list(Record.objects.filter(key__in=keys).values_list(*_READ, named=True))
    changes: dict[str, list[date]] = {}
    for key, since in Version.objects.filter(record__in=keys, number__gt=1).values_list("record", "since"):
        changes.setdefault(key, []).append(since)
    known = _names({key for record in records for key in record.bodies})
    today = clock.today()
    made = []
    for record in records:
        names = [known.get(key, key) for key in record.bodies] or [record.body__name]
        issuers = queries.issuers(record, names)
        made.append(document(record, changes.get(record.key, []), issuers, today))
    return made


def _names(keys: set[str]) -> dict[str, str]:
    return dict(zip(keys, queries.names_of(keys), strict=True))


def _write(target: Any, keys: Sequence[str]) -> dict[str, str]:
    """Bring records into the index, or out of it, the first ones of ``keys`` at least: those done, with their texts."""
    texts: dict[str, str] = {}
    for part in _parts(keys):
        documents = _documents(part)
        target.add(documents)
        target.remove(set(part) - {one.key for one in documents})
        texts |= dict.fromkeys(part, "") | {one.key: one.text for one in documents}
        if sum(map(len, texts.values())) > HEAVY:
            break
    target.commit()
    return texts


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + PART] for start in range(0, len(keys), PART))


def drain(wait: bool = False, batch: int = BATCH) -> int:
    """Index what waits, then read its citations; returns how many records. 0 also while another process does it.

    The worker calls this twice a second; with nothing waiting it is one query.
    """
    if not Waiting.objects.exists():
        return 0
    done = 0
    with _writing(wait) as mine:
        if not mine:
            return 0
        writer = port()
        try:
            while rows := list(Waiting.objects.order_by("id").values_list("id", "record")[:batch]):
                written = _write(writer, list(dict.fromkeys(key for _, key in rows)))
                _note(written)
                Waiting.objects.filter(id__in=[row for row, key in rows if key in written]).delete()
                done += len(written)
        finally:
            writer.close()
    return done


def _note(texts: Mapping[str, str], others: bool = True) -> None:
    """What else follows from these records, given with their texts: citations and lists, each in short transactions."""
    keys = list(texts)
    citing.read(keys, others, texts)
    for part in _parts(keys):
        with transaction.atomic():
            listings.note(part)


def new_day() -> int:
    """Once a day: records whose validity changed with the day wait to be indexed anew; returns how many."""
    directory().mkdir(parents=True, exist_ok=True)
    file, today = directory() / _DAY, clock.today()
    last = date.fromisoformat(file.read_text()) if file.exists() else None
    if last == today:
        return 0
    turned = 0
    if last is not None:
        changed = Q(effective_on__gt=last, effective_on__lte=today) | Q(ceased_on__gt=last, ceased_on__lte=today)
        changed |= Q(valid_until__gt=last + SOON, valid_until__lte=today + SOON)
        changed |= Q(versions__since__gt=last, versions__since__lte=today)
        keys = Record.objects.filter(changed).values_list("key", flat=True).distinct()
        turned = len(Waiting.objects.bulk_create([Waiting(record=key) for key in keys], batch_size=1000))
    file.write_text(today.isoformat())
    return turned


def renamed(bodies: Iterable[str]) -> int:
    """Records of bodies that have another name now wait to be indexed anew; returns how many."""
    theirs = Q()
    for key in bodies:
        # Both databases find an element of a JSON list as a quoted word in its text.
        theirs |= Q(body=key) | Q(bodies__icontains=f'"{key}"')
    keys = Record.objects.filter(theirs).values_list("key", flat=True) if theirs else ()
    return len(Waiting.objects.bulk_create([Waiting(record=key) for key in keys], batch_size=1000))


def keep_up() -> int:
    """One look of the worker: an index where there is none, the turn of the day, then what waits."""
    if not whole():
        return rebuild(wait=False)
    new_day()
    return drain()


def rebuild(progress: Progress = lambda done, total: None, wait: bool = True) -> int:
    """Make the index (and every citation) anew beside the old one, then put it in its place; returns how many records.

    Searches go on in the old one. A rebuild that was stopped goes on from the last batch it had committed.
    """
    with _writing(wait) as mine:
        if not mine:
            return 0
        return _rebuild(progress)


def _rebuild(progress: Progress) -> int:
    following = directory() / f"{_NEXT}-{_form()}"
    # What waited when the rebuild began is done by it; what came later waits on, since it may stand behind us.
    reached, until = _reached(following)
    if not reached:
        shutil.rmtree(following, ignore_errors=True)
        until = Waiting.objects.aggregate(last=Max("id"))["last"] or 0
    total = Record.objects.count()
    done = Record.objects.filter(key__lte=reached).count() if reached else 0
    progress(done, total)
    target = open_tantivy(following, hits.texts)
    try:
        while keys := list(
            Record.objects.filter(key__gt=reached).order_by("key").values_list("key", flat=True)[:BATCH]
        ):
            written = _write(target, keys)
            _note(written, others=False)
            reached, done = list(written)[-1], done + len(written)
            write_whole(directory() / _REACHED, [reached, until])
            progress(done, total)
        target.commit()
    finally:
        target.close()
    citing.resolve_all()
    _put_in_place(following)
    (directory() / _REACHED).unlink(missing_ok=True)
    Waiting.objects.filter(id__lte=until).delete()
    return done


def _reached(following: Path) -> tuple[str, int]:
    """The last key a stopped rebuild had committed, and the last row that waited when it began."""
    file = directory() / _REACHED
    if not (following / "meta.json").exists() or not file.exists():
        return "", 0
    reached, until = json.loads(file.read_text())
    return reached, until


def _put_in_place(following: Path) -> None:
    """The new index becomes the current one; readers of the old keep their open files."""
    old = directory() / "old"
    shutil.rmtree(old, ignore_errors=True)
    # The marks first: killed between here and the last line, there is no index of everything, and the rebuild ends its work.
    for mark in directory().glob("whole-*"):
        mark.unlink()
    for outdated in directory().glob("current-*"):
        if outdated == current():
            outdated.rename(old)
        else:
            shutil.rmtree(outdated, ignore_errors=True)
    following.rename(current())
    _whole().touch()
    _open.clear()
    shutil.rmtree(old, ignore_errors=True)
