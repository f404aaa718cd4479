"""``gongkai check FILE``: read a published annual report and say which of its equations do not hold."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gongkai.annual.equations import EQUATIONS, Finding, check, equations
from gongkai.annual.reader import read
from gongkai.annual.reading import ReadError, Reading

HELP = "读一份已公布的年度报告，核对表内勾稽关系"
STANDINGS = {"official": "格式规定", "follows": "由总计推出", "warning": "跨年提示"}
SHOWN_REPAIRS = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("file", metavar="文件", type=Path, help="年度报告文件（每格一行的文本）")
    parser.add_argument("--previous", metavar="文件", type=Path, help="上一年度的报告，用来核对跨年关系")
    parser.add_argument("--json", action="store_true", help="以JSON输出，供程序使用")


def run(options: argparse.Namespace) -> int:
    """0 every equation holds, 1 some do not, 2 the file cannot be read (the reason on stderr)."""
    try:
        reading = read(options.file)
        previous = read(options.previous).report if options.previous else None
        findings = check(reading.report, previous)
    except ReadError as error:
        print(f"无法读取：{error}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"无法核对：{error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(_as_json(reading, findings), ensure_ascii=False))
    else:
        print(_summary(reading, findings))
    return 1 if findings else 0


def _as_json(reading: Reading, findings: list[Finding]) -> dict[str, Any]:
    return {
        "report": reading.report.to_json(),
        "findings": [{"rule": one.rule, "where": one.where, "message": one.message} for one in findings],
        "repairs": [
            {"where": one.where, "found": one.found, "taken": one.taken, "message": one.message}
            for one in reading.repairs
        ],
    }


def _summary(reading: Reading, findings: list[Finding]) -> str:
    report = reading.report
    values = report.values
    lines = [
        reading.title,
        f"格式：{report.form.document}，共{len(values)}个数字",
        f"新收{values['t3.1.total']}件，上年结转{values['t3.2.total']}件，"
        f"办结{values['t3.3.7.total']}件，结转下年度{values['t3.4.total']}件",
        "",
    ]
    if findings:
        lines.append(f"勾稽核对：{len(findings)}处不成立")
        lines += [f"  {one.rule}（{STANDINGS[one.standing]}） {one.message}" for one in findings]
        rules = {rule.id: rule.description for rule in EQUATIONS}
        lines += ["", "所涉关系：", *(f"  {rule} {rules[rule]}" for rule in sorted({one.rule for one in findings}))]
    else:
        lines.append(f"勾稽核对：{len(equations(report.form))}个等式全部成立")
    if reading.repairs:
        lines += ["", f"读取时作了{len(reading.repairs)}处修正（没有为使等式成立而改动任何数字）："]
        lines += [f"  {one.message}" for one in reading.repairs[:SHOWN_REPAIRS]]
        if len(reading.repairs) > SHOWN_REPAIRS:
            lines.append(f"  ……其余{len(reading.repairs) - SHOWN_REPAIRS}处请用 --json 查看")
    return "\n".join(lines)
