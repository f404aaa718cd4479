"""Every way a site, a column, a page and a redirect can go: the whole role × state × event matrix, four eyes, rebuild."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from gongkai.bake.models import Touched
from gongkai.ledger import clock, followers
from gongkai.ledger.models import Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, replay
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import City
from gongkai.procedure import NEW, SAME, Invalid, Refused
from gongkai.records import services as records
from gongkai.records import testing as records_testing
from gongkai.sites import filling, models, services, testing
from gongkai.sites.procedure import COLUMN, PAGE, REDIRECT, SITE
from gongkai.sites.testing import BLOCKS, MARKS, WAYS, by
from gongkai.sites.testing import COLUMN as DETAILS

from .conftest import NOW, policies

REASON = {"reason": "情况有变化"}


def _site(city: City, state: str) -> tuple[str, Any]:
    key = testing.site(city.office, launch=state != "draft")
    if state == "closed":
        services.do_site(key, "close", by("close"), REASON)
    return key, services.do_site


def _column(city: City, state: str) -> tuple[str, Any]:
    site = testing.site(city.office)
    key = services.create_column(site, by("create"), DETAILS).event.subject
    if state == "closed":
        services.do_column(key, "close", by("close"), REASON)
    return key, services.do_column


def _page(city: City, state: str) -> tuple[str, Any]:
    key = testing.page(testing.site(city.office), state)
    return key, _do_page


def _do_page(key: str, event: str, actor: Actor, data: Any = None) -> Any:
    if event == "write":
        return services.write_page(key, actor, "新的标题", {}, BLOCKS)
    return services.do_page(key, event, actor, data)


def _redirect(city: City, state: str) -> tuple[str, Any]:
    site = testing.site(city.office)
    key = services.add_redirect(site, by("add"), {"old": "/old/x.html", "to": "/gov-info/"}).event.subject
    if state == "retired":
        services.do_redirect(key, "retire", by("retire"), REASON)
    return key, services.do_redirect


MAKERS = {"site": (SITE, _site), "column": (COLUMN, _column), "page": (PAGE, _page), "redirect": (REDIRECT, _redirect)}
CASES = [(kind, state.key) for kind, (procedure, _) in MAKERS.items() for state in procedure.states]


def _data(kind: str, event: str, record: str) -> dict[str, Any]:
    known: dict[tuple[str, str], dict[str, Any]] = {
        ("site", "change"): MARKS | {"name": "新名称"},
        ("column", "change"): {k: v for k, v in DETAILS.items() if k != "slug"} | {"name": "新名称"},
        ("column", "move"): {"order": 5},
        ("column", "place"): {"record": record},
        ("column", "unplace"): {"record": record},
        ("redirect", "change"): {"to": "/sitemap/"},
        ("site", "launch"): {},
        ("page", "publish"): {},
    }
    return known.get((kind, event), testing.event_data(event) if kind == "page" else REASON)


def test_every_state_of_a_page_has_a_way():
    assert set(WAYS) == set(PAGE.state)


@pytest.mark.parametrize(("kind", "state"), CASES)
def test_matrix_of_role_state_event(city, kind, state):
    """Each cell: allowed exactly when the table has the row and the role; a refusal leaves nothing behind."""
    procedure, make = MAKERS[kind]
    (record,) = policies(city, 1)
    key, do = make(city, state)
    for event, role in product((one for one in procedure.events if one not in {"create", "add"}), ROLES):
        move = next((m for m in procedure.transitions if m.event == event and state in m.sources), None)
        if move is not None and role in move.roles:
            assert move in procedure.allowed(state, [role])
            continue
        before = Event.objects.count()
        with pytest.raises(Refused) as refusal:
            do(key, event, Actor("x", frozenset({role})), _data(kind, event, record))
        assert refusal.value.kind == ("role" if move else "state"), (event, role)
        assert Event.objects.count() == before


ROWS = [
    (kind, move.event, source)
    for kind, (procedure, _) in MAKERS.items()
    for move in procedure.transitions
    for source in move.sources
    if source != NEW
]


@pytest.mark.parametrize(("kind", "event", "state"), ROWS)
def test_each_row_of_the_table_works(city, kind, event, state):
    procedure, make = MAKERS[kind]
    (record,) = policies(city, 1)
    key, do = make(city, state)
    done = do(key, event, Actor("somebody-else", frozenset(ROLES)), _data(kind, event, record))
    target = procedure.move(state, event).target
    wanted = state if target == SAME else "published" if event == "approve" else target  # approved for today: at once
    model = {"site": models.Site, "column": models.Column, "page": models.Page, "redirect": models.Redirect}[kind]
    assert done.state.state == wanted == model.objects.get(key=key).state
    assert verify().broken is None


def test_who_wrote_a_page_does_not_approve_it(city):
    key = testing.page(testing.site(city.office), "review")
    with pytest.raises(Refused, match="执笔人"):
        services.do_page(key, "approve", by("write"))
    services.do_page(key, "send_back", by("review"), REASON)
    services.write_page(key, by("second"), "标题", {}, BLOCKS)
    services.do_page(key, "submit", by("second"))
    for name in ("write", "second"):
        with pytest.raises(Refused, match="执笔人"):
            services.do_page(key, "approve", by(name))


def test_marks_are_checked_and_complete_before_a_site_opens(city):
    for field, value in (("code", "12345"), ("code", "5000000 01"), ("hosts", "不是域名")):
        with pytest.raises(Invalid) as refusal:
            testing.site(city.office, **{field: value})
        assert refusal.value.errors[0][0] == field
    testing.site(city.office, icp="", police="", launch=False)
    with pytest.raises(Refused, match="ICP 备案号、公安备案号"):
        services.do_site("main", "launch", by("launch"))
    with pytest.raises(Invalid, match="已有主站"):
        services.create_site(city.department, by("create"), {"key": "two", "main": True, **MARKS})
    with pytest.raises(Invalid, match="已有标识"):
        services.create_site(city.department, by("create"), {"key": "main", **MARKS})
    assert models.Site.objects.count() == 1


def test_a_pack_makes_thirty_columns_once(city):
    data = {"key": "plan", "main": False, **MARKS}
    first = services.create_site(city.department, by("create"), data, pack="standard", key="once")
    again = services.create_site(city.department, by("create"), data, pack="standard", key="once")
    assert again.repeated and again.event == first.event
    assert models.Column.objects.filter(site="plan").count() == 30
    assert set(models.Page.objects.values_list("form", "state")) == {
        ("guide", "draft"), ("functions", "draft"), ("contact", "draft")
    }  # fmt: skip
    assert models.Column.objects.get(key="plan_policies").body == "cq-plan"
    assert replay("column", "plan_functions").details["page"] == models.Page.objects.get(form="functions").key


def test_bad_columns_and_redirects_are_refused_by_name(city):
    site = testing.site(city.office)
    bad = {
        "slug": {"slug": "有汉字"}, "kinds": {"kinds": ["nothing"]}, "body": {"body": "nobody"}, "parent": {"parent": "x_y"},
        "page": {"kind": "page", "page": "x"}, "link": {"kind": "link", "link": "javascript:alert(1)"},
    }  # fmt: skip
    for field, change in bad.items():
        with pytest.raises(Invalid) as refusal:
            services.create_column(site, by("create"), DETAILS | change)
        assert [name for name, _ in refusal.value.errors] == [field]
    one = services.create_column(site, by("create"), DETAILS).event.subject
    below = services.create_column(site, by("create"), DETAILS | {"slug": "below", "parent": one}).event.subject
    with pytest.raises(Invalid, match="自己的下级"):
        services.do_column(one, "move", by("move"), {"parent": below})
    with pytest.raises(Invalid, match="没有已经公开的信息"):
        services.do_column(one, "place", by("place"), {"record": "nothing"})
    for old, to in (
        ("old", "/x/"),
        ("/office/x", "/x/"),
        ("/a/", "/a"),
        ("/a/", "javascript:x"),
        ("/a/", "//evil.example/"),
    ):
        with pytest.raises(Invalid):
            services.add_redirect(site, by("add"), {"old": old, "to": to})


def test_content_is_checked_line_by_line(city):
    site = testing.site(city.office)
    bad = [
        {"kind": "links", "items": "只有文字"}, {"kind": "table", "caption": "表", "rows": "甲 | 乙\n一"},
        {"kind": "chart", "title": "图", "rows": "甲 | 很多"}, {"kind": "questions", "items": "问：甲？"},
        {"kind": "image", "alt": "图"}, {"kind": "text", "html": ""},
    ]  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        services.create_page(site, by("write"), {"form": "page", "title": "页"}, {}, bad)
    names = {name for name, _ in refusal.value.errors}
    assert names == {"b0-items", "b1-rows", "b2-rows", "b3-items", "b4-digest", "b4-type", "b5-html"}
    empty = services.create_page(site, by("write"), {"form": "page", "title": "页"}).event.subject
    with pytest.raises(Invalid, match="还没有内容"):
        services.do_page(empty, "submit", by("submit"))


def test_days_are_honoured_by_the_worker(city):
    site = testing.site(city.office)
    key = testing.page(site, "review")
    with pytest.raises(Refused, match="撤下日期应在发布日期之后"):
        services.do_page(key, "approve", by("approve"), {"publish_on": "2021-03-05", "withdraw_on": "2021-03-05"})
    services.do_page(key, "approve", by("approve"), {"publish_on": "2021-03-05", "withdraw_on": "2021-03-09"})
    assert services.turn() == 0 and not models.Page.objects.get(key=key).shown
    with clock.at(NOW + timedelta(4)):
        assert services.turn() == 1 and services.turn() == 0
    assert models.Page.objects.get(key=key).state == "published"
    with clock.at(NOW + timedelta(8)):
        assert services.turn() == 1
    page = models.Page.objects.get(key=key)
    assert (page.state, page.shown, page.withdrawn_why) == ("withdrawn", "", "发布期限已满，自动撤下")


def test_rows_are_what_the_ledger_says(city):
    values = records_testing.event_data("register_existing")
    for n in range(3):
        values |= {"title": f"通知{n}"}
        records.register_existing(city.office, by("register_existing"), "policy", values)
    followers.run_all()
    site = testing.site(city.office, pack="standard")
    for state in WAYS:
        testing.page(site, state)
    services.shift(f"{site}_policies", True, by("move"))
    tables = (models.Site, models.Column, models.Page, models.PageVersion, models.Entry, models.Shell)
    assert models.Entry.objects.count() == 3
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    rebuild()
    filling.keep_up()

    def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(({k: v for k, v in row.items() if k != "id"} for row in rows), key=str)

    for model, rows in zip(tables, before, strict=True):
        assert plain(rows) == plain(list(model.objects.order_by("pk").values())), model
    assert Touched.objects.exists() and verify().broken is None
