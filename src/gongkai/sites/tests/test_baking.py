"""After any change of sites the tree is what a full bake would write, byte for byte."""

from random import Random
from typing import Any

import pytest

from gongkai.bake import baker, tree
from gongkai.bake.families import families
from gongkai.bake.rendering import render
from gongkai.procedure import Invalid, Refused
from gongkai.records.models import Record
from gongkai.sites import filling, services, testing
from gongkai.sites.models import Column, Page, Pending, Shell, Site
from gongkai.sites.testing import BLOCKS, MARKS, by

from .conftest import policies


@pytest.fixture
def baked(city, monkeypatch):
    """The main site and another, with everything in them, baked; pages of other rooms are tested there."""
    own = [family for family in families() if family.name in ("sites", "columns", "pages")]
    monkeypatch.setattr(baker, "families", lambda: own)
    keys = policies(city, 41)
    testing.site(city.office, pack="standard")
    testing.site(city.department, "plan", main=False, pack="standard", name="发展改革委")
    for site in ("main", "plan"):
        testing.page(
            site, form="topic", blocks=[*BLOCKS, {"kind": "records", "column": f"{site}_policies"}], title="专题"
        )
        testing.page(site, form="leader", title="张远")
    baker.whole()
    return keys


def _edits(rng: Random, keys: list[str]) -> Any:
    """One random command."""
    site = rng.choice(list(Site.objects.filter(state="open").values_list("key", flat=True)))
    column = rng.choice(list(Column.objects.filter(site=site).values_list("key", flat=True)))
    page = rng.choice(list(Page.objects.filter(site=site).values_list("key", flat=True)))
    why = {"reason": "随机"}
    return rng.choice(
        [
            lambda: services.do_site(site, "change", by("change"), MARKS | {"name": f"名称{rng.random():.3f}"}),
            lambda: services.do_column(column, "close", by("close"), why),
            lambda: services.do_column(column, "reopen", by("close"), why),
            lambda: services.shift(column, True, by("move")),
            lambda: services.do_column(column, "place", by("place"), {"record": rng.choice(keys)}),
            lambda: services.write_page(page, by("write"), f"标题{rng.random():.3f}", {}, BLOCKS),
            lambda: services.do_page(page, "submit", by("submit")),
            lambda: services.do_page(page, "approve", by("approve")),
            lambda: services.do_page(page, "withdraw", by("withdraw"), why),
            lambda: _show(rng.choice(keys)),
        ]
    )


def _show(key: str) -> None:
    """A record is taken down, or comes back."""
    from gongkai.bake.touched import touch

    row = Record.objects.get(key=key)
    row.public = not row.public
    row.save(update_fields=["public"])
    Pending.objects.create(what="record", key=key)
    touch(f"record:{key}", "library")


def test_the_tree_is_what_a_full_bake_would_write(city, baked):
    rng, done = Random(7), 0
    for _ in range(60):
        try:
            _edits(rng, baked)()
            done += 1
        except (Refused, Invalid):
            continue
        if rng.random() < 0.1:
            filling.keep_up()
            baker.keep_up()
    filling.keep_up()
    baker.keep_up()
    assert done > 20 and baker.verify() == []
    withdrawn = Page.objects.filter(state="withdrawn").first()
    if withdrawn:
        assert "节假日不办理" not in (tree.read(f"/p/{withdrawn.slug}/") or (b"", True))[0].decode()


def test_a_shell_filled_without_a_line_of_the_ledger_is_baked_as_it_is(baked, client):
    """Followers write the navigation a moment after the line: what a reader's answer keeps meanwhile is not baked."""
    client.get("/search/")
    Shell.objects.filter(site="main").update(
        navigation=[{"name": "新栏目", "url": "/c/new/", "listed": True, "slug": "new", "children": []}]
    )
    page = render("/records/")
    assert page and "新栏目" in page.content.decode()
