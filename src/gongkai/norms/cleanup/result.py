"""The published decision as text: what it decides, and its annexes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..models import Norm
from .events import Cleanup
from .procedure import AMEND, KEEP, LAPSE, REPEAL

_ANNEXES = (
    (REPEAL, "废止的文件目录", "废止{count}件文件"),
    (LAPSE, "宣布失效的文件目录", "宣布{count}件文件失效"),
    (AMEND, "修改的文件目录", "修改{count}件文件"),
    (KEEP, "继续有效的文件目录", "继续有效的文件{count}件"),
)
_CHINESE = "一二三四五"
_CHUNK = 500


def _titles(keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = Norm.objects.filter(key__in=keys[start : start + _CHUNK])
        found.update(
            {key: (title, number) for key, title, number in rows.values_list("key", "title", "document_number")}
        )
    return found


def annexes(one: Cleanup, passed: Sequence[str] = ()) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Each annex as (heading, rows of (key, title, 文号)); empty ones are left out."""
    titles, gone = _titles(list(one.items)), set(passed)
    lists = [(heading, [key for key in one.chosen(decision) if key not in gone]) for decision, heading, _ in _ANNEXES]
    lists.append(("公布以前已经失效的文件目录", [key for key in one.items if key in gone]))
    return [(heading, [(key, *titles.get(key, ("", ""))) for key in keys]) for heading, keys in lists if keys]


def result_text(one: Cleanup, data: Mapping[str, Any], passed: Sequence[str], day: date) -> str:
    """The text of the decision with its annexes, as it goes to the library."""
    gone = set(passed)
    counts = {decision: sum(key not in gone for key in one.chosen(decision)) for decision, _, _ in _ANNEXES}
    said = [words.format(count=counts[decision]) for decision, _, words in _ANNEXES if counts[decision]]
    since = date.fromisoformat(data.get("from_on") or day.isoformat())
    lines = [str(data.get("title", "")), str(data.get("document_number", "")), ""]
    lines += [f"经清理，决定：{'；'.join(said)}。目录附后。", f"本决定自{_cn(since)}起施行。", "", _cn(day), ""]
    for n, (heading, rows) in enumerate(annexes(one, passed)):
        lines += [f"附件{_CHINESE[n]}　{heading}（{len(rows)}件）"]
        lines += [f"{i}．{title}{f'（{number}）' if number else ''}" for i, (_, title, number) in enumerate(rows, 1)]
        lines.append("")
    return "\n".join(lines).strip() + "\n"


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
