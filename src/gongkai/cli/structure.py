"""``gongkai structure FILE``: a document's 编章节条款项目 as a tree."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gongkai.text.reading import CannotRead, Reading, read_bytes, read_file
from gongkai.text.structure import TooLong, outline, parse

HELP = "把一份文件拆成编、章、节、条、款、项、目"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("file", metavar="文件", help="Word、PDF、网页、文本或 Markdown 文件；“-”为标准输入")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出整棵树，供程序使用")


def run(options: argparse.Namespace) -> int:
    """0 read, 2 it cannot be read (the reason on stderr)."""
    try:
        reading = opened(options.file)
        tree = parse(reading.text)
    except (CannotRead, TooLong) as error:
        print(f"无法读取：{error}", file=sys.stderr)
        return 2
    if options.json:
        row = {**described(reading), "articles": len(tree.articles), **tree.as_json()}
        print(json.dumps(row, ensure_ascii=False))
        return 0
    print(reading.title or "（没有标题）")
    print(f"共 {len(tree.articles)} 条")
    for line in _lines(outline(tree, deep=True)):
        print(line)
    return 0


def opened(name: str) -> Reading:
    """The file of this name, or standard input for ``-``; warnings go to standard error."""
    reading = read_bytes(sys.stdin.buffer.read()) if name == "-" else read_file(Path(name))
    for warning in reading.warnings:
        print(f"注意：{warning}", file=sys.stderr)
    return reading


def described(reading: Reading) -> dict[str, Any]:
    """Title, kind of file, metadata and warnings, as both commands print them."""
    return {
        "title": reading.title,
        "format": reading.kind,
        "metadata": reading.metadata,
        "warnings": list(reading.warnings),
        "length": len(reading.text),
    }


def _lines(entries: list[dict[str, Any]], depth: int = 0) -> list[str]:
    lines = []
    for entry in entries:
        lines.append(f"{'  ' * depth}{(entry['label'] + ' ' + entry['title']).strip()}  #{entry['anchor']}")
        lines += _lines(entry["children"], depth + 1)
    return lines
