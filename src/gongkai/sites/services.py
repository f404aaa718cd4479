"""Commands on sites, columns, pages and redirects: the only writers. Each is one transaction and may carry a key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.ledger import clock
from gongkai.ledger.bulk import Opening, open_many
from gongkai.ledger.services import SYSTEM, Actor, Done, act, next_number, replay, used
from gongkai.organs.models import Body
from gongkai.procedure import Invalid
from gongkai.records.kinds import kinds
from gongkai.records.models import Record

from . import content, events, filling, packs
from .models import Column, Page, Redirect, Site
from .vocabulary import LINK, PAGE, SINGLE

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[0-9A-Z]{10}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?|localhost(?::\d+)?|[\d.]+(?::\d+)?")
_TARGET = re.compile(r"(?:https?://|/(?!/)|portal:|site:)\S+")


def _settle() -> None:
    """Columns and navigation follow as soon as the command stands."""
    transaction.on_commit(filling.keep_up)


def _word(name: str, value: str, label: str) -> str:
    if not _KEY.fullmatch(value):
        raise Invalid([(name, f"“{label}”只能用小写字母、数字和短横线，如 cq-jtj")])
    return value


# Sites ---------------------------------------------------------------------------------------------------------------


def create_site(
    body: Body,
    actor: Actor,
    data: Mapping[str, Any],
    *,
    pack: str = "",
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Begin a site of a body; with ``pack`` its columns and first pages too (:mod:`.packs`).

    Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        subject, values = check_site(data)
        done = act("site", subject, "create", actor, day=day, data={"key": subject, **values},
                   system_data={"body": body.key}, key=key)  # fmt: skip
        if pack:
            _fill_from(packs.load(pack), subject, body, actor)
        _settle()
        return done


def check_site(data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What a new site says of itself, looked at before it is made: its key, and the rest. Raises ``procedure.Invalid``."""
    values = dict(data)
    subject = _word("key", str(values.pop("key", "")).strip(), "网站标识")
    _check_marks(values)
    if Site.objects.filter(key=subject).exists():
        raise Invalid([("key", f"已有标识为“{subject}”的网站")])
    if values.get("main") in (True, "true", "on") and Site.objects.filter(main=True).exclude(state="closed").exists():
        raise Invalid([("main", "已有主站；其他网站的地址在 /s/ 之下")])
    return subject, values


def do_site(
    subject: str, event: str, actor: Actor, data: Mapping[str, Any] | None = None, *, day: date | None = None,
    key: str | None = None,
) -> Done:  # fmt: skip
    """Make any later event of a site. Raises ``Invalid``, ``Refused``, ``Conflict``."""
    if event == "change":
        _check_marks(data or {})
    with transaction.atomic():
        done = act("site", subject, event, actor, day=day, data=data, key=key)
        _settle()
        return done


def _check_marks(data: Mapping[str, Any]) -> None:
    errors = []
    if (code := str(data.get("code", "")).strip()) and not _CODE.fullmatch(code):
        errors.append(("code", "网站标识码为 10 位数字或大写字母，请与全国政府网站信息报送系统核对"))
    hosts = data.get("hosts") or []
    listed = re.split(r"[、，,；;\s]+", hosts) if isinstance(hosts, str) else hosts
    errors += [("hosts", f"“{one}”不是域名，如 www.cq.gov.cn") for one in listed if one and not _HOST.fullmatch(one)]
    if errors:
        raise Invalid(errors)


def _fill_from(pack: packs.Pack, site: str, body: Body, actor: Actor) -> None:
    """The columns and draft pages of a pack."""
    marks = replay("site", site).marks
    words = {"name": marks["name"], "host": marks["host"], "contact": marks["contact"], "address": body.address or "（请填写）",
             "phone": body.phone or "（请填写）", "site": site, "body": body.key}  # fmt: skip
    made = {}
    for one in pack.pages:
        about, blocks = packs.filled(one.get("about", {}), words), packs.filled(one["blocks"], words)
        data = {"form": one["form"], "title": packs.filled(one["title"], words), "slug": one["slug"]}
        made[one["slug"]] = create_page(site, SYSTEM, data, about, blocks).event.subject
    openings = []
    for order, (parent, one) in enumerate(pack.columns()):
        data = packs.filled({k: v for k, v in one.items() if k != "children"}, words)
        data |= {"order": 10 * (order + 1)}
        if parent:
            data["parent"] = f"{site}_{parent}"
        if "page" in data:
            data["page"] = made[data["page"]]
        openings.append(Opening(f"{site}_{one['slug']}", data, {"site": site, "body": body.key}))
    open_many("column", "create", openings, actor)


# Columns -------------------------------------------------------------------------------------------------------------


def create_column(
    site: str, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Add a column to a site. Raises ``procedure.Invalid``, ``procedure.Refused``."""
    row = Site.objects.get(key=site)
    subject = f"{site}_{_word('slug', str(data.get('slug', '')).strip(), '栏目标识')}"
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        if Column.objects.filter(key=subject).exists():
            raise Invalid([("slug", f"本站已有标识为“{data['slug']}”的栏目")])
        _check_column(site, subject, data)
        done = act("column", subject, "create", actor, day=day, data=data,
                   system_data={"site": site, "body": row.body_id}, key=key)  # fmt: skip
        _settle()
        return done


def do_column(
    subject: str, event: str, actor: Actor, data: Mapping[str, Any] | None = None, *, day: date | None = None,
    key: str | None = None,
) -> Done:  # fmt: skip
    """Make any later event of a column. ``place`` and ``unplace`` take the key or the address of a record.

    Raises ``Invalid``, ``Refused``, ``Conflict``.
    """
    values = dict(data or {})
    with transaction.atomic():
        column: events.Column = replay("column", subject)
        if event in {"place", "unplace"}:
            values["record"] = _record(str(values.get("record") or ""), public=event == "place")
        elif event in {"change", "move"}:
            _check_column(column.site, subject, values, moving=event == "move")
        done = act("column", subject, event, actor, day=day, data=values, key=key)
        _settle()
        return done


def shift(subject: str, up: bool, actor: Actor, *, key: str | None = None) -> Done | None:
    """Change places with the neighbour above or below; None where there is none. Two events in one transaction."""
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        one = Column.objects.get(key=subject)
        beside = list(Column.objects.filter(site=one.site_id, parent=one.parent_id).order_by("order", "key"))
        at = beside.index(one)
        other_at = at - 1 if up else at + 1
        if not 0 <= other_at < len(beside):
            return None
        beside[at], beside[other_at] = beside[other_at], beside[at]
        done = None
        for order, column in enumerate(beside, 1):
            if column.order != order * 10:
                place: dict[str, Any] = {"order": order * 10} | (
                    {"parent": column.parent_id} if column.parent_id else {}
                )
                mine = column.key == subject
                made = act("column", column.key, "move", actor, data=place, key=key if mine else None)
                done = made if mine else done
        _settle()
        return done


def _record(told: str, public: bool) -> str:
    """The key of a record, from the key itself or its address."""
    found = told.strip().split("?")[0].rstrip("/").rpartition("/")[2]
    if public and not Record.objects.filter(pk=found, public=True).exists():
        raise Invalid([("record", f"没有已经公开的信息编为“{found[:64]}”，请核对标识或者网址")])
    return found


def _check_column(site: str, subject: str, data: Mapping[str, Any], moving: bool = False) -> None:
    errors = []
    if (parent := data.get("parent")) and not Column.objects.filter(key=parent, site=site).exists():
        errors.append(("parent", "上级栏目不在本站"))
    elif parent and subject in _above(parent):
        errors.append(("parent", "不能移到自己或者自己的下级之下"))
    if not moving:
        errors += _faults(site, data)
    if errors:
        raise Invalid(errors)


def _faults(site: str, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    errors = []
    known = kinds()
    errors += [("kinds", f"没有“{one}”这一信息类别") for one in data.get("kinds") or [] if one not in known]
    if (body := data.get("body")) and not Body.objects.filter(key=body).exists():
        errors.append(("body", f"没有标识为“{body}”的机关"))
    if data.get("kind") == PAGE and not Page.objects.filter(key=data.get("page") or "", site=site).exists():
        errors.append(("page", "请选择本站的页面"))
    if data.get("kind") == LINK and not _TARGET.fullmatch(str(data.get("link") or "")):
        errors.append(("link", "链接以 / 或 https:// 开头"))
    return errors


def _above(key: str) -> set[str]:
    """A column with everything above it."""
    found: set[str] = set()
    while key and key not in found:
        found.add(key)
        key = Column.objects.filter(key=key).values_list("parent_id", flat=True).first() or ""
    return found


# Pages ---------------------------------------------------------------------------------------------------------------


def create_page(
    site: str, actor: Actor, data: Mapping[str, Any], about: Mapping[str, Any] | None = None,
    blocks: Sequence[Mapping[str, Any]] | None = None, *, day: date | None = None, key: str | None = None,
) -> Done:  # fmt: skip
    """Begin a page; without ``about`` and ``blocks`` it is empty. Raises ``procedure.Invalid``, ``procedure.Refused``."""
    values = dict(data)
    form = str(values.get("form", ""))
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        row = Site.objects.get(key=site)
        number = next_number(f"page/{site}")
        slug = str(values.get("slug") or "").strip() or (form if form in SINGLE else f"{number:04d}")
        values["slug"] = _word("slug", slug, "页面标识")
        standing = Page.objects.filter(site=site).exclude(state="dropped")
        if form in SINGLE and (same := standing.filter(form=form).first()):
            raise Invalid([("form", f"本站已有“{same.title}”，请在原来的页面上修改")])
        if Page.objects.filter(site=site, slug=slug).exists():
            raise Invalid([("slug", f"本站已有标识为“{slug}”的页面")])
        kept = content.checked(form, about or {}, blocks or ()) if about is not None else {"about": {}, "blocks": []}
        system = {"site": site, "body": row.body_id, "content": content.put(kept)}
        return act("page", f"{site}_p{number:05d}", "create", actor, day=day, data=values, system_data=system, key=key)


def write_page(
    subject: str, actor: Actor, title: str, about: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]], *,
    day: date | None = None, key: str | None = None,
) -> Done:  # fmt: skip
    """Write a page anew: its title, facts and blocks. Raises ``Invalid``, ``Refused``, ``Conflict``."""
    with transaction.atomic():
        page: events.Page = replay("page", subject)
        digest = content.put(content.checked(page.form, about, blocks))
        return act(
            "page", subject, "write", actor, day=day, data={"title": title}, system_data={"content": digest}, key=key
        )


def do_page(
    subject: str, event: str, actor: Actor, data: Mapping[str, Any] | None = None, *, day: date | None = None,
    key: str | None = None,
) -> Done:  # fmt: skip
    """Make any other event of a page; what is approved for today is published at once.

    Raises ``Invalid`` (also for a page that says nothing yet), ``Refused``, ``Conflict``.
    """
    with transaction.atomic():
        if event == "submit":
            page: events.Page = replay("page", subject)
            _is_complete(page)
        done = act("page", subject, event, actor, day=day, data=data, key=key)
        if event == "approve" and not done.repeated and done.state.publish_on <= clock.today():
            done = Done(done.event, act("page", subject, "publish", SYSTEM, day=day).state)
        _settle()
        return done


def _is_complete(page: events.Page) -> None:
    kept = content.get(page.draft)
    told = content.checked(page.form, kept["about"], kept["blocks"])
    if page.form != "leader" and not told["blocks"]:
        raise Invalid([("", "页面还没有内容，请先编辑")])


def turn() -> int:
    """What today's date does to pages: publish what was approved for today, take down what is over. May be repeated."""
    today, turned = clock.today(), 0
    due = Page.objects.filter(publish_on__lte=today).order_by("publish_on", "key")
    over = Page.objects.filter(withdraw_on__lte=today).order_by("withdraw_on", "key")
    for key in list(due.values_list("key", flat=True)):
        do_page(key, "publish", SYSTEM)
        turned += 1
    for key in list(over.values_list("key", flat=True)):
        do_page(key, "withdraw", SYSTEM, {"reason": "发布期限已满，自动撤下"})
        turned += 1
    return turned


# Redirects -----------------------------------------------------------------------------------------------------------


def add_redirect(
    site: str, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Lead an old address to a new one. Raises ``procedure.Invalid``, ``procedure.Refused``."""
    row, old = Site.objects.get(key=site), str(data.get("old", "")).strip()
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        _check_redirect(old, str(data.get("to", "")).strip())
        if Redirect.objects.filter(old=old, state="active").exists():
            raise Invalid([("old", f"“{old}”已经有转向，请在原来的转向上修改")])
        subject = f"{site}_r{next_number(f'redirect/{site}'):05d}"
        system = {"site": site, "body": row.body_id}
        return act("redirect", subject, "add", actor, day=day, data=data, system_data=system, key=key)


def do_redirect(
    subject: str, event: str, actor: Actor, data: Mapping[str, Any] | None = None, *, day: date | None = None,
    key: str | None = None,
) -> Done:  # fmt: skip
    """Change, retire or restore a redirect. Raises ``Invalid``, ``Refused``, ``Conflict``."""
    if event == "change":
        _check_redirect(replay("redirect", subject).old, str((data or {}).get("to", "")).strip())
    return act("redirect", subject, event, actor, day=day, data=data, key=key)


def _check_redirect(old: str, to: str) -> None:
    errors = []
    if not re.fullmatch(r"/(?!/|office/|api/|static/)[^\s?#]+", old):
        errors.append(("old", "旧地址以 / 开头，不含 ? 和 #，不能是工作台和接口的地址"))
    if not re.fullmatch(r"(?:https?://|/(?!/))\S*", to):
        errors.append(("to", "新地址以 / 或 https:// 开头"))
    elif to.rstrip("/") == old.rstrip("/"):
        errors.append(("to", "新地址与旧地址相同"))
    if errors:
        raise Invalid(errors)


@dataclass(frozen=True)
class Plan:
    """What the wizard will make: names of columns with their depth, and of pages."""

    columns: Sequence[tuple[int, str, str]]
    pages: Sequence[str]


def plan(pack: str, name: str) -> Plan:
    """What a pack makes of a site of this name, to be looked at before it is made."""
    one = packs.load(pack)
    return Plan(one.outline(), [packs.filled(page["title"], {"name": name}) for page in one.pages])
