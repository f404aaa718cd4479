"""Every way an item of the log can go: the whole role × state × event matrix, four eyes, and what goes on the shelf."""

from datetime import UTC, datetime

import pytest

from gongkai.disclosures import services
from gongkai.disclosures.models import Item
from gongkai.disclosures.procedure import ITEM
from gongkai.disclosures.testing import COPY, WAYS, WORDS, by, event_data, item, served
from gongkai.ledger import attachments, blobs, clock, followers, vault
from gongkai.ledger.models import Counter
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, replay
from gongkai.ledger.uploads import Upload
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import hold_to_matrix, small_city
from gongkai.procedure import NEW, SAME, Invalid, Refused
from gongkai.records.models import Record
from gongkai.requests import retention
from gongkai.requests import services as requests
from gongkai.requests.models import Request
from gongkai.requests.testing import APPLICATION

NOW = datetime(2021, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def test_matrix_of_role_state_event(city):
    def command(key, event, state, actor):
        services.do(key, event, actor, event_data(event))

    hold_to_matrix(ITEM, WAYS, lambda state: item(city.office, state), command)


@pytest.mark.parametrize(
    ("event", "state"), [(m.event, source) for m in ITEM.transitions for source in m.sources if source != NEW]
)
def test_each_row_of_the_table_works(city, event, state):
    key = item(city.office, state)
    done = services.do(key, event, Actor("somebody-else", frozenset({"disclosure", "reviewer"})), event_data(event))
    target = ITEM.move(state, event).target
    assert done.state.state == (state if target == SAME else target) == Item.objects.get(key=key).state
    assert verify().broken is None


@pytest.mark.parametrize("role", ROLES)
def test_who_may_propose(city, role):
    """The case's own handler, or the disclosure office; no other handler."""
    key = served(city.office)
    if role == "disclosure":
        assert services.propose(key, Actor("x", frozenset({role})), WORDS).state.state == "proposed"
        return
    with pytest.raises(Refused) as refusal:
        services.propose(key, Actor("x", frozenset({role})), WORDS)
    assert refusal.value.kind == "role" and not Item.objects.exists()
    assert not Counter.objects.filter(series__startswith="disclosure/").exists()
    if role == "handler":  # the handler of the case, by name
        handler = Request.objects.get(key=key).handler
        assert services.propose(key, Actor(handler, frozenset({role})), WORDS).state.written_by == {handler}


@pytest.mark.parametrize(
    ("event", "state"),
    [("review", "proposed"), ("publish", "reviewed"), ("review", "amending"), ("publish", "amended")],
)
def test_who_wrote_it_neither_reviews_nor_publishes(city, event, state):
    key = item(city.office, state)
    writer = by("amend" if state.startswith("amend") else "propose")
    with pytest.raises(Refused, match="执笔人"):
        services.do(key, event, writer, event_data(event))


def test_whoever_revised_is_a_writer_too(city):
    key = item(city.office, "returned")
    services.do(key, "revise", by("second"), event_data("revise"))
    for name in ("propose", "second"):
        with pytest.raises(Refused, match="执笔人"):
            services.do(key, "review", by(name), event_data("review"))


def test_a_review_that_does_not_clear_is_refused(city):
    key = item(city.office, "proposed")
    for name in ("secrecy", "privacy"):
        with pytest.raises(Refused, match="没有通过"):
            services.do(key, "review", by("review"), event_data("review") | {name: "not_cleared"})


@pytest.mark.parametrize("leaf", ["3.1", "3.2", "3.3.1", "3.4.1", "3.5.1"])
def test_only_what_was_disclosed(city, leaf):
    key = served(city.office, leaf)
    if leaf in {"3.1", "3.2"}:
        assert services.propose(key, by("propose"), WORDS).state.outcome == leaf
        return
    with pytest.raises(Refused, match="予以公开、部分公开"):
        services.propose(key, by("propose"), WORDS)


def test_not_before_it_is_served(city):
    key = requests.receive(city.office, by("register"), APPLICATION).event.subject
    with pytest.raises(Refused, match="送达以后"):
        services.propose(key, by("propose"), WORDS)


def test_one_item_for_a_request_until_it_is_dropped_and_one_effect_for_a_key(city):
    key = served(city.office)
    first = services.propose(key, by("propose"), WORDS, files=[COPY], key="once")
    again = services.propose(key, by("propose"), WORDS, files=[COPY], key="once")
    assert again.repeated and again.event == first.event and first.state.number == "渝府办公目〔2021〕1号"
    with pytest.raises(Refused, match="已经列入目录"):
        services.propose(key, by("propose"), WORDS)
    services.do(first.event.subject, "drop", by("drop"), event_data("drop"))
    second = services.propose(key, by("propose"), WORDS)
    assert second.state.number == "渝府办公目〔2021〕2号"


def test_nothing_is_on_the_shelf_before_publication(city):
    for state in ("proposed", "returned", "reviewed", "dropped"):
        item(city.office, state)
    assert not Record.objects.exists()


def test_a_publication_stands_on_the_shelf_with_its_copies(city):
    key = item(city.office)
    row = Record.objects.get(pk=key)
    assert row.public and (row.kind, row.subject_kind, row.title) == ("disclosed", "disclosure", WORDS["title"])
    assert row.data == {"asked": WORDS["asked"], "answer": WORDS["answer"], "outcome": "3.1"}
    assert blobs.get(row.text).decode() == f"一、申请的内容\n{WORDS['asked']}\n二、答复的内容\n{WORDS['answer']}\n"
    assert not row.attribute  # no mark 依申请公开 on what everybody may read
    (copy,) = row.attachments
    assert copy["name"] == COPY.name and blobs.get(copy["digest"]) == COPY.content
    assert row.published_on == clock.today() and row.versions.count() == 1


def test_the_public_reads_the_old_text_until_the_correction_is_published(city):
    key = item(city.office, "amended")
    assert Record.objects.get(pk=key).data["answer"] == WORDS["answer"]
    services.do(key, "publish", by("publish"))
    row = Record.objects.get(pk=key)
    assert row.data["answer"] == event_data("amend")["answer"] and row.public and row.versions.count() == 2
    assert [one["name"] for one in row.attachments] == [COPY.name]  # files nobody touched stay


def test_a_correction_refused_leaves_everything_as_it_was(city):
    key = item(city.office, "amending")
    done = services.do(key, "send_back", by("send_back"), {"reason": "原文无误"})
    assert done.state.state == "published" and done.state.draft == done.state.shown
    assert Record.objects.get(pk=key).data["answer"] == WORDS["answer"]
    assert services.do(key, "amend", by("amend"), event_data("amend")).state.written_by == {"amend-officer"}


def test_what_is_withdrawn_is_no_longer_public(city):
    key = item(city.office, "withdrawn")
    row = Record.objects.get(pk=key)
    assert not row.public and row.withdrawn_on == clock.today() and row.withdrawn_why == "情况属实"


@pytest.mark.parametrize("event", ["propose", "revise", "amend"])
@pytest.mark.parametrize("name", ["name", "id_number", "phone"])
def test_a_wording_with_the_applicants_data_is_refused(city, event, name):
    told = APPLICATION[name]
    words = event_data(event) | {"answer": f"已提供给{' '.join(told)}"}
    if event == "propose":
        key = served(city.office)
        with pytest.raises(Invalid) as refusal:
            services.propose(key, by(event), words)
    else:
        key = item(city.office, "returned" if event == "revise" else "published")
        with pytest.raises(Invalid) as refusal:
            services.do(key, event, by(event), words)
    ((field, message),) = refusal.value.errors
    assert field == "answer" and "请删去" in message and told not in message


def test_a_copy_with_the_applicants_data_is_refused_and_not_kept(city, settings):
    key = served(city.office)
    for bad in (Upload("批复.txt", f"抄送：{APPLICATION['name']}".encode()), Upload("陈小明.txt", b"x")):
        with pytest.raises(Invalid, match="附件"):
            services.propose(key, by("propose"), WORDS, files=[bad])
    assert not Item.objects.exists() and not list((settings.HOME / "attachments").glob("*/*"))


def test_publishing_looks_again(city, monkeypatch):
    """A wording that slipped through (an older rule, say) is stopped at the last door."""
    with monkeypatch.context() as before:
        before.setattr(services, "_hold_against", lambda *_: None)
        done = services.propose(served(city.office), by("propose"), WORDS | {"asked": "陈小明申请的批复"})
    key = done.event.subject
    services.do(key, "review", by("review"), event_data("review"))
    with pytest.raises(Refused, match="申请人的姓名"):
        services.do(key, "publish", by("publish"))
    assert not Record.objects.exists()


def test_a_file_erased_before_publication_is_missed(city):
    key = item(city.office, "reviewed")
    attachments.erase(replay("disclosure", key).draft.files[0]["ref"])
    with pytest.raises(Refused, match="附件"):
        services.do(key, "publish", by("publish"))


def test_rebuild_gives_the_same_rows(city):
    for state in WAYS:
        item(city.office, state, title=f"申请公开第{len(state)}号批复")
    rows = [list(model.objects.order_by("pk").values()) for model in (Item, Record)]
    rebuild()
    assert rows == [list(model.objects.order_by("pk").values()) for model in (Item, Record)]


def test_when_retention_ends_nothing_of_the_applicant_is_left_here(city):
    """What is public stays; the suggestion and the sealed copies go; nothing can be written without a comparison."""
    key = item(city.office)
    request = Item.objects.get(key=key).request
    suggested = services.suggest(request, "涉及我家，请公开")
    reference = replay("disclosure", key).draft.files[0]["ref"]
    requests.do(request, "archive", by("archive"))
    with clock.at(NOW.replace(year=2060)):
        retention.propose(request, "期满", Actor("one", frozenset(ROLES)))
    with clock.at(NOW.replace(year=2061)):
        retention.approve(request, "期满", Actor("other", frozenset(ROLES)))
        followers.run_all()
        assert vault.peek(suggested.event.data["personal"]) == {} and not attachments.name_of(reference)
        row = Record.objects.get(pk=key)
        assert row.public and blobs.get(row.attachments[0]["digest"]) == COPY.content
        for command in (
            lambda: services.do(key, "amend", by("amend"), event_data("amend")),
            lambda: services.propose(request, by("propose"), WORDS),
        ):
            with pytest.raises(Refused, match="无法再与公开的内容核对"):
                command()


def test_an_item_under_work_keeps_its_request_from_being_erased(city):
    key = item(city.office, "proposed")
    request = Item.objects.get(key=key).request
    requests.do(request, "archive", by("archive"))
    with clock.at(NOW.replace(year=2060)), pytest.raises(Refused, match="未结的依申请公开信息目录"):
        retention.propose(request, "期满", Actor("one", frozenset(ROLES)))
