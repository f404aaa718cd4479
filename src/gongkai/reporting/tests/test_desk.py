"""The report desk: who sees what, compiling, editing, freezing by hand; the rows behind every figure."""

import csv
import io

import pytest
from django.urls import reverse

from gongkai import figure
from gongkai.annual.report import Report
from gongkai.ledger.models import Event
from gongkai.organs.rights import GRANTABLE, PERMISSIONS
from gongkai.reporting import content
from gongkai.reporting.models import AnnualReport
from gongkai.reporting.queries import ask, case, compile_report, rows_url
from gongkai.reporting.rows import COLUMNS, table_of
from gongkai.reporting.testing import TEXTS, bring
from gongkai.requests.testing import APPLICATION

HOME = "/office/reporting/"


def page(key: str = "cq-office-2021") -> str:
    return reverse("office:reporting:case", args=[key])


def sign_in(client, city, role: str):
    client.force_login(city.people[role])
    return client


def post_event(client, event: str, **data):
    shown = client.get(page())
    fields = {f"{event}-{name}": value for name, value in data.items()}
    return client.post(page(), {"event": event, "token": str(id(shown)), **fields})


@pytest.mark.parametrize("role", GRANTABLE)
def test_each_role_sees_reports_and_rows_exactly_by_its_rights(client, town, role):
    bring(town.office, 2021, "frozen")
    sign_in(client, town, role)
    may = {name: role in PERMISSIONS[name][1] for name in ("reports.view", "figures.rows")}
    for address in (HOME, page(), f"{page()}files/json/"):
        assert client.get(address).status_code == (200 if may["reports.view"] else 403), address
    rows = client.get(rows_url("t3.1.total", "cq-office", 2021))
    assert rows.status_code == (200 if may["figures.rows"] else 403)
    assert client.get(f"{HOME}compile/").status_code == (200 if role == "disclosure" else 403)


def test_nobody_sees_anything_before_signing_in(client, town):
    bring(town.office, 2021, "draft")
    for address in (HOME, page(), f"{page()}text/", f"{HOME}compile/", rows_url("t3.1.total", "cq-office", 2021)):
        assert client.get(address).status_code == 302


def test_rows_of_other_bodies_are_refused(client, city):
    sign_in(client, city, "auditor")
    assert client.get(rows_url("t3.1.total", "cq-office", 2021)).status_code == 200
    assert client.get(rows_url("t3.1.total", "cq-yuzhong", 2021)).status_code == 403
    assert client.get(rows_url("t3.1.total", "cq-office", 2021, reach="all")).status_code == 403


def test_a_report_by_hand_from_compiling_to_publishing(client, city):
    sign_in(client, city, "disclosure")
    made = client.post(
        f"{HOME}compile/", {"body": "cq-office", "year": "2021", "as_of": "", "known_at": "", "token": "t"}
    )
    assert made.status_code == 302 and made["Location"] == page()
    assert client.post(f"{HOME}compile/", {"body": "cq-office", "year": "2021", "token": "u"})["Location"] == page()
    shown = client.get(page()).content.decode()
    assert "42 个等式全部成立" in shown and "暂时不能办" in shown and "请填写" in shown
    texts = {f"section_{number}": TEXTS.get(number, "") for number in range(1, 7)}
    assert client.post(f"{page()}text/", texts | {"token": "v"}).status_code == 302
    assert post_event(client, "submit").status_code == 302
    assert client.get(f"{page()}text/").status_code == 403
    sign_in(client, city, "reviewer")
    assert post_event(client, "review", note="数字无误").status_code == 302
    sign_in(client, city, "signatory")
    assert post_event(client, "freeze").status_code == 302
    sign_in(client, city, "disclosure")
    assert post_event(client, "publish").status_code == 302
    state = case("cq-office-2021")
    assert state.state == "published"
    shown = client.get(page()).content.decode()
    assert state.content in shown and "已公布" in shown and "数字无误" in shown


def test_a_double_click_is_one_report(client, town):
    sign_in(client, town, "disclosure")
    for _ in range(2):
        client.post(f"{HOME}compile/", {"body": "cq-office", "year": "2021", "token": "same"})
    assert AnnualReport.objects.count() == 1 and Event.objects.filter(subject_kind="report").count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"year": ""}, "请填写“年度”"),
        ({"year": "1"}, "年度应在"),
        ({"year": "0"}, "年度应在"),
        ({"year": "99999"}, "年度应在"),
        ({"year": "2023"}, "早于"),
        ({"as_of": "2023-01-01"}, "不能晚于今天"),
        ({"known_at": "今天"}, "应为日期和时间"),
    ],
)
def test_faulty_entries_stay_in_the_form_with_the_reason(client, town, data, words):
    sign_in(client, town, "disclosure")
    answer = client.post(f"{HOME}compile/", {"body": "cq-office", "year": "2021", "token": "t"} | data)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not AnnualReport.objects.exists()


def test_an_unknown_figure_name_stays_in_the_editor(client, town):
    bring(town.office, 2021, "draft")
    sign_in(client, town, "disclosure")
    shown = client.get(f"{page()}text/").content.decode()
    assert "{requests_received}" in shown and "全部" in shown
    answer = client.post(f"{page()}text/", {"section_5": "共{no_such_figure}件", "token": "t"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and "不存在的指标" in shown and "共{no_such_figure}件" in shown


def test_tables_link_each_cell_to_the_rows_it_counts(client, city):
    key = bring(city.office, 2021, "draft")
    sign_in(client, city, "disclosure")
    shown = client.get(page()).content.decode()
    assert shown.count('href="/office/reporting/figures/') >= 200
    report = content.figures(case(key).figures).report()
    cell = next(cell for cell, value in report.values.items() if cell.startswith("t3.3.") and value)
    answer = client.get(rows_url(cell, "cq-office", 2021) + "&export=csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) - 1 == report.values[cell]
    assert rows[1][0] in {row.number for row in figure.rows(ask(city.office, 2021), cell)}


def test_personal_data_are_never_among_the_rows(client, city):
    sign_in(client, city, "disclosure")
    address = rows_url("t3.1.total", "cq-office", 2021)
    exported = b"".join(client.get(f"{address}&export=csv").streaming_content).decode()
    shown = client.get(address).content.decode() + exported
    for name in ("name", "id_number", "phone", "content"):
        assert APPLICATION[name] not in shown
    assert compile_report(city.office, 2021).values["t3.1.total"] == exported.count("渝府")


@pytest.mark.parametrize(
    "query",
    [
        "body=cq-office", "body=nowhere&year=2021", "body=cq-office&year=x", "body=cq-office&year=0",
        "body=cq-office&year=2021&as_of=2021-13-01", "body=cq-office&year=2021&as_of=2020-01-01",
        "body=cq-office&year=2021&known_at=x", "",
    ],
)  # fmt: skip
def test_impossible_addresses_are_not_found(client, town, query):
    sign_in(client, town, "disclosure")
    assert client.get(f"{HOME}figures/t3.1.total/?{query}").status_code == 404
    assert client.get(f"{HOME}figures/no.such/?body=cq-office&year=2021").status_code == 404
    assert client.get(page("cq-office-1999")).status_code == 404


def test_a_later_correction_shows_as_a_difference(client, city):
    from .test_frozen import correct_the_past

    key = bring(city.office, 2021, "frozen")
    sign_in(client, city, "disclosure")
    assert "与本报告有" not in client.get(page()).content.decode()
    correct_the_past(city)
    shown = client.get(page()).content.decode()
    assert "报告已冻结，不受影响" in shown
    assert Report.from_json(content.load(case(key).content)["report"]) != compile_report(city.office, 2021)


def test_pages_need_few_queries_whatever_they_show(client, city, django_assert_max_num_queries):
    bring(city.office, 2021, "draft")
    sign_in(client, city, "disclosure")
    for address, most in ((HOME, 8), (page(), 20), (rows_url("t3.1.total", "cq-office", 2021), 10)):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_the_list_has_the_same_number_of_queries_for_more_reports(client, town, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    bring(town.office, 2021, "draft")
    sign_in(client, town, "disclosure")
    client.get(HOME)
    with CaptureQueriesContext(connection) as few:
        client.get(HOME)
    for year in (2019, 2020, 2022):
        bring(town.office, year, "draft")
    with django_assert_num_queries(len(few)):
        client.get(HOME)


def test_the_columns_of_every_list_of_rows_exist(client, town):
    """Each figure's rows page opens, empty as it is, with columns its model really has."""
    sign_in(client, town, "disclosure")
    seen = set()
    for one in figure.figures():
        model = figure.rows(ask(town.office, 2021), one.id).model
        if model not in seen:
            seen.add(model)
            list(table_of(model)([]).columns)
            assert set(COLUMNS[model._meta.label_lower]) <= {field.name for field in model._meta.get_fields()}
            assert client.get(rows_url(one.id, "cq-office", 2021)).status_code == 200
    assert len(seen) == len(COLUMNS)
