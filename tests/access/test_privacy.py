"""A known applicant's data: nowhere unmasked without the right, and every opening leaves a line."""

import io
import logging
import re
import zipfile
from urllib.parse import quote

import pytest

from gongkai.ledger import vault
from gongkai.ledger.models import Event, Reading

from .asking import address, ask, look, outcome
from .objects import PRIVATE, World
from .table import EVERYBODY, PERSONAL, TABLE

pytestmark = pytest.mark.django_db
#: Pages that exist to show personal data to those who hold the right.
SHOWING = {"office:requests:paper"}


def readable(content: bytes) -> str:
    """All the text of an answer; office files are unpacked."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        text = "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    return re.sub(r"<[^>]+>", "", text)


def leaks(text: str) -> list[str]:
    return [name for name, value in PRIVATE.items() if value in text or quote(value) in text]


def test_the_search_finds_what_is_there():
    """Otherwise the tests below prove nothing."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("sheet.xml", f"<c>欧阳</c><c>{PRIVATE['phone']}</c>")
    assert leaks(readable(book.getvalue())) == ["phone"] and leaks(PRIVATE["name"]) == ["name"]


@pytest.mark.parametrize("name", TABLE)
def test_no_page_shows_it_unasked(world: World, name: str):
    """Not even to those who hold the right: they have to open it."""
    row = TABLE[name]
    url = address(name, row, world)
    for role in (None, *sorted(EVERYBODY)):
        if name in SHOWING and role in PERSONAL:
            continue
        answer = look(world, url, role)
        assert not leaks(readable(answer.text_of) + str(answer.headers)), f"{url} as {role}"


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if not row.open and not row.at])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_export_holds_it(world: World, name: str, kind: str):
    row = TABLE[name]
    url = address(name, row, world)
    for role in sorted(row.gets):
        answer = ask(f"{url}{'&' if '?' in url else '?'}export={kind}", world.near[role])
        if "attachment" not in answer.headers.get("Content-Disposition", ""):
            return  # no list
        assert not leaks(readable(answer.text_of)), f"{url} as {role}"


@pytest.mark.parametrize("value", PRIVATE.values(), ids=PRIVATE)
def test_lists_are_not_searched_by_it(world: World, value: str):
    """A list that finds a request by its applicant's number tells who applied, masked or not."""
    for name in ("office:requests:home", "office:remedies:complaints"):
        answer = ask(f"{address(name, TABLE[name], world)}?q={quote(value)}", world.near["disclosure"])
        assert outcome(answer) == "open" and "条符合条件" not in answer.text_of.decode()


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_opening_is_for_those_with_the_right_and_leaves_a_line(world: World, role: str):
    url = address("office:requests:case", TABLE["office:requests:case"], world)
    reference = Event.objects.get(subject_kind="request", subject=world.request, seq=1).data["personal"]
    before = Reading.objects.count()
    seen: list[Reading] = []

    def watch(sender: type, instance: Reading, **_: object) -> None:
        seen.append(instance)

    from django.db.models.signals import post_save

    post_save.connect(watch, sender=Reading)
    try:
        answer = ask(url, world.near[role], "post", reveal="1")
    finally:
        post_save.disconnect(watch, sender=Reading)
    if role in PERSONAL:
        assert {"name", "id_number", "phone"} <= set(leaks(answer.text_of.decode()))
        assert [(line.secret, line.reader) for line in seen] == [(reference, role)] and seen[0].purpose
    else:
        assert outcome(answer) == "refused" and not leaks(answer.text_of.decode()) and not seen
    assert Reading.objects.count() == before  # rolled back with the request


@pytest.mark.parametrize("role", sorted(PERSONAL))
def test_people_of_another_body_open_nothing(world: World, role: str):
    url = address("office:requests:case", TABLE["office:requests:case"], world)
    answer = ask(url, world.far[role], "post", reveal="1")
    assert outcome(answer) == "refused" and not leaks(answer.text_of.decode())


def test_no_log_line_holds_it(world: World, caplog: pytest.LogCaptureFixture, settings):
    """With every logger at its most talkative, SQL included; through success, refusal and breakage."""
    from django.db import connection

    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    try:
        case = address("office:requests:case", TABLE["office:requests:case"], world)
        for role in ("registrar", "editor"):
            ask(case, world.near[role])
            ask(case, world.near[role], "post", reveal="1")
        form = {f"{name}": value for name, value in PRIVATE.items()} | {"body": "cq-office", "channel": "nothing"}
        ask(
            address("office:requests:enter", TABLE["office:requests:enter"], world),
            world.near["registrar"],
            "post",
            **form,
        )
    finally:
        connection.force_debug_cursor = False
        logging.getLogger("django.db.backends").setLevel(logging.NOTSET)
    assert any(record.name == "django.db.backends" for record in caplog.records)
    assert not leaks("\n".join(record.getMessage() for record in caplog.records))


def test_a_broken_page_shows_and_logs_nothing_of_it(world: World, caplog: pytest.LogCaptureFixture, monkeypatch):
    """The worst case: personal data in the hands of the code that breaks."""

    def broken(*_: object) -> None:
        raise RuntimeError("broken while holding personal data")

    monkeypatch.setattr("gongkai.requests.case_page._applicant", broken)
    url = address("office:requests:case", TABLE["office:requests:case"], world)
    answer = ask(url, world.near["registrar"], "post", reveal="1")
    assert answer.status_code == 500 and not leaks(answer.text_of.decode())
    assert "broken while" in caplog.text and not leaks(caplog.text)


def test_masks_do_not_give_it_away():
    for name in ("name", "id_number", "phone", "address"):
        assert vault.mask(name, PRIVATE[name]) != PRIVATE[name]
    assert vault.mask("name", "陈") == "陈＊" and vault.mask("phone", "12345") == "＊＊＊＊＊"
