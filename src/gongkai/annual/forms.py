"""The statutory report forms as data: which rows, which columns, under which labels.

Two forms are known: 国办公开办函〔2021〕30号 (report years from 2021) and 国办公开办函〔2019〕60号 (2019 and 2020).
Both carry out Articles 49 and 50 of the Regulation (政府信息公开条例). Nothing here computes; the report, the
equations, the writers and the reader all walk these tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gongkai.law import applicants, decisions


@dataclass(frozen=True)
class Column:
    """One column of figures: a stable id (part of cell ids) and the printed label."""

    id: str
    label: str
    signed: bool = False  # 本年增/减 may fall below zero; nothing else may
    money: bool = False  # decimals allowed


@dataclass(frozen=True)
class Item:
    """One row of table two: the key used in JSON, the printed label, a stable id."""

    key: str
    label: str
    id: str


@dataclass(frozen=True)
class Block:
    """One block of table two: the item of Article 20 it reports on, its columns and its rows."""

    article: str
    columns: tuple[Column, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Row:
    """One row of table three: its code, its own label, and the group labels it stands under."""

    code: str
    label: str
    groups: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The label with its groups, as it is spoken of: ``三、本年度办理结果（三）不予公开1.属于国家秘密``."""
        return "".join((*self.groups, self.label))


@dataclass(frozen=True)
class Appeal:
    """One block of table four: its JSON key (also the printed label) and a stable id."""

    key: str
    id: str


@dataclass(frozen=True)
class Form:
    """A report form. ``rows`` is table three; ``appeals`` × ``outcomes`` is table four."""

    id: str
    document: str
    from_year: int
    blocks: tuple[Block, ...]
    rows: tuple[Row, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Row codes of table three from top to bottom."""
        return tuple(row.code for row in self.rows)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Codes of the rows which together make up 三（七）总计."""
        return tuple(code for code in self.codes if code.startswith("3.") and code != TOTAL_OF_RESULTS)

    def items(self) -> Iterator[tuple[Block, Item]]:
        """Rows of table two with the block they stand in."""
        for block in self.blocks:
            for item in block.items:
                yield block, item


RELATION = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULTS = decisions.RESULTS_LABEL
TOTAL_OF_RESULTS = decisions.TOTAL

APPLICANTS = (
    *(Column(applicant.value, applicant.label) for applicant in applicants.COLUMNS),
    Column("total", applicants.TOTAL_LABEL),
)
"""Columns of table three. The five between 自然人 and 总计 are 法人或其他组织."""

APPEALS = (
    Appeal("行政复议", "reconsideration"),
    Appeal("未经复议直接起诉", "direct_suit"),
    Appeal("复议后起诉", "suit_after_reconsideration"),
)
OUTCOMES = (
    Column("upheld", "结果维持"),
    Column("corrected", "结果纠正"),
    Column("other", "其他结果"),
    Column("pending", "尚未审结"),
    Column("total", "总计"),
)

SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
"""Headings of the six sections; tables two, three and four stand in the second, third and fourth."""


def _rows_2021() -> tuple[Row, ...]:
    """The rows the law room knows, each under the group labels it is printed beneath."""
    return tuple(Row(code, label, _groups(code)) for code, label in decisions.ROWS.items())


def _groups(code: str) -> tuple[str, ...]:
    chapter, *rest = code.split(".")
    if not rest:
        return ()
    return (RESULTS, decisions.GROUPS[f"{chapter}.{rest[0]}"]) if len(rest) > 1 else (RESULTS,)


def _rows_2019() -> tuple[Row, ...]:
    """As in 2021, but （六）其他处理 is a single row."""
    rows = list(_rows_2021())
    first = next(index for index, row in enumerate(rows) if row.code.startswith("3.6."))
    kept = [row for row in rows if not row.code.startswith("3.6.")]
    return (*kept[:first], Row("3.6", decisions.GROUPS["3.6"], (RESULTS,)), *kept[first:])


DECISIONS = (Column("decisions", "本年处理决定数量"),)
PROJECTS = (
    Column("previous", "上一年项目数量"),
    Column("change", "本年增/减", signed=True),
    Column("decisions", "处理决定数量"),
)

FORM_2021 = Form(
    id="2021",
    document="国办公开办函〔2021〕30号",
    from_year=2021,
    blocks=(
        Block(
            "第二十条第（一）项",
            (Column("issued", "本年制发件数"), Column("repealed", "本年废止件数"), Column("in_force", "现行有效件数")),
            (Item("规章", "规章", "regulation"), Item("行政规范性文件", "行政规范性文件", "normative_document")),
        ),
        Block("第二十条第（五）项", DECISIONS, (Item("行政许可", "行政许可", "licence"),)),
        Block(
            "第二十条第（六）项",
            DECISIONS,
            (Item("行政处罚", "行政处罚", "penalty"), Item("行政强制", "行政强制", "coercion")),
        ),
        Block(
            "第二十条第（八）项",
            (Column("amount", "本年收费金额（单位：万元）", money=True),),
            (Item("行政事业性收费_万元", "行政事业性收费", "fee"),),
        ),
    ),
    rows=_rows_2021(),
)

FORM_2019 = Form(
    id="2019",
    document="国办公开办函〔2019〕60号",
    from_year=2019,
    blocks=(
        Block(
            "第二十条第（一）项",
            (
                Column("made", "本年新制作数量"),
                Column("disclosed", "本年新公开数量"),
                Column("total_disclosed", "对外公开总数量"),
            ),
            (Item("规章", "规章", "regulation"), Item("规范性文件", "规范性文件", "normative_document")),
        ),
        Block(
            "第二十条第（五）项",
            PROJECTS,
            (
                Item("行政许可", "行政许可", "licence"),
                Item("其他对外管理服务事项", "其他对外管理服务事项", "other_service"),
            ),
        ),
        Block(
            "第二十条第（六）项",
            PROJECTS,
            (Item("行政处罚", "行政处罚", "penalty"), Item("行政强制", "行政强制", "coercion")),
        ),
        Block("第二十条第（八）项", PROJECTS[:2], (Item("行政事业性收费", "行政事业性收费", "fee"),)),
        Block(
            "第二十条第（九）项",
            (Column("projects", "采购项目数量"), Column("amount", "采购总金额", money=True)),
            (Item("政府集中采购", "政府集中采购", "procurement"),),
        ),
    ),
    rows=_rows_2019(),
)

FORMS = (FORM_2021, FORM_2019)
ROWS = FORM_2021.rows
"""The 25 rows of table three on the form in force, from ``"1"`` to ``"4"``."""


def form_for(year: int) -> Form:
    """The form prescribed for the report on ``year``.

    A body may have used another one (some used the 2019 form for 2022), so a report carries its own form.

    Raises:
        ValueError: for years before 2019, when the Regulation in force knew neither form.
    """
    for form in FORMS:
        if year >= form.from_year:
            return form
    raise ValueError(f"{year}年没有可用的年度报告格式：现有格式从2019年度起适用")
