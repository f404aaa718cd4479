"""Questions to the ledger as a whole: is it unbroken, and do the projections follow from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from . import tally
from .chain import ROOT, line_hash, seal_digest
from .models import Event, Seal
from .subjects import SUBJECTS

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Break:
    """The first place where the ledger does not hold; ``reason`` is Chinese."""

    where: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """The outcome of :func:`verify`: how much was read, and the first break if there is one."""

    lines: int
    subjects: int
    seals: int
    broken: Break | None


def verify(progress: Progress = lambda done, total: None) -> Verdict:
    """Read every line and every seal again. Names the first broken link."""
    total, lines, subjects = Event.objects.count(), 0, 0
    previous: Event | None = None
    events = Event.objects.order_by("subject_kind", "subject", "seq").iterator(chunk_size=2000)
    for event in events:
        fresh = previous is None or (previous.subject_kind, previous.subject) != (event.subject_kind, event.subject)
        subjects += fresh
        reason = _fault(event, None if fresh else previous)
        if reason:
            return Verdict(lines, subjects, 0, Break(str(event), reason))
        previous, lines = event, lines + 1
        if lines % 2000 == 0:
            progress(lines, total)
    progress(total, total)
    return _verify_seals(lines, subjects)


def _fault(event: Event, previous: Event | None) -> str | None:
    seq, link = (previous.seq + 1, previous.hash) if previous else (1, ROOT)
    if event.seq != seq:
        return f"应为第 {seq} 条，实为第 {event.seq} 条：中间有记录缺失"
    if event.previous != link:
        return "与前一条的哈希不相连：前一条被替换或删除"
    digest = line_hash(
        event.subject_kind,
        event.subject,
        event.seq,
        event.kind,
        event.legal_day,
        event.recorded_at,
        event.actor,
        event.data,
        event.previous,
    )
    return None if digest == event.hash else "内容与哈希不符：此条被改动"


def _verify_seals(lines: int, subjects: int) -> Verdict:
    previous, last_id, count = ROOT, 0, 0
    for seal in Seal.objects.order_by("id").iterator():
        where = f"{seal.day.isoformat()} 日封存（第 {seal.first_id}—{seal.last_id} 条）"
        covered = Event.objects.filter(id__range=(seal.first_id, seal.last_id)).order_by("id").values_list("id", "hash")
        if seal.previous != previous or seal.first_id != last_id + 1:
            return Verdict(lines, subjects, count, Break(where, "与前一日封存不相连：封存记录被改动或删除"))
        if seal_digest(previous, covered.iterator(chunk_size=5000)) != seal.digest:
            return Verdict(lines, subjects, count, Break(where, "与封存时不符：有记录被删除、增补或改写"))
        previous, last_id, count = seal.digest, seal.last_id, count + 1
    return Verdict(lines, subjects, count, None)


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """Empty every projection and write it again from the ledger, in one transaction; returns how many subjects."""
    total, lines, count = Event.objects.count(), 0, 0
    with transaction.atomic():
        for spec in SUBJECTS.values():  # all of them first: several kinds of subject may write to one table
            for model in (*spec.models, *filter(None, [spec.tally])):
                model._default_manager.all().delete()
        for kind, spec in SUBJECTS.items():
            for subject, events in _by_subject(kind):
                state = spec.start
                for event in events:
                    before, state = state, spec.step(state, event)
                    tally.write(spec, subject, event, before, state)
                spec.project(subject, state)
                lines, count = lines + len(events), count + 1
                progress(lines, total)
    return count


def _by_subject(kind: str) -> Iterator[tuple[str, list[Event]]]:
    events = Event.objects.filter(subject_kind=kind).order_by("subject", "seq").iterator(chunk_size=2000)
    for subject, group in groupby(events, key=lambda event: event.subject):
        yield subject, list(group)
