"""Components and the small values behind them."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.test import Client, RequestFactory
from django_cotton.compiler_regex import CottonCompiler
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.clocks import ClockEvent, EventKind, deadline
from gongkai.procedure import Field
from gongkai.ui import clock
from gongkai.ui.forms import EventForm
from gongkai.ui.pieces import Action, BarChart, Crumb, Fact, Panel
from gongkai.ui.templatetags.ui import day, figure, page_range

COTTON = Path(__file__).resolve().parents[1] / "templates" / "cotton"
ASKED = (
    Field("on", "收到日期", "date"),
    Field("way", "方式", "choice", choices=(("paper", "纸质"), ("file", "电子"))),
    Field("days", "工作日", "integer", required=False),
    Field("told", "已告知", "truth"),
)


def draw(source: str, address: str = "/", **context: object) -> str:
    return (
        engines["django"].from_string(CottonCompiler().process(source)).render(context, RequestFactory().get(address))
    )


@pytest.mark.parametrize("component", sorted(COTTON.glob("*.html")), ids=lambda path: path.stem)
def test_every_component_says_what_it_is_for(component: Path) -> None:
    text = component.read_text()
    assert text.startswith("{% comment %}")
    assert f"<c-{component.stem.replace('_', '-')}" in text.split("{% endcomment %}")[0]


def test_nothing_inline_anywhere() -> None:
    root = Path(__file__).resolve().parents[2]
    for template in root.rglob("templates/**/*.html"):
        if template.name == "standalone.html":  # a file people keep, not a page of the site
            continue
        text = template.read_text().replace('<script type="application/ld+json">', "")  # data, not a script
        # A file of ours that nobody waits for.
        text = re.sub(r"""<script (type="module" )?src="{% static '[^']+' %}"(?(1)[^>]*| defer)></script>""", "", text)
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", text), template
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text), template


def test_text_is_escaped() -> None:
    bad = "<b>&\"'"
    page = draw('<c-breadcrumb :trail="trail" />', trail=[Crumb(bad, "/"), Crumb(bad)])
    page += draw('<c-facts :facts="facts" />', facts=[Fact(bad, bad)])
    page += draw('<c-panel :panel="panel" />', panel=Panel(bad, empty=bad))
    page += draw('<c-notice kind="late">{{ bad }}</c-notice><c-empty say="{{ bad }}" />', bad=bad)
    assert "<b>" not in page.replace("<b>Where", "") and "&lt;b&gt;" in page


def test_breadcrumb_marks_the_page() -> None:
    page = draw('<c-breadcrumb :trail="trail" />', trail=[Crumb("首页", "/"), Crumb("年报", "/x/")])
    assert '<a href="/">首页</a>' in page and '<span aria-current="page">年报</span>' in page


def test_clock_says_everything_in_words() -> None:
    events = [ClockEvent(EventKind.CONSULTATION_SENT, date(2021, 3, 2))]
    strip = clock.strip(deadline(date(2021, 2, 8), events, as_of=date(2021, 3, 10)), date(2021, 3, 10))
    assert strip.due == date(2021, 3, 22) and strip.left == "还剩 8 个工作日"
    assert strip.sentence.startswith("2021年2月9日至2021年3月22日：")
    assert "不计入 6 天" in strip.sentence and "今天 2021年3月10日" in strip.sentence
    page = draw('<c-clock-strip :clock="clock" words="答复" />', clock=strip)
    assert 'role="img"' in page and strip.sentence in page and page.count('class="day ') == 42 + len(strip.key)
    assert all(step.text in page for step in strip.steps)


@given(
    received=st.dates(date(2010, 1, 1), date(2024, 1, 1)),
    after=st.integers(0, 60),
    asked=st.none() | st.integers(1, 20),
)
def test_clock_covers_each_day_once(received: date, after: int, asked: int | None) -> None:
    today = date.fromordinal(received.toordinal() + after)
    events = [] if asked is None else [ClockEvent("consultation_sent", date.fromordinal(received.toordinal() + asked))]
    made = deadline(received, events)
    strip = clock.strip(made, today)
    assert sum(run.days for run in strip.runs) == (made.due - received).days
    assert sum(len(days) for _, days in strip.months) == (made.due - received).days
    assert all(one.end < two.start for one, two in zip(strip.runs, strip.runs[1:], strict=False))


def test_clock_that_is_late_or_waits() -> None:
    late = clock.strip(deadline(date(2021, 2, 8)), date(2021, 3, 16))
    assert (late.kind, late.left) == ("late", "已逾期 2 个工作日")
    waits = clock.strip(
        deadline(date(2021, 2, 8), [ClockEvent("clarification_requested", date(2021, 2, 19))]), date(2021, 5, 1)
    )
    assert waits.kind == "pause" and "等待申请人" in waits.left


def test_event_form_checks_as_the_command_does() -> None:
    form = EventForm(ASKED, {"a-on": "2021-02-30", "a-way": "pigeon", "a-days": "x"}, prefix="a")
    assert not form.is_valid()
    assert form.errors == {
        "on": ["“收到日期”应为日期，如 2021-03-12"],
        "way": ["“方式”请从所列各项中选择"],
        "days": ["“工作日”应为整数，如 20"],
    }
    page = draw('<c-error-summary :form="form" /><c-fields :form="form" />', form=form)
    for link in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{link}"' in page
    assert 'aria-invalid="true"' in page and 'aria-describedby="id_a-on_error"' in page


def test_event_form_gives_what_the_ledger_stores() -> None:
    form = EventForm(ASKED, {"on": "2021-02-08", "way": "paper", "days": "", "told": "on"})
    assert form.is_valid() and form.event_data == {"on": "2021-02-08", "way": "paper", "told": True}


def test_a_refused_action_stands_open() -> None:
    form = EventForm(ASKED, {"on": ""}, prefix="x")
    form.is_valid()
    page = draw(
        '<c-actions :actions="actions" />',
        actions=[Action("登记", "/do", "说明", "第三十条", form), Action("看", "/see")],
    )
    assert '<details class="action first" open>' in page and 'action="/do"' in page and "csrfmiddlewaretoken" in page
    assert '<a class="action-link" href="/see">' in page


def test_bar_chart_is_its_table() -> None:
    chart = BarChart.of("结果", [("甲", 200, "/a"), ("乙", 50), ("丙", 0)], "件")
    assert [bar.share for bar in chart.bars] == [100, 25, 0]
    page = draw('<c-bar-chart :chart="chart" />', chart=chart)
    assert 'width="25.0%"' in page and '<a href="/a">200</a>' in page and page.count('scope="row"') == 3
    assert [bar.share for bar in BarChart.of("空", [("甲", 0)]).bars] == [0]
    with pytest.raises(ValueError, match="不能小于零"):
        BarChart.of("负", [("甲", -1)])


def test_figures_and_days() -> None:
    assert figure(5324) == "5,324" and figure("100%") == "100%" and figure(True) == "True"
    assert day(date(2021, 3, 2)) == '<time datetime="2021-03-02">2021年3月2日</time>' and day(None) == "—"


def test_pages_offered_are_few() -> None:
    page = Paginator(range(100_000), 50).page(900)
    assert page_range(page) == [1, "…", 899, 900, 901, "…", 2000]
    drawn = draw('<c-pagination :page="page" />', "/x/?q=甲&page=3", page=page)
    assert 'href="?q=%E7%94%B2&amp;page=901"' in drawn


@pytest.mark.django_db
def test_headers_forbid_what_is_inline_or_foreign(client: Client) -> None:
    for address in ("/", "/office/login/", "/nowhere"):
        answer = client.get(address)
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Referrer-Policy"] == "same-origin"
