"""The baker: what it keeps up equals a full bake byte for byte, whatever happens; nothing withheld lies in the tree."""

import os
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from gongkai.bake import baker, tree
from gongkai.bake.families import families
from gongkai.bake.models import Page, Touched
from gongkai.bake.reading import batch, kept, reads, recording, until
from gongkai.bake.rendering import NotForAll, render
from gongkai.library import indexing
from gongkai.library.testing import TEXT, shelve
from gongkai.organs.services import add_body
from gongkai.organs.testing import City, small_city
from gongkai.records import shelf, vocabulary
from gongkai.records.models import Record
from gongkai.records.relations import VERBS
from gongkai.ui import packing

KINDS = ("policy", "meeting", "plan", "regulation")
THEMES = [value for value, _ in vocabulary.theme_choices()[:3]]
SECRET = "不得外传的内容"
#: Random edits of a run; thousands with ``GONGKAI_THOROUGH``.
EDITS = 2000 if os.environ.get("GONGKAI_THOROUGH") else 25


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> Any:
    settings.HOME = tmp_path
    yield
    indexing._open.clear()


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """The library's own pages: those of the other rooms are tested there."""
    own = [family for family in families() if family.name in ("records", "histories", "lists", "library")]
    monkeypatch.setattr(baker, "families", lambda: own)
    return small_city()


def apart_from_each_other() -> list[str]:
    """The pages that are not what they are when each is rendered alone, sharing nothing with others."""
    made = ((page.address, render(page.address)) for page in Page.objects.all())
    return [where for where, page in made if not page or tree.read(where) != (page.content, page.gone)]


def settle() -> int:
    """Catalogue and bake what waits; returns how many pages were baked."""
    indexing.drain()
    return baker.whole()


class Editor:
    """Somebody who changes the library at random, through the shelf as projections do."""

    def __init__(self, city: City, seed: int):
        self.bodies = [city.office, city.department, city.district]
        self.dice, self.keys = random.Random(seed), list[str]()

    def row(self) -> dict[str, Any]:
        dice, public = self.dice, self.dice.random() < 0.75
        made: dict[str, Any] = {
            "kind": dice.choice(KINDS),
            "title": f"{dice.choice(['轨道交通', '城乡规划', '公租房', '会议'])}管理办法{dice.randrange(50)}",
            "topics": dice.sample(["business", "chengyu", "rural"], dice.randrange(3)),
            "theme": dice.choice(THEMES),
            "attribute": dice.choice(("active", "on_request")),
            "public": public,
            "state": "published" if public else "withdrawn",
            "since": date(2020, 1, 1) + timedelta(days=dice.randrange(900)),
        }
        if not public:
            made |= {"withdrawn_on": date(2021, 5, 1), "withdrawn_why": "内容有误"} if dice.random() < 0.6 else {}
        if dice.random() < 0.3:
            made["valid_until"] = date(2022, 1, 1) + timedelta(days=dice.randrange(900))
        return made

    def text(self) -> str:
        named = [Record.objects.get(key=key).title for key in self.dice.sample(self.keys, min(2, len(self.keys)))]
        return TEXT + "".join(f"\n第四条 依照《{title}》办理。\n" for title in named)

    def links(self) -> list[shelf.Link]:
        if not self.keys or self.dice.random() < 0.5:
            return []
        return [shelf.Link(self.dice.choice(sorted(VERBS)), self.dice.choice(self.keys))]

    def step(self) -> None:
        """One edit: a new record, or another state of one there is."""
        row, key = self.row(), ""
        if self.keys and self.dice.random() < 0.6:
            key = self.dice.choice(self.keys)
        text = self.text() + ("" if row["public"] else SECRET)
        made = shelve(self.dice.choice(self.bodies), [text], key=key, links=self.links(), **row)
        self.keys += [made] if not key else []


@pytest.mark.parametrize("seed", range(3))
def test_the_tree_kept_up_equals_a_full_bake(
    city: City, seed: int, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.BROTLI = 5 * (seed == 2)
    monkeypatch.setattr("gongkai.bake.chunks.SIZE", 3)
    editor = Editor(city, seed)
    settle()
    edits = 0
    while edits < EDITS:
        for _ in range(some := editor.dice.randrange(1, 8)):
            editor.step()
        edits += some
        settle()
    assert baker.verify() == []
    assert apart_from_each_other() == []
    assert not Touched.objects.exists()
    public = set(Record.objects.filter(public=True).values_list("key", flat=True))
    lying = [file for file in tree.root().rglob("*") if file.is_file() and not file.name.endswith(packing.ENDINGS)]
    assert lying and not any(SECRET in file.read_text() for file in lying)
    for key in editor.keys:
        found = tree.read(f"/records/{key}/")
        assert (found is not None and not found[1]) == (key in public)


def test_an_ordinary_document_bakes_few_pages_and_time_turns_others(city: City, monkeypatch: Any) -> None:
    for number in range(120):
        shelve(city.office, since=date(2020, 1, 1) + timedelta(days=number))
    ending = shelve(city.office, since=date(2020, 1, 1), effective_on=date(2020, 1, 1), valid_until=date(2030, 5, 31))
    settle()
    shelve(city.office, since=date(2021, 6, 1))
    assert 3 <= settle() <= 20
    assert settle() == 0
    assert "即将到期" not in tree.read(f"/records/{ending}/")[0].decode()
    monkeypatch.setattr("gongkai.ledger.clock.today", lambda: date(2030, 6, 1))
    indexing.new_day()
    settle()
    assert "不再有效" in tree.read(f"/records/{ending}/")[0].decode()
    assert baker.verify() == []


def test_where_a_body_gets_another_name_no_page_says_the_old_one(city: City) -> None:
    key = shelve(city.department)
    settle()
    assert city.department.name in tree.read(f"/records/{key}/")[0].decode()
    add_body(city.department.key, "重庆市数据局", "department", city.city)
    settle()
    pages = [tree.read(page.address)[0].decode() for page in Page.objects.all()]
    assert baker.verify() == [] and any("重庆市数据局" in one for one in pages)
    assert not [one for one in pages if city.department.name in one]
    add_body(city.department.key, "重庆市数据局", "department", city.city)
    assert settle() < len(pages), "what stays is not baked again"


def test_a_stopped_full_bake_goes_on_where_it_was_and_a_broken_page_is_taken_away(city: City, monkeypatch: Any) -> None:
    keys = [shelve(city.office) for _ in range(5)]
    settle()
    state = baker.State.load()
    baker._begin(state)
    Page.objects.filter(address__contains=keys[0]).update(generation=state.generation)
    rendered: list[str] = []

    def watched(address: str) -> Any:
        rendered.append(address)
        if keys[1] in address:
            raise RuntimeError("broken view")
        return render(address)

    monkeypatch.setattr("gongkai.bake.baker.render", watched)
    baker.whole()
    assert not any(keys[0] in address for address in rendered) and any(keys[2] in address for address in rendered)
    assert tree.read(f"/records/{keys[1]}/") is None and tree.read(f"/records/{keys[2]}/") is not None
    monkeypatch.setattr("gongkai.bake.baker.render", render)
    (tree.root() / "stray.html").write_text("left over")
    tree.path_of(f"/records/{keys[2]}/").write_text("not what was baked")
    assert {"/stray.html", f"/records/{keys[2]}/"} <= set(baker.verify())
    baker.whole(again=True)
    assert baker.verify() == []


@pytest.mark.django_db(transaction=True)
def test_nobody_who_writes_waits_for_the_drawing_of_a_page(city: City, monkeypatch: Any) -> None:
    """On SQLite a transaction that means to write keeps all others from writing: none is open while pages are drawn."""
    keys, open_ = [shelve(city.office) for _ in range(3)], []

    def watched(address: str) -> Any:
        open_.append(connection.in_atomic_block)
        return render(address)

    monkeypatch.setattr("gongkai.bake.baker.render", watched)
    settle()
    assert len(open_) > len(keys) and not any(open_)
    assert baker.verify() == []


def test_the_embedded_server_hands_out_the_tree(city: City, client: Client, settings: Any) -> None:
    key, gone = shelve(city.office), shelve(city.office)
    settle()
    shelve(city.office, key=gone, public=False, state="withdrawn", withdrawn_on=date(2021, 5, 1), withdrawn_why="有误")
    settle()
    rendered = client.get(f"/records/{key}/").content
    settings.SERVE_BAKED = True
    Record.objects.all().delete()
    answer = client.get(f"/records/{key}/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip" and "Content-Security-Policy" in answer
    assert client.get(f"/records/{key}/").content == tree.read(f"/records/{key}/")[0]
    assert rendered.decode().count("<h1") == 1
    assert client.get(f"/records/{key}/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"/records/{gone}/").status_code == 410
    assert client.get(f"/records/{key}.json")["Content-Type"] == "application/json"
    assert client.get(f"/records/{key}/?on=2021-01-01").status_code == 404
    assert client.get("/records/../site.json").status_code == 404


def test_pages_that_differ_between_readers_are_refused(city: City) -> None:
    with pytest.raises(NotForAll):
        render("/office/login/")
    assert render("/nowhere/") is None
    assert tree.path_of("/a/../b/") is None and tree.path_of("/.hidden/") is None and tree.path_of("//x/") is None


def test_a_kept_part_is_made_once_a_batch_and_tells_every_page_what_it_reads() -> None:
    made = []

    def make() -> str:
        made.append(1)
        reads("site:cq")
        until(date(2021, 5, 1))
        return "part"

    with batch():
        for _ in range(3):
            with recording() as sources:
                assert kept("k", make) == "part"
            assert sources.keys == {"site:cq"} and sources.until == date(2021, 5, 1)
    assert len(made) == 1 and kept("k", make) == "part" and len(made) == 2
