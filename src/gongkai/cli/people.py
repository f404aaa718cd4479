"""``gongkai people``: who may sign in, from the terminal. The first administrator comes from here; they add the others."""

import argparse
import json

from .terminal import ready, say, whoever

HELP = "人员：添加第一位管理人员，重置密码，列出"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """The three actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    add = actions.add_parser("add", help="添加人员并授予角色，显示一次性的初始密码")
    add.add_argument("username", metavar="登录名", help="字母、数字、连字符和下划线")
    add.add_argument("name", metavar="姓名")
    add.add_argument("--body", required=True, metavar="机关", help="所在机关的标识，见 gongkai bodies list")
    add.add_argument("--unit", metavar="处室", help="所在处室的名称")
    add.add_argument("--on", metavar="机关", help="角色用于哪个机关，默认为所在机关")
    add.add_argument("--role", action="append", metavar="角色", help="默认 administrator（管理）；可以写多次")
    add.add_argument("--below", action="store_true", help="角色也用于下级机关")
    reset = actions.add_parser("reset", help="重置密码：显示一次性的临时密码")
    reset.add_argument("username", metavar="登录名")
    listing = actions.add_parser("list", help="列出人员和角色")
    listing.add_argument("--json", action="store_true", help="以 JSON 输出")


def run(options: argparse.Namespace) -> int:
    """0 when done, 2 when refused, with the reason."""
    if not ready():
        return 2
    from gongkai.organs.queries import NoSuchBody
    from gongkai.procedure import Refused

    try:
        return {"add": _add, "reset": _reset, "list": _list}[options.action](options)
    except (NoSuchBody, Refused, ValueError) as error:
        say(str(error))
        return 2


def _add(options: argparse.Namespace) -> int:
    from django.db import transaction

    from gongkai.identity.services import reset_password
    from gongkai.organs.queries import body
    from gongkai.organs.rights import GRANTABLE, ROLES
    from gongkai.organs.services import add_person, fault_of, grant

    roles, at = options.role or ["administrator"], body(options.body)
    on = body(options.on or options.body)
    if unknown := [role for role in roles if role not in GRANTABLE]:
        words = "、".join(f"{role}（{ROLES[role]}）" for role in GRANTABLE)
        raise ValueError(f"没有这个角色：{'、'.join(unknown)}。可以写：{words}")
    if fault := fault_of(options.username, options.name):
        raise ValueError(fault[1])
    unit = at.units.filter(name=options.unit or "").first()
    if options.unit and not unit:
        words = "、".join(at.units.values_list("name", flat=True)) or "还没有，请写进机关表的“内设机构”一列再导入"
        raise ValueError(f"{at.name}没有这个处室：{options.unit}。现有：{words}")
    with transaction.atomic():
        person = add_person(options.username, options.name, at, whoever(), unit)
        grant(person, on, roles, whoever(), options.below)
        password = reset_password(person, whoever())
    held = "、".join(ROLES[role] for role in roles)
    say(f"已添加{person.name}（{at.name}）：{on.name}{'及下级机关' if options.below else ''}的{held}。")
    _show(password)
    return 0


def _reset(options: argparse.Namespace) -> int:
    from gongkai.identity.services import reset_password
    from gongkai.organs.models import Person

    person = Person.objects.filter(username=options.username).first()
    if person is None:
        raise ValueError(f"没有登录名为“{options.username}”的人员，见 gongkai people list")
    _show(reset_password(person, whoever()))
    return 0


def _show(password: str) -> None:
    say("密码只显示这一次，首次登录时必须更改：")
    print(password)


def _list(options: argparse.Namespace) -> int:
    from gongkai.organs.models import Person

    people = Person.objects.select_related("body").prefetch_related("grants__body").order_by("username")
    rows = [
        {
            "username": person.username,
            "name": person.name,
            "body": person.body.key,
            "active": person.is_active,
            "roles": [{"role": one.role, "body": one.body.key, "below": one.below} for one in person.grants.all()],
        }
        for person in people
    ]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for person in people:
        roles = "、".join(
            f"{one.get_role_display()}（{one.body.short_name}{'及下级' if one.below else ''}）"
            for one in person.grants.all()
        )
        print(f"{person.username}  {person.name}  {person.body.name}  {'' if person.is_active else '已停用  '}{roles}")
    return 0
