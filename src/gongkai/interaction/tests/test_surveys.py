"""Surveys: the whole role × state × event matrix, four eyes, days that open and close, opinions, frozen results."""

from datetime import timedelta
from itertools import product

import pytest

from gongkai.figure import Ask, count, rows
from gongkai.interaction import survey_services
from gongkai.interaction.models import Choice, Submission, SubmissionTally, Survey, SurveyTally
from gongkai.interaction.survey_procedure import PROCEDURES, SUBMISSION, SURVEY
from gongkai.interaction.testing import by, close, content, drafted, event_data
from gongkai.ledger import clock, vault
from gongkai.ledger.models import Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, replay
from gongkai.organs.rights import ROLES
from gongkai.procedure import NEW, SAME, Invalid, Refused, Situation

from .conftest import NOW

LATER = NOW + timedelta(20)
ANSWERS = {"q1": "0", "q2": ["0", "2"], "q3": "4", "q4": "欧阳秋水说很好"}


def over(city, state: str, form: str = "consultation") -> str:
    """A survey after its last day in a state, with one submission; the clock must stand at LATER."""
    with clock.at(NOW):
        key = drafted(city.office, "approved", form)
        survey_services.submit(key, {"q1": "建议写明罚则", "name": "王五"} if form == "consultation" else ANSWERS)
    if state != "approved":
        close(key, "published" if state == "withdrawn" else state)
    if state == "withdrawn":
        survey_services.do(key, "withdraw", by("withdraw"), event_data("survey", "withdraw"))
    return key


BEFORE = ("drafted", "returned", "approved", "dropped")
AFTER = ("approved", "summarised", "published", "withdrawn")


def test_matrix_of_role_state_event(city):
    """Each cell: allowed exactly when the table has the row, the role and the day; a refusal leaves nothing behind."""
    assert {*BEFORE, *AFTER} == set(SURVEY.state)
    cases = {state: drafted(city.office, state) for state in BEFORE}
    _walk(SURVEY, "survey", cases, survey_services.do, {"draft"})
    with clock.at(LATER):
        _walk(SURVEY, "survey", {state: over(city, state) for state in AFTER}, survey_services.do, {"draft"})


def test_matrix_of_submissions(city):
    key = drafted(city.office)
    made = {state: survey_services.submit(key, {"q1": f"意见{state}"}).event.subject for state in SUBMISSION.state}
    for state, event in (("settled", "settle"), ("void", "void")):
        survey_services.settle(made[state], event, by(event), event_data("submission", event))
    _walk(SUBMISSION, "submission", made, survey_services.settle, {"send"})


def _walk(procedure, kind, cases, command, opening):
    before = Event.objects.count()
    for state, event in product(cases, set(procedure.events) - opening):
        move = next((m for m in procedure.transitions if m.event == event and state in m.sources), None)
        case, held = replay(kind, cases[state]), frozenset(move.roles if move else ())
        assert case.state == state
        for role in ROLES:
            if role in held:
                assert move in procedure.allowed(state, [role])
                continue
            with pytest.raises(Refused) as refusal:
                procedure.may(state, event, Situation(case, "x", frozenset({role}), clock.today()))
            assert refusal.value.kind == ("role" if move else "state"), (state, event, role)
        with pytest.raises(Refused) as refusal:
            command(cases[state], event, Actor("x", frozenset(ROLES) - held), event_data(kind, event))
        assert refusal.value.kind == ("role" if move else "state"), (state, event)
    assert Event.objects.count() == before


def test_each_row_of_the_table_works(city):
    for procedure in PROCEDURES.values():
        for move, state in [(m, s) for m in procedure.transitions for s in m.sources if s != NEW]:
            with clock.at(LATER if {"has_begun", "is_over"} & set(move.when) or state in AFTER[1:] else NOW):
                _row(city, procedure, move, state)
    assert verify().broken is None


def _row(city, procedure, move, state):
    actor, data = Actor("else", frozenset(move.roles)), event_data(procedure.name, move.event)
    if procedure is SUBMISSION:
        survey = drafted(city.office)
        key = survey_services.submit(survey, {"q1": "意见"}).event.subject
        way = {"settled": "settle", "void": "void"}.get(state)
        if way:
            survey_services.settle(key, way, by(way), event_data("submission", way))
        done = survey_services.settle(key, move.event, actor, data)
    else:
        late = clock.today() > NOW.date()
        key = (
            over(city, state)
            if late
            else drafted(city.office, state, **content(since=1 if "not_begun" in move.when else 0))
        )
        if late and move.event == "summarise":
            close_opinions(key)
        done = survey_services.do(key, move.event, actor, data)
    assert done.state.state == (state if move.target == SAME else move.target), (move.event, state)


def close_opinions(key):
    for row in Submission.objects.filter(survey=key, state="received"):
        survey_services.settle(row.key, "settle", by("settle"), event_data("submission", "settle"))


def test_four_eyes(city):
    key = drafted(city.office, "drafted")
    survey_services.do(key, "revise", by("second"), content())
    for writer in ("draft", "second"):
        with pytest.raises(Refused, match="由其他人办理"):
            survey_services.do(key, "review", by(writer))
    with clock.at(LATER):
        key = over(city, "summarised")
        with pytest.raises(Refused, match="不能自己公布"):
            survey_services.do(key, "publish", by("summarise"))


def test_the_days_alone_open_and_close_it(city):
    key = drafted(city.office, **content(since=2, days=7))
    outcomes = []
    for day in range(11):
        with clock.at(NOW + timedelta(day)):
            outcomes.append(replay("survey", key).phase(clock.today()))
            if outcomes[-1] == "open":
                survey_services.submit(key, {"q1": f"意见{day}"})
                continue
            with pytest.raises(Refused, match="不能提交"):
                survey_services.submit(key, {"q1": "意见"})
    assert outcomes == ["coming"] * 2 + ["open"] * 7 + ["closed"] * 2 and Submission.objects.count() == 7
    hidden = drafted(city.office, "drafted")
    with pytest.raises(Refused, match="没有公开征集"):
        survey_services.submit(hidden, {"q1": "意见"})


def test_once_for_a_key_and_numbers_without_gaps(city):
    key = drafted(city.office, form="survey")
    first, again = (survey_services.submit(key, ANSWERS, key="one") for _ in range(2))
    other = survey_services.submit(key, ANSWERS, key="two")
    assert again.repeated and again.event == first.event
    assert [one.state.number for one in (first, other)] == ["渝府办征〔2021〕1号-00001", "渝府办征〔2021〕1号-00002"]
    assert Choice.objects.count() == 8 and Submission.objects.count() == 2


def test_words_and_people_lie_in_the_vault(city):
    key = drafted(city.office, form="survey")
    done = survey_services.submit(key, ANSWERS)
    assert "欧阳秋水" not in str(done.event.data) and "欧阳秋水" not in str(list(Submission.objects.values()))
    assert "欧阳秋水" in vault.peek(done.event.data["personal"])["content"]
    opinion = survey_services.submit(drafted(city.office), {"q1": "好", "name": "欧阳秋水", "reach": "13987654321"})
    assert "欧阳秋水" not in str(opinion.event.data)
    for field, words in (("gist", "欧阳秋水建议"), ("reason", "已致电 139 8765 4321"), ("gist", "电话13800001111")):
        with pytest.raises(Invalid, match="请删去"):
            data = event_data("submission", "settle") | {field: words}
            survey_services.settle(opinion.event.subject, "settle", by("settle"), data)


def test_an_opinion_not_wholly_adopted_is_told_why(city):
    key = survey_services.submit(drafted(city.office), {"q1": "好"}).event.subject
    with pytest.raises(Refused, match="写明理由"):
        survey_services.settle(key, "settle", by("x"), {"gist": "好", "outcome": "declined"})
    poll = survey_services.submit(drafted(city.office, form="survey"), ANSWERS).event.subject
    with pytest.raises(Refused, match="只作统计"):
        survey_services.settle(poll, "settle", by("x"), event_data("submission", "settle"))


def test_no_results_while_opinions_wait_and_none_changed_after(city):
    with clock.at(LATER):
        key = over(city, "approved")
        with pytest.raises(Refused, match="还有 1 条意见没有处理"):
            survey_services.do(key, "summarise", by("summarise"), event_data("survey", "summarise"))
        close(key)
        row = Survey.objects.get(pk=key)
        assert row.results["count"] == 1 and row.results["outcomes"] == {"partly": 1}
        assert row.results["opinions"] == [["建议写明罚则", "partly", "罚则由上位法规定", 1]]
        with pytest.raises(Refused, match="不能再改"):
            one = Submission.objects.get(survey=key).pk
            survey_services.settle(one, "settle", by("x"), event_data("submission", "settle"))


def test_counts_of_a_poll_by_hand(city):
    key = drafted(city.office, form="survey")
    for first, several, scale in (("0", ["0"], "0"), ("0", ["0", "1"], "4"), ("1", [], "4")):
        survey_services.submit(key, {"q1": first, "q2": several, "q3": scale})
    spam = survey_services.submit(key, ANSWERS).event.subject
    survey_services.settle(spam, "void", by("void"), {"reason": "重复"})
    found = survey_services.results(key)
    assert found["count"] == 3
    assert found["chosen"] == {"0": {"0": 2, "1": 1}, "1": {"0": 2, "1": 1}, "2": {"0": 1, "4": 2}}


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"text": ""}, "text", "应附"),
        ({"until": "2021-03-03"}, "until", "不少于 7 日"),
        ({"record": "no-such"}, "record", "没有编为"),
        ({"questions": "随便问问"}, "questions", "第 1 行"),
        ({"form": "survey", "questions": ""}, "questions", "至少写一个问题"),
    ],
)
def test_what_cannot_be_drafted_says_why(city, changes, field, said):
    with pytest.raises(Invalid) as refusal:
        survey_services.draft(city.office, by("draft"), content() | changes)
    assert refusal.value.errors[0][0] == field and said in refusal.value.errors[0][1]


def test_figures_and_rebuild(city):
    with clock.at(LATER):
        over(city, "published"), over(city, "approved", "survey")
        ask = Ask.year(None, 2021)
        found = count(ask, ["interaction.surveys", "interaction.submissions"])
        assert found == {
            "surveys_held": 2, "surveys_published": 1, "survey_submissions": 2, "comments_received": 1, "comments_adopted": 1,
        }  # fmt: skip
        assert {name: rows(ask, name).count() for name in found} == found
        models = (Survey, Submission, SurveyTally, SubmissionTally)
        before = [list(model.objects.order_by("pk").values()) for model in models]
        chosen = sorted(Choice.objects.values_list("submission", "question", "option"))
        rebuild()
        assert before == [list(model.objects.order_by("pk").values()) for model in models]
        assert chosen == sorted(Choice.objects.values_list("submission", "question", "option"))
