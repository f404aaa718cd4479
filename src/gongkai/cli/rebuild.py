"""``gongkai rebuild``: empty every projection and write it again from the ledger; then the search index."""

import argparse

from .terminal import progress, ready

HELP = "由台账重建全部列表和统计（投影），以及搜索索引和引用关系"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    """0 when done, 2 when there is no ledger."""
    if not ready():
        return 2
    from gongkai.ledger import queries
    from gongkai.library import indexing

    with progress("重建") as show:
        count = queries.rebuild(show)
    with progress("重建索引") as show:
        indexing.rebuild(show)
    print(f"已由台账重建 {count} 个事项。")
    return 0
