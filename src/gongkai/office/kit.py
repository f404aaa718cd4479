"""Believable sample data for the kit page: every component once, as desks and public pages use it."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from gongkai.law.clocks import ClockEvent, EventKind, deadline
from gongkai.law.receipt import Channel
from gongkai.procedure import Field
from gongkai.ui import clock
from gongkai.ui.forms import EventForm, Form
from gongkai.ui.lists import Column, DayColumn, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import (
    Action,
    BarChart,
    Crumb,
    Download,
    Equation,
    Fact,
    Happening,
    Item,
    Node,
    Panel,
    Row,
    Term,
)

START, ASKED, TODAY = date(2021, 2, 8), date(2021, 3, 2), date(2021, 3, 10)


OPINION = (
    Field(
        "opinion",
        "第三方意见",
        "choice",
        choices=(("agree", "同意公开"), ("refuse", "不同意公开"), ("silent", "逾期未答复")),
    ),
    Field("on", "收到日期", "date", hint="按签收之日填写"),
    Field("reason", "理由", "long", required=False, hint="不同意公开的，写明其理由"),
)
EXTENSION = (Field("days", "延长的工作日", "integer", hint="1 至 20"), Field("reason", "理由", "long"))


class SampleForm(Form):
    """Every kind of field."""

    name = forms.CharField(label="申请人姓名")
    received = forms.DateField(label="收到日期", help_text="当面提交的为提交之日，挂号信为签收之日")
    channel = forms.ChoiceField(label="渠道", choices=[("", "请选择"), ("mail", "邮寄（签收）"), ("web", "互联网")])
    way = forms.ChoiceField(
        label="获取方式", choices=[("paper", "纸质"), ("file", "电子文件")], widget=forms.RadioSelect, required=False
    )
    content = forms.CharField(
        label="所需信息", widget=forms.Textarea(attrs={"rows": 3}), help_text="名称、文号或其他特征性描述"
    )
    file = forms.FileField(label="附件", required=False)
    told = forms.BooleanField(label="已向申请人出具接收回执", required=False)


class SampleTable(Table):
    """A list as desks have it."""

    number = Column("编号", linkify=lambda record: f"#{record['id']}")
    title = Column("申请内容")
    received = DayColumn("收到日期")
    left = NumberColumn("剩余工作日")
    state = PillColumn("状态", orderable=False, kinds={"征求意见中": "pause", "明日到期": "soon", "已逾期": "late"})

    class Meta:
        order_by = "-received"


ROWS = [
    ("渝府办依申〔2021〕118号", "2016—2020 年市级重点专项规划终期评估报告", START, 9, "征求意见中"),
    ("渝府办依申〔2021〕117号", "轨道交通 18 号线北延伸段社会稳定风险评估报告", date(2021, 2, 5), 1, "明日到期"),
    ("渝府办依申〔2021〕109号", "某区 2019 年城镇老旧小区改造计划及资金安排", date(2021, 1, 28), -2, "已逾期"),
    ("渝府办依申〔2021〕121号", "本人户籍所在社区征地补偿安置方案的批复", date(2021, 2, 26), 14, "承办中"),
]


def _forms() -> dict[str, Any]:
    wrong = SampleForm({"name": "", "received": "三月", "channel": "", "content": ""}, prefix="wrong")
    wrong.is_valid()
    return {"form": SampleForm(prefix="fresh"), "wrong": wrong}


def _actions() -> list[Action]:
    return [
        Action(
            "登记第三方意见",
            "#",
            "同意、不同意并说明理由，或逾期未答",
            "条例第三十二条",
            EventForm(OPINION, prefix="opinion"),
            submit="登记意见",
        ),
        Action("拟定答复", "#answer", "七问：补不补 → 是不是 → 谁负责 → 有没有 → 给不给 → 怎么给 → 怎么答"),
        Action(
            "申请延期",
            "#",
            "须经负责人同意，最长 20 个工作日",
            "条例第三十三条第二款",
            EventForm(EXTENSION, prefix="extend"),
        ),
        Action("终止办理", "#", "申请人书面撤回的", post=True, grave=True, submit="确认终止"),
    ]


def _work() -> dict[str, Any]:
    rows = [
        dict(zip(("id", "number", "title", "received", "left", "state"), (n, *row), strict=True))
        for n, row in enumerate(ROWS)
    ]
    events = [
        Happening(
            "发出征求意见书",
            datetime(2021, 3, 2, 2, 14, tzinfo=UTC),
            "承办人",
            "第三方：某规划咨询公司，应于3月23日前答复",
            "条例第三十二条",
        ),
        Happening("转交承办", datetime(2021, 2, 9, 1, 31, tzinfo=UTC), "登记员", "市政府办公厅规划处"),
        Happening("登记", START, "登记员", "挂号信，附身份证明复印件 1 份", "条例第二十九条"),
    ]
    due = [
        Item("渝府办依申〔2021〕117号", "#", "轨道交通 18 号线北延伸段社会稳定风险评估报告", "明日到期", "soon"),
        Item("渝府办依申〔2021〕109号", "#", "某区 2019 年城镇老旧小区改造计划", "逾期 2 日", "late"),
    ]
    consultation = [ClockEvent(EventKind.CONSULTATION_SENT, ASKED), ClockEvent(EventKind.CONSULTATION_RETURNED, TODAY)]
    return {
        "clock": clock.strip(deadline(START, consultation, channel=Channel.MAIL_SIGNED), TODAY),
        "waiting": clock.strip(
            deadline(START, [ClockEvent(EventKind.CLARIFICATION_REQUESTED, date(2021, 2, 20))]), TODAY
        ),
        "events": events,
        "actions": _actions(),
        "person": [
            Row("姓名", "陈＊＊"),
            Row("证件", "5001＊＊＊＊＊＊＊＊＊＊＊＊21"),
            Row("方式", "纸质，邮寄"),
            Row("电话"),
        ],
        "table": SampleTable(rows),
        "panels": [Panel("临近期限", due, "#", count=12), Panel("待我签发", empty="目前没有等待签发的答复。")],
    }


def _figures() -> dict[str, Any]:
    return {
        "facts": [
            Fact(522, "全年收到申请", "#", "件"),
            Fact(532, "办结", "#", "件"),
            Fact(171, "现行有效规章", "#", "件"),
            Fact(5324, "两级规范性文件", "#", "件"),
            Fact("100%", "重要政策解读率"),
        ],
        "equation": Equation(
            [Term(522, "本年新收", "#"), Term(31, "上年结转", "#")],
            [Term(532, "办理结果总计", "#"), Term(21, "结转下年", "#")],
            True,
            "E1",
        ),
        "broken": Equation(
            [Term(508, "本年新收"), Term(30, "上年结转")],
            [Term(517, "办理结果总计"), Term(20, "结转下年")],
            False,
            "E1",
        ),
        "chart": BarChart.of(
            "2021 年申请办理结果",
            [
                ("予以公开", 216, "#"),
                ("部分公开", 22),
                ("不予公开", 5),
                ("无法提供", 238),
                ("不予处理", 40),
                ("其他处理", 11),
            ],
            "件",
        ),
        "tree": [
            Node(
                "重庆市人民政府",
                "#",
                children=[
                    Node("市政府办公厅", "#", "521 件"),
                    Node("渝中区人民政府", "#", "36 件", [Node("区教育委员会", "#"), Node("区住房城乡建设委", "#")]),
                ],
                open=True,
            )
        ],
        "files": [Download("Word", "#"), Download("PDF", "#"), Download("Excel", "#"), Download("JSON", "#")],
    }


def samples(request: HttpRequest) -> dict[str, Any]:
    """The context of the kit page."""
    trail = [Crumb("工作台", "/office/"), Crumb("申请", "#"), Crumb("渝府办依申〔2021〕118号")]
    page = Paginator(range(5324), 50).get_page(request.GET.get("page", 7))
    exports = [("CSV", "csv"), ("XLSX", "xlsx")]
    return {"trail": trail, "page": page, "exports": exports} | _forms() | _work() | _figures()
