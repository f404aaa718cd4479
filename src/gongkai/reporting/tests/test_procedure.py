"""Every way a report can go: role × state × event, four eyes, what freezing demands."""

from dataclasses import replace
from itertools import product

import pytest

from gongkai.ledger.models import Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor
from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Invalid, Refused, Situation
from gongkai.reporting import content, rendering, services
from gongkai.reporting.events import Case
from gongkai.reporting.models import AnnualReport
from gongkai.reporting.procedure import PROCEDURE
from gongkai.reporting.queries import case
from gongkai.reporting.testing import TEXTS, WAYS, bring, data_of, officer
from gongkai.typeset.fonts import FontsMissing


@pytest.fixture(autouse=True)
def no_typesetter(monkeypatch):
    """Files are tested where they matter (test_frozen); here they would only cost time."""
    for name in ("pdf", "docx", "xlsx"):
        quick = replace(rendering.FORMATS[name], write=content.canonical)
        monkeypatch.setitem(rendering.FORMATS, name, quick)


def test_every_state_has_a_way():
    assert set(WAYS) == set(PROCEDURE.state)


@pytest.mark.parametrize("state", WAYS)
def test_matrix_of_role_state_event(town, state):
    """Each cell: allowed exactly when the table has the row and the role; a refusal leaves nothing behind."""
    key = bring(town.office, 2021, state)
    for event, role in product((e for e in PROCEDURE.events if e != "compile"), ROLES):
        move = next((m for m in PROCEDURE.transitions if m.event == event and state in m.sources), None)
        allowed = move is not None and role in move.roles
        assert (move in PROCEDURE.allowed(state, [role])) is allowed
        if allowed:
            continue
        before = Event.objects.count()
        with pytest.raises(Refused) as refusal:
            services.do(key, event, Actor("x", frozenset({role})), data_of(event))
        assert refusal.value.kind == ("role" if move else "state") and Event.objects.count() == before


@pytest.mark.parametrize(
    ("event", "state"), [(m.event, source) for m in PROCEDURE.transitions for source in m.sources if source != NEW]
)
def test_each_row_of_the_table_works(town, event, state, monkeypatch):
    if event == "add_pdf":
        _no_fonts(monkeypatch)
    key = bring(town.office, 2021, state)
    if event == "add_pdf":
        monkeypatch.undo()
    if event == "submit":
        services.do(key, "edit", officer("edit"), data_of("edit"))
    done = services.do(key, event, officer(event), data_of(event))
    target = PROCEDURE.move(state, event).target
    assert done.state.state == (state if target == SAME else target)
    assert AnnualReport.objects.get(key=key).state == done.state.state
    assert verify().broken is None


def _no_fonts(monkeypatch):
    def refuse(whole):
        raise FontsMissing("这台机器上没有可用的中文字体")

    monkeypatch.setitem(rendering.FORMATS, "pdf", replace(rendering.FORMATS["pdf"], write=refuse))


def test_freezing_goes_on_without_a_chinese_font_and_says_so(town, monkeypatch):
    with monkeypatch.context() as patched:
        _no_fonts(patched)
        key = bring(town.office, 2021, "frozen")
        assert "pdf" not in case(key).files and "没有可用的中文字体" in case(key).pdf_missing
        with pytest.raises(Refused, match="没有可用的中文字体"):
            services.do(key, "add_pdf", officer("add_pdf"))
        frozen = case(key).content
    done = services.do(key, "add_pdf", officer("add_pdf"))
    assert done.state.content == frozen and not done.state.pdf_missing
    with pytest.raises(Refused, match="不能重复"):
        services.do(key, "add_pdf", officer("add_pdf"))


def test_four_eyes(town):
    """Whoever compiled or edited neither reviews nor signs, also after the report was sent back."""
    key = bring(town.office, 2021, "submitted")
    for hand in ("compile-officer", "edit-officer"):
        with pytest.raises(Refused, match="不能审核自己编制"):
            services.do(key, "review", Actor(hand, frozenset({"reviewer"})))
    services.do(key, "send_back", officer("send_back"), data_of("send_back"))
    services.do(key, "recompile", Actor("third", frozenset({"disclosure"})))
    services.do(key, "submit", officer("submit"))
    services.do(key, "review", officer("review"))
    for hand in ("compile-officer", "edit-officer", "third"):
        with pytest.raises(Refused, match="不能签发自己编制"):
            services.do(key, "freeze", Actor(hand, frozenset({"signatory"})))


def test_prompts_and_empty_sections_hold_a_report_back(town):
    key = bring(town.office, 2021, "draft")
    with pytest.raises(Refused, match="请填写"):
        services.do(key, "submit", officer("submit"))
    services.do(key, "edit", officer("edit"), {"sections": TEXTS | {5: " \n "}})
    with pytest.raises(Refused, match="五、存在的主要问题"):
        services.do(key, "submit", officer("submit"))
    services.do(key, "edit", officer("edit"), {"sections": {5: "主要问题已经整改。"}})
    assert services.do(key, "submit", officer("submit")).state.state == "submitted"


@pytest.mark.parametrize("cell", ["t3.4.total", "t3.3.7.total", "t3.1.commercial_enterprise", "t4.direct_suit.total"])
@pytest.mark.parametrize("event", ["submit", "freeze"])
def test_a_report_whose_equations_fail_cannot_go_on(town, cell, event):
    """By construction it cannot happen; should a figure ever be wrong, the guard stands."""
    now = case(bring(town.office, 2021, "draft" if event == "submit" else "reviewed"))
    if event == "submit":
        now = replace(now, narrative=content.store_narrative(TEXTS))
    figures = content.figures(now.figures)
    wrong = replace(figures, values={**figures.values, cell: int(figures.values[cell]) + 1})
    situation = Situation(replace(now, figures=wrong.store()), "x", frozenset(ROLES), now.compiled_on)
    with pytest.raises(Refused, match="勾稽关系不成立"):
        PROCEDURE.check(now.state, event, situation)
    PROCEDURE.check(now.state, event, replace(situation, subject=now))


def test_published_not_before_the_printed_day(town):
    key = bring(town.office, 2021, "reviewed")
    with pytest.raises(Invalid, match="不能早于"):
        services.do(key, "freeze", officer("freeze"), {"publish_on": "2022-01-09"})
    services.do(key, "freeze", officer("freeze"), {"publish_on": "2022-01-30"})
    with pytest.raises(Refused, match="2022-01-30"):
        services.do(key, "publish", officer("publish"))


def test_the_same_key_twice_is_one_effect(town):
    first = services.compile_new(town.office, 2021, officer("compile"), key="k")
    again = services.compile_new(town.office, 2021, officer("compile"), key="k")
    assert again.repeated and again.event.id == first.event.id
    services.do(first.event.subject, "edit", officer("edit"), data_of("edit"), key="e")
    assert services.do(first.event.subject, "edit", officer("edit"), data_of("edit"), key="e").repeated
    with pytest.raises(Refused, match="不能“编制”"):
        services.compile_new(town.office, 2021, officer("compile"))


def test_faulty_days_are_refused_in_chinese(town):
    for data, words in (
        ({"as_of": "2020-12-31"}, "早于"),
        ({"as_of": "2022-02-01"}, "不能晚于今天"),
        ({"known_at": "昨天"}, "2022-01-20T18:00"),
        ({"known_at": "2023-01-01"}, "不能晚于现在"),
        ({"as_of": "20210229"}, "应为日期"),
    ):
        with pytest.raises((Invalid, Refused), match=words):
            services.compile_new(town.office, 2021, officer("compile"), data)
    assert case("cq-office-2021") == Case()


def test_rebuild_gives_the_same_rows(town):
    bring(town.office, 2021, "published")
    bring(town.district, 2021, "draft")
    before = list(AnnualReport.objects.order_by("key").values())
    rebuild()
    assert list(AnnualReport.objects.order_by("key").values()) == before
