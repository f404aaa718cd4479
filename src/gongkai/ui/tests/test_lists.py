"""The list, over a real table: the ledger's."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import django_filters
import pytest
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from gongkai.ui.exports import csv_lines, safe_text, xlsx_file
from gongkai.ui.lists import Column, FilterSet, ListPage, NumberColumn, Table

pytestmark = pytest.mark.django_db
Person = get_user_model()
EVIL = '=HYPERLINK("http://x")'


class PeopleTable(Table):
    username = Column("登录名")
    name = Column("姓名")
    number = NumberColumn("号", accessor="pk", orderable=False)

    class Meta:
        order_by = "name"


class PeopleFilter(FilterSet):
    q = django_filters.CharFilter(label="姓名", field_name="name", lookup_expr="contains")
    since = django_filters.DateFilter(label="自", field_name="last_login", lookup_expr="gte")


class People(ListPage):
    title = "人员"
    table_class = PeopleTable
    filter_class = PeopleFilter
    page_size = 20
    empty = "没有人员。"
    empty_hint = "请先登记机关。"
    base_template = "portal/base.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Person.objects.filter(is_active=True)


@pytest.fixture
def people() -> None:
    body_field = Person._meta.get_field("body")
    body = body_field.related_model.objects.create(key="b", name="机关", short_name="机", kind="office", path="/b/")
    names = [EVIL, *("同名" for _ in range(44)), *(f"某{number}" for number in range(30))]
    made = [Person(username=f"p{number:03}", name=name, body=body) for number, name in enumerate(names)]
    Person.objects.bulk_create([*made, Person(username="gone", name="离岗", body=body, is_active=False)])


def get(query: str = "") -> Any:
    request = RequestFactory().get(f"/people/{query}")
    request.user = None  # type: ignore[assignment]
    return People.as_view()(request)


def rows(query: str = "") -> list[str]:
    page = get(query).content.decode()
    return [part.split("<", 1)[0] for part in page.split('scope="row">')[1:]]


def read_csv(query: str) -> list[list[str]]:
    text = b"".join(get(query).streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


@pytest.mark.usefixtures("people")
def test_pages_never_overlap_nor_leave_out() -> None:
    seen = [name for page in (1, 2, 3, 4) for name in rows(f"?sort=name&page={page}")]
    assert len(seen) == len(set(seen)) == 75
    backwards = [name for page in (1, 2, 3, 4) for name in rows(f"?sort=-username&page={page}")]
    assert backwards == sorted(seen, reverse=True)


@pytest.mark.usefixtures("people")
def test_strange_questions_get_a_page() -> None:
    assert len(rows("?page=99")) == 15 and len(rows("?page=x&sort=password&per=1000000")) == 20
    assert len(rows("?per=50")) == 50


@pytest.mark.usefixtures("people")
def test_filter_and_its_words() -> None:
    assert len(rows("?q=某")) == 20
    assert '共 <b class="num">30</b> 条符合条件' in get("?q=某").content.decode()
    nothing = get("?q=无人").content.decode()
    assert "没有人员。" in nothing and "清除筛选条件" in nothing
    wrong = get("?since=昨天").content.decode()
    assert "填写有误" in wrong and 'href="#id_since"' in wrong


@pytest.mark.usefixtures("people")
def test_export_has_exactly_the_filtered_rows_in_order() -> None:
    found = read_csv("?q=某&sort=-username&export=csv")
    assert found[0] == ["登录名", "姓名", "号"] and len(found) == 31
    assert [row[0] for row in found[1:]] == sorted((row[0] for row in found[1:]), reverse=True)
    book = load_workbook(io.BytesIO(b"".join(get("?q=某&export=xlsx").streaming_content)))
    assert book.active.max_row == 31 and isinstance(book.active["C2"].value, int)
    assert "离岗" not in str(read_csv("?export=csv"))


@pytest.mark.usefixtures("people")
def test_an_export_runs_nothing() -> None:
    assert [row[1] for row in read_csv("?export=csv") if row[0] == "p000"] == ["'" + EVIL]
    sheet = load_workbook(io.BytesIO(b"".join(get("?export=xlsx").streaming_content))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == EVIL]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.usefixtures("people")
def test_a_refused_filter_exports_nothing() -> None:
    assert "填写有误" in get("?since=昨天&export=csv").content.decode()


@pytest.mark.usefixtures("people")
def test_queries_do_not_grow_with_rows(django_assert_num_queries: Any) -> None:
    for query in ("?per=20", "?per=200"):
        with django_assert_num_queries(3):  # the site, the number of rows, the rows
            get(query)
    with django_assert_num_queries(1):
        read_csv("?export=csv")


def test_nothing_yet_says_what_to_do() -> None:
    page = get().content.decode()
    assert "没有人员。" in page and "请先登记机关。" in page and "<table" not in page


@given(st.text(max_size=40))
def test_no_text_starts_a_formula(text: str) -> None:
    cell = safe_text(text)
    assert not cell.lstrip(" \u3000").startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert list(csv.reader(io.StringIO("".join(csv_lines([[text, "x"]]))[1:], newline="")))[-1][-1] == "x"


def test_values_keep_their_kind() -> None:
    instant = datetime(2021, 3, 2, 16, 30, 5, 9, tzinfo=UTC)
    values = [-3, Decimal("-1.50"), date(2021, 3, 2), instant, None, True, "\x00甲"]
    assert [safe_text(value) for value in values] == [
        "-3",
        "-1.50",
        "2021-03-02",
        "2021-03-03 00:30:05",
        "",
        "True",
        "甲",
    ]
    sheet = load_workbook(xlsx_file([["头"], values], "表/一")).active
    assert sheet.title == "表一" and sheet["A2"].value == -3 and sheet["C2"].value.date() == date(2021, 3, 2)
