"""What is published already is shown before sending, and both endings are counted."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai import figure
from gongkai.figure import Ask
from gongkai.library import indexing
from gongkai.library.models import Waiting
from gongkai.norms import services as norms
from gongkai.norms import testing as norms_testing
from gongkai.organs.models import Body
from gongkai.organs.testing import City
from gongkai.requests import suggestions
from gongkai.requests.models import Deflection, Request
from gongkai.requests.tests.public import MONDAY, NEW, PRIVATE, city, kept, send, text, to_check
from gongkai.requests.tests.test_procedure import by

__all__ = ["city"]


@pytest.fixture
def norm(city: City) -> str:
    data = norms_testing.event_data("norm", "register_existing") | {"title": "重庆市轨道交通九号线建设规划"}
    done = norms.register_existing(city.office, by("register"), data)
    Waiting.objects.create(record=done.event.subject)
    indexing.drain()
    return done.state.title


def test_published_things_are_shown_and_both_ends_counted(norm: str, client: Client) -> None:
    page = to_check(client)
    assert norm in text(page) and "这就是我要的，不再申请" in text(page)
    for _ in range(2):  # a double click
        found = client.post(NEW, {"kept": kept(page), "at": "check", "go": "found"}, follow=True)
        assert "没有提交申请" in text(found)
    assert not Request.objects.exists()
    assert list(Deflection.objects.values_list("outcome", "shown", "body")) == [("found", 1, "cq-office")]
    send(client, to_check(client))
    assert sorted(Deflection.objects.values_list("outcome", flat=True)) == ["found", "sent"]
    ask = Ask(Body.objects.filter(key="cq-office"), MONDAY.date(), MONDAY.date())
    assert figure.count(ask, ["requests.deflected"]) == {"requests_deflected": 1}
    assert [row.outcome for row in figure.rows(ask, "requests_deflected")] == ["found"]
    kept_of_it = " ".join(str(row) for row in Deflection.objects.values_list())
    assert not any(one in kept_of_it for one in PRIVATE)


def test_nothing_shown_is_nothing_counted(norm: str, client: Client) -> None:
    page = to_check(client, what={"title": "垃圾分类收费标准", "content": "请公开"})
    assert norm not in text(page) and "这就是我要的" not in text(page)
    send(client, page)
    client.post(
        NEW,
        {"kept": kept(to_check(client, what={"title": "垃圾分类", "content": "收费"})), "at": "check", "go": "found"},
    )
    assert Deflection.objects.filter(outcome="found").count() == 0


def test_repealed_norms_are_not_suggested(norm: str, city: City) -> None:
    from gongkai.ledger.services import act
    from gongkai.norms.models import Norm

    assert [item.label for item in suggestions.suggest("轨道交通九号线规划")] == [norm]
    act("norm", Norm.objects.get().key, "repeal", by("repeal"), data=norms_testing.event_data("norm", "repeal"))
    assert suggestions.suggest("轨道交通九号线规划") == []


def test_suggestions_cost_one_query_a_source(norm: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        suggestions.suggest("轨道交通九号线二期规划批复" * 5, "规划" * 5000)
    assert len(queries) <= 4
