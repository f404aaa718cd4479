"""Who is told what: the table against the procedures, the audiences, the closed words; once and never lost."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongkai.ledger import clock, followers
from gongkai.ledger.models import Checkpoint, Event
from gongkai.ledger.services import SYSTEM
from gongkai.ledger.subjects import SUBJECTS
from gongkai.notices import outbox, wording
from gongkai.notices.audiences import holders
from gongkai.notices.models import APPLICANT, Message, Preference
from gongkai.notices.rules import PAGES, RULES, Audience
from gongkai.notices.services import Wish, set_wish
from gongkai.organs.models import Grant
from gongkai.organs.services import add_person, grant
from gongkai.organs.testing import small_city
from gongkai.remedies import services as remedies
from gongkai.remedies.testing import OPENING
from gongkai.requests import services
from gongkai.requests.testing import APPLICATION, event_data

OUTBOX = "notices.outbox"


def told(**of) -> set[tuple[str, str, str]]:
    """(recipient, channel, title) of every message."""
    return set(Message.objects.filter(**of).values_list("recipient", "channel", "title"))


def run() -> None:
    followers.run(OUTBOX)


def test_every_rule_names_an_event_of_its_procedure_and_a_page():
    for kind, rules in RULES.items():
        assert rules.keys() <= SUBJECTS[kind].procedure.events.keys()
        assert outbox.address(PAGES[kind], "cq-office-2021-00001")
        for row in rules.values():
            assert row and len({rule.audience for rule in row}) == len(row)


def test_words_are_closed():
    with pytest.raises(ValueError, match="占位符"):
        wording.check("{secret}")
    for text in ("{number.__class__}", "{number!r}", "{", "}", "{number:>99999}", "{0}"):
        with pytest.raises(ValueError):
            wording.check(text)
    assert wording.fill("{number}：{matter}{due}", {"number": "{due}", "matter": "甲"}) == "{due}：甲—"


def test_words_to_the_applicant_hold_nothing_anybody_wrote():
    for rules in RULES.values():
        for rule in (rule for row in rules.values() for rule in row if rule.audience is Audience.APPLICANT):
            assert "{matter}" not in rule.title + rule.text and "{document_number}" not in rule.title + rule.text


def test_a_case_from_hand_to_hand(city, enter):
    case = enter(("assign", "disclosure"))
    run()
    number = SUBJECTS["request"].fold(Event.objects.filter(subject=case).order_by("seq")).number
    assert told() == {
        (APPLICANT, "sms", "已收到您的申请"),
        ("handler", "inbox", f"交办申请：{number}"),
    }  # the registrar who entered it needs no message
    message = Message.objects.get(recipient="handler")
    assert message.url == f"/office/requests/{case}/" and "答复期限至 20" in message.text
    for event, role in (("accept", "handler"), ("draft", "handler"), ("review", "reviewer"), ("sign", "signatory")):
        services.do(case, event, city.actor(role), event_data(event))
    Message.objects.all().delete()
    run()
    assert told() == {
        ("reviewer", "inbox", f"答复待审核：{number}"),
        ("signatory", "inbox", f"答复待签发：{number}"),
        ("registrar", "inbox", f"答复待送达：{number}"),
        ("handler", "inbox", f"答复已签发：{number}"),
    }


@pytest.mark.parametrize(
    ("delivery", "contact", "channel"),
    [
        ("email", {"email": "a@example.com", "phone": "13800000000"}, "email"),
        ("web", {"phone": "13800000000"}, "sms"),
        ("mail", {"email": "a@example.com", "phone": "13800000000"}, "sms"),
        ("collect", {"email": "a@example.com", "phone": "023-63850000"}, "email"),
        ("mail", {"phone": "023-63850000"}, None),
    ],
)
def test_the_applicant_is_reached_by_one_channel(city, enter, delivery, contact, channel):
    enter(delivery=delivery, **({"phone": "", "email": ""} | contact))
    run()
    rows = Message.objects.filter(recipient=APPLICANT)
    assert [row.channel for row in rows] == ([channel] if channel else [])
    for row in rows:  # the address itself stands nowhere in the outbox
        assert all(value not in str(vars(row)) for value in contact.values()) and row.address.startswith("request/")


def test_a_channel_that_is_not_installed_queues_nothing(city, enter, settings):
    settings.NOTICE_EMAIL, settings.SMS_URL = False, ""
    set_wish(city.people["handler"], Wish(by_email=True, email="h@example.com"))
    enter(("assign", "disclosure"))
    run()
    assert {row.channel for row in Message.objects.all()} == {"inbox"}


def test_people_choose_channels_besides_the_inbox(city, enter):
    set_wish(city.people["handler"], Wish(by_email=True, by_sms=False, email="h@example.com", phone="13900000000"))
    enter(("assign", "disclosure"))
    run()
    assert {row.channel for row in Message.objects.filter(recipient="handler")} == {"inbox", "email"}
    assert Preference.objects.get().email and Message.objects.get(channel="email").address == "contact/handler"


def test_those_on_the_body_before_those_above(city):
    overseer = add_person("overseer", "总管", city.office, SYSTEM)
    grant(overseer, city.city, ["reviewer"], SYSTEM, below=True)
    assert [p.username for p in holders(city.office, "reviewer")] == ["reviewer"]
    assert [p.username for p in holders(city.department, "reviewer")] == ["overseer"]
    Grant.objects.filter(person=overseer).update(below=False)
    assert holders(city.department, "reviewer") == []


def test_reviews_and_complaints(city, enter):
    every = city.actor("handler")
    remedies.file_reconsideration(city.office, every, OPENING["reconsideration"] | {"request": ""})
    remedies.receive_complaint(city.office, every, OPENING["complaint"])
    run()
    assert {(who, title.partition("：")[0]) for who, _, title in told()} == {
        ("disclosure", "新的行政复议案件"),
        ("disclosure", "新的投诉举报"),
    }


def test_the_past_is_not_told(city, enter, settings):
    settings.NOTICE_DAYS = 3
    with clock.at(clock.now() - timedelta(days=4)):
        enter(("assign", "disclosure"))
    services.receive(city.office, city.actor("registrar"), APPLICATION, day=clock.today() - timedelta(days=5))
    run()
    assert not Message.objects.exists()


def test_a_command_pays_nothing_for_it(city, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        services.receive(city.office, city.actor("registrar"), APPLICATION)
    assert not callbacks and not Checkpoint.objects.filter(follower=OUTBOX).exists()


class Cut(Exception):
    """The power fails."""


class TestInterleavings(TestCase):
    """Any mixture of work, follower runs and power cuts leaves exactly the messages an undisturbed run makes."""

    def setUp(self):
        self.city = small_city()
        case = services.receive(self.city.office, self.city.actor("registrar"), APPLICATION)
        self.subject = case.event.subject

    @settings(max_examples=25)
    @given(st.lists(st.sampled_from(["work", "run", "cut 0", "cut 1", "cut 2", "forget"]), max_size=12))
    def test_each_message_once(self, steps):
        with transaction.atomic():
            moves = self.moves()
            for step in steps:
                self.take(step, moves)
            run()
            found = self.messages()
            Message.objects.all().delete()
            Checkpoint.objects.all().delete()
            for event in Event.objects.filter(subject_kind="request").order_by("id"):  # the slow oracle
                outbox.tell(event)
            assert found == self.messages()
            assert set(found.values()) == {1}
            transaction.set_rollback(True)

    def moves(self):
        for event, role in (
            ("assign", "disclosure"), ("accept", "handler"), ("draft", "handler"), ("send_back", "reviewer"),
            ("draft", "handler"), ("review", "reviewer"), ("sign", "signatory"), ("serve", "registrar"),
        ):  # fmt: skip
            services.do(self.subject, event, self.city.actor(role), event_data(event))
            yield

    def take(self, step, moves):
        if step == "work":
            next(moves, None)
        elif step == "run":
            run()
        elif step == "forget":  # a checkpoint restored from an older backup
            Checkpoint.objects.filter(follower=OUTBOX).update(last_id=0)
        else:
            self.cut_off(int(step.split()[1]))

    def cut_off(self, after: int):
        """A run that dies after so many messages were written."""
        real, written = outbox.post, [0]

        def post(rows):
            real(rows)
            written[0] += 1
            if written[0] > after:
                raise Cut

        outbox.post = post
        try:
            run()
        except Cut:
            pass
        finally:
            outbox.post = real

    def messages(self):
        return Counter(Message.objects.values_list("cause", "recipient", "channel", "title", "text"))
