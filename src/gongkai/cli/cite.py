"""``gongkai cite FILE``: what a document cites, where, and what each citation leads to."""

import argparse
import json
import sys

from gongkai.cli.structure import described, opened
from gongkai.text.citations import Citation, cite
from gongkai.text.reading import CannotRead
from gongkai.text.structure import TooLong, parse

HELP = "找出一份文件引用的法律、文件和条款"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("file", metavar="文件", help="Word、PDF、网页、文本或 Markdown 文件；“-”为标准输入")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出，供程序使用")


def run(options: argparse.Namespace) -> int:
    """0 read, 2 it cannot be read (the reason on stderr)."""
    try:
        reading = opened(options.file)
        found = cite(reading.text, parse(reading.text))
    except (CannotRead, TooLong) as error:
        print(f"无法读取：{error}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps({**described(reading), "citations": [one.as_json() for one in found]}, ensure_ascii=False))
        return 0
    print(
        f"{reading.title or '（没有标题）'}：共 {len(found)} 处引用，其中引用本文的 {sum(one.internal for one in found)} 处"
    )
    for one in found:
        print(f"{one.start}–{one.end}  {one.text}  → {_leads_to(one)}")
    return 0


def _leads_to(one: Citation) -> str:
    places = "、".join(provision.text for provision in one.provisions)
    if one.internal:
        return "本文" + places
    return (f"《{one.title}》" if one.title else "") + (f"（{one.number}）" if one.number else "") + places
