"""The baker: keeps the tree what a full bake would make of it, by baking exactly what changed.

Files are written before the rows that speak of them are committed: a crash repeats work and loses none. One process
bakes at a time (a lock on a file). ``generation`` counts full bakes; pages of an older one are baked anew, so that a
full bake that was stopped goes on where it was.
"""

import gc
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max

import gongkai
from gongkai.ledger import clock
from gongkai.ledger.bulk import insert
from gongkai.ledger.locks import alone

from . import tree
from .families import Family, families
from .models import Page, Read, Touched
from .reading import batch
from .rendering import Made, render
from .touched import EVERYTHING

log = logging.getLogger("gongkai.bake")
BATCH = 200
Progress = Callable[[int, int], None]


def stamp() -> str:
    """What every page depends on: this version of the house, the address it is reached at, how it is packed."""
    return _stamp(f"{settings.ORIGIN} {settings.BROTLI}")


@cache
def _stamp(settled: str) -> str:
    digest = hashlib.sha256(settled.encode())
    package = Path(gongkai.__file__).parent
    for file in sorted(package.rglob("*")):
        if file.suffix in (".py", ".html", ".css", ".js", ".svg", ".json") and "tests" not in file.parts:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _state_file() -> Path:
    return tree.root().with_name("site.json")


@dataclass
class State:
    """How far the tree is: the stamp it is baked with, its generation, whether the full bake came to its end."""

    stamp: str = ""
    generation: int = 0
    whole: bool = False

    @classmethod
    def load(cls) -> "State":
        """The state as left; a fresh one where nothing was baked."""
        try:
            return cls(**json.loads(_state_file().read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return cls()

    def save(self) -> None:
        """Keep it."""
        fresh = _state_file().with_suffix(".new")
        fresh.write_text(json.dumps(vars(self)))
        fresh.replace(_state_file())


def _baking(wait: bool) -> AbstractContextManager[bool]:
    return alone(tree.root().with_name("site.lock"), wait)


def keep_up(seconds: float = 5.0) -> int:
    """One look of the worker: what was touched, what the new day changed, and a piece of a full bake that is due.

    Returns how many pages were baked; goes on for so many seconds at the most.
    """
    with _baking(wait=False) as mine:
        if not mine:
            return 0
        state, until = _state(), time.monotonic() + seconds
        made = follow(state) + _expired(state)
        while not state.whole and time.monotonic() < until:
            made += _full(state, lambda done, total: None, until)
            made += follow(state)
        return made


def whole(progress: Progress = lambda done, total: None, again: bool = False) -> int:
    """Bake everything that is not of this version yet; with ``again`` everything. Goes on where it was stopped."""
    with _baking(wait=True), _settled():
        state = _state()
        if again and state.whole:
            _begin(state)
        made = follow(state)
        made += _full(state, progress, None) if not state.whole else 0
        return made + follow(state) + _expired(state)


@contextmanager
def _settled() -> Iterator[None]:
    """Inside, the search for circular garbage leaves out what was loaded before: it would go through it in vain."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _state() -> State:
    state = State.load()
    if state.stamp != stamp():
        _begin(state)
    return state


def _begin(state: State) -> None:
    """A new generation: every page is to be baked anew. Where there is none yet, nothing waits for what was touched."""
    if not Page.objects.exists():
        Touched.objects.filter(id__lte=Touched.objects.aggregate(last=Max("id"))["last"] or 0).delete()
    state.stamp, state.generation, state.whole = stamp(), state.generation + 1, False
    state.save()


def follow(state: State) -> int:
    """Bake what reads something that was touched; returns how many pages."""
    made = 0
    while rows := list(Touched.objects.order_by("id").values_list("id", "key")[: BATCH * 5]):
        keys = list(dict.fromkeys(key for _, key in rows))
        if EVERYTHING in keys:
            _begin(state)
        for family, addresses in _affected(keys).items():
            for part in _parts(addresses):
                made += bake(part, state, family)
        Touched.objects.filter(id__in=[row for row, _ in rows]).delete()
    return made


def _affected(keys: Sequence[str]) -> dict[Family, list[str]]:
    """The pages to bake for these keys, by family: those that may have come or gone, and those that read a key."""
    born = {address: family for family in families() for key in keys for address in family.born(key)}
    read = [
        row
        for part in _parts(keys)
        for row in Read.objects.filter(key__in=part).values_list("page", "page__family").distinct()
    ]
    return _by_family((dict(_owned(read)) | born).items())


def _expired(state: State) -> int:
    made = 0
    while over := list(Page.objects.filter(until__lte=clock.today()).values_list("address", "family")[:BATCH]):
        for family, addresses in _by_family(_owned(over)).items():
            made += bake(addresses, state, family)
    return made


def _owned(pages: Iterable[tuple[str, str]]) -> list[tuple[str, Family]]:
    """Addresses with the families of these names; one that no app offers any more has no pages."""
    known = {family.name: family for family in families()}
    return [(address, known.get(name) or Family(name, tuple)) for address, name in pages]


def _by_family(pages: Iterable[tuple[str, Family]]) -> dict[Family, list[str]]:
    grouped: dict[Family, list[str]] = {}
    for address, family in pages:
        grouped.setdefault(family, []).append(address)
    return grouped


def _full(state: State, progress: Progress, deadline: float | None) -> int:
    """Bake, family by family, what is of an older generation; what nobody lists any more goes at the end."""
    listed = [(family, list(family.addresses())) for family in families()]
    total, done, made = sum(len(addresses) for _, addresses in listed), 0, 0
    for family, addresses in listed:
        for part in _parts(addresses):
            baked = dict(Page.objects.filter(address__in=part).values_list("address", "generation"))
            made += bake([one for one in part if baked.get(one) != state.generation], state, family)
            done += len(part)
            progress(done, total)
            if deadline is not None and time.monotonic() > deadline:
                return made
    known = {address for _, addresses in listed for address in addresses}
    stale = [one for one in Page.objects.values_list("address", "family") if one[0] not in known]
    for family, addresses in _by_family(_owned(stale)).items():
        for part in _parts(addresses):
            bake(part, state, family)
    for address in set(tree.addresses()) - set(Page.objects.values_list("address", flat=True)):
        tree.remove(address)
    state.whole = True
    state.save()
    return made


def bake(addresses: Sequence[str], state: State, family: Family) -> int:
    """Bake these pages of a family together: render, write, and note what they were made of. Returns how many there are now."""
    if not addresses:
        return 0
    # Drawing takes its time: nobody who writes waits for it. What changes meanwhile has touched a key, and is baked again.
    with batch(), clock.at(clock.now()), family.together(addresses):
        made = [page for address in addresses if (page := _rendered(address))]
    gone = set(addresses) - {page.address for page in made}
    for address in gone:
        tree.remove(address)
    for page in made:
        if tree.read(page.address) != (page.content, page.gone) or not tree.holds(page.address, page.gone):
            tree.put(page.address, page.content, page.gone)
    with transaction.atomic():
        _note(addresses, made, gone, state.generation, family)
    return len(made)


def _rendered(address: str) -> Made | None:
    """A page; one that fails is taken away rather than left as it was, and the others are baked all the same."""
    try:
        return render(address)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("cannot bake %s", address)
        return None


def _note(addresses: Sequence[str], made: Sequence[Made], gone: set[str], generation: int, family: Family) -> None:
    Read.objects.filter(page__in=addresses).delete()
    if gone:
        Page.objects.filter(address__in=gone).delete()
    pages = [
        {"address": one.address, "family": family.name, "until": one.until, "generation": generation} for one in made
    ]
    insert(Page, pages, replace=True)
    insert(Read, [{"page_id": one.address, "key": key} for one in made for key in sorted(one.keys)])


def verify(progress: Progress = lambda done, total: None) -> list[str]:
    """The addresses at which the tree differs from what a full bake would write, and those that should not be there."""
    with _baking(wait=True):
        state = _state()
        follow(state)
        _expired(state)
        wrong, known, done = [], set[str](), 0
        listed = [(family, list(family.addresses())) for family in families()]
        total = sum(len(addresses) for _, addresses in listed)
        for family, addresses in listed:
            for part in _parts(addresses):
                with batch(), family.together(part):
                    for address in part:
                        page = render(address)
                        known |= {address} if page else set()
                        should = (page.content, page.gone) if page else None
                        if tree.read(address) != should or not tree.packed_well(address):
                            wrong.append(address)
                done += len(part)
                progress(done, total)
        return sorted({*wrong, *(set(tree.addresses()) - known)})


def _parts(whole: Iterable[str], size: int = BATCH) -> Iterator[list[str]]:
    rest = iter(whole)
    while part := list(islice(rest, size)):
        yield part
