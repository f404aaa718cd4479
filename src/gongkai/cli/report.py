"""``gongkai report``: the annual report of a body for a year, counted from the ledger at this moment."""

import argparse
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

HELP = "由台账编制年度报告，输出 JSON、网页、Word、PDF 或 Excel"
DJANGO = True

FORMATS = ("json", "html", "docx", "pdf", "xlsx")


class Refusal(Exception):
    """Why the command cannot go on, in Chinese; exit code 2."""


def scope_arguments(parser: argparse.ArgumentParser) -> None:
    """Which body, year, day and knowledge: shared with ``gongkai figures``."""
    parser.add_argument("--body", required=True, metavar="机关", help="机关标识，如 cq-office")
    parser.add_argument("--year", required=True, metavar="年度", help="如 2021")
    parser.add_argument("--as-of", metavar="日期", help="统计截止日，如 2021-06-30；默认为年度最后一日")
    parser.add_argument("--known-at", metavar="时间", help="按何时所知，如 2022-01-20T18:00；此后登记的内容不计入")
    parser.add_argument(
        "--reach", choices=("own", "all"), default="own", help="own：本机关（默认）；all：本机关及其全部下级"
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    scope_arguments(parser)
    parser.add_argument("--form", choices=("2021", "2019"), default="2021", help="报告格式，默认 2021")
    parser.add_argument("--frozen", action="store_true", help="输出已冻结的报告，不重新统计")
    parser.add_argument("--format", choices=FORMATS, help="输出格式；不写则显示摘要")
    parser.add_argument("-o", "--output", metavar="文件", help="写入文件；不写则输出到终端")


def run(options: argparse.Namespace) -> int:
    """Write the report; 2 with the reason on stderr when it cannot be made."""
    return guarded(lambda: _run(options))


def guarded(work: Callable[[], int]) -> int:
    """Turn every expected failure into a Chinese sentence on stderr and exit code 2."""
    from django.db import OperationalError, ProgrammingError

    from gongkai.organs.queries import NoSuchBody
    from gongkai.reporting.rendering import Unprintable

    try:
        return work()
    except (OperationalError, ProgrammingError) as error:
        reason = (
            f"读不了数据库：{error}"
            if _set_up()
            else "数据库尚未建立，请先登记机关（gongkai bodies import）或者运行 gongkai demo（演示）"
        )
    except (Refusal, NoSuchBody, *Unprintable) as error:
        reason = str(error)
    except OSError as error:
        reason = f"文件写入失败：{error}"
    print(reason, file=sys.stderr)
    return 2


def _set_up() -> bool:
    from django.db import DatabaseError, connection

    try:
        return "organs_body" in connection.introspection.table_names()
    except DatabaseError:
        return True  # the data base cannot be reached at all: its own words say more


def scope(options: argparse.Namespace) -> dict[str, Any]:
    """The options as arguments of ``reporting.queries``. Raises :class:`Refusal`."""
    from gongkai.organs.queries import body
    from gongkai.reporting.queries import ask

    chosen = {
        "body": body(options.body),
        "year": _number(options.year),
        "as_of": _day(options.as_of),
        "known_at": _instant(options.known_at),
        "reach": options.reach,
    }
    try:
        ask(**chosen)
    except ValueError as error:
        raise Refusal(str(error)) from error
    return chosen


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Refusal(f"年度“{text}”无法识别，应为四位数字，如 2021")
    return int(text)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise Refusal(f"截至日“{text}”不是有效的日期，应为年-月-日，如 2021-06-30") from None


def _instant(text: str | None) -> datetime | None:
    from gongkai.procedure import Invalid
    from gongkai.reporting.services import instant

    try:
        return instant(text) if text is not None else None
    except Invalid:
        raise Refusal(f"时间“{text}”无法识别，应写成如 2022-01-20T18:00") from None


def _run(options: argparse.Namespace) -> int:
    chosen = scope(options)
    if options.frozen:
        return _frozen(options, chosen)
    if options.format is None:
        return _emit(options, _summary(chosen), text=True)
    from gongkai.reporting.rendering import FORMATS as WRITERS

    if options.format == "json":
        return _emit(options, _json(options, chosen), text=True)
    if options.form == "2019":
        raise Refusal("2019 年格式的第二部分要另外的数据，不能由 2021 年格式折算；只有 --format json 可以折算第三部分")
    writer = WRITERS[options.format]
    _terminal(options, writer.text)
    return _emit(options, writer.write(_content(chosen)), writer.text)


def _json(options: argparse.Namespace, chosen: dict[str, Any]) -> bytes:
    from gongkai.annual.report import fold_2019
    from gongkai.reporting.queries import compile_report
    from gongkai.reporting.rendering import pretty

    report = compile_report(**chosen)
    answer = report.to_json()
    if options.form == "2019":
        answer["table3"] = {code: list(row) for code, row in fold_2019(report).items()}
    return pretty(answer)


def _summary(chosen: dict[str, Any]) -> bytes:
    from gongkai.reporting.queries import summary

    return f"{summary(**chosen)}\n加 --format json|html|docx|pdf|xlsx 输出报告。\n".encode()


def _content(chosen: dict[str, Any]) -> dict[str, Any]:
    from gongkai.reporting.queries import live_content

    return live_content(**chosen)


def _frozen(options: argparse.Namespace, chosen: dict[str, Any]) -> int:
    from gongkai.ledger import blobs
    from gongkai.reporting.models import AnnualReport

    found = AnnualReport.objects.filter(body=chosen["body"], year=chosen["year"]).exclude(content="").first()
    if found is None:
        raise Refusal(f"{chosen['body']}{chosen['year']}年度报告还没有冻结")
    name = options.format or "json"
    if name not in found.files:
        raise Refusal(f"冻结时没有制作这种文件：{found.pdf_missing}")
    text = name in ("json", "html")
    _terminal(options, text)
    return _emit(options, blobs.get(found.files[name]), text)


def _terminal(options: argparse.Namespace, text: bool) -> None:
    """Files that are not text do not belong on a screen."""
    if not text and not options.output and sys.stdout.isatty():
        raise Refusal(f"{options.format} 文件不能显示在终端上，请用 -o 写入文件，如 -o report.{options.format}")


def _emit(options: argparse.Namespace, data: bytes, text: bool) -> int:
    if options.output:
        Path(options.output).write_bytes(data)
        print(f"已写入 {options.output}（{len(data):,} 字节）", file=sys.stderr)
    elif text:
        sys.stdout.write(data.decode())
    else:
        sys.stdout.buffer.write(data)
    return 0
