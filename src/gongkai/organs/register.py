"""The bodies of a government from a table: how an installation begins, and how its tree grows.

One row for each body; parents may stand anywhere in the table or be registered already. Nothing is entered unless every row is
good. A key that is known brings its row up to date; its place in the tree stays, since rights and reports hang on it.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from gongkai.procedure import Field, Invalid
from gongkai.procedure.fields import clean
from gongkai.text.index_number import is_credit_code
from gongkai.ui.sheets import Fault, Outcome, Row, Sheet, faults_of

from .models import Body
from .services import add_body, add_units

FIELDS = (
    Field("key", "标识", longest=32, hint="小写字母、数字和连字符，如 cq-office；用在网址和命令里，登记后不变"),
    Field("name", "名称", longest=100, hint="机关全称"),
    Field("short_name", "简称", required=False, longest=40, hint="不填即用全称"),
    Field("kind", "类别", "choice", choices=tuple(Body.Kind.choices)),
    Field("parent", "上级机关标识", required=False, hint="最上级机关不填"),
    Field("reported_by", "年报编制机关标识", required=False, hint="年度报告由别的机关合并编制的才填，如政府由其办公厅编制（条例第四十九条）"),
    Field("document_code", "机关代字", required=False, longest=20, hint="发文字号中的代字，如 渝府办"),
    Field("credit_code", "统一社会信用代码", required=False, longest=18, hint="18 位；索引号由它编成"),
    Field("address", "地址", required=False, longest=200, hint="公开指南和受理地址用"),
    Field("phone", "电话", required=False, longest=40),
    Field("order", "排序", "integer", required=False, hint="小的在前"),
    Field("units", "内设机构", "list", required=False, longest=60, hint="办理时交给哪个处室；多个用顿号隔开，如 政务公开处、秘书处"),
)  # fmt: skip
SHEET = Sheet("机关", FIELDS)
_KEY = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def enter(rows: Sequence[Row], dry_run: bool = False) -> Outcome:
    """Register the bodies of these rows, or say what is wrong with each; ``repeated`` are those known before."""
    bodies, faults = _read(rows)
    known = {body.key: body for body in Body.objects.select_related("parent", "reported_by")}
    above = {one["key"]: one.get("parent", "") for one in bodies.values()}
    for row in rows:
        if row.number in bodies:
            faults += faults_of(SHEET, row, _misplaced(bodies[row.number], above, known))
    repeated = sum(one["key"] in known for one in bodies.values())
    if faults or dry_run:
        return Outcome(len(rows), 0, repeated, tuple(sorted(faults, key=lambda one: one.row)), dry_run)
    with transaction.atomic():
        _register({one["key"]: one for one in bodies.values()})
    return Outcome(len(rows), len(rows) - repeated, repeated, (), False)


Values = dict[str, Any]


def _read(rows: Sequence[Row]) -> tuple[dict[int, Values], list[Fault]]:
    """What each row says, by its number, and what is wrong with rows in themselves."""
    found: dict[int, Values] = {}
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for row in rows:
        wrong: list[tuple[str, str]] = []
        try:
            one = clean(FIELDS, row.data)
        except Invalid as bad:
            faults += faults_of(SHEET, row, bad.errors)
            continue
        if not _KEY.fullmatch(one["key"]):
            wrong.append(("key", "只能用小写字母、数字和连字符，如 cq-office"))
        if first.setdefault(one["key"], row.number) != row.number:
            wrong.append(("key", f"与第 {first[one['key']]} 行重复"))
        if one.get("credit_code") and not is_credit_code(one["credit_code"]):
            wrong.append(("credit_code", "应为 18 位，末位为校验码，请核对"))
        faults += faults_of(SHEET, row, wrong)
        if not wrong:
            found[row.number] = one
    return found, faults


def _misplaced(one: Values, above: Mapping[str, str], known: Mapping[str, Body]) -> list[tuple[str, str]]:
    """What is wrong with the place of a body; ``above`` leads from each key of the table to the one over it."""
    wrong = []
    for name in ("parent", "reported_by"):
        key = str(one.get(name, ""))
        if key and key not in above and key not in known:
            wrong.append((name, f"没有标识为“{key}”的机关，请先登记，或在表中加上一行"))
    stands = known.get(str(one["key"]))
    if stands and (stands.parent.key if stands.parent else "") != one.get("parent", ""):
        wrong.append(("parent", "已登记的机关不能改上级机关：权限和年度报告都按它的位置计算"))
    passed, key = set[str](), str(one["key"])
    while key in above and key not in passed:
        passed.add(key)
        key = above[key]
    if key and key in passed:
        wrong.append(("parent", "上级机关互为上下级，绕成了圈"))
    return wrong


def _register(bodies: Mapping[str, Values]) -> None:
    """Parents before those below them, then who reports for whom."""
    waiting = dict(bodies)
    while waiting:
        ready = [key for key, one in waiting.items() if one.get("parent", "") not in waiting]
        for key in ready:
            one = waiting.pop(key)
            details = {name: value for name, value in one.items() if name not in _PLACED}
            parent = Body.objects.filter(key=one.get("parent", "")).first()
            add_body(key, str(one["name"]), str(one["kind"]), parent, **details)
    for key, one in bodies.items():
        reporting = Body.objects.filter(key=one.get("reported_by", "")).first()
        Body.objects.filter(key=key).update(reported_by=reporting)
        if one.get("units"):
            _set_up(Body.objects.get(key=key), one["units"])


def _set_up(body: Body, names: Sequence[str]) -> None:
    """The units of a body in this order; those it has keep their keys, and those not named stay behind."""
    keys = dict(body.units.values_list("name", "key"))
    taken = set(keys.values())
    fresh = (f"u{n}" for n in itertools.count(1) if f"u{n}" not in taken)
    add_units(body, [(keys.get(name) or next(fresh), name) for name in names])


#: What :func:`.services.add_body` takes by its place.
_PLACED = ("key", "name", "kind", "parent", "reported_by", "units")
