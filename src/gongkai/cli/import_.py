"""``gongkai import``: records that are public already, from files in bulk; every faulty row reported."""

import argparse
import json
from pathlib import Path
from typing import Any

from .terminal import progress, ready, say

HELP = "批量导入已公开的信息：JSONL、CSV、XLSX、DOCX、PDF、HTML、TXT 文件或者文件夹"
DJANGO = True
SHOWN = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("path", metavar="路径", help="文件或者文件夹")
    parser.add_argument("--kind", required=True, metavar="类别", help="信息类别，如 law、plan、meeting")
    parser.add_argument("--body", metavar="机关", help="机关标识，如 cq-office；不写则为最上级机关")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不导入")
    parser.add_argument("--only-good", action="store_true", help="有错误时，只导入没有错误的行")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def run(options: argparse.Namespace) -> int:
    """0 when everything went in, 1 with faulty rows, 2 when nothing could be read."""
    if not ready():
        return 2
    from gongkai.ledger.services import SYSTEM, Conflict
    from gongkai.organs.queries import NoSuchBody
    from gongkai.procedure import Invalid, Refused
    from gongkai.records import importing

    try:
        body = _body(options.body)
        with progress("导入") as show:
            report = importing.run(
                Path(options.path), options.kind, body, SYSTEM, dry_run=options.dry_run, only_good=options.only_good,
                progress=show,
            )  # fmt: skip
    except (NoSuchBody, Invalid, Refused, Conflict, OSError) as error:
        say(f"没有导入：{error}")
        return 2
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        _tell(report)
    return 1 if report.failed else 0


def _body(key: str | None) -> Any:
    from gongkai.organs.models import Body
    from gongkai.organs.queries import NoSuchBody, body

    if key:
        return body(key)
    found = Body.objects.filter(parent=None).first()
    if found is None:
        raise NoSuchBody("还没有登记机关，请先登记：gongkai bodies import")
    return found


def _tell(report: Any) -> None:
    for fault in report.failed[:SHOWN]:
        where = f"{fault.file} 第 {fault.row} 行" if fault.file else f"第 {fault.row} 行"
        print(f"{where}{f'（{fault.field}）' if fault.field else ''}：{fault.message}")
    if len(report.failed) > SHOWN:
        print(f"另有 {len(report.failed) - SHOWN} 处错误，用 --json 输出全部。")
    done = "可以导入" if report.dry_run else "已导入"
    print(f"{done} {report.imported:,} 条，以前已导入 {report.skipped:,} 条，有错误 {len(report.failed):,} 处。")
    if report.failed and not report.imported and not report.dry_run:
        print("一条也没有导入：请更正后再导入，或者加 --only-good 只导入没有错误的。")
