"""The read side for machines: cursors, days, the right to rows, validators, other origins, limits."""

import csv
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.api import reads, services
from gongkai.api.cors import READABLE
from gongkai.ledger.services import SYSTEM
from gongkai.library.testing import shelve
from gongkai.norms import services as norms
from gongkai.norms import testing as norms_testing
from gongkai.organs.testing import small_city
from gongkai.records.models import Record
from gongkai.reporting.testing import bring
from gongkai.sites import filling
from gongkai.sites import services as columns
from gongkai.sites.testing import COLUMN, by, site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh():
    reads._counts.clear()


@pytest.fixture
def city(db):
    return small_city()


def whole(client, url: str, name: str) -> list[dict]:
    """Every row of a list, page by page."""
    found: list[dict] = []
    while url:
        page = client.get(url).json()
        found += page[name]
        url = page["next"]
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    days=st.lists(st.none() | st.integers(1, 4), max_size=9),
    size=st.integers(1, 4),
    sort=st.sampled_from(["-published_on", "published_on", "-written_on", "title"]),
)
def test_pages_hold_every_row_once_while_rows_come(city, client, days, size, sort):
    """Rows with and without a day, in every order; one that comes while somebody reads disturbs nobody."""
    Record.objects.all().delete()
    keys = {shelve(city.office, published_on=d and date(2021, 1, d), written_on=d and date(2020, 1, d)) for d in days}
    url, seen, newest = f"/api/v1/records?size={size}&sort={sort}", [], ""
    while url:
        page = client.get(url).json()
        seen += [one["key"] for one in page["records"]]
        url = page["next"]
        if not newest:
            shelve(city.office, public=False)
            newest = shelve(city.office, published_on=date(2022, 1, 1), written_on=date(2022, 1, 1), title="零")
    assert len(seen) == len(set(seen)) and keys <= set(seen)
    values = [Record.objects.get(key=key).published_on for key in seen if key in keys]
    known = [day for day in values if day]
    if sort == "-published_on":
        assert known == sorted(known, reverse=True) and values == known + [None] * (len(values) - len(known))
    assert newest


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "bnVsbA", "WyJ0aXRsZSIsdHJ1ZSwxLDJd", "////", "WyJwdWJsaXNoZWRfb24iLHRydWUsIngiLCJhIl0"]
)
def test_a_cursor_of_another_list_is_refused_in_chinese(city, client, cursor):
    answer = client.get("/api/v1/records", {"after": cursor})
    assert answer.status_code == 422 and "next" in answer.json()["errors"][0]["message"]


def test_norms_as_they_stand_on_a_day(city, client, django_assert_max_num_queries):
    key = norms.register_existing(
        city.office, by("enter"), norms_testing.event_data("norm", "register_existing")
    ).event.subject
    row = client.get("/api/v1/norms").json()["norms"][0]
    assert row["key"] == key and row["status"] and row["url"].endswith(f"/records/{key}/")
    issued = date.fromisoformat(row["issued_on"])
    assert client.get("/api/v1/norms", {"on": issued.replace(year=issued.year - 1)}).json()["total"] == 0
    one = client.get(f"/api/v1/norms/{key}").json()
    assert one["status"] == row["status"] and one["texts"] == [] and one["on"] == row["on"]
    before = client.get(f"/api/v1/norms/{key}", {"on": "1990-01-01"}).json()
    assert before["status"] == "unissued" and before["text"] == ""
    assert client.get("/api/v1/norms/no-such").status_code == 404
    assert client.get("/api/v1/norms", {"on": "1066-10-14"}).status_code == 422
    with django_assert_max_num_queries(3):
        assert [one["key"] for one in _csv(client, "/api/v1/norms.csv")] == [key]


def _csv(client, url: str) -> list[dict]:
    text = b"".join(client.get(url)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_lists_and_their_csv_hold_the_same(city, client, settings, tmp_path):
    settings.HOME = tmp_path
    bring(city.office, 2020, "published")
    bring(city.department, 2020, "draft")
    for name, most in (("bodies", 4), ("reports", 1), ("figures", None)):
        key = "id" if name == "figures" else "key"
        rows = (
            client.get("/api/v1/figures").json()["figures"]
            if most is None
            else whole(client, f"/api/v1/{name}?size=1", name)
        )
        assert [one[key] for one in rows] == [one[key] for one in _csv(client, f"/api/v1/{name}.csv")]
        assert most is None or len(rows) == most
    told = client.get("/api/v1/reports/cq-office/2020").json()
    assert told["report"]["year"] == 2020 and len(told["figures"]) > 200 and told["sections"]["1"]
    assert client.get("/api/v1/reports/cq-plan/2020").status_code == 404  # a draft
    assert client.get("/api/v1/bodies?kind=district&under=cq").json()["bodies"][0]["key"] == "cq-yuzhong"


def test_figures_with_values_for_all_and_rows_for_who_may(city, client, settings, tmp_path):
    settings.HOME = tmp_path
    bring(city.office, 2020, "published")
    told = client.get("/api/v1/figures/t3.1.total?year=2020").json()
    value = next(one for one in told["values"] if one["body"] == "cq-office")
    assert told["definition"] and value["value"] == 0 and value["report"].endswith("/reports/cq-office/2020/")
    assert client.get("/api/v1/figures/no-such").status_code == 404
    _, wrong = services.make("reader", ["status"], SYSTEM)
    _, right = services.make("figures", ["figures"], SYSTEM)
    shelve(city.office)
    address = "/api/v1/figures/t2.normative_document.in_force/rows?body=cq-office"
    answers = [client.get(address, headers=_bearer(one)).status_code for one in ("", "gk_x", wrong)]
    assert answers == [401, 401, 403]
    key = norms.register_existing(
        city.office, by("enter"), norms_testing.event_data("norm", "register_existing")
    ).event.subject
    rows = client.get(address, headers=_bearer(right)).json()
    assert [one["key"] for one in rows["rows"]] == [key] and rows["columns"]["title"] == "标题"
    assert rows["rows"][0]["told"]["body"] == "重庆市人民政府办公厅"
    for query in ("body=no", "body=cq-office&since=2022-01-02&until=2022-01-01", "body=cq-office&until=2199-01-01", ""):
        url = f"/api/v1/figures/t3.1.total/rows?{query}"
        assert client.get(url, headers=_bearer(right)).status_code == 422


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def test_columns_of_sites_and_what_stands_in_them(city, client, django_assert_max_num_queries):
    keys = [shelve(city.office, published_on=date(2021, 1, n)) for n in (1, 2, 3)]
    where = site(city.office)
    column = {"slug": "policies", "kind": "query", "kinds": ["policy"]}
    columns.create_column(where, by("create"), COLUMN | column)
    filling.keep_up()
    (told,) = client.get("/api/v1/columns?site=main").json()["columns"]
    assert told["key"] == "main_policies" and told["url"].endswith("/c/policies/")
    rows = whole(client, "/api/v1/columns/main_policies/records?size=2", "records")
    assert [one["key"] for one in rows] == keys[::-1]
    Record.objects.filter(key=keys[0]).update(public=False)
    with django_assert_max_num_queries(4):
        page = client.get("/api/v1/columns/main_policies/records").json()
    assert [one["key"] for one in page["records"]] == keys[:0:-1] and page["total"] == 2
    assert client.get("/api/v1/columns/main_none/records").status_code == 404


def test_asking_again_costs_little(city, client):
    shelve(city.office)
    for url in ("/api/v1/records", "/api/v1/records.csv", "/api/v1/bodies", "/api/v1/openapi.json"):
        first = client.get(url)
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate" and first["Last-Modified"]
        again = client.get(url, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304 and not b"".join(again), url
        assert client.get(url, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert "Last-Modified" not in client.get("/api/v1/search?q=x")
    tag = client.get("/api/v1/records")["ETag"]
    shelve(city.office)
    assert client.get("/api/v1/records", headers={"If-None-Match": tag}).status_code == 200
    assert client.get("/api/v1/requests/x?code=y")["Cache-Control"] == "no-store"


def test_pages_of_other_sites_may_read_and_nothing_else(city, client, settings):
    other = {"Origin": "https://data.example", "Access-Control-Request-Method": "GET"}
    shelve(city.office, key="cq-office-x")
    open_, closed = (
        ["/api/v1/records", "/records/cq-office-x.json", "/records/feed.atom"],
        ["/api/v1/requests/x", "/", "/office/", "/office/x.csv"],
    )
    for url in open_:
        assert client.get(url, headers=other)["Access-Control-Allow-Origin"] == "*"
        before = client.options(url, headers=other)
        assert before.status_code == 204 and before["Access-Control-Allow-Methods"] == "GET"
        assert "Authorization" not in before["Access-Control-Allow-Headers"]
    for url in closed:
        for answer in (client.get(url, headers=other), client.options(url, headers=other)):
            assert "Access-Control-Allow-Origin" not in answer and "Access-Control-Allow-Credentials" not in answer
    settings.CORS_ORIGINS = ["https://data.example"]
    told = client.get("/api/v1/records", headers=other)
    assert told["Access-Control-Allow-Origin"] == "https://data.example" and "Origin" in told["Vary"]
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/records", headers={"Origin": "https://x.example"})
    assert not READABLE.fullmatch("/office/requests/x.json") and not READABLE.fullmatch("/api/v1/requests")


def test_who_reads_too_often_waits(city, client, settings):
    settings.API_READS_PER_MINUTE = 3
    answers = [client.get("/api/v1/bodies") for _ in range(4)]
    assert [one.status_code for one in answers[:3]] == [200] * 3
    assert (
        answers[3].status_code == 429
        and answers[3]["Retry-After"]
        and "批量下载" in answers[3].json()["errors"][0]["message"]
    )
    assert client.get("/api/v1/bodies", REMOTE_ADDR="10.9.9.9").status_code == 200


def test_nothing_withheld_is_read(city, client):
    """A draft, and what was withdrawn: in no list, no file and no single answer."""
    hidden = [
        shelve(city.office, public=False, title="不公开的标题"),
        shelve(city.office, public=False, title="不公开的标题", withdrawn_on=date(2021, 5, 1)),
    ]
    for url in ("records", "records.csv", "norms", "search?q=标题", *(f"records/{key}" for key in hidden)):
        answer = client.get(f"/api/v1/{url}")
        text = b"".join(answer).decode()
        assert "不公开的标题" not in text and not any(f"/records/{key}/" in text for key in hidden)
