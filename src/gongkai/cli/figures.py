"""``gongkai figures``: every named figure of a body for a year, with its definition and the page of its rows."""

import argparse
import json
import sys
from unicodedata import east_asian_width

from .report import guarded, scope, scope_arguments

HELP = "列出一个机关一个年度的全部指标及其定义"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    scope_arguments(parser)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")


def run(options: argparse.Namespace) -> int:
    """Print the figures; 2 with the reason on stderr for bad input."""
    return guarded(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    from gongkai.reporting.queries import all_figures

    found = [one.as_json() for one in all_figures(**scope(options))]
    if options.json:
        text = json.dumps({"figures": found}, ensure_ascii=False, indent=2)
    else:
        text = "\n".join(_line(one["id"], f"{one['value']} {one['unit']}", one["label"]) for one in found)
    sys.stdout.write(text + "\n")
    return 0


def _line(name: str, value: str, label: str) -> str:
    return f"{name:<44}{_right(value, 14)}  {label}"


def _right(text: str, width: int) -> str:
    """Set to the right, a Chinese character taking two places."""
    taken = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
    return " " * max(0, width - taken) + text
