"""What a page holds: facts about it, and blocks. Stored once by SHA-256 as JSON; events and rows carry the hash.

A block is a dictionary with ``kind`` and the fields :data:`BLOCKS` asks for, exactly as :func:`gongkai.procedure.clean`
leaves them; what is written in lines (links, rows, questions) is taken apart by the functions below.
"""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from gongkai.ledger import blobs
from gongkai.procedure import Field, Invalid, clean

from . import rich
from .vocabulary import CONTACT, LEADER, TOPIC

MOST_BLOCKS = 60
ALT = Field("alt", "替代文字", longest=120, hint="图片上是什么，念给看不见的人听")
IMAGE = (Field("digest", "图片", "hidden"), Field("type", "格式", "hidden"))
ABOUT: dict[str, tuple[Field, ...]] = {
    "": (
        Field("summary", "摘要", "long", required=False, longest=300, hint="一两句话；用于列表和网页标签 Description"),
        Field("source", "来源", required=False, longest=60, hint="转载的写明来源；本站原创不填"),
        Field("author", "责任编辑", required=False, longest=40),
        Field("keywords", "关键词", "list", required=False, longest=40),
    ),
    LEADER: (
        Field("post", "职务", longest=100),
        Field("duties", "分工", "long", longest=1000),
        Field("resume", "简历", "long", longest=4000),
        Field("order", "排序", "integer", required=False, hint="数字小的在前"),
    ),
    CONTACT: (
        Field("address", "办公地址", longest=200),
        Field("hours", "办公时间", longest=200),
        Field("phone", "联系电话", longest=100),
        Field("fax", "传真", required=False, longest=60),
        Field("email", "电子邮箱", required=False, longest=100),
        Field("postcode", "邮政编码", required=False, longest=10),
    ),
}
#: Forms of page that may show a picture at the top.
WITH_PICTURE = (TOPIC, LEADER)
_LINES = "一行一条，文字和地址之间用竖线分开，如：办事指南 | https://zwykb.cq.gov.cn/"

#: Kind of block: (its name, what it asks for).
BLOCKS: dict[str, tuple[str, tuple[Field, ...]]] = {
    "text": ("文字", (Field("html", "正文", "long"),)),
    "image": ("图片", (*IMAGE, ALT, Field("caption", "图注", required=False, longest=200))),
    "links": ("链接列表", (Field("title", "标题", required=False, longest=60),
                       Field("items", "链接", "long", hint=_LINES))),
    "records": ("公开信息列表", (Field("title", "标题", required=False, longest=60), Field("column", "取自栏目", longest=64),
                           Field("limit", "条数", "integer", required=False, hint="默认 8 条，最多 20 条"))),
    "table": ("表格", (Field("caption", "表题", longest=100),
                     Field("rows", "内容", "long", hint="一行一行，格之间用竖线分开；第一行是表头"))),
    "notice": ("提示", (Field("tone", "语气", "choice", choices=(("info", "提示"), ("soon", "注意"))),
                      Field("text", "内容", "long", longest=1000))),
    "questions": ("问答", (Field("title", "标题", required=False, longest=60),
                         Field("items", "问答", "long", hint="问题一行以“问：”开头，答案另起一行以“答：”开头"))),
    "chart": ("数据图", (Field("title", "图题", longest=100), Field("unit", "单位", required=False, longest=20),
                       Field("rows", "数据", "long", hint="一行一项，名称和数值之间用竖线分开，如：2021年 | 5324"))),
}  # fmt: skip


def about_fields(form: str) -> tuple[Field, ...]:
    """What a page of this form says of itself beside its title."""
    return ABOUT[LEADER] if form == LEADER else (*ABOUT.get(form, ()), *ABOUT[""])


def checked(form: str, about: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The content as it is stored, texts made safe.

    Raises ``procedure.Invalid``; the fields are ``about-<name>`` and ``b<number>-<name>``.
    """
    errors: list[tuple[str, str]] = []
    if len(blocks) > MOST_BLOCKS:
        raise Invalid([("", f"一个页面最多 {MOST_BLOCKS} 个内容块，请分成几个页面")])
    facts = _clean(about_fields(form), {k: v for k, v in about.items() if k != "image"}, "about", errors)
    if about.get("image"):
        facts["image"] = _clean((*IMAGE, ALT), about["image"], "image", errors)
    kept = []
    for n, block in enumerate(blocks):
        label, fields = BLOCKS[block["kind"]]
        values = _clean(fields, {k: v for k, v in block.items() if k != "kind"}, f"b{n}", errors)
        values and errors.extend(
            (f"b{n}-{name}", f"第 {n + 1} 块“{label}”：{why}") for name, why in _faults(block["kind"], values)
        )
        if "html" in values:
            values["html"] = rich.clean(values["html"])
        kept.append({"kind": block["kind"], **values})
    if errors:
        raise Invalid(errors)
    return {"about": facts, "blocks": kept}


def _clean(
    fields: Sequence[Field], data: Mapping[str, Any], prefix: str, errors: list[tuple[str, str]]
) -> dict[str, Any]:
    try:
        return clean(fields, data)
    except Invalid as invalid:
        errors += [(f"{prefix}-{name}", message) for name, message in invalid.errors]
        return {}


def _faults(kind: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What lines do not say what they should."""
    try:
        if kind == "links":
            links(values["items"])
        elif kind == "chart":
            numbers(values["rows"])
        elif kind == "table":
            table(values["rows"])
        elif kind == "questions":
            questions(values["items"])
    except ValueError as error:
        return [("items" if "items" in values else "rows", str(error))]
    return []


def _rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in re.split(r"[|｜\t]", line.strip().strip("|｜"))]
        for line in text.splitlines()
        if line.strip()
    ]


def links(text: str) -> list[tuple[str, str]]:
    """(words, address) of each line. Raises ValueError (Chinese) naming the line."""
    found = []
    for n, row in enumerate(_rows(text), 1):
        if len(row) != 2 or not row[0] or not re.match(r"(https?://|/|mailto:|tel:)\S*$", row[1]):
            raise ValueError(f"第 {n} 行应为“文字 | 地址”，地址以 / 或 https:// 开头")
        found.append((row[0], row[1]))
    return found


def table(text: str) -> list[list[str]]:
    """The rows, the first the heading, all as long. Raises ValueError (Chinese)."""
    rows = _rows(text)
    if len(rows) < 2:
        raise ValueError("表格至少要有表头和一行内容")
    for n, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise ValueError(f"第 {n} 行有 {len(row)} 格，表头有 {len(rows[0])} 格，请核对竖线")
    return rows


def numbers(text: str) -> list[tuple[str, int | float]]:
    """(name, value) of each line. Raises ValueError (Chinese) naming the line."""
    found: list[tuple[str, int | float]] = []
    for n, row in enumerate(_rows(text), 1):
        try:
            value = Decimal(row[1].replace(",", "").replace("，", ""))
            if len(row) != 2 or not value.is_finite() or value < 0:
                raise ValueError
        except (IndexError, InvalidOperation, ValueError):
            raise ValueError(f"第 {n} 行应为“名称 | 数值”，数值不小于 0") from None
        found.append((row[0], int(value) if value == value.to_integral() else float(value)))
    return found


def questions(text: str) -> list[tuple[str, str]]:
    """(question, answer) pairs. Raises ValueError (Chinese)."""
    parts = re.split(r"^\s*问[:：]", text.strip(), flags=re.M)
    if parts[0].strip() or len(parts) < 2:
        raise ValueError("每个问题以“问：”开头")
    found = []
    for part in parts[1:]:
        pieces = [piece.strip() for piece in re.split(r"^\s*答[:：]", part, maxsplit=1, flags=re.M)]
        if len(pieces) != 2 or not all(pieces):
            raise ValueError(f"问题“{pieces[0][:20]}”缺少以“答：”开头的答案")
        found.append((pieces[0], pieces[1]))
    return found


def put(content: Mapping[str, Any]) -> str:
    """Store a content; returns its SHA-256."""
    return blobs.put(json.dumps(content, ensure_ascii=False, sort_keys=True).encode())


@lru_cache(maxsize=512)
def _read(digest: str) -> str:
    return blobs.get(digest).decode()


def get(digest: str) -> dict[str, Any]:
    """A stored content; an empty one for no hash."""
    if not digest:
        return {"about": {}, "blocks": []}
    found: dict[str, Any] = json.loads(_read(digest))
    return found


def order_of(digest: str) -> int:
    """The place of a leader in the list."""
    return int(get(digest)["about"].get("order", 0) or 0)


def pictures(digest: str) -> dict[str, str]:
    """Hash and type of every picture a content shows."""
    found = get(digest)
    ones = [found["about"].get("image"), *(one for one in found["blocks"] if one["kind"] == "image")]
    return {one["digest"]: one["type"] for one in ones if one}
