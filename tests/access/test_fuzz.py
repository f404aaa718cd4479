"""Every form of the product, filled with what nobody should send: never a 5xx, and every refusal in Chinese.

The fields are read from the page itself, so that a new form is fuzzed from its first day. ``GONGKAI_THOROUGH=1`` sends
ten times as much.
"""

import os
import random
import re
from typing import Any

import pytest
from lxml import html

from .asking import address, ask
from .objects import World
from .table import TABLE

pytestmark = pytest.mark.django_db

TIMES = 40 if os.environ.get("GONGKAI_THOROUGH") else 4
BAD = (
    "", " ", "　", "\x00", "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "ignore"), "𠮷野家🀄", "<script>alert(1)</script>",
    "-1", "0", "9" * 40, "1e400", "NaN", "2021-02-30", "0000-00-00", "9999-12-31", "99999-01-01", "../../etc/passwd", "％", "１２", "a" * 400,
    "字" * 30_000, "cq-office' OR 1=1 --", "[]", "{}", "null", "true", "%", "\r\n\r\n", "\u202e右到左",
)  # fmt: skip
FORMS = [name for name, row in TABLE.items() if row.posts and not row.says[0] and name != "office:logout"]


def forms(page: bytes) -> list[dict[str, list[str]]]:
    """Each form that posts: its fields, with the values the page offers for them."""
    found = []
    for form in html.fromstring(page).xpath("//form[translate(@method, 'POST', 'post')='post']"):
        fields: dict[str, list[str]] = {}
        for one in form.xpath(".//input[@name] | .//textarea[@name] | .//button[@name]"):
            fields.setdefault(one.get("name"), []).append(one.get("value") or "")
        for one in form.xpath(".//select[@name]"):
            fields.setdefault(one.get("name"), []).extend(option.get("value", "") for option in one.xpath(".//option"))
        found.append(fields)
    return found


def filled(fields: dict[str, list[str]], rng: random.Random) -> dict[str, Any]:
    """Mostly nonsense; what the form itself offers often stays, so that the nonsense gets past the first check."""
    data: dict[str, Any] = {}
    for name, offered in fields.items():
        stays = name in {"event", "token", "at", "go", "kept"} or len(offered) > 1
        chosen = rng.choice(offered) if rng.random() < (0.9 if stays else 0.2) else rng.choice(BAD)
        if rng.random() < 0.95:
            data[name] = [chosen, rng.choice(BAD)] if rng.random() < 0.05 else chosen
    return data


@pytest.mark.parametrize("name", FORMS)
def test_no_form_breaks(world: World, name: str) -> None:
    row, rng = TABLE[name], random.Random(name)
    url = address(name, row, world)
    client = world.nobody if row.open else world.near[min(row.posts or row.gets)]
    page = ask(url, client)
    known = forms(page.text_of) if page.status_code == 200 and page.text_of.strip() else []
    for fields in [*known, {"event": ["x"], "chosen": ["x"]}]:
        for _ in range(TIMES):
            data = filled(fields, rng)
            answer = ask(url, client, "post", **data)
            told = {key: str(value)[:60] for key, value in data.items()}
            assert answer.status_code < 500, f"{name} {told}: {answer.status_code}"
            if answer.status_code in {400, 422, 429}:
                text = re.sub(r"<[^>]*>", "", answer.text_of.decode())
                assert re.search(r"请|不|须|应|没有", text), f"{name} {told}: a refusal without a word why"
