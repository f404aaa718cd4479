"""``gongkai verify``: read the whole ledger again and name the first broken link."""

import argparse
import json

from .terminal import ready, say

HELP = "核验台账：逐条重算哈希链和封存，指出第一处断裂"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def run(options: argparse.Namespace) -> int:
    """0 when the ledger holds, 1 when it is broken, 2 when there is none."""
    if not ready():
        return 2
    from gongkai.ledger.queries import verify

    verdict = verify()
    broken = {"where": verdict.broken.where, "reason": verdict.broken.reason} if verdict.broken else None
    if options.json:
        counts = {"lines": verdict.lines, "subjects": verdict.subjects, "seals": verdict.seals}
        print(json.dumps({"ok": broken is None, "broken": broken} | counts, ensure_ascii=False))
    elif broken:
        say(f"台账断裂于 {broken['where']}：{broken['reason']}")
    else:
        print(f"台账完好：{verdict.lines} 条记录，{verdict.subjects} 个事项，{verdict.seals} 次封存，全部相符。")
    return 1 if broken else 0
