"""``gongkai demo``: load the demonstration, print the report's summary, addresses and sign-ins, and serve."""

import argparse
from datetime import date
from pathlib import Path

from .terminal import migrate, progress, say

HELP = "装入演示数据并启动：重庆市政府办公厅 2020—2021 年"
DJANGO = True
SETTINGS = "gongkai.settings.demo"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--no-serve", action="store_true", help="只装入，不启动服务")
    parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")
    parser.add_argument("--until", metavar="日期", type=date.fromisoformat, help="装到哪一天为止（默认 2022-01-10）")
    parser.add_argument("--texts", metavar="文件", type=Path, help="另外导入的法律法规全文，如 laws.jsonl.gz")


def run(options: argparse.Namespace) -> int:
    """Load (or finish loading) and serve; 0 when done."""
    from gongkai.demo.load import load
    from gongkai.demo.play import PRESENT

    say("==> 准备数据库")
    migrate()
    say("==> 装入演示数据（人物和文字均为虚构）")
    with progress("装入") as show:
        fresh = load(show, options.until or PRESENT)
    say(f"==> 本次装入 {fresh} 步" if fresh else "==> 演示数据已经齐全")
    if options.texts:
        _texts(options.texts)
    _summary(options.port, (options.until or PRESENT).year - 1)
    if options.no_serve:
        return 0
    from . import serve

    return serve.run(options)


def _texts(path: Path) -> None:
    """Real texts beside the invented ones; those published after the demonstration's present stay out."""
    from gongkai.ledger.services import SYSTEM
    from gongkai.organs.queries import body
    from gongkai.records import importing

    say(f"==> 导入法律法规全文 {path.name}")
    with progress("导入") as show:
        report = importing.run(path, "law", body("cq-office"), SYSTEM, only_good=True, progress=show)
    say(f"==> 导入 {report.imported} 件，已有 {report.skipped} 件，未导入 {len({one.row for one in report.failed})} 件")


def _summary(port: int, year: int) -> None:
    from gongkai.demo.city import PASSWORD, PEOPLE
    from gongkai.organs.queries import body
    from gongkai.organs.rights import ROLES
    from gongkai.reporting.queries import summary

    print()
    print(summary(body("cq-office"), year))
    print(f"\n公开网站  http://127.0.0.1:{port}/")
    print(f"工作台    http://127.0.0.1:{port}/office/")
    print(f"\n演示登录（密码都是 {PASSWORD}）")
    for username, name, _, roles in PEOPLE:
        print(f"  {username:<12}{name}　{'、'.join(ROLES[role] for role in roles)}")
    print(flush=True)
