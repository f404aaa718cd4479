"""The balance of any scope and period, the two levels, and what the terminal says of them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai import figure
from gongkai.cli.main import main
from gongkai.figure import Ask
from gongkai.ledger import clock
from gongkai.ledger.services import Actor
from gongkai.norms import queries, services
from gongkai.norms.figures import TWO_LEVELS
from gongkai.norms.models import Norm
from gongkai.norms.queries import Balance
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES
from gongkai.organs.services import add_body
from gongkai.organs.testing import small_city

ALL = Actor("clerk", frozenset(ROLES))
LAST = date(2021, 12, 31)


@pytest.fixture
def city(db):
    with clock.at(datetime(2021, 12, 31, 4, tzinfo=UTC)):
        yield small_city()


def existing(body, count: int, **data) -> list[str]:
    taken = Norm.objects.filter(body=body).count()
    rows = [
        {
            "kind": "normative_document",
            "title": f"文件{n}",
            "issued_on": "2015-06-01",
            "document_number": f"渝府发〔2015〕{n}号",
        }
        | data
        for n in range(taken + 1, taken + count + 1)
    ]
    services.register_many(body, ALL, rows)
    return list(Norm.objects.filter(body=body).order_by("key").values_list("key", flat=True))[-count:]


def mixed(city) -> None:
    """Five kinds of fate in one year, on the city and its office."""
    one, two, *_ = existing(city.city, 5)
    services.do("norm", one, "repeal", ALL, {"by": "x"})
    services.do("norm", two, "declare_lapsed", ALL, {"by": "x"})
    existing(city.office, 2, valid_until="2021-06-30")
    existing(city.office, 3, issued_on="2021-02-01")
    existing(city.district, 4)
    existing(city.department, 6)


def test_balance_of_a_year(city):
    mixed(city)
    bodies = queries.bodies_of(city.city, "own")
    assert queries.balance(bodies, date(2021, 1, 1), LAST) == Balance(date(2021, 1, 1), LAST, 7, 3, 1, 1, 2, 6)
    everything = queries.balance(queries.bodies_of(city.city, "all"), date(2021, 1, 1), LAST)
    assert everything.in_force == 16 and everything.holds
    assert queries.balance(bodies, LAST, LAST).previous == 8
    with pytest.raises(ValueError, match="早于起始日"):
        queries.balance(bodies, LAST, date(2021, 1, 1))
    with CaptureQueriesContext(connection) as captured:
        queries.balance(bodies, date(2021, 1, 1), LAST)
    assert len(captured) == 1


days = st.integers(0, 60).map(lambda n: date(2021, 1, 1) + timedelta(n))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # every example undoes itself
@given(st.lists(st.tuples(days, days, st.sampled_from(["repealed", "lapsed", "expired", ""])), max_size=12), days, days)
def test_balance_equals_a_count_on_fingers(db, fates, one, other):
    """Against lists in memory: who stood the evening before, who came, who went and how, who stands."""
    from django.db import transaction

    from gongkai.ledger.tally import OPEN
    from gongkai.norms.models import NormTally

    first, last = sorted((one, other))
    with transaction.atomic():
        body = add_body("x", "某市人民政府", "government")
        rows = []
        for n, (issued, ends, how) in enumerate(fates, 1):
            rows.append((issued, max(issued, ends) if how else OPEN, how))
            known = {"known_from": datetime(2021, 1, 1, tzinfo=UTC), "body": body, "kind": "regulation"}
            NormTally.objects.create(
                id=n, subject=str(n), issued_on=rows[-1][0], ceased_on=rows[-1][1], ceased_how=how, **known
            )
        found = queries.balance(Body.objects.filter(key="x"), first, last)
        transaction.set_rollback(True)
    evening = first - timedelta(1)
    stood = {n for n, (issued, ends, _) in enumerate(rows) if issued <= evening and not ends <= evening}
    came = {n for n, (issued, _, _) in enumerate(rows) if evening < issued <= last}
    left = {n: how for n, (_, ends, how) in enumerate(rows) if evening < ends <= last}
    stand = {n for n, (issued, ends, _) in enumerate(rows) if issued <= last and not ends <= last}
    counted = [sum(how == word for how in left.values()) for word in ("repealed", "lapsed", "expired")]
    assert found == Balance(first, last, len(stood), len(came), *counted, len(stand)) and found.holds


def test_two_levels_are_governments_and_their_offices(city):
    mixed(city)
    office = add_body("cq-yuzhong-office", "重庆市渝中区人民政府办公室", "office", city.district)
    existing(office, 7)
    existing(add_body("cq-town", "某镇人民政府", "township", city.district), 8)
    for body, expected in ((city.city, 6 + 4 + 7), (city.office, 6 + 4 + 7), (city.district, 4), (city.department, 0)):
        from gongkai.organs.queries import counted

        ask = Ask.year(counted(body), 2021)
        assert figure.count(ask, ["norms.two_levels"])[TWO_LEVELS] == expected, body
        rows = figure.rows(ask, TWO_LEVELS)
        assert rows.count() == expected
    assert figure.count(Ask.year(None, 2021), ["norms.two_levels"])[TWO_LEVELS] == 17


def status(capsys, *words: str) -> tuple[int, str, str]:
    code = main(["norms", "status", *words])
    return code, *capsys.readouterr()


def test_the_terminal_tells_status_and_balance(city, capsys):
    mixed(city)
    code, said, _ = status(capsys, "--body", "cq", "--on", "2021-12-31", "--scope", "own", "--json", "--list")
    found = json.loads(said)
    assert code == 0 and (found["in_force"], found["scope"], found["on"]) == (6, "own", "2021-12-31")
    assert found["statuses"]["repealed"] == {"label": "废止", "count": 1}
    assert found["balance"]["holds"] and found["balance"]["previous"] == 7
    assert found["kinds"]["normative_document"]["balance"]["expired"] == 2
    assert found["kinds"]["regulation"]["in_force"] == 0
    assert len(found["norms"]) == 10 and found["norms"][0]["label"] in {"废止", "有效", "宣布失效", "失效（期满）"}
    code, said, _ = status(capsys, "--body", "cq", "--on", "2021-12-31", "--scope", "all")
    assert code == 0 and "现行有效 16 件" in said and "（成立）" in said
    code, said, _ = status(capsys, "--body", "cq", "--on", "2020-12-31", "--json")
    assert json.loads(said)["in_force"] == 7


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--body", "nobody"), "没有标识为“nobody”的机关"),
        (("--body", "cq", "--on", "x"), "不是有效的日期"),
        (("--body", "cq", "--on", "2021-01-01", "--since", "2021-02-01"), "早于起始日"),
    ],
)
def test_bad_input_is_said(city, capsys, words, message):
    code, _, error = status(capsys, *words)
    assert code == 2 and message in error
