"""Importing an existing register 登记台账: every row becomes a case, told through the real commands with its own days.

The columns are those of a disclosure office's register. A row is first told in a rehearsal: every command it needs is
made inside a savepoint and taken back, so that what the table, the clock or a guard refuse is reported with the row and
its column before anything is kept. A row is known by body and number: the same file again imports nothing twice.
What was decided elsewhere keeps its number and its 文号; the house's own series go on after them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.law.receipt import Channel
from gongkai.ledger import clock, vault
from gongkai.ledger.models import Command, Counter
from gongkai.ledger.services import Actor, act, next_number
from gongkai.organs.models import Body
from gongkai.procedure import Field, Invalid, Refused, clean
from gongkai.ui.sheets import Fault, Outcome, Row, Sheet

from . import similar
from .models import Request
from .procedure import APPLICATION, CATEGORIES, ID_TYPES, OPINIONS, SERVICES
from .services import KIND, WAITING, code_key, new_code

#: Every decision a register may name: the letter's leaves and the two lapses, by title or by row number.
from .procedure import DECISIONS, LAPSE_UNCLARIFIED, LAPSE_UNPAID  # isort: skip

LEAF_CHOICES = (*DECISIONS, (LAPSE_UNCLARIFIED, "其他处理：逾期不补正"), (LAPSE_UNPAID, "其他处理：逾期不缴费"))
_ASKED = {one.name: one for one in APPLICATION}


def _day(name: str, label: str, hint: str = "", required: bool = False) -> Field:
    return Field(name, label, "date", required=required, hint=hint)


COLUMNS: tuple[Field, ...] = (
    Field("number", "编号", longest=60, hint="原登记号，一件一个，不能重复"),
    _day("received_on", "收到日期", "依条例第三十一条认定的收到申请之日", required=True),
    Field("channel", "渠道", "choice", choices=tuple((c.value, c.label) for c in Channel)),
    Field("category", "申请人类别", "choice", choices=CATEGORIES),
    Field("name", "姓名", longest=100, hint="姓名或者名称"),
    Field("id_type", "证件类型", "choice", required=False, choices=ID_TYPES),
    Field("id_number", "证件号码", required=False, longest=40),
    Field("phone", "联系方式", required=False, longest=40, hint="联系电话"),
    Field("title", "内容", longest=200, hint="申请事项，一句话，不写个人信息"),
    Field("topic", "领域", required=False, longest=60),
    _day("clarification_sent", "补正告知日期"),
    _day("clarification_until", "补正期限", "告知补正的填写"),
    _day("clarified_on", "收到补正日期"),
    _day("consulted_on", "征求意见日期"),
    _day("opinion_on", "收到意见日期"),
    Field("opinion", "意见", "choice", required=False, choices=OPINIONS),
    _day("extended_on", "批准延期日期"),
    Field("extended_days", "延期工作日数", "integer", required=False),
    Field("unit", "承办处室", required=False, longest=60),
    Field("leaf", "处理决定", "choice", required=False, choices=LEAF_CHOICES, hint="未答复的留空"),
    Field("basis", "法条", required=False, longest=200),
    _day("answered_on", "答复日期"),
    Field("document_number", "文号", required=False, longest=60),
    Field("method", "送达方式", "choice", required=False, choices=SERVICES),
    Field("proof", "送达凭证", required=False, longest=200),
    _day("served_on", "送达日期"),
    _day("archived_on", "归档日期"),
)


def _mend(data: dict[str, str]) -> dict[str, str]:
    """A decision may be given as the row of table three (3.1) or as its short words (予以公开)."""
    leaf = data.get("leaf", "")
    short = {label.rpartition("：")[2]: value for value, label in LEAF_CHOICES}
    if leaf in short:
        data["leaf"] = short[leaf]
    return data


SHEET = Sheet("登记台账", COLUMNS, _mend)
#: Which column a refused step is about.
_COLUMN = {
    "register": "received_on", "submit": "received_on", "confirm": "received_on", "assign": "unit",
    "accept": "received_on", "request_clarification": "clarification_sent", "clarify": "clarified_on",
    "lapse_unclarified": "answered_on", "consult": "consulted_on", "consulted": "opinion_on", "ask_extension": "extended_on", "extend": "extended_on",
    "draft": "leaf", "review": "answered_on", "sign": "answered_on", "serve": "served_on", "archive": "archived_on",
    "withdraw": "answered_on",
}  # fmt: skip


class Faulty(Exception):
    """A row that cannot be told; (column, message)."""

    def __init__(self, column: str, message: str):
        self.column, self.message = column, message
        super().__init__(message)


@dataclass
class Story:
    """One row being told: its steps in the order of their days."""

    body: Body
    by: str
    data: dict[str, Any]
    subject: str = ""
    steps: list[tuple[date, str, str, dict[str, Any]]] = field(default_factory=list)

    def day(self, name: str) -> date | None:
        """A day of the row."""
        return date.fromisoformat(self.data[name]) if name in self.data else None

    def _step(self, on: date, event: str, role: str, data: dict[str, Any] | None = None) -> None:
        self.steps.append((on, event, role, data or {}))

    def plan(self) -> None:
        """The steps after receipt. Raises :class:`Faulty` for days that must be given together and are not."""
        received = self.day("received_on")
        assert received is not None
        data = self.data
        if "unit" in data:
            self._step(received, "assign", "disclosure", {"unit": data["unit"]})
        self._step(received, "accept", "handler")
        self._middle()
        self._end()
        for on, event, *_ in self.steps:
            if on < received:
                column = "answered_on" if event == "draft" else _COLUMN[event]
                raise Faulty(column, f"“{SHEET.column(column)}”{on.isoformat()} 早于收到日期 {received.isoformat()}")
        order = {id(step): n for n, step in enumerate(self.steps)}
        self.steps.sort(key=lambda step: (step[0], order[id(step)]))

    def _middle(self) -> None:
        sent, until, back = (
            self.day("clarification_sent"),
            self.data.get("clarification_until"),
            self.day("clarified_on"),
        )
        if sent:
            self._need("clarification_until", "告知补正的，请填写补正期限")
            self._step(sent, "request_clarification", "handler", {"what": "见原登记台账", "until": until})
        if back:
            self._step(back, "clarify", "handler", {"content": "见原登记台账"})
        asked, opinion = self.day("consulted_on"), self.day("opinion_on")
        if asked:
            self._step(
                asked, "consult", "handler", {"whom": "third_party", "name": "见原登记台账", "about": "见原登记台账"}
            )
        if opinion:
            self._need("opinion", "收到意见的，请填写意见")
            self._step(opinion, "consulted", "handler", {"opinion": self.data["opinion"]})
        if extended := self.day("extended_on"):
            self._need("extended_days", "批准延期的，请填写延期工作日数")
            told = {"days": self.data["extended_days"], "reason": "见原登记台账"}
            self._step(extended, "ask_extension", "handler", told)
            self._step(extended, "extend", "supervisor", told)

    def _end(self) -> None:
        data, answered = self.data, self.day("answered_on")
        if ("leaf" in data) != (answered is not None):
            raise Faulty("leaf", "处理决定和答复日期须同时填写；未答复的都留空")
        if answered is None:
            if "document_number" in data or "served_on" in data:
                raise Faulty("answered_on", "填写了文号或者送达日期的，请填写答复日期和处理决定")
            return
        if data["leaf"] == LAPSE_UNCLARIFIED:
            self._step(answered, "lapse_unclarified", "handler", {"reason": "见原登记台账"})
        elif data["leaf"] == LAPSE_UNPAID:
            raise Faulty("leaf", "逾期不缴费的，请先录入案件，再登记收费和逾期")
        elif data["leaf"] == "3.6.3" and "document_number" not in data:
            self._step(answered, "withdraw", "disclosure", {"reason": "见原登记台账"})
        else:
            self._letter(answered)
        if archived := self.day("archived_on"):
            self._step(archived, "archive", "disclosure")

    def _letter(self, answered: date) -> None:
        self._need("document_number", "作出答复的，请填写文号")
        basis = self.data.get("basis", "见原答复书")
        draft = {"leaf": self.data["leaf"], "basis": basis, "text": "见原答复书", "reason": "见原答复书"}
        self._step(answered, "draft", "handler", draft)
        self._step(
            answered, "review", "reviewer", {"legality": "sound", "secrecy": "cleared", "note": "以原答复书为准"}
        )
        self._step(answered, "sign", "signatory")
        if served := self.day("served_on"):
            self._need("method", "填写了送达日期的，请填写送达方式")
            told = {name: self.data[name] for name in ("method", "proof") if name in self.data}
            self._step(served, "serve", "handler", told)

    def _need(self, name: str, message: str) -> None:
        if name not in self.data:
            raise Faulty(name, message)

    def tell(self, key: str) -> None:
        """Make the case: inside the caller's transaction. Raises :class:`Faulty` naming the column of the fault."""
        received = self.day("received_on")
        assert received is not None
        if Request.objects.filter(number=self.data["number"]).exists():
            raise Faulty("number", f"编号“{self.data['number']}”已经登记过，请核对")
        self.plan()
        count = next_number(f"{KIND}/{self.body.key}/{received.year}/imported")
        self.subject = f"{self.body.key}-{received.year}-r{count:05d}"
        _go_on_after(f"{KIND}/{self.body.key}/{received.year}", self.data["number"], received.year)
        vault.put(code_key(self.subject), {"query_code": new_code()})
        told = {name: self.data[name] for name in _ASKED if name in self.data} | {"content": self.data["title"]}
        told["channel"] = self.data["channel"]
        issued = {"body": self.body.key, "number": self.data["number"], "imported": True}
        issued |= {"topic": self.data["topic"]} if "topic" in self.data else {}
        waits = self.data["channel"] in WAITING
        self._act("submit" if waits else "register", "registrar", received, told, issued, key)
        similar.remember(self.subject, self.body.key, told)
        if waits:
            self._act("confirm", "registrar", received, {"how": "见原登记台账"})
        for on, event, role, data in self.steps:
            self._act(event, role, on, data, self._issued(event, on))

    def _issued(self, event: str, on: date) -> dict[str, Any]:
        if event != "sign":
            return {}
        number = self.data["document_number"]
        if Request.objects.filter(document_number=number).exists():
            raise Faulty("document_number", f"文号“{number}”已经用过，请核对")
        _go_on_after(f"decision/{self.body.key}/{on.year}", number, on.year)
        return {"document_number": number}

    def _act(
        self, event: str, role: str, on: date, data: dict[str, Any], issued: dict[str, Any] | None = None, key: str = ""
    ) -> None:
        # Who did it then is not in the register: the hand is the register's, one for each role (four eyes hold).
        actor = Actor(f"register:{role}", frozenset({role}))
        issued = (issued or {}) | {"imported_by": self.by}
        try:
            act(KIND, self.subject, event, actor, day=on, data=data, system_data=issued, key=key or None)
        except Refused as refused:
            raise Faulty(_COLUMN.get(event, ""), refused.reason) from refused
        except Invalid as invalid:
            name, message = invalid.errors[0]
            raise Faulty(
                name if name in {one.name for one in COLUMNS} else _COLUMN.get(event, ""), message
            ) from invalid


def _go_on_after(series: str, number: str, year: int) -> None:
    """The house's own numbers of the year go on after an imported one of the same shape."""
    found = re.search(rf"〔{year}〕(\d{{1,6}})号$", number)
    if found:
        counter, _ = Counter.objects.select_for_update().get_or_create(series=series)
        Counter.objects.filter(pk=counter.pk, last__lt=int(found[1])).update(last=int(found[1]))


def may_import(roles: frozenset[str]) -> bool:
    """Importing a register is the disclosure office's work."""
    return "disclosure" in roles


def import_register(
    body: Body,
    content: bytes,
    filename: str,
    actor: Actor,
    *,
    dry_run: bool = False,
    only_good: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Import a register file into ``body``, in one transaction. Every faulty row is reported with its column.

    A file with faults imports nothing unless ``only_good``; the same rows again import nothing twice. ``dry_run``
    rehearses every row and keeps none. Raises ``procedure.Invalid`` for an unreadable file, ``procedure.Refused``.
    """
    if not may_import(actor.roles):
        raise Refused("导入登记台账须由公开办办理", kind="role")
    rows = SHEET.read(content, filename)
    before = _imported(body, rows)
    fresh = [row for row in rows if _key(body, row) not in before]
    faults: list[Fault] = []
    imported = 0
    with transaction.atomic():
        for count, row in enumerate(fresh, start=1):
            found = list(_tell(body, row, actor))
            faults += found
            imported += not found
            progress(count, len(fresh))
        if dry_run or (faults and not only_good):
            transaction.set_rollback(True)
            imported = 0
    return Outcome(len(rows), imported, len(rows) - len(fresh), tuple(faults), dry_run)


def _key(body: Body, row: Row) -> str:
    return f"import/{KIND}/{body.key}/{row.data.get('number', '')}"[:120]


def _imported(body: Body, rows: Sequence[Row]) -> set[str]:
    wanted = sorted({_key(body, row) for row in rows})
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        found.update(Command.objects.filter(key__in=chunk).values_list("key", flat=True))
    return found


def _tell(body: Body, row: Row, actor: Actor) -> Iterator[Fault]:
    try:
        values = clean(COLUMNS, row.data)
    except Invalid as invalid:
        yield from (Fault(row.number, SHEET.column(name), _words(name, message)) for name, message in invalid.errors)
        return
    if values["received_on"] > clock.today().isoformat():
        yield Fault(row.number, SHEET.column("received_on"), "收到日期晚于今天")
        return
    try:
        with transaction.atomic():
            Story(body, actor.key, values).tell(_key(body, row))
    except Faulty as fault:
        yield Fault(row.number, SHEET.column(fault.column), fault.message)


def _words(name: str, message: str) -> str:
    """For a choice, what may stand there."""
    column = next((one for one in COLUMNS if one.name == name), None)
    if column is None or not column.choices or "从所列" not in message:
        return message
    return f"“{column.label}”应为：{'、'.join(label for _, label in column.choices)}"
