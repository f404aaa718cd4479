"""``gongkai bake``: bring the baked pages up to date; all of them anew; or hold the tree against a full bake."""

import argparse

from .terminal import progress, ready, say
from .worker import pages_of

HELP = "烘焙公开页面：写成静态文件，网站停机时照常可看"
DJANGO = True
#: So many addresses are named; the rest is a number.
NAMED = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--all", action="store_true", help="全部重新烘焙；中断后再次运行即从中断处继续")
    parser.add_argument("--verify", action="store_true", help="核对每个文件与重新烘焙的结果是否逐字节一致")


def run(options: argparse.Namespace) -> int:
    """0 when the tree is as it should be, 1 when ``--verify`` found differences, 2 without a ledger."""
    if not ready():
        return 2
    from gongkai.bake import baker
    from gongkai.ledger import clock
    from gongkai.library import indexing
    from gongkai.sites import filling, hosts

    indexing.keep_up()  # what changed reaches the pages through the catalogue and the columns
    filling.keep_up()
    hosts.keep_up()
    pages_of(clock.today())
    if options.all or not options.verify:
        with progress("烘焙") as show:
            made = baker.whole(show, again=options.all)
        say(f"==> 已烘焙 {made} 页")
    if not options.verify:
        return 0
    with progress("核对") as show:
        wrong = baker.verify(show)
    for address in wrong[:NAMED]:
        print(address)
    say(f"==> {len(wrong)} 个地址不一致" if wrong else "==> 全部一致")
    return 1 if wrong else 0
