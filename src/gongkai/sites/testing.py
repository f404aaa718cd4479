"""A site with everything in it, for tests and examples: made by the real commands."""

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from gongkai.ledger.services import Actor
from gongkai.ledger.uploads import Upload
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES

from . import filling, images, services

ALL = frozenset(ROLES) - {"applicant", "system"}
MARKS: dict[str, Any] = {
    "name": "重庆市人民政府", "title": "政务公开", "hosts": ["www.example.gov.cn"], "tint": "", "host": "重庆市人民政府办公厅",
    "contact": "023-00000000", "code": "5000000001", "icp": "渝ICP备00000001号", "police": "渝公网安备 50000000000001号",
}  # fmt: skip
COLUMN = {
    "slug": "news-1", "name": "工作动态", "kind": "placed", "description": "工作动态。", "type": "动态信息", "period": "week",
}  # fmt: skip
ARTICLE = {"form": "page", "title": "办事须知", "slug": "notes"}
BLOCKS: list[dict[str, Any]] = [
    {
        "kind": "text",
        "html": "<p>办事前请先<a href='https://www.example.com/x'>预约</a>。</p><script>alert(1)</script>",
    },
    {"kind": "notice", "tone": "info", "text": "节假日不办理。"},
    {
        "kind": "links",
        "title": "相关链接",
        "items": "中国政府网 | https://www.gov.cn/\n地图 | https://map.example.com/",
    },
    {"kind": "table", "caption": "办理时间", "rows": "项目 | 时间\n窗口 | 9:00"},
    {"kind": "questions", "title": "常见问题", "items": "问：怎样预约？\n答：网上预约。\n问：收费吗？\n答：不收费。"},
    {"kind": "chart", "title": "办件量", "unit": "件", "rows": "2020年 | 10\n2021年 | 20"},
]
LEADER = {"post": "主任", "duties": "主持全面工作。", "resume": "1970年生。\n\n2020年起任现职。"}
CONTACT = {"address": "人民路232号", "hours": "工作日", "phone": "023-00000000"}


def by(event: str) -> Actor:
    """Different hands for writing and approving."""
    return Actor(f"{event}-officer", ALL)


def picture() -> dict[str, str]:
    """A stored picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 24), "#1f4e79").save(out, "PNG")
    return images.store(Upload("图.png", out.getvalue()))


def site(body: Body, key: str = "main", *, main: bool = True, pack: str = "", launch: bool = True, **marks: Any) -> str:
    """A site, open unless told otherwise; returns its key."""
    services.create_site(body, by("create"), {"key": key, "main": main, **MARKS, **marks}, pack=pack)
    if launch:
        services.do_site(key, "launch", by("launch"))
    filling.keep_up()
    return key


#: The shortest way into each state of a page after it was written.
WAYS: Mapping[str, tuple[str, ...]] = {
    "draft": (),
    "review": ("submit",),
    "approved": ("submit", "approve-later"),
    "published": ("submit", "approve"),
    "revising": ("submit", "approve", "write"),
    "revision": ("submit", "approve", "write", "submit"),
    "revised": ("submit", "approve", "write", "submit", "approve-later"),
    "withdrawn": ("submit", "approve", "withdraw"),
    "dropped": ("drop",),
}


def event_data(event: str) -> dict[str, Any]:
    """Data that the event's fields accept."""
    reason = {"reason": "内容有变化"}
    return {
        "approve": {},
        "approve-later": {"publish_on": "2099-01-01"},
        "schedule": {"withdraw_on": "2099-01-02"},
        "submit": {},
        "give_up": {},
    }.get(event, reason)


def page(
    site_key: str, state: str = "published", form: str = "page", about: Mapping[str, Any] | None = None,
    blocks: list[dict[str, Any]] | None = None, **data: Any,
) -> str:  # fmt: skip
    """A page brought into a state by the real commands; returns its key."""
    blocks = [] if form == "leader" else BLOCKS if blocks is None else blocks
    about = about if about is not None else {"leader": LEADER, "contact": CONTACT}.get(form, {"summary": "摘要。"})
    values = {"form": form, "title": data.pop("title", "办事须知"), **data}
    key: str = services.create_page(site_key, by("write"), values, about, blocks).event.subject
    for event in WAYS[state]:
        if event == "write":
            services.write_page(key, by("write"), f"{values['title']}（修改）", about, blocks)
        else:
            services.do_page(key, event.partition("-")[0], by(event), event_data(event))
    filling.keep_up()
    return key
