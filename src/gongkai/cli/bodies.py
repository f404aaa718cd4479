"""``gongkai bodies``: the bodies of the government this installation serves, from a table. So an installation begins."""

import argparse
import json
from pathlib import Path

from .terminal import migrate, ready, say

HELP = "登记机关：正式使用从这里开始。下载模板、由表格导入、列出"
DJANGO = True
SHOWN = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """The three actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    template = actions.add_parser("template", help="写出空白模板（XLSX），含填写说明")
    template.add_argument("file", metavar="文件", help="如 机关.xlsx")
    entering = actions.add_parser("import", help="由 CSV 或 XLSX 登记；已登记的按表更新。数据库还没有建立的，先建立")
    entering.add_argument("file", metavar="文件")
    entering.add_argument("--dry-run", action="store_true", help="只检查，不登记")
    listing = actions.add_parser("list", help="列出机关")
    listing.add_argument("--json", action="store_true", help="以 JSON 输出")


def run(options: argparse.Namespace) -> int:
    """0 when done, 1 with faulty rows (nothing was entered), 2 when nothing could be read."""
    return {"template": _template, "import": _import, "list": _list}[options.action](options)


def _template(options: argparse.Namespace) -> int:
    from gongkai.organs import register

    try:
        Path(options.file).write_bytes(register.SHEET.template())
    except OSError as error:
        say(f"没有写出模板：{error}")
        return 2
    say(f"模板已写到 {options.file}。填好以后运行：gongkai bodies import {options.file}")
    return 0


def _import(options: argparse.Namespace) -> int:
    from django.db import transaction

    from gongkai.library import indexing
    from gongkai.organs import register
    from gongkai.organs.models import Body
    from gongkai.procedure import Invalid

    migrate()
    try:
        rows = register.SHEET.read(Path(options.file).read_bytes(), options.file)
    except (Invalid, OSError) as error:
        say(f"没有登记：{error}")
        return 2
    before = dict(Body.objects.values_list("key", "name"))
    with transaction.atomic():
        done = register.enter(rows, options.dry_run)
        indexing.renamed(key for key, name in Body.objects.values_list("key", "name") if before.get(key, name) != name)
    for fault in done.faults[:SHOWN]:
        say(f"第 {fault.row} 行 {fault.column}：{fault.message}")
    if done.faults:
        more = len(done.faults) - SHOWN
        say(
            f"{f'另有 {more} 处。' if more > 0 else ''}共 {len(done.faults)} 处有误，一行也没有登记。改好后再运行一次。"
        )
        return 1
    if options.dry_run:
        say(f"共 {done.rows} 个机关，没有发现错误；其中 {done.repeated} 个已经登记过。")
        return 0
    say(f"登记了 {done.imported} 个机关，更新了 {done.repeated} 个。接着添加第一位管理人员：gongkai people add --help")
    return 0


def _list(options: argparse.Namespace) -> int:
    from gongkai.organs.models import Body

    if not ready():
        return 2
    bodies = list(Body.objects.order_by("path").select_related("parent", "reported_by").prefetch_related("units"))
    if options.json:
        print(json.dumps([_row(body) for body in bodies], ensure_ascii=False))
        return 0
    for body in bodies:
        print(f"{'　' * (body.path.count('/') - 2)}{body.name}  {body.key}  {body.get_kind_display()}")
    if not bodies:
        say("还没有登记机关。请先运行：gongkai bodies template 机关.xlsx")
    return 0


def _row(body: "object") -> dict[str, object]:
    from gongkai.organs.register import FIELDS

    row = {field.name: getattr(body, field.name) for field in FIELDS}
    row["units"] = [unit.name for unit in row["units"].all()]
    return row | {name: row[name].key if row[name] else None for name in ("parent", "reported_by")}
