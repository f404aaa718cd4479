"""Local rules of the interaction, as versioned data packs (``rules/*.json``).

Within how many working days a question is answered and a mistake dealt with, after how many months an unanswered question
fails the whole site, how long a consultation is open. A file of the same form in ``HOME/interaction`` adds a pack or
replaces one; the setting ``INTERACTION_PACKS`` names the one a body works under.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from gongkai.organs.models import Body
from gongkai.organs.packs import chosen

_SHIPPED = Path(__file__).parent / "rules"
#: How much a question asks of the body.
SIMPLE, COMPLEX = "simple", "complex"
DIFFICULTIES = ((SIMPLE, "简单常见问题"), (COMPLEX, "复杂问题"))
_LONGEST = 250


class BadPack(ValueError):
    """A pack that cannot be used; the message is Chinese and names the file and the entry."""


@dataclass(frozen=True)
class Pack:
    """The rules of one place: working days to answer by difficulty and to deal with a mistake, months of the veto line,
    days a consultation is open at least, whole years what names a sender is kept (0: until somebody says how long)."""

    key: str
    version: int
    label: str
    source: str
    message_days: Mapping[str, int]
    unanswered_months: int
    mistake_days: int
    comment_days: int
    keep_years: int = 0

    @property
    def name(self) -> str:
        """What a line of the ledger says of the rules its clock was set by: ``common@1``."""
        return f"{self.key}@{self.version}"


def _read(path: Path) -> Pack:
    try:
        pack = Pack(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise BadPack(f"互动交流规则文件 {path.name} 读不了：{error}") from error
    days = [*pack.message_days.values(), pack.mistake_days, pack.unanswered_months]
    if set(pack.message_days) != {SIMPLE, COMPLEX} or not all(isinstance(n, int) and 1 <= n <= _LONGEST for n in days):
        raise BadPack(
            f"互动交流规则文件 {path.name}：message_days 应含 simple、complex，天数和月数应为 1 至 {_LONGEST}"
        )
    if not isinstance(pack.keep_years, int) or not 0 <= pack.keep_years <= _LONGEST:
        raise BadPack(f"互动交流规则文件 {path.name}：keep_years 应为 0 至 {_LONGEST} 的整数，0 为不清除")
    return pack


@lru_cache(maxsize=4)
def _packs(home: str) -> dict[str, Pack]:
    files = [*sorted(_SHIPPED.glob("*.json")), *sorted((Path(home) / "interaction").glob("*.json"))]
    return {pack.key: pack for pack in map(_read, files)}


def pack_of(body: Body) -> Pack:
    """The rules a body works under: its own, else those of the nearest body above. Raises :class:`BadPack`."""
    packs, name = _packs(str(settings.HOME)), chosen(settings.INTERACTION_PACKS, body)
    if name not in packs:
        raise BadPack(f"没有名为“{name}”的互动交流规则，现有：{'、'.join(packs)}")
    return packs[name]
