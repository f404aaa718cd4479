"""What must agree in an annual report, and the check that says where it does not.

Four kinds of equation hold within one report (42 on the 2021 form, 40 on the 2019 form):

- E1 一 + 二 = 三（七） + 四, for each column: printed in the head of table three, so official.
- E2 the rows under 三 add up to 三（七）, for each column.
- E3 the six applicant columns add up to 总计, for each row.
- E4 the four outcomes add up to 总计, for each block of table four.

Two hold from one year to the next and are warnings only, because a correction or a new form may lie between:

- X1 四 of the year before = 二 of this year, for each column.
- X2 现行有效 = 现行有效 of the year before + 制发 − 废止.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from gongkai.annual.forms import APPEALS, APPLICANTS, FORM_2021, OUTCOMES, TOTAL_OF_RESULTS, Form
from gongkai.annual.report import Figure, Report

Standing = Literal["official", "follows", "warning"]


@dataclass(frozen=True)
class Rule:
    """A kind of equation. ``standing``: official (printed in the form), follows (from 总计), warning (across years)."""

    id: str
    standing: Standing
    description: str


@dataclass(frozen=True)
class Term:
    """A summand: the cell, its sign, and whether it is taken from the report of the year before."""

    cell: str
    sign: int = 1
    previous: bool = False


@dataclass(frozen=True)
class Equation:
    """Σ left = Σ right. ``where`` is the cell at which the two sides meet; the labels name each side in Chinese."""

    rule: Rule
    where: str
    place: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    left_label: str
    right_label: str

    @property
    def cells(self) -> frozenset[str]:
        """Ids of this report's cells the equation covers."""
        return frozenset(term.cell for term in self.left + self.right if not term.previous)


@dataclass(frozen=True)
class Finding:
    """An equation that does not hold: its rule, the cell id it is shown at, the sentence for the reader."""

    rule: str
    where: str
    message: str
    standing: Standing


E1 = Rule("E1", "official", "一、本年新收 ＋ 二、上年结转 ＝ 三（七）办理结果总计 ＋ 四、结转下年度（每列）")
E2 = Rule("E2", "follows", "三（一）至（六）各项之和 ＝ 三（七）总计（每列）")
E3 = Rule("E3", "follows", "自然人与五类法人或其他组织之和 ＝ 总计（每行）")
E4 = Rule("E4", "follows", "结果维持 ＋ 结果纠正 ＋ 其他结果 ＋ 尚未审结 ＝ 总计（行政复议及两类行政诉讼）")
X1 = Rule("X1", "warning", "上年报告四、结转下年度 ＝ 本年报告二、上年结转（每列）")
X2 = Rule("X2", "warning", "本年现行有效件数 ＝ 上年现行有效件数 ＋ 本年制发件数 － 本年废止件数")
EQUATIONS = (E1, E2, E3, E4, X1, X2)
"""Each rule with its description, in the order findings are reported."""


@lru_cache
def equations(form: Form = FORM_2021) -> tuple[Equation, ...]:
    """The equations within one report on ``form``: 42 on the 2021 form, 40 on the 2019 form."""
    return (*_carried(), *_results(form), *_applicants(form), *_outcomes())


@lru_cache
def equations_across_years(form: Form = FORM_2021) -> tuple[Equation, ...]:
    """The equations between a report on ``form`` and the one of the year before: seven of X1, two of X2."""
    return (*_carry_over(), *_in_force(form))


def check(report: Report, previous: Report | None = None) -> list[Finding]:
    """Every equation which does not hold, in the order E1 … X2.

    With the report of the year before, X1 and X2 are checked too; X2 only where both used the 2021 form.

    Raises:
        ValueError: ``previous`` is not the report of the year before.
    """
    findings = [finding for one in equations(report.form) if (finding := _test(one, report.values, {}))]
    if previous is None:
        return findings
    if previous.year != report.year - 1:
        raise ValueError(f"对照的应当是{report.year - 1}年度报告，所给的是{previous.year}年度报告")
    across = (one for one in equations_across_years(report.form) if _known(one, previous))
    return findings + [finding for one in across if (finding := _test(one, report.values, previous.values))]


def _known(equation: Equation, previous: Report) -> bool:
    return all(term.cell in previous.values for term in equation.left + equation.right if term.previous)


def _test(equation: Equation, values: Mapping[str, Figure], previous: Mapping[str, Figure]) -> Finding | None:
    left, right = (
        sum((term.sign * (previous if term.previous else values)[term.cell] for term in side), Decimal(0))
        for side in (equation.left, equation.right)
    )
    if left == right:
        return None
    difference = abs(left - right)
    message = (
        f"{equation.place}：{equation.left_label}等于{left}，{equation.right_label}等于{right}，"
        f"前者比后者{'多' if left > right else '少'}{difference}"
    )
    return Finding(equation.rule.id, equation.where, message, equation.rule.standing)


def _t3(code: str, column: str, previous: bool = False) -> Term:
    return Term(f"t3.{code}.{column}", previous=previous)


def _carried() -> Iterator[Equation]:
    for column in APPLICANTS:
        yield Equation(
            E1,
            f"t3.4.{column.id}",
            f"第三部分“{column.label}”列",
            (_t3("1", column.id), _t3("2", column.id)),
            (_t3(TOTAL_OF_RESULTS, column.id), _t3("4", column.id)),
            "第一项（本年新收）加第二项（上年结转）",
            "第三项（七）总计加第四项（结转下年度）",
        )


def _results(form: Form) -> Iterator[Equation]:
    for column in APPLICANTS:
        yield Equation(
            E2,
            f"t3.{TOTAL_OF_RESULTS}.{column.id}",
            f"第三部分“{column.label}”列",
            tuple(_t3(code, column.id) for code in form.leaves),
            (_t3(TOTAL_OF_RESULTS, column.id),),
            "第三项（一）至（六）各项之和",
            "第三项（七）总计",
        )


def _applicants(form: Form) -> Iterator[Equation]:
    for row in form.rows:
        yield Equation(
            E3,
            f"t3.{row.code}.total",
            f"第三部分“{row.path}”行",
            tuple(_t3(row.code, column.id) for column in APPLICANTS[:-1]),
            (_t3(row.code, "total"),),
            "自然人与五类法人或其他组织之和",
            "总计",
        )


def _outcomes() -> Iterator[Equation]:
    for appeal in APPEALS:
        yield Equation(
            E4,
            f"t4.{appeal.id}.total",
            f"第四部分“{appeal.key}”",
            tuple(Term(f"t4.{appeal.id}.{column.id}") for column in OUTCOMES[:-1]),
            (Term(f"t4.{appeal.id}.total"),),
            "四种结果之和",
            "总计",
        )


def _carry_over() -> Iterator[Equation]:
    for column in APPLICANTS:
        yield Equation(
            X1,
            f"t3.2.{column.id}",
            f"第三部分“{column.label}”列",
            (_t3("4", column.id, previous=True),),
            (_t3("2", column.id),),
            "上年报告的第四项（结转下年度）",
            "本年报告的第二项（上年结转）",
        )


def _in_force(form: Form) -> Iterator[Equation]:
    for block, item in form.items():
        if "in_force" not in [column.id for column in block.columns]:
            continue
        cell = f"t2.{item.id}"
        yield Equation(
            X2,
            f"{cell}.in_force",
            f"第二部分“{item.label}”",
            (Term(f"{cell}.in_force", previous=True), Term(f"{cell}.issued"), Term(f"{cell}.repealed", sign=-1)),
            (Term(f"{cell}.in_force"),),
            "上年现行有效件数加本年制发件数减本年废止件数",
            "本年现行有效件数",
        )
