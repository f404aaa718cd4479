"""``gongkai tokens``: tokens for the machines that use the API. A token is shown once, when it is made."""

import argparse
import json
from typing import TYPE_CHECKING

from .terminal import ready, say, whoever

if TYPE_CHECKING:
    from gongkai.api.models import Token

HELP = "管理接口令牌：签发、列出、撤销"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """The three actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    make = actions.add_parser("make", help="签发令牌，只显示这一次")
    make.add_argument("name", help="名称，如 city-portal")
    make.add_argument("--scope", action="append", default=[], help="范围：intake 提交申请，status 查询；可以写多次")
    make.add_argument("--days", type=int, default=365, help="有效天数（默认 365）")
    listing = actions.add_parser("list", help="列出令牌")
    listing.add_argument("--json", action="store_true", help="以 JSON 输出")
    revoke = actions.add_parser("revoke", help="撤销令牌，立即失效")
    revoke.add_argument("name", help="名称")


def run(options: argparse.Namespace) -> int:
    """0 when done, 2 when refused, with the reason."""
    if not ready():
        return 2
    from gongkai.procedure import Invalid, Refused

    try:
        {"make": _make, "list": _list, "revoke": _revoke}[options.action](options)
    except (Invalid, Refused) as error:
        say(str(error))
        return 2
    return 0


def _make(options: argparse.Namespace) -> None:
    from gongkai.api.services import make

    token, plain = make(options.name, options.scope, whoever(), options.days)
    say(f"已签发“{token.name}”，有效期至 {_day(token.expires_at)}。令牌只显示这一次，请立即保存：")
    print(plain)


def _revoke(options: argparse.Namespace) -> None:
    from gongkai.api.services import revoke

    say(f"已撤销“{revoke(options.name, whoever()).name}”，立即失效。")


def _list(options: argparse.Namespace) -> None:
    from gongkai.api.models import Token

    rows = [_row(token) for token in Token.objects.all()]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
    for row in () if options.json else rows:
        used = f"最近使用 {row['last_used_on']}" if row["last_used_on"] else "未使用过"
        print(f"{row['name']}  {row['state']}  {','.join(row['scopes'])}  有效期至 {row['expires_on']}  {used}")


def _row(token: "Token") -> dict[str, object]:
    from gongkai.identity import moment

    state = "已撤销" if token.revoked_at else "已过期" if token.expires_at <= moment.now() else "有效"
    used = _day(token.last_used_at) if token.last_used_at else None
    expires = _day(token.expires_at)
    return {"name": token.name, "state": state, "scopes": token.scopes, "expires_on": expires, "last_used_on": used}


def _day(instant: object) -> str:
    from gongkai.ledger.clock import day_of

    return day_of(instant).isoformat()  # type: ignore[arg-type]
