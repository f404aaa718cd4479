"""Local rules on the validity of normative documents, as versioned data packs (``validity/*.json``).

How long a document may be valid, how soon it may apply, when it is to be evaluated and filed, how long a draft is open to
comment and what the 登记号 looks like differ from place to place. A government uses the pack named in the settings for
it or for the nearest body above it; a file of the same form in ``HOME/validity`` adds a pack or replaces one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.organs.models import Body
from gongkai.organs.packs import chosen

from .procedure import NORMATIVE

_SHIPPED = Path(__file__).parent / "validity"
_TRIAL = re.compile("暂行|试行")
_PLACES = re.compile(r"\{(\w*)\}")


class BadPack(ValueError):
    """A pack that cannot be used; the message is Chinese and names the file and the entry."""


@dataclass(frozen=True)
class Term:
    """The shortest and the longest validity of one sort of document, in years; None: not limited."""

    least_years: int | None
    most_years: int | None


@dataclass(frozen=True)
class Pack:
    """The rules of one place. Days and months as in the JSON; ``required``: a document must say how long it is valid.

    ``compute``: where the issuer says nothing the longest validity is taken.
    """

    key: str
    version: int
    label: str
    source: str
    required: bool
    compute: bool
    terms: Mapping[str, Term]
    start_after_days: int
    evaluate_within_months: int
    filing_days: Mapping[str, int]
    comment_days: Mapping[str, int]
    register_number: str

    @property
    def name(self) -> str:
        """What a line of the ledger says of the rules it was checked against: ``hunan@1``."""
        return f"{self.key}@{self.version}"

    def sort(self, title: str, implements: bool) -> str:
        """Which sort of document this is: 暂行、试行 by its title, implementing by what its drafter says, else general."""
        if _TRIAL.search(title) and "trial" in self.terms:
            return "trial"
        return "implementing" if implements and "implementing" in self.terms else "general"

    def term(self, title: str, implements: bool) -> Term:
        """The term of this document."""
        return self.terms.get(self.sort(title, implements), Term(None, None))

    def longest(self, title: str, implements: bool, effective: date) -> date | None:
        """The last day a document that applies from ``effective`` can be valid; None where there is no limit."""
        years = self.term(title, implements).most_years
        return years_on(effective, years) - timedelta(1) if years else None

    def faults(
        self, title: str, implements: bool, issued: date, effective: date, until: date | None
    ) -> list[tuple[str, str]]:
        """What of a normative document's dates breaks the rules: (field, message naming the rule)."""
        found = []
        if (effective - issued).days < self.start_after_days:
            first = (issued + timedelta(self.start_after_days)).isoformat()
            said = f"{self.label}：施行日期应在公布之日起 {self.start_after_days} 日以后，最早 {first}"
            found.append(("effective_on", said))
        if until is None:
            return found + ([("valid_until", f"{self.label}：规范性文件应当规定有效期")] if self.required else [])
        term, name = self.term(title, implements), _SORTS[self.sort(title, implements)]
        if term.most_years and until >= years_on(effective, term.most_years):
            last = self.longest(title, implements, effective)
            said = f"{self.label}：{name}有效期最长 {term.most_years} 年，最晚至 {last}"
            found.append(("valid_until", said))
        if term.least_years and until < years_on(effective, term.least_years) - timedelta(1):
            said = f"{self.label}：{name}有效期最短 {term.least_years} 年，至少到"
            found.append(("valid_until", f"{said} {years_on(effective, term.least_years) - timedelta(1)}"))
        return found


_SORTS = {
    "general": "规范性文件",
    "implementing": "实施法律、法规、规章或者国家政策的文件",
    "trial": "名称含“暂行”“试行”的文件",
}


def years_on(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _read(path: Path) -> Pack:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        terms = {name: Term(one.get("least_years"), one.get("most_years")) for name, one in told.pop("terms").items()}
        pack = Pack(terms=terms, **told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadPack(f"有效期规则文件 {path.name} 读不了：{error}") from error
    if unknown := set(pack.terms) - set(_SORTS):
        raise BadPack(f"有效期规则文件 {path.name}：terms 中没有 {'、'.join(sorted(unknown))} 这一类")
    if not {"year", "number"} <= set(_PLACES.findall(pack.register_number)) <= {"code", "year", "number"}:
        raise BadPack(f"有效期规则文件 {path.name}：register_number 应含 {{year}}、{{number}}，可含 {{code}}")
    return pack


@lru_cache(maxsize=4)
def _packs(home: str) -> dict[str, Pack]:
    files = [*sorted(_SHIPPED.glob("*.json")), *sorted((Path(home) / "validity").glob("*.json"))]
    return {pack.key: pack for pack in map(_read, files)}


def packs() -> dict[str, Pack]:
    """Every pack there is, by key. Raises :class:`BadPack`."""
    return _packs(str(settings.HOME))


def pack_of(body: Body) -> Pack:
    """The rules a body works under: its own, else those of the nearest body above. Raises :class:`BadPack`."""
    name = chosen(settings.VALIDITY_PACKS, body)
    if name not in packs():
        raise BadPack(f"没有名为“{name}”的有效期规则，现有：{'、'.join(packs())}")
    return packs()[name]


def governs(pack: Pack, kind: str) -> bool:
    """Whether the pack's validity terms are about this kind: 规章 have none of their own."""
    return kind == NORMATIVE and bool(pack.terms or pack.start_after_days)
