"""The end of retention: what names senders is gone by itself, for good; lines, published words and figures stay."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.cli import worker
from gongkai.figure import Ask, count
from gongkai.interaction import queries, repeats, retention, rules, survey_services
from gongkai.interaction.models import Choice, Message, Mistake, Submission
from gongkai.interaction.testing import MESSAGE, WAYS, close, drafted, sent
from gongkai.ledger import clock, followers
from gongkai.ledger.models import Secret
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import SYSTEM, act, replay
from gongkai.notices.models import Message as Notice
from gongkai.procedure import Refused

from .conftest import NOW

#: 2021 and three whole years.
OVER = datetime(2025, 1, 1, 4, tzinfo=UTC)
FAMILIES = [f"interaction.{name}" for name in ("messages", "mistakes", "surveys", "submissions")]
ENDED = {
    *(("message", state) for state in ("answered", "published", "withdrawn", "kept", "refused")),
    *(("mistake", state) for state in ("mended", "rejected", "referred")),
    ("submission", "over"),
}


@pytest.fixture
def cases(city, settings) -> dict[tuple[str, str], str]:
    """A case in each state, an opinion on a survey that is over, and one on a survey that is not."""
    settings.NOTICE_EMAIL = True
    keys = {(kind, state): sent(kind, city.office, state) for kind, ways in WAYS.items() for state in ways}
    over, waiting = drafted(city.office), drafted(city.office)
    for key, name in ((over, "over"), (waiting, "waiting")):
        told = {"q1": "建议写明罚则。", "name": "陈小明", "reach": "13800000000"}
        keys["submission", name] = survey_services.submit(key, told).event.subject
    with clock.at(NOW + timedelta(20)):
        close(over)
    followers.run("notices.outbox")
    return keys


def catch_up() -> None:
    for name in ("interaction.retention", "notices.retention"):
        followers.run(name)


def stays() -> list[object]:
    """What erasing leaves alone."""
    figures = count(Ask.year(None, 2021, date(2024, 12, 31)), FAMILIES)
    words = list(Message.objects.order_by("key").values("number", "state", "title", "heading", "question", "reply"))
    return [figures, words, list(Choice.objects.order_by("pk").values())]


def test_what_is_over_is_erased_and_nothing_else(city, cases):
    """Not a day too early, not what somebody still works on; once; the same when everything is rebuilt."""
    with clock.at(OVER - timedelta(1)):
        assert retention.erase_due() == 0
        before, notices = stays(), Notice.objects.count()
    with clock.at(OVER):
        assert retention.erase_due() == len(ENDED) and retention.erase_due() == 0
        catch_up()
        for (kind, state), key in cases.items():
            here = Secret.objects.filter(key__startswith=f"{kind}/{key}/").exists()
            gone = replay(kind, key).erased_on == OVER.date()
            assert (here, gone) == ((kind, state) not in ENDED, (kind, state) in ENDED), (kind, state)
        assert stays() == before and Notice.objects.count() < notices and verify().broken is None
        models = (Message, Mistake, Submission)
        rows = [list(model.objects.order_by("pk").values()) for model in models]
        rebuild()
        assert rows == [list(model.objects.order_by("pk").values()) for model in models]


def test_nobody_is_recognised_or_let_in_afterwards(city, cases):
    key = cases["message", "answered"]
    number, code = replay("message", key).number, queries.query_code("message", key)
    assert queries.by_code("message", number, code)
    with clock.at(OVER):
        retention.erase_due()
        catch_up()
        assert queries.by_code("message", number, code) is None and queries.by_code("message", number, "") is None
        found = {hint.row.key for hint in repeats.hints("cq-office", MESSAGE["title"], MESSAGE, but="")}
        assert found and not found & {cases[place] for place in ENDED}
        desk = Client()
        desk.force_login(city.people["disclosure"])
        page = desk.get(reverse("office:interaction:message", args=[key])).content.decode()
        assert "2025-01-01 保存期限届满，已经清除" in page and MESSAGE["content"] not in page
        assert desk.get(reverse("office:interaction:submission", args=[cases["submission", "over"]])).status_code == 200
        with pytest.raises(Refused, match="已经清除"):
            act("message", key, "erase", SYSTEM)


def test_the_worker_erases_once_a_day(city, cases):
    worker.erasing_of.cache_clear()
    with clock.at(OVER):
        assert worker.erasing_of(clock.today()) == len(ENDED)
    worker.erasing_of.cache_clear()


def test_without_a_period_nothing_is_erased(city, cases, settings, tmp_path):
    """A pack of before this rule says nothing of it: nothing goes until somebody says how long is kept."""
    (tmp_path / "interaction").mkdir()
    text = (rules._SHIPPED / "common.json").read_text().replace('"keep_years": 3', '"keep_years": 0')
    (tmp_path / "interaction" / "common.json").write_text(text)
    rules._packs.cache_clear()
    with clock.at(OVER + timedelta(5000)):
        assert retention.erase_due() == 0
    rules._packs.cache_clear()
