"""``gongkai search``: what the public search finds, for terminals and programs; ``--reindex`` makes the index anew."""

import argparse
import html
import json
import re
import sys
from typing import Any

from .terminal import progress, ready, say

HELP = "搜索公开信息；--reindex 重建搜索索引"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the subcommand."""
    parser.add_argument("query", nargs="?", default="", metavar="搜索词", help="写法与搜索页相同，见 /search/help/")
    parser.add_argument(
        "--filter", action="append", default=[], metavar="名称=值",
        help="限定范围，可重复：kind、bodies、year、theme、status、published_on 等",
    )  # fmt: skip
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="最多列出几条（默认 20）")
    parser.add_argument("--newest", action="store_true", help="按发布日期排列，最新的在前")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.add_argument("--reindex", action="store_true", help="重建索引和引用关系；中断后再次运行即从中断处继续")


def run(options: argparse.Namespace) -> int:
    """0 when something was found or the index is made, 1 when nothing was found, 2 for what cannot be understood."""
    if not ready():
        return 2
    if options.reindex:
        return _reindex()
    faulty = [one for one in options.filter if "=" not in one]
    if faulty or not (options.query or options.filter):
        say(
            f"--filter 应写成 名称=值，如 kind=regulation：{faulty[0]}"
            if faulty
            else "请写明要搜索的词，或者用 --filter 限定范围"
        )
        return 2
    return _search(options)


def _reindex() -> int:
    from gongkai.library import indexing

    with progress("重建索引") as show:
        count = indexing.rebuild(show)
    print(f"已重建索引：{count} 条。")
    return 0


def _search(options: argparse.Namespace) -> int:
    from gongkai.library import finding, indexing

    indexing.keep_up()  # what another process published is found here too, with or without a worker
    filters: dict[str, Any] = {}
    for one in options.filter:
        name, _, value = one.partition("=")
        if name not in finding.FILTERS:
            say(f"没有“{name}”这个限定，可用的有：{'、'.join(finding.FILTERS)}")
            return 2
        filters.setdefault(name, []).append(value)
    answer = finding.find(options.query, filters, size=max(1, options.limit), newest=options.newest)
    if answer.fault:
        say(answer.fault)
        return 2
    results = answer.results
    told = {
        "total": results.total,
        "mode": results.mode,
        "hits": [
            {"url": hit.url, "title": hit.title, "snippet": plain(hit.snippet), "score": round(hit.score, 4)}
            for hit in results.hits
        ],
        "facets": {name: dict(values) for name, values in results.facets.items()},
        "did_you_mean": results.did_you_mean,
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n" if options.json else _lines(told))
    return 0 if results.total else 1


def plain(marked: str) -> str:
    """A snippet without its marks."""
    return html.unescape(re.sub(r"</?mark>", "", marked))


def _lines(told: dict[str, Any]) -> str:
    head = f"找到 {told['total']} 条{'（含部分词）' if told['mode'] == 'or' and told['total'] else ''}"
    meant = [f"您是不是要找：{told['did_you_mean']}"] if told["did_you_mean"] else []
    hits = [f"{hit['title']}\n    {hit['url']}\n    {hit['snippet']}" for hit in told["hits"]]
    return "\n".join([head, *meant, *hits]) + "\n"
