"""Steps through the public form, as a browser without script takes them."""

import re
from typing import Any

from django.test import Client

WHO: dict[str, str] = {
    "body": "cq-office",
    "category": "natural_person",
    "name": "陈小明",
    "id_type": "identity_card",
    "id_number": "500103199001011234",
    "phone": "13800000000",
    "email": "chen@example.com",
    "address": "重庆市渝中区某路1号",
}
WHAT: dict[str, str] = {
    "title": "轨道交通九号线二期规划批复",
    "content": "请公开轨道交通九号线二期规划批复文件",
    "year": "2020",
    "form": "electronic",
    "delivery": "email",
}
NEW, STATUS, MINE = "/apply/new/", "/apply/status/", "/apply/status/mine/"


def kept(response: Any) -> str:
    """The sealed answers in a page."""
    found = re.search(r'name="kept" value="([^"]+)"', response.content.decode())
    assert found, response.content.decode()[:2000]
    return found[1]


def to_check(client: Client, who: dict[str, str] | None = None, what: dict[str, str] | None = None) -> Any:
    """The page of the last step."""
    page = client.get(NEW)
    page = client.post(NEW, {"kept": kept(page), "at": "who", "go": "next"} | WHO | (who or {}))
    assert page.status_code == 200, page.content.decode()
    page = client.post(NEW, {"kept": kept(page), "at": "what", "go": "next"} | WHAT | (what or {}))
    assert page.status_code == 200, page.content.decode()
    return page


def send(client: Client, page: Any, **files: Any) -> Any:
    """Press 提交."""
    return client.post(NEW, {"kept": kept(page), "at": "check", "go": "send"} | files)


def apply(client: Client, **files: Any) -> tuple[str, str]:
    """A whole application; returns number and code from the receipt."""
    response = send(client, to_check(client), **files)
    assert response.status_code == 302, response.content.decode()
    page = client.get(response["Location"]).content.decode()
    number, code = re.findall(r'<strong class="num">([^<]+)</strong>', page)
    return number, code
