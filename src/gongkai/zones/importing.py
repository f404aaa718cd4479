"""A sheet of zones into the ledger: every faulty row reported, the same file never twice."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from gongkai.ledger import clock
from gongkai.ledger.bulk import used_keys
from gongkai.ledger.services import Actor
from gongkai.organs.models import Body
from gongkai.procedure import NEW, Field, Invalid, Situation, clean
from gongkai.ui.sheets import Fault, Outcome, Row, Sheet, faults_of

from . import services
from .events import Zone
from .procedure import AREAS, DESCRIPTION, REASON, UNTIL, ZONE

_BODY = Field("body", "主管机关", required=False, longest=100, hint="机关名称或者简称；不填则为导入时选择的机关")
_SINCE = Field("opened_on", "启用日期", "date", required=False, hint="不填则为今天")
_STATE = Field("state", "状态", "choice", required=False, choices=tuple((one.key, one.label) for one in ZONE.states),
               hint="不填则为开放")  # fmt: skip
_WHY = Field("why", REASON.label, required=False, longest=REASON.longest, hint="暂停开放、已撤销的须写明，将告诉公众")
#: What brings a zone that was open into its state.
_THEN = {"suspended": "suspend", "closed": "close"}
_AREAS = {label: key for key, label in AREAS}


def _mend(data: dict[str, str]) -> dict[str, str]:
    """Areas by their names, whatever stands between them."""
    for label, key in _AREAS.items():
        if "areas" in data:
            data["areas"] = data["areas"].replace(label, key)
    return data


#: What an export writes is what an import reads.
SHEET = Sheet("政务公开专区", (*DESCRIPTION, _SINCE, _BODY, _STATE, _WHY, UNTIL), _mend, ("编号", "网址"))
_OWN = ("body", "opened_on", "state", "why", "until")


@dataclass(frozen=True)
class _Good:
    """A row that can go in."""

    body: Body
    actor: Actor
    entry: services.Entry


class Import:
    """One file for a person who may register zones of ``bodies`` (each with the actor the person is there)."""

    def __init__(self, bodies: Sequence[tuple[Body, Actor]], default: Body):
        self.default, self.today, self.known = default, clock.today(), services.Map()
        self.actors = {body.key: actor for body, actor in bodies}
        self.bodies = {name: body for body, _ in bodies for name in (body.key, body.name, body.short_name)}

    def run(self, content: bytes, filename: str, *, dry_run: bool = False, only_good: bool = False) -> Outcome:
        """Import in one transaction. A file with faults imports nothing unless ``only_good``; ``dry_run`` only checks.

        Raises ``procedure.Invalid`` for an unreadable file, ``procedure.Refused`` for an actor who may not.
        """
        rows = SHEET.read(content, filename)
        prefix = f"zones:{hashlib.sha256(content).hexdigest()[:32]}:"
        before = used_keys([f"{prefix}{row.number}" for row in rows])
        fresh = [row for row in rows if f"{prefix}{row.number}" not in before]
        good, faults = self._checked(fresh, prefix)
        imported = 0
        if not dry_run and (only_good or not faults):
            with transaction.atomic():
                for key in dict.fromkeys(one.body.key for one in good):
                    mine = [one for one in good if one.body.key == key]
                    imported += services.enter_many(mine[0].body, mine[0].actor, [one.entry for one in mine])
        return Outcome(len(rows), imported, len(rows) - len(fresh), tuple(faults), dry_run)

    def _checked(self, rows: Sequence[Row], prefix: str) -> tuple[list[_Good], list[Fault]]:
        good: list[_Good] = []
        faults: list[Fault] = []
        standing = services.taken(row.data.get("name", "") for row in rows)
        here: dict[tuple[str, str], int] = {}
        for row in rows:
            try:
                one = self._row(row.data, f"{prefix}{row.number}")
                name = (one.entry.district, str(one.entry.told["name"]))
                if name in standing or name in here:
                    where = f"与本文件第 {here[name]} 行重复" if name in here else "已经登记过"
                    raise Invalid([("name", f"“{name[1]}”{where}，请核对")])
                here[name] = row.number
                good.append(one)
            except Invalid as invalid:
                faults += faults_of(SHEET, row, invalid.errors)
        return good, faults

    def _row(self, data: Mapping[str, str], key: str) -> _Good:
        """A row held against every rule of the command. Raises ``procedure.Invalid`` with all its faults."""
        described = {name: value for name, value in data.items() if name not in _OWN}
        faults: list[tuple[str, str]] = []
        body = self.bodies.get(data.get("body", self.default.key))
        if body is None:
            faults.append(("body", f"没有名为“{data['body'][:20]}”的机关，或者您不能为它登记专区"))
        day = self.today
        try:
            day = date.fromisoformat(clean([_SINCE], {"opened_on": data.get("opened_on")}).get("opened_on", str(day)))
            if day > self.today:
                faults.append(("opened_on", "“启用日期”不能晚于今天"))
        except Invalid as invalid:
            faults += invalid.errors
        event, then = "enter", None
        try:
            event, then = self._state(data)
        except Invalid as invalid:
            faults += invalid.errors
        told, where = dict[str, str](), {"district": ""}
        try:
            told, where = services.settled(described, body or self.default, self.known)
        except Invalid as invalid:
            faults += [(name, self._choices(name, message, described)) for name, message in invalid.errors]
        if faults or body is None:
            raise Invalid(faults)
        actor = self.actors[body.key]
        ZONE.check(NEW, event, Situation(Zone(), actor.key, actor.roles, day))
        return _Good(body, actor, services.Entry(told, where["district"], day, key, event, then))

    def _state(self, data: Mapping[str, str]) -> tuple[str, tuple[str, dict[str, str]] | None]:
        """The event that begins a zone, and what brings it into its state. A day of coming back that is over is left out."""
        told = clean([_STATE, _WHY, UNTIL], {name: data.get(name) for name in ("state", "why", "until")})
        state = told.get("state", "open")
        if state not in _THEN:
            return ("plan" if state == "planned" else "enter"), None
        if not told.get("why"):
            raise Invalid([("why", f"“{ZONE.state[state].label}”的专区请填写“{_WHY.label}”")])
        more = {"reason": told["why"]}
        if state == "suspended" and told.get("until", "") > self.today.isoformat():
            more["until"] = told["until"]
        return "enter", (_THEN[state], more)

    def _choices(self, name: str, message: str, data: Mapping[str, str]) -> str:
        """A fault of a choice names what may be chosen."""
        field = next((one for one in DESCRIPTION if one.name == name and one.choices and name in data), None)
        return f"“{field.label}”应为：{'、'.join(label for _, label in field.choices)}" if field else message
