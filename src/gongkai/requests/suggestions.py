"""Published information that may already answer a request: shown before it is sent.

An app offers its published things in ``suggestions.py`` with ``candidates(grams, limit) -> Iterable[Item]``: those whose
title shares most of the given pairs of characters. This module words the question and ranks what comes back; it knows
no source.
"""

import hashlib
import re
from collections.abc import Iterable

from gongkai.ledger import clock
from gongkai.ui.discover import offered
from gongkai.ui.pieces import Item

from .models import Deflection

#: How many are shown, how many pairs of characters are looked for, and the share of a title that must be met.
SHOWN, GRAMS, SHARE, COMMON = 5, 40, 0.3, 2
#: Words of every application; they say nothing about what is asked for.
_FORMULAS = re.compile(
    r"申请|公开|获取|提供|政府信息|信息|有关|关于|相关|情况|文件|资料|内容|请|贵机关|本人|我|需要|以及|或者|的|和|与|及|等|年度?|通知|印发"
)


def grams(text: str) -> list[str]:
    """The pairs of neighbouring characters of a text, without the formulas of applications, in order, each once."""
    found: dict[str, None] = {}
    for run in re.findall(r"[\u3400-\u9fff]+|[A-Za-z0-9]+", _FORMULAS.sub(" ", text)):
        found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return list(found)


def suggest(title: str, content: str = "") -> list[Item]:
    """Published things whose titles match, the closest first; at most :data:`SHOWN`."""
    asked = grams(f"{title} {content[:200]}")[:GRAMS]
    if not asked:
        return []
    found: dict[str, tuple[float, Item]] = {}
    for item in _candidates(asked):
        score = closeness(set(asked), item.label)
        if score >= SHARE:
            found.setdefault(item.url or item.label, (score, item))
    ranked = sorted(found.values(), key=lambda pair: -pair[0])
    return [item for _, item in ranked[:SHOWN]]


def _candidates(asked: list[str]) -> Iterable[Item]:
    for _, source in offered("suggestions"):
        if hasattr(source, "candidates"):
            yield from source.candidates(asked, 4 * SHOWN)


def closeness(asked: set[str], title: str) -> float:
    """The share of a title's pairs that the question has, 0 with fewer than two in common."""
    own = set(grams(title))
    common = len(asked & own)
    return common / len(own) if common >= COMMON else 0.0


def count(token: str, body: str, outcome: str, shown: int) -> None:
    """Remember how a form that was shown ``shown`` suggestions ended; the last outcome of a form counts."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    values = {"body_id": body, "on": clock.today(), "outcome": outcome, "shown": shown}
    Deflection.objects.bulk_create(
        [Deflection(token=digest, **values)], update_conflicts=True, unique_fields=["token"], update_fields=list(values)
    )
