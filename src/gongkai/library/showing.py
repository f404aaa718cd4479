"""How a record's data read on its page: the information table, links to what surrounds it, its sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gongkai.law.attributes import Attribute
from gongkai.law.categories import CATEGORIES
from gongkai.ledger.tally import OPEN
from gongkai.records import kinds, vocabulary
from gongkai.records.models import Record
from gongkai.records.vocabulary import SEPARATOR
from gongkai.text import diff
from gongkai.text.nodes import Tree
from gongkai.ui.addresses import to
from gongkai.ui.pieces import Row

from .queries import Sight
from .rendering import Heading, Link, write
from .validity import Status, status


def address(key: str, day: date | None = None, anchor: str = "") -> str:
    """The address of a record, of its text on a day, of a provision in it."""
    page = to("portal:library:record", key) + (f"@{day.isoformat()}/" if day else "")
    return f"{page}#{anchor}" if anchor else page


def listed(**filters: str) -> str:
    """The address of the list of records, filtered."""
    return f"{to('portal:library:list')}?{urlencode(filters)}"


def _iso(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day and day != OPEN else ""


def information(sight: Sight, found: Status) -> list[Row]:
    """The table of a government page: what is known, in the order people know; what is not known is left out."""
    record = sight.record
    category = CATEGORIES.get(record.category)
    attribute = Attribute(record.attribute).label if record.attribute else ""
    audiences = dict(vocabulary.audiences())
    rows = [
        Row("索引号", record.index_number),
        Row("主题分类", record.theme.replace(SEPARATOR, " › "), listed(theme=record.theme) if record.theme else ""),
        Row("发文机关", "、".join(sight.issuers)),
        Row("类别", kinds.label(record.kind), to("portal:library:listing", "kind", record.kind)),
        Row("发文字号", record.document_number),
        Row("登记号", record.register_number),
        *days(record),
        Row("失效日期", _iso(record.ceased_on) if found.ended else ""),
        Row("有效性", found.label),
        Row("公开方式", attribute),
        Row("公开类别", f"{category.label}（{category.article}）" if category else ""),
        Row("责任部门", record.unit),
        Row("服务对象", "、".join(audiences.get(one, one) for one in record.audience)),
        *_own(record),
    ]
    return [row for row in rows if row.detail]


def days(record: Record) -> list[Row]:
    """The days of a record, from its writing to the end of its validity; unknown ones are empty."""
    return [
        Row("成文日期", _iso(record.written_on)),
        Row("发布日期", _iso(record.published_on)),
        Row("施行日期", _iso(record.effective_on)),
        Row("有效期至", _iso(record.valid_until)),
    ]


def drawn(rows: Sequence[Row], found: Status) -> SafeString:
    """The table as HTML; the validity stands in a pill."""
    return SafeString(f"<dl>{''.join(_row(row, found) for row in rows)}</dl>")


def _row(row: Row, found: Status) -> str:
    words = escape(row.detail)
    if row.term == "有效性":
        words = f'<span class="pill {found.tone}">{words}</span>'
    elif row.url:
        words = f'<a href="{escape(row.url)}">{words}</a>'
    return f"<div><dt>{escape(row.term)}</dt><dd>{words}</dd></div>"


def entry(record: Any, body: str, found: Status, page: str) -> str:
    """The record (or a row of it) in a list of the library, as HTML: with the name of its body and the address of its page."""
    about = [record.document_number, record.issuer or body]
    words = "　".join(escape(one) for one in about if one)
    pill = f'<span class="pill {found.tone}">{escape(found.label)}</span>　' if found.ended else ""
    day = record.published_on.isoformat() if record.published_on else ""
    return (
        f'<li><a href="{page}">{escape(record.title)}</a><span class="quiet">{pill}{words}　'
        f'<time class="num" datetime="{day}">{day}</time></span></li>'
    )


def _own(record: Record) -> list[Row]:
    """What the kind's own schema asks for."""
    known = kinds.kinds().get(record.kind)
    return [Row(label, words) for label, words in known.shown(record.data)] if known else []


def links(sight: Sight) -> list[Link]:
    """The citations of the current text as links: to another record, to a place in this one."""
    made = []
    for one in sight.citations:
        if one.target == sight.record.key and one.anchor:
            made.append(Link(one.start, one.end, f"#{one.anchor}"))
        elif one.target in sight.titles:
            title = f"《{sight.titles[one.target]}》" + (f"（{_iso(one.as_of)}的文本）" if one.as_of else "")
            made.append(Link(one.start, one.end, address(one.target, one.as_of, one.anchor), title))
    return made


def text(sight: Sight, tree: Tree, linked: bool) -> tuple[str, list[Heading]]:
    """The text as HTML with its table of contents; citations are linked in the text they were read in only."""
    return write(tree, sight.record.title, links(sight) if linked else ())


def related(sight: Sight) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Relations by their verb: (words, [(title, address, since when)])."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for one in sight.related:
        entry = (one.title, address(one.key) if one.key else "", _iso(one.since))
        groups.setdefault(one.words, []).append(entry)
    return list(groups.items())


def status_of(sight: Sight, day: date) -> Status:
    """The validity of a record on a day."""
    return status(sight.record, day, sight.changes)


def files(record: Record) -> Sequence[dict[str, Any]]:
    """Attachments as links: name, type, size in words, address."""
    return [
        {
            "name": one["name"],
            "size": _size(int(one.get("size", 0))),
            "url": reverse("portal:library:attachment", args=[record.key, place]),
        }
        for place, one in enumerate(record.attachments, 1)
        if one.get("digest")
    ]


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))} KB"


@dataclass(frozen=True)
class Change:
    """A piece that differs between two texts: its label, what became of it, both sides with marks (safe HTML)."""

    label: str
    words: str
    pill: str
    old: SafeString | str
    new: SafeString | str


_CHANGES = {
    diff.Change.ADDED: ("新增", "ok"),
    diff.Change.REMOVED: ("删去", "late"),
    diff.Change.CHANGED: ("修改", "soon"),
    diff.Change.MOVED: ("条序变动", ""),
}


def changes(old: str, new: str) -> list[Change]:
    """What differs between two texts, in the order of the new one."""
    return [_change(one) for one in diff.differences(old, new)]


def _change(one: diff.Difference) -> Change:
    words, pill = _CHANGES[one.change]
    label = f"{one.old_label}→{one.new_label}" if one.moved else one.new_label or one.old_label
    if one.change is diff.Change.CHANGED:
        return Change(label, words, pill, _side(one.pieces, "-", "del"), _side(one.pieces, "+", "ins"))
    return Change(label, words, pill, one.old, one.new)


def _side(pieces: Sequence[diff.Piece], mark: str, tag: str) -> SafeString:
    """One side: what stays, and what is gone or has come in its element."""
    shown = [(piece.text, piece.mark == mark) for piece in pieces if piece.mark in ("=", mark)]
    element = f"<{tag}>{{}}</{tag}>"
    return format_html_join("", "{}", ((format_html(element, text) if marked else text,) for text, marked in shown))
