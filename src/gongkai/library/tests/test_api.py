"""The read side of the API: what is public, in pages, and nothing else."""

import csv
import io
from datetime import date

import pytest

pytestmark = pytest.mark.django_db


def test_pages_cover_everything_public_once(client, publish, django_assert_max_num_queries):
    keys = {publish(title=f"办法{n}", published_on=date(2021, 1, 1 + n)) for n in range(5)}
    publish(title="草稿", public=False)
    pages = [client.get("/api/v1/records?size=2")]
    while pages[-1].json()["next"]:
        pages.append(client.get(pages[-1].json()["next"]))
    assert len(pages) == 3
    assert [one["key"] for page in pages for one in page.json()["records"]] == sorted(keys, reverse=True)
    assert pages[0].json()["total"] == 5 and pages[0].headers["Access-Control-Allow-Origin"] == "*"
    with django_assert_max_num_queries(4):
        client.get("/api/v1/records?size=200")


def test_filters_narrow_lists_and_csv_alike(client, city, publish):
    publish(title="预算", kind="budget", body=city.department, published_on=date(2019, 5, 1))
    ended = publish(title="旧办法", ceased_on=date(2021, 1, 1), ended_how="repealed")
    for query, title in (("kind=budget", "预算"), ("body=cq-plan", "预算"), ("year=2019", "预算"), ("validity=ended", "旧办法"),
                         ("since=2020-01-01", "旧办法")):  # fmt: skip
        assert [one["title"] for one in client.get(f"/api/v1/records?{query}").json()["records"]] == [title]
        text = b"".join(client.get(f"/api/v1/records.csv?{query}")).decode("utf-8-sig")
        assert [row["title"] for row in csv.DictReader(io.StringIO(text))] == [title]
    told = client.get("/api/v1/records?validity=ended").json()["records"][0]
    assert told["key"] == ended and told["validity"] == "repealed" and told["ceased_on"] == "2021-01-01"
    for query in ("year=1", "validity=x", "size=0", "since=2021-13-01"):
        answer = client.get(f"/api/v1/records?{query}")
        assert answer.status_code == 422 and answer.json()["errors"], query


def test_one_record_is_what_its_json_is_and_a_draft_is_missing(client, publish):
    key, draft = publish(), publish(public=False)
    assert client.get(f"/api/v1/records/{key}").json() == client.get(f"/records/{key}.json").json()
    assert client.get(f"/api/v1/records/{draft}").status_code == 404


def test_the_search_finds_the_public_only(client, publish):
    key = publish("轨道交通九号线", title="甲")
    publish("轨道交通九号线", title="乙", public=False)
    told = client.get("/api/v1/search?q=九号线").json()
    assert (
        [one["key"] for one in told["hits"]] == [key]
        and told["mode"] == "and"
        and told["facets"]["kind"] == {"policy": 1}
    )
    assert client.get("/api/v1/search", {"q": "年:abc"}).status_code == 422
