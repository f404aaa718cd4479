"""``gongkai deadline``: when an answer is due, with the derivation of the day."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from gongkai.law.clocks import ClockEvent, Deadline, deadline
from gongkai.law.receipt import Channel

HELP = "计算依申请公开的答复期限，并逐步说明依据"

_EVENT_KEYS = {"kind", "on", "days", "until"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    channels = "、".join(f"{channel}（{channel.label}）" for channel in Channel)
    parser.add_argument("--received", required=True, metavar="日期", help="收到申请之日，如 2021-02-08")
    parser.add_argument("--channel", metavar="渠道", help=f"申请渠道：{channels}")
    parser.add_argument(
        "--events", metavar="文件", help='事件文件（JSON）：[{"kind": …, "on": 日期}, …]，按先后排列；“-”为标准输入'
    )
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def run(options: argparse.Namespace) -> int:
    """Print the deadline; 2 with the reason on stderr for bad input or an impossible sequence."""
    try:
        events = _events(options.events) if options.events else []
        found = deadline(_day(options.received, "收到日期"), events, channel=_channel(options.channel))
    except (ValueError, OSError) as error:
        print(_reason(error, options.events), file=sys.stderr)
        return 2
    print(json.dumps(as_json(found), ensure_ascii=False, indent=2) if options.json else as_text(found))
    return 0


def as_json(found: Deadline) -> dict[str, Any]:
    """Due date, whether provisional, steps; what is waited for and findings only when there are any."""
    answer: dict[str, Any] = {
        "due": found.due.isoformat(),
        "provisional": found.provisional,
        "steps": [step.as_json() for step in found.steps],
    }
    if found.waiting:
        due = found.waiting.due
        answer["waiting"] = {
            "kind": found.waiting.kind,
            "since": found.waiting.since.isoformat(),
            "due": due.isoformat() if due else None,
            "article": found.waiting.article.short,
        }
    if found.findings:
        answer["findings"] = [
            {"rule": one.rule, "article": one.article.short, "message": one.text} for one in found.findings
        ]
    return answer


def as_text(found: Deadline) -> str:
    """The same for people."""
    provisional = "（暂定：该年度节假日安排尚未公布）" if found.provisional else ""
    lines = [f"应于 {found.due.isoformat()} 前答复{provisional}"]
    lines += [f"{number}. {step.text}（{step.article.short}）" for number, step in enumerate(found.steps, 1)]
    lines += [f"注意：{finding.text}（{finding.article.short}）" for finding in found.findings]
    return "\n".join(lines)


def _reason(error: Exception, name: str | None) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"事件文件不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列）：{name}"
    if isinstance(error, UnicodeDecodeError):
        return f"事件文件不是 UTF-8 编码：{name}"
    return f"无法读取事件文件：{name}" if isinstance(error, OSError) else str(error)


def _day(text: Any, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(f"{what}无法识别：{text}（应为 2021-02-08 的形式）") from None


def _channel(text: str | None) -> Channel | None:
    if text is None:
        return None
    try:
        return Channel(text)
    except ValueError:
        raise ValueError(f"没有这种渠道：{text}（可用：{'、'.join(Channel)}）") from None


def _events(name: str) -> list[ClockEvent]:
    rows = json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    if not isinstance(rows, list):
        raise ValueError('事件文件应为一个列表：[{"kind": …, "on": …}, …]')
    return [_event(number, row) for number, row in enumerate(rows, 1)]


def _event(number: int, row: Any) -> ClockEvent:
    if not isinstance(row, dict) or not {"kind", "on"} <= row.keys():
        raise ValueError(f"第 {number} 个事件缺少 kind 或者 on")
    unknown = row.keys() - _EVENT_KEYS
    if unknown:
        raise ValueError(f"第 {number} 个事件有不认识的项目：{'、'.join(sorted(unknown))}")
    days = row.get("days")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool)):
        raise ValueError(f"第 {number} 个事件的 days 应为整数：{days}")
    until = row.get("until")
    return ClockEvent(
        str(row["kind"]),
        _day(row["on"], f"第 {number} 个事件的日期"),
        days,
        None if until is None else _day(until, f"第 {number} 个事件的 until "),
    )
