"""Art 44: when the house proposes active publication, who may settle it, and that nothing is raised twice."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.disclosures import art44, services
from gongkai.disclosures.models import Basis, Proposal
from gongkai.disclosures.procedure import PROPOSAL
from gongkai.disclosures.testing import by, event_data, item, served
from gongkai.ledger import clock, followers, vault
from gongkai.ledger.models import Checkpoint, Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, replay
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.procedure import NEW, SAME, Invalid, Refused
from gongkai.requests import services as requests
from gongkai.requests.models import Request
from gongkai.requests.testing import APPLICATION

NOW = datetime(2021, 6, 1, 4, tzinfo=UTC)
TITLE = "申请公开轨道交通九号线二期工程规划批复"
FOLLOWER = "disclosures.art44"


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def ask(body, person: int, title: str = TITLE, day: date | None = None, **more: str) -> str:
    """A request of one of several invented people; returns its key."""
    who = {"name": f"申请人{person}", "id_number": f"50010319900101{person:04d}", "phone": f"1380000{person:04d}"}
    data = APPLICATION | who | {"title": title, "content": f"{title}，第{person}次"} | more
    return requests.receive(body, by("register"), data, day=day).event.subject


def follow() -> None:
    followers.run(FOLLOWER)


def raised(city, people: int = 3) -> str:
    for person in range(people):
        ask(city.office, person)
    follow()
    return Proposal.objects.get().key


def test_three_applicants_raise_one_proposal(city):
    first, second = ask(city.office, 1), ask(city.office, 2)
    follow()
    assert not Proposal.objects.exists()
    third = ask(city.office, 3)
    follow()
    row = Proposal.objects.get()
    assert (row.state, row.count, row.title, row.number) == (
        "raised",
        3,
        TITLE.removeprefix("申请公开"),
        "渝府办转公〔2021〕1号",
    )
    assert set(Basis.objects.values_list("request", flat=True)) == {first, second, third}


def test_a_fourth_joins_it(city):
    key = raised(city)
    ask(city.office, 4)
    follow()
    row = Proposal.objects.get()
    assert (row.key, row.count) == (key, 4)


def test_reading_the_same_lines_again_changes_nothing(city):
    raised(city, 5)
    before = Event.objects.count()
    Checkpoint.objects.filter(follower=FOLLOWER).update(last_id=0)
    follow()
    assert Event.objects.count() == before and Proposal.objects.get().count == 5


def test_a_crash_in_the_middle_loses_and_doubles_nothing(city, monkeypatch):
    """The line and the checkpoint move together: what a crash undid is done by the next run."""
    for person in range(4):
        ask(city.office, person)
    real = services.raise_proposal

    def crash(*args):
        real(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt), transaction.atomic():
        broken.setattr(services, "raise_proposal", crash)
        follow()
    assert not Proposal.objects.exists()
    follow()
    assert (
        Proposal.objects.get().count == 4 and Event.objects.filter(subject_kind="proposal", kind="raise").count() == 1
    )


def test_one_person_three_times_is_not_many(city):
    for n in range(4):
        ask(city.office, 1, content=f"第{n}次")
    follow()
    assert not Proposal.objects.exists()


def test_a_shared_telephone_makes_one_applicant_of_two(city):
    for person in range(3):
        ask(city.office, person, phone="13900000000")
    follow()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        {"title": "申请公开轨道交通十八号线北延伸段社会稳定风险评估报告"},
        {"title": TITLE + "2019年"},
        {"day": date(2020, 5, 1)},
    ],
    ids=["something else", "another year", "too long ago"],
)
def test_what_is_not_the_same_does_not_count(city, other):
    ask(city.office, 1, **other)
    ask(city.office, 2), ask(city.office, 3)
    follow()
    assert not Proposal.objects.exists()


def test_another_body_does_not_count(city):
    ask(city.district, 1)
    ask(city.office, 2), ask(city.office, 3)
    follow()
    assert not Proposal.objects.exists()


def test_requests_that_cannot_be_disclosed_do_not_count(city):
    who = {"name": "某人", "id_number": "500103199001019999", "phone": "13999999999", "title": TITLE, "content": TITLE}
    served(city.office, "3.3.1", **who)
    ask(city.office, 2), ask(city.office, 3)
    follow()
    assert not Proposal.objects.exists()
    ask(city.office, 4)
    follow()
    assert Proposal.objects.get().count == 3


def test_a_void_registration_does_not_count(city):
    requests.do(ask(city.office, 1), "void", by("void"), {"reason": "重登"})
    ask(city.office, 2), ask(city.office, 3)
    follow()
    assert not Proposal.objects.exists()


def test_the_number_of_applicants_is_a_setting(city, settings):
    settings.ART44_APPLICANTS = 2
    ask(city.office, 1), ask(city.office, 2)
    follow()
    assert Proposal.objects.get().count == 2


def test_after_a_refusal_new_demand_raises_a_new_one(city):
    key = raised(city)
    services.settle(key, "decline", by("decline"), {"reason": "正在修订，修订后公开"})
    ask(city.office, 4), ask(city.office, 5)
    follow()
    assert Proposal.objects.count() == 1
    ask(city.office, 6)
    follow()
    assert sorted(Proposal.objects.values_list("state", "count")) == [("declined", 3), ("raised", 3)]


def test_a_late_follower_does_not_write_before_the_last_line(city):
    key = raised(city)
    ask(city.office, 4)  # received now, read by the follower tomorrow, after somebody has accepted
    with clock.at(NOW + timedelta(days=1)):
        services.settle(key, "accept", by("accept"), event_data("accept"))
        follow()
    assert replay("proposal", key).requests and Proposal.objects.get().count == 4 and verify().broken is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["甲", "乙"]), st.booleans()), max_size=9))
def test_however_often_the_follower_runs_it_ends_the_same(city, asked):
    """Slow truth: a proposal for each title once three different people asked; every request of the title is in it."""
    titles = {"甲": TITLE, "乙": "申请公开农村宅基地确权登记发证实施方案全文"}
    with transaction.atomic():
        people: dict[str, set[int]] = {"甲": set(), "乙": set()}
        counts = {"甲": 0, "乙": 0}
        for n, (person, title, run) in enumerate(asked):
            ask(city.office, person, titles[title], content=f"{n}")
            people[title].add(person)
            counts[title] += 1
            if run:
                follow()
        follow()
        expected = {services.title_of(titles[one]): counts[one] for one in titles if len(people[one]) >= 3}
        assert dict(Proposal.objects.values_list("title", "count")) == expected
        transaction.set_rollback(True)


# What is done with it ------------------------------------------------------------------------------------------------

WAYS = {"raised": (), "accepted": ("accept",), "published": ("accept", "close"), "declined": ("decline",)}


def data_of(city, event: str) -> dict[str, str]:
    return {
        "close": {"record": _record(city)} if event == "close" else {},
        "raise": {"title": TITLE},
        "suggest": {"request": "cq-office-2021-00001", "why": "涉及沿线居民"},
        "grow": {"request": "cq-office-2021-00009"},
    }.get(event, event_data(event))


def _record(city) -> str:
    return item(city.office, title=f"申请公开第{Request.objects.count()}号文件")


def bring(city, state: str) -> str:
    key = raised(city)
    for event in WAYS[state]:
        services.settle(key, event, by(event), data_of(city, event))
    return key


@pytest.mark.parametrize("state", WAYS)
def test_matrix_of_role_state_event(city, state):
    """Each cell: allowed exactly when the table has the row and the role; a refusal leaves nothing behind."""
    assert set(WAYS) == set(PROPOSAL.state)
    key = bring(city, state)
    data = {event: data_of(city, event) for event in PROPOSAL.events}
    for event, role in product((event for event in PROPOSAL.events if event != "raise"), ROLES):
        move = next((m for m in PROPOSAL.transitions if m.event == event and state in m.sources), None)
        if move is not None and role in move.roles:
            assert move in PROPOSAL.allowed(state, [role])
            continue
        before = Event.objects.count()
        with pytest.raises(Refused) as refusal:
            services.settle(key, event, Actor("x", frozenset({role})), data[event])
        assert refusal.value.kind == ("role" if move else "state"), (event, role)
        assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("event", "state"), [(m.event, source) for m in PROPOSAL.transitions for source in m.sources if source != NEW]
)
def test_each_row_of_the_table_works(city, event, state):
    key = bring(city, state)
    move = PROPOSAL.move(state, event)
    actor = Actor("x", frozenset(move.roles))
    done = services.settle(key, event, actor, data_of(city, event))
    assert done.state.state == (state if move.target == SAME else move.target)
    assert Proposal.objects.get(key=key).state == done.state.state


def test_it_is_closed_by_a_record_that_is_public_only(city):
    key = bring(city, "accepted")
    for wrong in ("no-such-record", item(city.office, "withdrawn", title="申请公开另一件文件")):
        with pytest.raises(Invalid, match="没有已经公开的信息"):
            services.settle(key, "close", by("close"), {"record": wrong})
    right = _record(city)
    done = services.settle(key, "close", by("close"), {"record": f"https://cq.example/records/{right}/"})
    assert done.state.record == right


def test_a_refusal_does_not_name_an_applicant(city):
    key = raised(city)
    with pytest.raises(Invalid, match="申请人的姓名"):
        services.settle(key, "decline", by("decline"), {"reason": "申请人1所说的理由不成立"})


# The applicant's own suggestion --------------------------------------------------------------------------------------


def test_an_applicant_suggests_what_was_given(city):
    request = served(city.office)
    done = services.suggest(request, "涉及沿线居民", key="once")
    assert services.suggest(request, "涉及沿线居民", key="once").repeated
    row = Proposal.objects.get()
    assert (row.state, row.count, row.suggested) == ("raised", 1, 1)
    assert "why" not in done.event.data and vault.peek(done.event.data["personal"])["why"] == "涉及沿线居民"
    with pytest.raises(Refused, match="已经提出过"):
        services.suggest(request, "再说一次")


def test_a_suggestion_joins_the_proposal_that_stands(city):
    raised(city)
    request = Request.objects.order_by("key").first().key
    for event in ("accept", "assign", "draft", "review", "sign", "serve"):
        from gongkai.requests.testing import event_data as data

        requests.do(request, event, by(event), data(event))
    services.suggest(request, "涉及沿线居民")
    row = Proposal.objects.get()
    assert (row.count, row.suggested) == (3, 1)


def test_nothing_is_suggested_that_was_not_given(city):
    with pytest.raises(Refused, match="予以公开、部分公开"):
        services.suggest(served(city.office, "3.4.1"), "想看")
    with pytest.raises(Refused, match="予以公开、部分公开"):
        services.suggest(ask(city.office, 1), "想看")


def test_rebuild_gives_the_same_rows(city):
    raised(city, 4)
    services.suggest(served(city.office, title="申请公开另一件文件"), "涉及沿线居民")
    rows = [list(model.objects.order_by("pk").values()) for model in (Proposal,)]
    bases = sorted(Basis.objects.values_list("proposal", "request", "suggested"))
    rebuild()
    assert rows == [list(model.objects.order_by("pk").values()) for model in (Proposal,)]
    assert bases == sorted(Basis.objects.values_list("proposal", "request", "suggested"))


def test_figures(city):
    from gongkai.figure import Ask, count, rows

    key = raised(city)
    services.settle(key, "accept", by("accept"), event_data("accept"))
    item(city.office, title="申请公开某文件"), item(city.office, "withdrawn", title="申请公开又一文件")
    item(city.office, "reviewed", title="申请公开第三件文件")
    ask_2021 = Ask.year(None, 2021)
    found = count(ask_2021, ["disclosures.log", "disclosures.art44"])
    assert found == {"disclosure_log_items": 2, "art44_raised": 1, "art44_accepted": 1}
    for figure, value in found.items():
        assert rows(ask_2021, figure).count() == value
    assert set(count(Ask.year(None, 2020), ["disclosures.log", "disclosures.art44"]).values()) == {0}


def test_applicants_are_counted_as_people(city):
    keys = [ask(city.office, 1), ask(city.office, 2, phone="13800000001"), ask(city.office, 3)]
    assert art44.applicants(Request.objects.filter(key__in=keys)) == 2
