"""The front page and site map of an installation without sites, made of what the apps offer.

An app offers its public pages in ``pages.py``: ``urlpatterns`` (at the root, namespace ``portal:<app label>:``),
``entries`` (:class:`~gongkai.ui.pieces.Entry`) and ``facts`` (functions ``(request) -> list[Fact]``, the row of numbers).
With a main site the front page is that site's (:mod:`gongkai.sites.pages`).
"""

from gongkai.sites import front
from gongkai.ui.pieces import Entry

#: The entries every disclosure site must have, in the order people know.
STATUTORY = (
    Entry("法定主动公开内容", "portal:library:home", "机构、规章、规范性文件、规划、预算和办事信息。"),
    Entry("依申请公开", "portal:requests:home", "没有公开的信息，可以书面申请；收到之日起二十个工作日内答复。"),
    Entry("政府信息公开年度报告", "portal:reporting:home", "每年一月三十一日前公布上一年度的工作和数据。"),
)
OWN = (
    Entry("网站地图", "portal:sitemap", "本站全部公开页面。", on_home=False),
    Entry("显示设置", "portal:mode", "长者版、高对比和深浅颜色。", on_home=False),
)


def entries() -> list[front.Link]:
    """The entries of the front page."""
    return front.links(entry for entry in (*STATUTORY, *front.entries()) if entry.on_home)


def everything() -> list[front.Link]:
    """Every public page, for the site map."""
    return front.links([*STATUTORY, *front.entries(), *OWN])
