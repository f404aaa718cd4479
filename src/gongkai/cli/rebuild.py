"""``gongkai rebuild``: empty every projection and write it again from the ledger."""

import argparse

from .terminal import progress, ready

HELP = "由台账重建全部列表和统计（投影）"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """0 when done, 2 when there is no ledger."""
    if not ready():
        return 2
    from gongkai.ledger import queries

    with progress("重建") as show:
        count = queries.rebuild(show)
    print(f"已由台账重建 {count} 个事项。")
    return 0
