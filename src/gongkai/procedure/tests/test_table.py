"""A faulty table refuses to start; a sound one lets through exactly its rows."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.procedure import (
    NEW,
    SAME,
    Field,
    Invalid,
    Procedure,
    ProcedureError,
    Refused,
    Situation,
    State,
    Transition,
    clean,
)
from gongkai.procedure.diagram import markdown, mermaid

ROLES = {"clerk": "登记", "chief": "签发"}
STATES = (State("open", "在办"), State("done", "办结", final=True))
MOVES = (
    Transition("enter", "登记", (NEW,), "open", ("clerk",)),
    Transition("note", "批注", ("open",), SAME, ("clerk", "chief")),
    Transition("close", "办结", ("open",), "done", ("chief",), guards=("signed",), articles=("33",)),
)
GUARDS = {"signed": lambda s: None if s.data.get("signed") else "尚未签字"}
SOUND = {"states": STATES, "transitions": MOVES, "roles": ROLES, "guards": GUARDS}


def table(**changes) -> Procedure:
    """The sound table with changes."""
    return Procedure("test", "测试", **(SOUND | changes))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"transitions": (*MOVES, Transition("x", "x", ("nowhere",), "open", ("clerk",)))}, "unknown state nowhere"),
        ({"transitions": (*MOVES, Transition("x", "x", ("open",), "nowhere", ("clerk",)))}, "unknown state nowhere"),
        ({"states": (*STATES, State("lost", "x", final=True))}, "lost is unreachable"),
        (
            {
                "states": (*STATES, State("trap", "x")),
                "transitions": (*MOVES, Transition("x", "x", ("open",), "trap", ("clerk",))),
            },
            "trap is a dead end",
        ),
        ({"transitions": (*MOVES, replace(MOVES[1], label="again"))}, "note is declared twice from open"),
        ({"states": (*STATES, STATES[0])}, "open is declared twice"),
        ({"guards": {}}, "missing guard signed"),
        ({"guards": GUARDS | {"idle": lambda s: None}}, "guard idle is never used"),
        ({"transitions": (*MOVES, Transition("x", "x", ("open",), "done", ("king",)))}, "unknown role king"),
        ({"transitions": (*MOVES, Transition("x", "x", ("open",), "done", ()))}, "no source or no role"),
        ({"transitions": (*MOVES, Transition("x", "x", (NEW,), SAME, ("clerk",)))}, "without a state"),
        ({"states": (*STATES, State(NEW, "x"))}, "reserved"),
        (
            {"transitions": (*MOVES, Transition("x", "x", ("open",), "done", ("clerk",), (Field("a", "a"),) * 2))},
            "field a twice",
        ),
    ],
)
def test_faulty_tables_are_refused(changes, fault):
    with pytest.raises(ProcedureError, match=fault):
        table(**changes)


def situation(role: str, **data) -> Situation:
    """Somebody with one role."""
    return Situation(None, "x", frozenset({role}), date(2021, 3, 1), data)


def test_refusals_say_why():
    sound = table()
    for state, event, who, kind, words in (
        ("done", "note", situation("clerk"), "state", "目前是“办结”"),
        (NEW, "note", situation("clerk"), "state", "尚未登记"),
        ("open", "close", situation("clerk", signed=True), "role", "须由签发办理"),
        ("open", "close", situation("chief"), "guard", "尚未签字"),
    ):
        with pytest.raises(Refused, match=words) as refusal:
            sound.check(state, event, who)
        assert refusal.value.kind == kind
    assert sound.check("open", "close", situation("chief", signed=True)).target == "done"
    assert sound.after("open", "note") == "open"


def test_offered_separates_what_waits():
    moves = (*MOVES[:2], replace(MOVES[2], guards=(), when=("signed",)))
    now, later = table(transitions=moves).offered("open", situation("chief"))
    assert [move.event for move in now] == ["note"] and [(m.event, why) for m, why in later] == [("close", "尚未签字")]


def test_diagram_shows_every_way():
    drawn = mermaid(table())
    assert "[*] --> open: 登记" in drawn and "open --> done: 办结" in drawn and "done --> [*]" in drawn
    page = markdown(table(), lambda article: f"第{article}条")
    assert "`signed`" in page and "第33条" in page and page.count("\n| `") == len(MOVES)


@st.composite
def random_tables(draw):
    """Small random tables: most are faulty, some are sound."""
    keys = [f"s{n}" for n in range(draw(st.integers(1, 5)))]
    states = tuple(State(key, key, final=draw(st.booleans())) for key in keys)
    moves = []
    for n in range(draw(st.integers(1, 10))):
        source = draw(st.sampled_from([NEW, *keys]))
        target = draw(st.sampled_from([SAME, *keys]))
        moves.append(Transition(f"e{n}", f"e{n}", (source,), target, ("clerk",)))
    return states, tuple(moves)


def sound_by_search(states, moves) -> bool:
    """An independent oracle: walk from the beginning, and from every state, by plain search."""

    def reach(start):
        seen, todo = {start}, [start]
        while todo:
            here = todo.pop()
            for move in moves:
                if here in move.sources and move.target not in {SAME, *seen}:
                    seen.add(move.target)
                    todo.append(move.target)
        return seen

    final = {state.key for state in states if state.final}
    everywhere = {state.key for state in states} <= reach(NEW)
    homeless = any(NEW in move.sources and move.target == SAME for move in moves)
    return everywhere and not homeless and all(reach(state.key) & final for state in states)


@given(random_tables())
def test_validation_agrees_with_search(made):
    states, moves = made
    try:
        Procedure("random", "x", states, moves, ROLES)
        accepted = True
    except ProcedureError:
        accepted = False
    assert accepted == sound_by_search(states, moves)


@given(random_tables(), st.randoms(use_true_random=False))
def test_walks_never_leave_the_table(made, rng: random.Random):
    states, moves = made
    try:
        procedure = Procedure("random", "x", states, moves, ROLES)
    except ProcedureError:
        return
    here = NEW
    for _ in range(50):
        event = rng.choice(moves).event
        try:
            there = procedure.after(here, event)
        except Refused:
            assert not any(move.event == event and here in move.sources for move in moves)
            continue
        move = next(move for move in moves if move.event == event and here in move.sources)
        assert there == (here if move.target == SAME else move.target)
        here = there


FIELDS = (
    Field("text", "文字", longest=5),
    Field("day", "日期", "date", required=False),
    Field("count", "数量", "integer", required=False),
    Field("amount", "金额", "money", required=False),
    Field("kind", "种类", "choice", required=False, choices=(("a", "甲"), ("b", "乙"))),
    Field("yes", "是否", "truth", required=False),
)


def test_clean_stores_plain_values():
    data = {"text": " 好 ", "day": "2021-03-12", "count": "20", "amount": "880.50", "kind": "a", "yes": "on"}
    assert clean(FIELDS, data) == {
        "text": "好", "day": "2021-03-12", "count": 20, "amount": "880.50", "kind": "a", "yes": True,
    }  # fmt: skip
    assert clean(FIELDS, {"text": "好", "day": ""}) == {"text": "好", "yes": False}


def test_clean_names_every_fault():
    data = {"text": "太长的文字了", "day": "三月", "count": "-1", "amount": "NaN", "kind": "c", "other": "x"}
    with pytest.raises(Invalid) as invalid:
        clean(FIELDS, data)
    assert [name for name, _ in invalid.value.errors] == ["text", "day", "count", "amount", "kind", "other"]


@given(
    st.dictionaries(st.sampled_from([f.name for f in FIELDS] + ["x"]), st.one_of(st.text(), st.integers(), st.none()))
)
def test_clean_raises_only_its_own_error(data):
    try:
        result = clean(FIELDS, data)
    except Invalid as invalid:
        assert all(message for _, message in invalid.errors)
    else:
        assert set(result) <= {field.name for field in FIELDS}
        assert clean(FIELDS, result) == result
