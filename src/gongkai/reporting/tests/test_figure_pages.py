"""Public pages of figures and of reports side by side: the numbers on them are the figures, the same for everybody."""

import csv
import io
import re
import time
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai import figure
from gongkai.bake.families import families
from gongkai.bake.rendering import render
from gongkai.ledger import clock
from gongkai.reporting import dashboard, figure_pages, years
from gongkai.reporting.pages import baked
from gongkai.reporting.testing import bring

from .conftest import NEW_YEAR_2022


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


CHECKS = []


def check(function):
    """One statement about the published pages."""
    CHECKS.append(function)
    return function


def test_the_public_pages(client, city, subtests):
    """Two bodies' reports are published once; then every statement about the pages."""
    bring(city.office, 2020, "published")
    bring(city.office, 2021, "published")
    bring(city.district, 2021, "published")
    for function in CHECKS:
        with subtests.test(function.__name__.replace("_", " ")):
            function(client, city)


@check
def the_numbers_on_a_dashboard_are_the_figures(client, published):
    for address, values in (
        ("/figures/2021/", years.of_year(2021).values),
        ("/figures/2021/cq-office/", years.of_body(published.office, 2021).values),
    ):
        shown = text(client, address)
        for name, _, _ in dashboard.HEADLINES:
            value = dashboard.shown(name, values)
            if value is not None:
                assert re.search(rf'href="/figures/about/{re.escape(name)}/"><strong>{value:,}<', shown), (
                    address,
                    name,
                )
        for name, label in (*dashboard.DISCLOSED, *dashboard.ASKED, *dashboard.REMEDIED):
            value = dashboard.shown(name, values)
            if value is not None:
                assert f'href="/figures/about/{name}/">{label}</a></th><td class="n"><b>{value:,}</b>' in shown, name
        assert shown.count("<svg") >= 2 and "style=" not in shown
    assert "1 个机关没有公布" not in text(client, "/figures/2021/")
    assert client.get("/figures/2019/").status_code == client.get("/figures/2021/no-body/").status_code == 404
    assert client.get("/figures/2021/cq/").status_code == 404  # the office speaks for it


@check
def data_of_pages(client, published):
    data = client.get("/figures/2021/cq-office.json").json()
    values = years.of_body(published.office, 2021).values
    assert data["figures"]["t3.1.total"] == values["t3.1.total"] and data["report"] == "/reports/cq-office/2021/"
    assert {body["body"] for body in client.get("/figures/2021.json").json()["bodies"]} >= {"cq-office", "cq-yuzhong"}
    one = client.get("/figures/about/t3.1.total.json").json()
    assert {(row["body"], row["year"]): row["value"] for row in one["values"]}["cq-office", 2021] == values[
        "t3.1.total"
    ]
    for address in (
        "/figures/2021.csv",
        "/figures/2021/cq-office.csv",
        "/figures/about.csv",
        "/figures/about/t3.1.total.csv",
        "/reports/all.csv",
    ):
        rows = list(csv.reader(io.StringIO(text(client, address).removeprefix("\ufeff"))))
        assert len(rows) > 1 and len({len(row) for row in rows}) == 1
    assert len(client.get("/figures/about.json").json()["figures"]) == len(figure.figures())
    assert client.get("/figures/about/no.such.json").status_code == client.get("/figures/2021.xml").status_code == 404


@check
def every_figure_is_found_and_has_its_page(client, published):
    whole = text(client, "/figures/about/")
    for one in figure.figures():
        assert f'href="/figures/about/{one.id}/"' in whole
    found = text(client, "/figures/search/?q=复议 纠正")
    assert "t4.reconsideration.corrected" in found and "t3.1.total" not in found
    assert "没有找到" in text(client, "/figures/search/?q=<script>") and "<script>" not in text(
        client, "/figures/search/?q=<script>"
    )
    shown = text(client, "/figures/about/answered_on_time_rate/")
    assert "/figures/about/requests_answered_on_time/" in shown and "算法" in shown
    shown = text(client, "/figures/about/t3.3.1.total/")
    assert "年度报告表三" in shown and "/office/reporting/figures/t3.3.1.total/?body=" in shown


@check
def reports_side_by_side(client, published):
    old, new = (years.of_body(published.office, year).values for year in (2020, 2021))
    shown = text(client, "/reports/cq-office/compare/")
    for name in ("t3.1.total", "t2.regulation.in_force", "t4.direct_suit.upheld"):
        assert f'/reports/cq-office/2020/#{name}">{old[name]:,}</a>' in shown
        assert f'/reports/cq-office/2021/#{name}">{new[name]:,}</a>' in shown
    change = new["t3.1.total"] - old["t3.1.total"]
    assert (f"{'+' if change > 0 else '−'}{abs(change)}" if change else "持平") in shown
    assert shown.count('scope="row"') >= 50
    shown = text(client, "/reports/cq-office/compare/2020/2021/")
    assert shown.count('href="/figures/about/t3.') == 175 and f"（{'+' if change > 0 else '−'}{abs(change)}）" in shown
    for address in (
        "/reports/cq-office/compare/2021/2020/",
        "/reports/cq-plan/compare/",
        "/reports/nobody/",
        "/reports/2018/",
    ):
        assert client.get(address).status_code == 404
    shown = text(client, "/reports/2021/")
    assert f'/reports/cq-office/2021/#t3.1.total">{new["t3.1.total"]:,}</a>' in shown and "1月31日前公布" in shown
    assert "历年对照" in text(client, "/reports/cq-office/")


@check
def every_baked_page_can_be_baked_and_says_what_it_is_made_of(client, published):
    """Every address is a page, twice the same; the running year expires tomorrow, a closed one only when published anew."""
    tomorrow = date(2022, 1, 11)
    mine = [family for family in families() if family in baked]
    assert len(mine) == len(baked)
    addresses = [address for family in mine for address in family.addresses()]
    assert len(addresses) == len(set(addresses)) > 700
    sample = [one for one in addresses if not one.startswith("/figures/about/")] + figure_pages.addresses_of(
        "cq-office", 2021
    )
    sample += ["/figures/about/", "/figures/about/t3.1.total/", "/figures/about/t3.1.total.json", "/figures/about.csv"]
    made = {address: render(address) for address in sample}
    assert not [address for address, page in made.items() if page is None]
    again = {address: render(address) for address in ("/figures/2021/", "/figures/about/t3.1.total/", "/reports/")}
    assert all(again[address].content == made[address].content for address in again)
    with years.together(sample):
        for address in (
            "/figures/2021/",
            "/figures/2022/cq-office/",
            "/figures/about/t3.1.total/",
            "/figures/about.csv",
        ):
            page, alone = render(address), made.get(address) or render(address)
            assert (page.content, page.until) == (alone.content, alone.until) and page.keys >= alone.keys
    assert made["/figures/2021/"].until == made["/figures/about/t3.1.total/"].until == tomorrow
    assert (
        made["/figures/2020/cq-office/"].until == date(2023, 1, 2)
        and "report:cq-office-2020" in made["/figures/2020/cq-office/"].keys
    )
    assert "reports" in made["/figures/2021/"].keys and "reports" in made["/reports/"].keys
    born = {address for family in mine for address in family.born("report:cq-office-2021")}
    assert {"/reports/cq-office/2021/", "/figures/2021/cq-office/", "/reports/cq-office/compare/"} <= born
    assert not [family for family in mine if list(family.born("record:x"))]


def test_publishing_touches_what_shows_the_report(town):
    from gongkai.bake.models import Touched

    bring(town.office, 2021, "frozen")
    assert not Touched.objects.filter(key__startswith="report").exists()
    bring(town.district, 2021, "published")
    assert set(Touched.objects.filter(key__startswith="report").values_list("key", flat=True)) == {
        "report:cq-yuzhong-2021", "reports",
    }  # fmt: skip


@check
def pages_are_quick_and_ask_little(client, published):
    families_ = len(figure.FAMILIES)
    for address, most in (
        ("/reports/", 5), ("/reports/cq-office/2021/", 3), ("/reports/cq-office/compare/", 4), ("/reports/2021/", 12 + 3 * families_),
        ("/figures/about/t3.1.total/", 36), ("/figures/2021/", 8 + 3 * families_), ("/figures/2021/cq-office/", 12 + 3 * families_),
        ("/", 40),
    ):  # fmt: skip
        client.get(address)  # what is kept between pages is known from here on
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= most, address
    with clock.at(NEW_YEAR_2022):
        started = time.process_time()
        client.get("/figures/2021/")
        assert time.process_time() - started < 1
