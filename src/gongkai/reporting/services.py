"""Commands on annual reports: the only writers. Each is one transaction and takes an optional idempotency key."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gongkai import figure
from gongkai.ledger import blobs, clock
from gongkai.ledger.services import Actor, Conflict, Done, act, used
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused, Situation, clean

from . import content, narrative, rendering
from .events import Case
from .procedure import PROCEDURE
from .queries import ask, case, check_year, months

KIND = "report"
Data = Mapping[str, Any]


def key_of(body: Body, year: int) -> str:
    """The key of a body's report for a year."""
    return f"{body.key}-{year}"


def compile_new(
    body: Body, year: int, actor: Actor, data: Data | None = None, *, day: date | None = None, key: str | None = None
) -> Done:
    """Begin a body's report for a year: count every figure, draft the narrative.

    ``data`` may name ``as_of`` and ``known_at``. Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        subject, on = key_of(body, year), day or clock.today()
        _permitted(case(subject), "compile", actor, on, data)
        counted = _count(body, year, on, data)
        first = content.store_narrative(narrative.first_draft())
        system = counted | {"body": body.key, "year": year, "narrative": first}
        return act(KIND, subject, "compile", actor, day=on, data=data, system_data=system, key=key)


def do(
    subject: str,
    event: str,
    actor: Actor,
    data: Data | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Make any later event of a report.

    ``edit`` takes ``{"sections": {1: text, …}}``; the other events take the fields of the procedure. Freezing writes
    the canonical content and its renderings; where no Chinese font is installed it goes on without the PDF and the
    line says why. Raises ``procedure.Invalid``, ``procedure.Refused``, ``ledger.services.Conflict``.
    """
    if key and (done := used(key)):
        return done
    on, now = day or clock.today(), case(subject)
    given = dict(data or {})
    sections = given.pop("sections", None) if event == "edit" else None
    _permitted(now, event, actor, on, given)
    # Files are made before the transaction, so that nobody waits for the typesetter.
    extra = _edited(now, sections) if event == "edit" else _EXTRA.get(event, lambda *_: {})(now, on, given)
    with transaction.atomic():
        if case(subject) != now:
            raise Conflict
        return act(KIND, subject, event, actor, day=on, data=given, system_data=extra, key=key)


def _permitted(now: Case, event: str, actor: Actor, day: date, data: Data | None) -> None:
    """Refuse before anything is counted or written: a refused event leaves no file behind."""
    move = PROCEDURE.move(now.state, event)
    values = clean(move.fields, data or {})
    PROCEDURE.check(now.state, event, Situation(now, actor.key, actor.roles, day, values))


def _count(body: Body, year: int, day: date, data: Data | None) -> dict[str, Any]:
    """Every figure as counted now, stored; what the line says of it."""
    given = data or {}
    try:
        check_year(year)
    except ValueError as error:
        raise Invalid([("year", str(error))]) from error
    known_at = instant(given["known_at"]) if given.get("known_at") else clock.now()
    as_of = date.fromisoformat(str(given["as_of"])) if given.get("as_of") else min(day, date(year, 12, 31))
    for late, name, text in (
        (as_of > clock.today(), "as_of", "“统计截止日”不能晚于今天"),
        (known_at > clock.now(), "known_at", "“按何时所知”不能晚于现在"),
    ):
        if late:
            raise Invalid([(name, text)])
    try:
        asked = ask(body, year, as_of, known_at)
    except ValueError as error:
        raise Refused(str(error), ("49",), "guard") from error
    found = content.Figures(body.name, year, asked.last, known_at, figure.count(asked), months(asked))
    found.report()  # every cell has its figure, or LookupError
    return {"as_of": asked.last.isoformat(), "known_at": known_at.isoformat(), "figures": found.store()}


def instant(text: str) -> datetime:
    """An instant as people write it, in China's time unless it says otherwise. Raises ``procedure.Invalid``."""
    try:
        read = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise Invalid([("known_at", "“按何时所知”应为日期和时间，如 2022-01-20T18:00")]) from None
    return read if read.tzinfo else read.replace(tzinfo=clock.SHANGHAI)


def _edited(now: Case, sections: Any) -> dict[str, Any]:
    if not isinstance(sections, Mapping) or not sections:
        raise Invalid([("sections", "请填写要修改的部分")])
    before = content.narrative(now.narrative)
    known = content.figures(now.figures).values
    changed = {n: text for n, text in narrative.check_texts(sections, known).items() if before.get(n, "") != text}
    if not changed:
        raise Refused("正文没有改动", kind="guard")
    return {"narrative": content.store_narrative(before | changed), "sections": sorted(changed)}


def _recounted(now: Case, day: date, data: Data) -> dict[str, Any]:
    return _count(Body.objects.get(key=now.body), now.year, day, data)


def _frozen(now: Case, day: date, data: Data) -> dict[str, Any]:
    publish_on = date.fromisoformat(str(data["publish_on"])) if data.get("publish_on") else day
    if publish_on < day:
        raise Invalid([("publish_on", "“公布日期”不能早于冻结之日")])
    whole = rendering.content_of(
        content.figures(now.figures), content.narrative(now.narrative), publish_on, rendering.marks()
    )
    files = {name: blobs.put(one.write(whole)) for name, one in rendering.FORMATS.items() if name != "pdf"}
    missing = {}
    try:
        files["pdf"] = blobs.put(rendering.FORMATS["pdf"].write(whole))
    except rendering.Unprintable as error:
        missing = {"pdf_missing": str(error)}
    return {"publish_on": publish_on.isoformat(), "content": content.store(whole), "files": files} | missing


def _late_pdf(now: Case, day: date, data: Data) -> dict[str, Any]:
    try:
        return {"pdf": blobs.put(rendering.FORMATS["pdf"].write(content.load(now.content)))}
    except rendering.Unprintable as error:
        raise Refused(str(error), kind="guard") from error


#: What the house adds to an event's data.
_EXTRA: dict[str, Callable[[Case, date, Data], dict[str, Any]]] = {
    "recompile": _recounted,
    "freeze": _frozen,
    "add_pdf": _late_pdf,
}
