"""What the public site's front page and site map are made of.

An app offers its public pages in ``pages.py``: ``urlpatterns`` (at the root of the site, namespace
``portal:<app label>:``), ``entries`` (:class:`~gongkai.ui.pieces.Entry`, for the front page and the site map) and
``facts`` (functions ``(request) -> list[Fact]``, the row of numbers). Only what exists is linked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from gongkai.ui.context import address
from gongkai.ui.discover import offered
from gongkai.ui.pieces import Entry, Fact

#: The four entries every disclosure site must have, in the order people know.
STATUTORY = (
    Entry("政府信息公开指南", "portal:records:guide", "公开哪些信息、怎样查找、向谁申请。"),
    Entry("法定主动公开内容", "portal:library:home", "机构、规章、规范性文件、规划、预算和办事信息。"),
    Entry("依申请公开", "portal:requests:home", "没有公开的信息，可以书面申请；收到之日起二十个工作日内答复。"),
    Entry("政府信息公开年度报告", "portal:reporting:home", "每年一月三十一日前公布上一年度的工作和数据。"),
)
OWN = (
    Entry("网站地图", "portal:sitemap", "本站全部公开页面。", on_home=False),
    Entry("显示设置", "portal:mode", "长者版、高对比和深浅颜色。", on_home=False),
)


@dataclass(frozen=True)
class Link:
    """An entry that exists."""

    title: str
    url: str
    text: str


def _links(entries: Sequence[Entry]) -> list[Link]:
    found = {}
    for entry in entries:
        url = address(entry.name, *entry.args)
        if url:
            found.setdefault(url, Link(entry.title, url, entry.text))
    return list(found.values())


def _offered() -> list[Entry]:
    return [entry for _, pages in offered("pages") for entry in getattr(pages, "entries", ())]


def entries() -> list[Link]:
    """The entries of the front page."""
    return _links([entry for entry in (*STATUTORY, *_offered()) if entry.on_home])


def everything() -> list[Link]:
    """Every public page, for the site map."""
    return _links([*STATUTORY, *_offered(), *OWN])


def facts(request: HttpRequest) -> list[Fact]:
    """The row of numbers."""
    return [fact for _, pages in offered("pages") for make in getattr(pages, "facts", ()) for fact in make(request)]
