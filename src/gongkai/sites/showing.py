"""What public pages of sites show, made of rows and contents: blocks, meta tags, trails, front pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import mark_safe

from gongkai.bake.reading import reads
from gongkai.ledger import clock
from gongkai.library.meta import Meta, article_meta, moment
from gongkai.library.validity import status, turns
from gongkai.records.models import Record
from gongkai.ui.context import address
from gongkai.ui.pieces import BarChart, Crumb

from . import addresses, content, front, queries, rich
from .models import Column, Page, Site
from .vocabulary import CONTACT, FUNCTIONS, LEADER, TOPIC

#: How many entries lists of the front page have.
LEAD, LIST = 8, 6


# Meta tags -----------------------------------------------------------------------------------------------------------


def column_meta(column: Column) -> Meta:
    """The tags of a column page."""
    return [
        ("ColumnName", column.name), ("ColumnType", column.type), ("ColumnDescription", column.description),
        ("ColumnKeywords", ",".join(column.keywords or [column.name])), ("Description", column.description),
    ]  # fmt: skip


def page_meta(site: Site, page: Page, kept: Mapping[str, Any], url: str) -> Meta:
    """The tags of a page of a site."""
    about = kept["about"]
    text = next((rich.plain(one["html"]) for one in kept["blocks"] if one["kind"] == "text"), "")
    image = about.get("image")
    return article_meta(
        ArticleTitle=page.shown_title, PubDate=moment(page.updated_at or page.updated_on),
        ContentSource=about.get("source") or site.host, Keywords=",".join(about.get("keywords") or [page.shown_title]),
        Author=about.get("author") or site.host, Description=about.get("summary") or text[:120] or page.shown_title,
        Image=picture(files_of(page.key), image) if image else "", Url=url,
    )  # fmt: skip


# Contents ------------------------------------------------------------------------------------------------------------


def files_of(page: str) -> str:
    """Where the pictures of a page stand."""
    return f"/page-files/{page}/"


def picture(files: str, image: Mapping[str, str]) -> str:
    """The address of a picture below ``files``."""
    return f"{files}{image['digest']}.{image['type']}"


def blocks(site: Site, files: str, kept: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The blocks of a content as the template draws them; pictures stand below ``files``."""
    made = []
    for n, one in enumerate(kept["blocks"]):
        made.append({"kind": one["kind"], "id": f"b{n}", **_DRAWN[one["kind"]](site, files, one)})
    return [one for one in made if one.get("shown", True)]


def _links(site: Site, text: str) -> list[tuple[str, str]]:
    return [(words, addresses.way_out(url, site.hosts)) for words, url in content.links(text)]


def _text(site: Site, files: str, one: Mapping[str, Any]) -> dict[str, Any]:
    safe = rich.clean(one["html"], lambda url: addresses.way_out(url, site.hosts))
    return {"html": mark_safe(safe)}


def _image(site: Site, files: str, one: Mapping[str, Any]) -> dict[str, Any]:
    return {"url": picture(files, one), "alt": one["alt"], "caption": one.get("caption", "")}


def _records(site: Site, files: str, one: Mapping[str, Any]) -> dict[str, Any]:
    column = Column.objects.filter(key=one["column"], site=site, state="open").first()
    reads(f"column:{one['column']}")
    rows = newest(column.key, min(20, one.get("limit") or 8)) if column else []
    more = f"{site.url}c/{column.slug}/" if column else ""
    return {
        "title": one.get("title") or (column.name if column else ""),
        "rows": rows,
        "more": more,
        "shown": bool(rows),
    }


def _table(site: Site, files: str, one: Mapping[str, Any]) -> dict[str, Any]:
    rows = content.table(one["rows"])
    return {"caption": one["caption"], "head": rows[0], "rows": rows[1:]}


_DRAWN: dict[str, Any] = {
    "text": _text,
    "image": _image,
    "links": lambda site, files, one: {"title": one.get("title", ""), "items": _links(site, one["items"])},
    "records": _records,
    "table": _table,
    "notice": lambda site, files, one: {"tone": "soon" if one["tone"] == "soon" else "", "text": one["text"]},
    "questions": lambda site, files, one: {"title": one.get("title", ""), "items": content.questions(one["items"])},
    "chart": lambda site, files, one: {
        "chart": BarChart.of(one["title"], content.numbers(one["rows"]), one.get("unit", ""))
    },
}


def newest(column: str, limit: int) -> list[Record]:
    """The newest records of a column, each with its status today."""
    return with_status(queries.newest(column, limit))


def with_status(rows: Sequence[Record]) -> list[Record]:
    """Records with what a list says of their validity today."""
    today = clock.today()
    for row in rows:
        row.status = status(row, today)  # type: ignore[attr-defined]
        turns(row)
    return list(rows)


# Trails and navigation -----------------------------------------------------------------------------------------------


def start(site: Site) -> Crumb:
    """The first step of every trail."""
    return Crumb("首页", site.url)


def found(tree: Sequence[dict[str, Any]], slug: str) -> list[dict[str, Any]]:
    """The way down the navigation to a column; empty when it is not shown."""
    for one in tree:
        if one["slug"] == slug:
            return [one]
        if below := found(one["children"], slug):
            return [one, *below]
    return []


def tree_of(site: Site) -> list[dict[str, Any]]:
    """The whole navigation of a site."""
    return site.shell.navigation if hasattr(site, "shell") else []


# 政府信息公开 ----------------------------------------------------------------------------------------------------------


def gov_info(site: Site) -> list[front.Link]:
    """The parts of the 政府信息公开 column (国办公开办函〔2019〕61号), in the order it gives, and the way to apply."""
    body = site.body_id
    parts = [
        front.Link("政府信息公开指南", f"{site.url}gov-info/guide/", "公开哪些信息、怎样查找、怎样申请。"),
        front.Link("政府信息公开制度", f"{site.url}gov-info/systems/", "政府信息公开的法规和制度。"),
        front.Link(
            "法定主动公开内容", f"{site.url}gov-info/statutory/", "依照条例第二十条、第二十一条主动公开的信息。"
        ),
    ]
    reports = address("portal:reporting:of_body", body) or address("portal:reporting:home")
    if reports:
        parts.append(front.Link("政府信息公开年报", reports, "每年一月三十一日前公布上一年度的工作和数据。"))
    if apply := address("portal:requests:home"):
        parts.append(front.Link("依申请公开", apply, "没有公开的，可以书面申请；二十个工作日内答复。"))
    return parts


def in_part(site: Site, part: str) -> list[dict[str, Any]]:
    """The columns of a part of 政府信息公开 that are not empty."""
    return [one for one in queries.walk(tree_of(site)) if one["part"] == part]


# Front pages ---------------------------------------------------------------------------------------------------------


def home(site: Site) -> dict[str, Any]:
    """What the front page of a site is made of."""
    shown = list(queries.walk(tree_of(site)))

    def lists(spot: str, limit: int) -> list[dict[str, Any]]:
        made = []
        for one in shown:
            if one["spot"] == spot and one["kind"] in ("query", "placed"):
                made.append(one | {"rows": newest(f"{site.key}_{one['slug']}", limit)})
        return [one for one in made if one["rows"]]

    return {
        "lead": lists("lead", LEAD),
        "lists": lists("list", LIST),
        "topics": _topics(site, shown),
        "gov_info": gov_info(site),
        "ways": ways(site),
    }


def topic_cards(site: Site) -> list[dict[str, Any]]:
    """The topic pages as cards: name, address, summary, picture."""
    cards = []
    for page in queries.pages(site, TOPIC):
        reads(f"page:{page.key}")
        kept = content.get(page.shown)
        about = kept["about"]
        image = about.get("image")
        cards.append({
            "name": page.shown_title, "url": addresses.page(site, page), "about": about.get("summary", ""),
            "image": picture(files_of(page.key), image) if image else "",
            "columns": [one["column"] for one in kept["blocks"] if one["kind"] == "records"],
        })  # fmt: skip
    return cards


def _topics(site: Site, shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Topic pages, then the columns of topics that no page shows already."""
    cards = topic_cards(site)[:6]
    told = {column for card in cards for column in card["columns"]}
    return [*cards, *(one for one in shown if one["spot"] == "topic" and f"{site.key}_{one['slug']}" not in told)]


def ways(site: Site) -> list[tuple[str, str]]:
    """The pages about the body itself that exist: leaders, functions, contact."""
    kinds = ((LEADER, "领导信息", "leaders/"), (FUNCTIONS, "机构职能", "functions/"), (CONTACT, "联系我们", "contact/"))
    return [(words, f"{site.url}{where}") for form, words, where in kinds if queries.pages(site, form)]


def single(site: Site, form: str) -> Page | None:
    """The public page of a form a site has once."""
    return next(iter(queries.pages(site, form)), None)
