"""``gongkai demo``: load the demonstration, print the report's summary, addresses and sign-ins, and serve."""

import argparse

from .terminal import migrate, progress, say

HELP = "装入演示数据并启动：重庆市政府办公厅 2020—2021 年"
DJANGO = True
SETTINGS = "gongkai.settings.demo"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--no-serve", action="store_true", help="只装入，不启动服务")
    parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")


def run(options: argparse.Namespace) -> int:
    """Load (or finish loading) and serve; 0 when done."""
    from gongkai.demo.load import load

    say("==> 准备数据库")
    migrate()
    say("==> 装入演示数据（人物和文字均为虚构）")
    with progress("装入") as show:
        fresh = load(show)
    say(f"==> 本次装入 {fresh} 步" if fresh else "==> 演示数据已经齐全")
    _summary(options.port)
    if options.no_serve:
        return 0
    from . import serve

    return serve.run(options)


def _summary(port: int) -> None:
    from gongkai.demo.city import PASSWORD, PEOPLE
    from gongkai.organs.queries import body
    from gongkai.organs.rights import ROLES
    from gongkai.reporting.queries import summary

    print()
    print(summary(body("cq-office"), 2021))
    print(f"\n公开网站  http://127.0.0.1:{port}/")
    print(f"工作台    http://127.0.0.1:{port}/office/")
    print(f"\n演示登录（密码都是 {PASSWORD}）")
    for username, name, _, roles in PEOPLE:
        print(f"  {username:<12}{name}　{'、'.join(ROLES[role] for role in roles)}")
    print(flush=True)
