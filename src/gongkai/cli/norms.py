"""``gongkai norms status``: what the norms of a body are on a day, counted, with the balance of the year."""

import argparse
import json
import sys
from collections import Counter
from typing import Any

from .report import Refusal, _day, guarded

HELP = "规章和规范性文件在某一日的效力、数量和平衡关系"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    ways = parser.add_subparsers(dest="way", metavar="事项", required=True)
    status = ways.add_parser("status", help="某一日的效力和平衡关系", description="某一日的效力和平衡关系")
    status.add_argument("--body", required=True, metavar="机关", help="机关标识，如 cq")
    status.add_argument("--on", metavar="日期", help="哪一日，如 2021-12-31；默认今天")
    status.add_argument("--since", metavar="日期", help="平衡关系自哪一日起；默认当年 1 月 1 日")
    status.add_argument(
        "--scope", choices=("own", "all"), default="own", help="own：本机关（政府含其办公厅）；all：本机关及其全部下级"
    )
    status.add_argument("--list", action="store_true", help="逐件列出")
    status.add_argument("--json", action="store_true", help="以 JSON 输出，供程序使用")


def run(options: argparse.Namespace) -> int:
    """0 the balance holds, 1 it does not, 2 the reason on stderr for bad input."""
    return guarded(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    found = _found(options)
    if options.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(_said(found)) + "\n")
    return 0 if all(one["balance"]["holds"] for one in (found, *found["kinds"].values())) else 1


def _found(options: argparse.Namespace) -> dict[str, Any]:
    from gongkai.ledger import clock
    from gongkai.norms.models import Norm
    from gongkai.norms.procedure import KINDS
    from gongkai.norms.queries import balance, bodies_of, statuses
    from gongkai.organs.queries import body

    on = _day(options.on) or clock.today()
    since = _day(options.since) or on.replace(month=1, day=1)
    chosen = body(options.body)
    bodies = bodies_of(chosen, options.scope)
    listed = statuses(Norm.objects.filter(body__in=bodies.values("key")).order_by("issued_on", "key"), on)

    def part(kind: str | None) -> dict[str, Any]:
        try:
            sums = balance(bodies, since, on, kind)
        except ValueError as error:
            raise Refusal(str(error)) from error
        counts = Counter(what for norm, what in listed if kind in (None, norm.kind))
        names = ("previous", "issued", "repealed", "lapsed", "expired", "in_force", "equation", "holds")
        return {
            "in_force": sum(number for what, number in counts.items() if what.in_force),
            "statuses": {what.value: {"label": what.label, "count": counts[what]} for what in sorted(counts)},
            "balance": {"since": since.isoformat()} | {name: getattr(sums, name) for name in names},
        }

    result = {"body": chosen.key, "name": chosen.name, "on": on.isoformat(), "scope": options.scope} | part(None)
    result["kinds"] = {kind: {"label": label} | part(kind) for kind, label in KINDS}
    if options.list:
        result["norms"] = [_row(norm, what) for norm, what in listed]
    return result


def _row(norm: Any, what: Any) -> dict[str, Any]:
    days = ("issued_on", "effective_on", "valid_until", "ended_on")
    return {
        "key": norm.key,
        "body": norm.body_id,
        "kind": norm.kind,
        "title": norm.title,
        "document_number": norm.document_number,
        "register_number": norm.register_number,
        "status": what.value,
        "label": what.label,
    } | {name: day.isoformat() if (day := getattr(norm, name)) else None for name in days}


def _said(found: dict[str, Any]) -> list[str]:
    scope = {"own": "本机关", "all": "本机关及下级"}[found["scope"]]
    lines = [f"{found['name']}（{scope}）　{found['on']}"]
    for part in found["kinds"].values():
        lines += ["", f"{part['label']}：现行有效 {part['in_force']} 件"]
        lines += [f"  {one['label']}　{one['count']} 件" for one in part["statuses"].values()]
        standing = "成立" if part["balance"]["holds"] else "不成立"
        lines.append(f"  自 {part['balance']['since']}　{part['balance']['equation']}（{standing}）")
    lines += [f"  {one['document_number']}　{one['title']}　{one['label']}" for one in found.get("norms", [])]
    return lines
