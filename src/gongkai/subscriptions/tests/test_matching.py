"""From publication to the mailbox: what fits, when it is sent, once, and never what was withdrawn."""

from datetime import timedelta

import pytest

from gongkai import figure
from gongkai.figure import Ask
from gongkai.ledger import clock, followers
from gongkai.ledger.models import Checkpoint
from gongkai.library import indexing
from gongkai.notices.models import Message
from gongkai.records import services as records
from gongkai.sites import filling
from gongkai.sites import services as columns
from gongkai.sites.testing import COLUMN, by, site
from gongkai.subscriptions import contacts, matching, services
from gongkai.subscriptions.models import Hit, Subscription
from gongkai.subscriptions.services import Wish
from gongkai.subscriptions.testing import EMAIL, publish, subscription, work

from .conftest import text_of

pytestmark = pytest.mark.django_db


def digests(post):
    return [mail for mail in post() if "更新" in str(_subject(mail))]


def _subject(mail) -> str:
    from email.header import decode_header, make_header

    return str(make_header(decode_header(mail["Subject"])))


def test_from_asking_to_the_letter_and_out(city, post, client):
    """The whole way: the confirmation, the letter, its headers, the one click."""
    key = subscription("pending")
    (ask,) = post()
    assert f"https://www.cq.example/subscribe/{key}/{contacts.of(key).code}/" in text_of(ask)
    assert _subject(ask).startswith("请确认订阅") and "会议" in text_of(ask)
    publish(city.office, "确认以前的会议")
    assert work() == 0
    services.confirm(key)
    record = publish(city.office)
    publish(city.office, "轨道交通通知", kind="policy")
    assert work() == 1 and work() == 0
    (mail,) = digests(post)
    said = text_of(mail)
    assert "市政府第一次常务会议" in said and f"https://www.cq.example/records/{record}/" in said
    assert "确认以前的会议" not in said and "轨道交通通知" not in said
    leave = f"https://www.cq.example/subscribe/{key}/{contacts.of(key).code}/leave/"
    assert (
        mail["List-Unsubscribe"].strip() == f"<{leave}>"
        and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    )
    assert leave in said and mail["To"] == EMAIL
    day = clock.today()
    assert figure.count(Ask(None, day, day), ["subscriptions.mails"]) == {"subscription_mails": 1}
    assert not Message.objects.filter(text__contains="常务会议").exists()  # nothing of it lies in the outbox
    assert not Message.objects.filter(text__contains=contacts.of(key).code).exists()


def test_every_sort_must_fit_and_words_as_the_search_finds_them(city):
    publish(city.office, "旧的会议")  # gives the office a place among the bodies on offer
    publish(city.department, "发改委会议")
    where = site(city.office)
    column = {"slug": "office", "kind": "query", "kinds": ["policy"], "body": "cq-office"}
    columns.create_column(where, by("create"), COLUMN | column)
    work()
    wishes = {
        "kind": Wish(kinds=("meeting",)),
        "kinds": Wish(kinds=("meeting", "policy")),
        "body": Wish(bodies=("cq-office",)),
        "both": Wish(kinds=("policy",), bodies=("cq-plan",)),
        "topic": Wish(topics=("rural", "business")),
        "column": Wish(columns=("main_office",)),
        "words": Wish(query="九号线"),
        "words of a body": Wish(query="九号线", bodies=("cq-plan",)),
        "other words": Wish(query="九号线 隧道"),
    }
    keys = {name: subscription(wish=wish) for name, wish in wishes.items()}
    made = {
        "m": publish(city.office, "九号线专题会议"),
        "p": publish(city.department, "九号线通知", kind="policy", topics="rural"),
        "c": publish(city.office, "乡村通知", kind="policy", topics="rural"),
    }
    work()
    names = {key: name for name, key in made.items()}
    told = {
        name: "".join(
            sorted(names[one] for one in Hit.objects.filter(subscription=key).values_list("record", flat=True))
        )
        for name, key in keys.items()
    }
    assert told["kind"] == "m" and told["kinds"] == "cmp" and told["body"] == "cm" and told["both"] == "p"
    assert told["topic"] == "cp" and told["column"] == "c"
    assert told["words"] == "mp" and told["words of a body"] == "p" and told["other words"] == ""


def test_a_record_is_told_of_once(city, post):
    subscription()
    key = publish(city.office)
    work()
    clerk = city.actor("disclosure")
    records.do(key, "withdraw", clerk, {"reason": "有误"})
    records.do(key, "republish", clerk, {"secrecy": "cleared", "reason": "已更正"})
    Checkpoint.objects.filter(follower="subscriptions.arrivals").update(last_id=0)
    work(), work()
    assert len(digests(post)) == 1 and Hit.objects.count() == 1


@pytest.mark.parametrize("moment", ["matched", "written"])
def test_what_was_withdrawn_is_never_mailed(city, post, moment):
    """Withdrawn before the digest is written, or after: it is in no letter; a letter with nothing left is not sent."""
    post()
    wish = Wish(kinds=("meeting",), frequency="daily" if moment == "matched" else "at_once")
    alone = subscription(wish=Wish(kinds=("policy",), frequency=wish.frequency))
    subscription(wish=wish)
    gone, kept = publish(city.office, "撤下的会议"), publish(city.office, "留下的会议")
    only = publish(city.office, "撤下的通知", kind="policy")
    work()
    for key in (gone, only):
        records.do(key, "withdraw", city.actor("disclosure"), {"reason": "有误"})
    with clock.at(clock.now() + timedelta(days=1)):
        work()
        (mail,) = digests(post)
    assert "留下的会议" in text_of(mail) and "撤下" not in text_of(mail) and kept
    assert not Message.objects.filter(
        recipient=f"@reader/{alone}", state__in=("failed", "sent"), cause__contains="digest"
    )


def test_what_an_import_brings_from_the_past_is_not_news(city):
    subscription()
    publish(city.office, "旧会议", published_on="2019-05-01")
    assert work() == 0 and not Hit.objects.exists()


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [("at_once", [0, 19, 43, 93]), ("daily", [20, 44, 116]), ("weekly", [164])],
)
def test_how_often(city, frequency, expected):
    """Hours after Monday noon: what becomes public is told at once, at the next eight o'clock, or next Monday at eight."""
    subscription(wish=Wish(kinds=("meeting",), frequency=frequency))
    begin, sent = clock.now(), []
    for hour in (0, 19, 20, 43, 44, 92, 93, 116, 163, 164, 165, 191):
        with clock.at(begin + timedelta(hours=hour)):
            if hour in (0, 19, 43, 93):
                publish(city.office, f"会议{hour}")
            sent += [hour] if work() else []
    assert sent == expected


def test_letters_that_come_back_stop_it_and_it_can_be_taken_up_again(city, post):
    key = subscription()
    post()
    post.server.answer = lambda address: "550 no such user"
    for n in range(3):
        publish(city.office, f"第{n}次会议")
        work(), post()
    work()
    assert Subscription.objects.get(key=key).state == "stopped"
    publish(city.office, "停发以后的会议")
    assert work() == 0
    post.server.answer = lambda address: "250 OK"
    services.resume(key)
    assert work() == 1
    said = text_of(digests(post)[-1])
    assert all(f"第{n}次会议" in said for n in range(3)) and Subscription.objects.get(key=key).state == "active"


def test_nothing_waits_for_who_left(city, post):
    key = subscription()
    publish(city.office)
    work()
    services.leave(key)
    assert not digests(post) and not Hit.objects.filter(message=None).exists()


def test_the_number_of_queries_does_not_grow(city, django_assert_max_num_queries):
    for n in range(12):
        subscription(wish=Wish(kinds=("meeting",), query="会议", frequency="weekly"), email=f"r{n}@example.com")
    for n in range(6):
        publish(city.office, f"第{n}次会议")
    followers.run_all(), indexing.drain(), filling.keep_up()
    with django_assert_max_num_queries(15):  # one of them asks whether the words of the search moved
        assert matching.match() == 6
    assert Hit.objects.count() == 72
