"""The list: every table of rows in the house, for staff and public, is one of these.

A list is a view class that names its rows, its columns and its words::

    class RequestTable(Table):
        number = Column("编号", linkify=True)
        received = DayColumn("收到日期")
        class Meta:
            order_by = "-received"

    class RequestFilter(FilterSet):
        q = django_filters.CharFilter(label="关键词", method="search")

    class RequestList(ListPage):
        title = "申请"
        table_class = RequestTable
        filter_class = RequestFilter
        empty = "没有符合条件的申请。"
        def get_queryset(self, request):
            return visible_requests(request.user).select_related("unit")

    urlpatterns = [path("", RequestList.as_view(), name="home")]

What it sees to: filters, sorting by every sortable column (ties broken by the primary key, so pages never overlap),
pages, export of the *filtered* rows as CSV and XLSX, and a number of queries that does not grow with the rows.
``get_queryset(request)`` is where rights come in: what it leaves out exists neither on the page nor in the export.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from inspect import signature
from typing import Any

import django_filters
import django_tables2 as tables
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import template_localtime
from django.views import View
from django_tables2.rows import BoundRow

from .exports import FORMATS, json_rows
from .forms import Form
from .pieces import Crumb

PAGE_SIZE = 50
PAGE_SIZES = (20, 50, 100, 200)
CHUNK = 2000


class Table(tables.Table):
    """The columns of a list. The first is the row's heading; ``value_<column>`` gives what an export writes."""

    @property
    def heading(self) -> str:
        """The column that heads each row: the first beside the ticks."""
        return next(name for name in self.columns.names() if name != "chosen")

    def lines(self) -> Iterator[SafeString]:
        """The rows as ``<c-table>`` draws them: what is the same in every row is said once, each cell escaped once."""
        heading, frame = self.heading, {}
        for column in self.columns:
            if column.name == heading:
                frame[column.name] = '<th role="rowheader" scope="row">', "</th>"
            else:
                shape = '<td role="cell" class="{}" data-label="{}">'
                frame[column.name] = format_html(shape, column.attrs["td"].get("class") or "", column.header), "</td>"
        for record in self.data:
            row = Line(record, self)
            cells = [f"{begin}{_shown(row.get_cell(name))}{end}" for name, (begin, end) in frame.items()]
            yield mark_safe(f'<tr role="row">{"".join(cells)}</tr>')


class Line(BoundRow):
    """A row that asks once, not in every cell, what the methods of its columns take."""

    def _call_render(self, bound_column: Any, value: Any = None) -> Any:
        given = self._optional_cell_arguments(bound_column, value)
        content = _call(bound_column.render, given)
        return bound_column.link(content, **given) if bound_column.link else content

    def _call_value(self, bound_column: Any, value: Any = None) -> Any:
        return _call(bound_column.value, self._optional_cell_arguments(bound_column, value))


@cache
def _takes(function: Any) -> frozenset[str] | None:
    """The names of what a function takes; None: whatever is given."""
    parameters = signature(function).parameters.values()
    return None if any(one.kind is one.VAR_KEYWORD for one in parameters) else frozenset(one.name for one in parameters)


def _call(method: Any, given: Mapping[str, Any]) -> Any:
    names = _takes(getattr(method, "__func__", method))
    return method(**given) if names is None else method(**{name: given[name] for name in given if name in names})


def _shown(cell: Any) -> str:
    """A cell as a template writes it: days, instants and numbers in the house's form, text escaped."""
    return conditional_escape(cell if isinstance(cell, str) else localize(template_localtime(cell)))


class Column(tables.Column):
    """A column of text."""


class NumberColumn(tables.Column):
    """A column of numbers, set to the right with thousands separators."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("attrs", {"td": {"class": "n"}, "th": {"class": "n"}})
        super().__init__(*args, **kwargs)

    def render(self, value: int) -> str:
        """5,324."""
        return f"{value:,}"

    def value(self, value: Any) -> Any:
        """The number itself."""
        return value


class DayColumn(tables.Column):
    """A column of legal days, as lists write them."""

    def render(self, value: Any) -> SafeString | str:
        """2021-03-12."""
        return format_html('<time datetime="{0}">{0}</time>', value.isoformat()) if value else "—"

    def value(self, value: Any) -> Any:
        """The day itself."""
        return value


class PillColumn(tables.Column):
    """A column of states. ``kinds`` gives the kind of pill for a value; the words always stand in it."""

    def __init__(self, *args: Any, kinds: dict[Any, str] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kinds = kinds or {}

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        """The pill; a column named ``state`` takes its kind from the record's raw ``state``."""
        raw = getattr(record, bound_column.name, value)
        return format_html('<span class="pill {}">{}</span>', self.kinds.get(raw, ""), value)

    def value(self, value: Any) -> str:
        """The words."""
        return str(value)


class Choice(tables.Column):
    """A column of ticks: which rows a bulk action is for. Works without script; not in exports.

    ``<c-table>`` keeps it beside the row's heading; the values posted are the primary keys, under ``chosen``.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("attrs", {"td": {"class": "chosen"}, "th": {"class": "chosen"}})
        super().__init__("选择", *args, accessor="pk", orderable=False, exclude_from_export=True, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString:
        """The tick, named after its row."""
        tick = '<input type="checkbox" name="chosen" value="{}" aria-label="选择 {}">'
        return format_html(tick, value, record)


class FilterSet(django_filters.FilterSet):
    """Filters with the forms of the house; checks are the server's and the messages Chinese."""

    def get_form_class(self) -> type[Form]:
        """The form, drawn by ``<c-filter>``."""
        fields = {name: filter_.field for name, filter_ in self.filters.items()}
        return type(f"{type(self).__name__}Form", (Form,), fields)


class ListPage(View):
    """A list. Subclasses set ``title``, ``table_class`` and ``get_queryset``; the rest has sensible defaults.

    ``filter_class``: a :class:`FilterSet`. ``summary``: a sentence under the title. ``empty`` and ``empty_hint``: what
    to say and to do when there are no rows. ``base_template``: the shell (staff desk by default). ``exports``:
    formats on offer. ``trail``: breadcrumb before the title. ``actions``: (label, address) buttons over the list.
    ``get_bulk``: (name, label, address) buttons for the rows ticked in a :class:`Choice` column named ``chosen``.
    ``get_tabs``: (label, address, whether it is this one) of lists that belong together.
    """

    title = ""
    summary = ""
    empty = "目前没有记录。"
    empty_hint = ""
    table_class: type[Table]
    filter_class: type[FilterSet] | None = None
    page_size = PAGE_SIZE
    exports: Sequence[str] = ("csv", "xlsx")
    trail: Sequence[Crumb] = ()
    template_name = "ui/list.html"
    base_template = "office/base.html"
    http_method_names = ["get", "head", "options"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows this reader may see, with all a row shows already joined (``select_related``)."""
        raise NotImplementedError(f"{type(self).__name__}.get_queryset")

    def get_title(self, request: HttpRequest) -> str:
        """The title, where it depends on the request."""
        return self.title

    def get_trail(self, request: HttpRequest) -> Sequence[Crumb]:
        """The breadcrumb before the title."""
        return self.trail

    def get_actions(self, request: HttpRequest) -> Sequence[tuple[str, str]]:
        """Buttons over the list, as (label, address): only what this reader may do."""
        return ()

    def get_bulk(self, request: HttpRequest) -> Sequence[tuple[str, str, str]]:
        """What may be done with the ticked rows; the column of ticks is left out when there is nothing."""
        return ()

    def get_tabs(self, request: HttpRequest) -> Sequence[tuple[str, str, bool]]:
        """Lists that belong together."""
        return ()

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """More for a template of one's own."""
        return {}

    def get(self, request: HttpRequest, *args: Any, rows_as: str = "", **kwargs: Any) -> HttpResponseBase:
        """The page, or with ``?export=csv`` the file.

        ``rows_as`` is the ending of an address of its own where programs read the same rows: ``json`` or ``csv``.
        """
        rows, filters = self._filtered(request)
        self.bulk = self.get_bulk(request) if "chosen" in self.table_class.base_columns else ()
        table = self.table_class(
            rows, order_by=request.GET.get("sort") or None, exclude=() if self.bulk else ("chosen",)
        )
        table.request = request  # given later, because a table made with a request pages itself, and counts again
        wanted = request.GET.get("export", "")
        refused = filters is not None and bool(filters.form.errors)
        if rows_as:
            return self._read(request, table, filters, rows_as)
        if wanted in self.exports and not refused:
            return FORMATS[wanted](self._cells(table), self.get_title(request))
        return self._page(request, table, filters)

    def _filtered(self, request: HttpRequest) -> tuple[QuerySet[Any], FilterSet | None]:
        rows = self.get_queryset(request)
        if self.filter_class is None:
            return rows, None
        filters = self.filter_class(request.GET or None, queryset=rows, request=request)
        if filters.is_bound and not filters.is_valid():
            return rows.none(), filters
        return filters.qs, filters

    def _stable(self, table: Table) -> QuerySet[Any]:
        """The table's rows with the primary key as the last word on order."""
        rows = table.data.data
        order = rows.query.order_by or rows.query.get_meta().ordering
        whole = {"pk", rows.model._meta.pk.name}.intersection(str(term).lstrip("-") for term in order)
        return rows.order_by(*order) if whole else rows.order_by(*order, "pk")

    def _cells(self, table: Table) -> Iterator[Sequence[Any]]:
        """Header and rows for an export, read in chunks, never all at once."""
        columns = [column for column in table.columns if not column.column.exclude_from_export]
        yield [str(column.header) for column in columns]
        for record in self._stable(table).iterator(chunk_size=CHUNK):
            row = Line(record, table)
            yield [row.get_cell_value(column.name) for column in columns]

    def _read(self, request: HttpRequest, table: Table, filters: FilterSet | None, ending: str) -> HttpResponseBase:
        """The rows for a program; filters without sense are answered 422 with what is wrong, in Chinese."""
        if ending not in ("json", "csv"):
            raise Http404
        if filters is not None and filters.form.errors:
            faults = filters.form.errors.items()
            errors = [{"field": name, "message": str(told)} for name, some in faults for told in some]
            return JsonResponse({"errors": errors}, status=422)
        if ending == "csv":
            return FORMATS["csv"](self._cells(table), self.get_title(request))
        columns = {c.name: str(c.header) for c in table.columns if not c.column.exclude_from_export}
        return json_rows(self.get_title(request), columns, self._objects(request, table, columns))

    def _objects(self, request: HttpRequest, table: Table, columns: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Each row by the names of its columns, with the address of its page."""
        link = getattr(table.columns[table.heading].column, "link", None)
        for record in self._stable(table).iterator(chunk_size=CHUNK):
            row = Line(record, table)
            told = {name: row.get_cell_value(name) for name in columns}
            yield told | ({"url": request.build_absolute_uri(link.compose_url(record=record))} if link else {})

    def _size(self, request: HttpRequest) -> int:
        asked = request.GET.get("per", "")
        return int(asked) if asked in map(str, PAGE_SIZES) else self.page_size

    def _page(self, request: HttpRequest, table: Table, filters: FilterSet | None) -> HttpResponseBase:
        page = Paginator(self._stable(table), self._size(request)).get_page(request.GET.get("page"))
        table.data.data = page.object_list = list(page.object_list)
        title = self.get_title(request)
        context = {
            "title": title,
            "summary": self.summary,
            "table": table,
            "page": page,
            "filters": filters,
            "filtered": filters is not None and any(request.GET.get(name) for name in filters.form.fields),
            "empty": self.empty,
            "empty_hint": self.empty_hint,
            "exports": [(name.upper(), name) for name in self.exports],
            "trail": [*self.get_trail(request), Crumb(title)],
            "actions": self.get_actions(request),
            "bulk": self.bulk,
            "tabs": self.get_tabs(request),
            "base_template": self.base_template,
            "sizes": PAGE_SIZES,
        }
        return render(request, self.template_name, context | self.get_context(request))
