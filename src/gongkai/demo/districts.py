"""The normative documents of the districts, taken over from their registers: what stood, what ended, what was new.

Together with the city's own there are as many in force at the end of 2021 as the published report says.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from gongkai.ledger.services import SYSTEM
from gongkai.norms.procedure import NORMATIVE
from gongkai.organs.models import Body

from . import prose
from .norms import AREAS, DOCUMENTS, Row, batch
from .play import FIRST, Scene, workday

#: Of the city and its districts together, on the last day of 2021.
BOTH_LEVELS = 5324
#: For each district: (new in 2020, new in 2021, ended by their terms in 2020, in 2021).
TURN = (6, 7, 5, 6)
_FORMS = ("关于印发{}实施细则的通知", "关于进一步加强{}工作的通知", "关于规范{}管理的通知", "关于印发{}工作方案的通知")
_TO = "各镇人民政府、街道办事处，区政府各部门，有关单位"


def _of_the_city() -> int:
    total, years = DOCUMENTS
    return total + sum(issued - repealed - expired for issued, repealed, expired in years.values())


def quotas(count: int) -> list[int]:
    """How many each of ``count`` districts has in force at the end: as even as may be."""
    each, more = divmod(BOTH_LEVELS - _of_the_city(), count)
    return [each + (n < more) for n in range(count)]


class District:
    """One district's documents, with its numbers running from year to year."""

    def __init__(self, body: Body, order: int):
        self.body, self.order = body, order
        self.rng = Random(f"district/{body.key}")
        self.numbers: dict[int, int] = {}
        self.count = 0

    def row(self, issued: date, until: date | None = None) -> Row:
        """A document issued on a day, with its number, text and term."""
        rng, area = self.rng, AREAS[(self.count * 7 + self.order) % len(AREAS)]
        self.count += 1
        self.numbers[issued.year] = number = self.numbers.get(issued.year, 0) + 1
        title = self.body.name.removeprefix("重庆市") + rng.choice(_FORMS).format(area)
        data: dict[str, Any] = {
            "kind": NORMATIVE, "title": title, "issued_on": issued.isoformat(),
            "document_number": f"{self.body.document_code}规〔{issued.year}〕{number}号",
            "register_number": f"{self.body.document_code}规登〔{issued.year}〕{number}号",
        }  # fmt: skip
        if until:
            data["valid_until"] = until.isoformat()
        text = prose.notice(rng, area, "人民政府", _TO, self.body.name, prose.day_text(issued))
        return Row(f"norm/{self.body.key}/{self.count}", data, text)

    def some_day(self, *years: int) -> date:
        """A working day of one of the years."""
        return workday(date(self.rng.choice(years), self.rng.randrange(1, 13), self.rng.randrange(1, 25)))

    def scenes(self, quota: int) -> Iterator[Scene]:
        """What it had, then what was new, half-year by half-year."""
        new_2020, new_2021, ended_2020, ended_2021 = TURN
        standing = quota - new_2020 - new_2021 + ended_2020 + ended_2021
        ends = [self.some_day(2020) + timedelta(3) for _ in range(ended_2020)]
        ends += [self.some_day(2021) + timedelta(3) for _ in range(ended_2021)]
        ends += [self.some_day(2022, 2023, 2024) for _ in range(standing // 3)]
        days = sorted(self.some_day(2015, 2016, 2017, 2018, 2019) for _ in range(standing))
        rows = [self.row(day, until) for day, until in zip(days, [*ends, *[None] * standing], strict=False)]
        yield batch(SYSTEM, self.body, rows, FIRST, 20 + self.order)
        for year, count in ((2020, new_2020), (2021, new_2021)):
            days = sorted(self.some_day(year) for _ in range(count))
            yield batch(SYSTEM, self.body, [self.row(day) for day in days], date(year, 12, 30), 20 + self.order)


def scenes() -> Iterator[Scene]:
    """Every document of every district."""
    districts = list(Body.objects.filter(kind=Body.Kind.DISTRICT).order_by("order", "id"))
    for order, (body, quota) in enumerate(zip(districts, quotas(len(districts)), strict=True)):
        yield from District(body, order).scenes(quota)
