"""Some departments beside the office: their requests, taken over from their registers, and their annual reports.

Two have published both years, two only the first; the second is due on 31 January 2022, three weeks after the present.
"""

from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

from django.db import transaction

from gongkai.law.calendar import CHINA
from gongkai.law.receipt import Channel
from gongkai.ledger.services import Done, used
from gongkai.organs.models import Body
from gongkai.procedure import clean
from gongkai.requests.register_import import COLUMNS, Story

from . import words
from .play import FIRST, PRESENT, Scene, draw, instant, workday

#: Body: (what is asked for, requests of 2020 and 2021, years whose report is published).
DEPARTMENTS: dict[str, tuple[tuple[str, ...], tuple[int, int], tuple[int, ...]]] = {
    "cq-fgw": (("项目核准批复", "价格调整方案", "可行性研究报告批复", "专项债项目清单"), (21, 27), (2020, 2021)),
    "cq-jw": (("招生计划", "民办学校年检结果", "学区划片方案", "教师招聘公告"), (12, 15), (2020,)),
    "cq-ghzrzyj": (
        ("用地批准文件", "控制性详细规划", "征地补偿安置方案", "不动产登记档案目录"),
        (34, 46),
        (2020, 2021),
    ),
    "cq-zfcxjw": (("老旧小区改造计划", "房屋征收决定", "物业维修资金使用情况", "施工许可信息"), (25, 31), (2020,)),
}
LEAVES = {"3.1": 46, "3.2": 9, "3.4.1": 27, "3.3.4": 4, "3.3.5": 4, "3.5.1": 6, "3.5.2": 2, "3.4.2": 4}
CHANNELS = {Channel.WEB: 52, Channel.MAIL_SIGNED: 28, Channel.IN_PERSON: 14, Channel.EMAIL: 6}


def scenes() -> Iterator[Scene]:
    """Every request on the day of its answer, or of its receipt where there is none yet."""
    bodies = {body.key: body for body in Body.objects.filter(key__in=DEPARTMENTS)}
    for key, (subjects, counts, _) in DEPARTMENTS.items():
        rng = Random(f"departments/{key}")
        for year, count in zip((2020, 2021), counts, strict=True):
            days = sorted(workday(date(year, rng.randrange(1, 13), rng.randrange(1, 28))) for _ in range(count))
            for number, received in enumerate(days, 1):
                yield _scene(bodies[key], max(received, workday(FIRST, 1)), number, subjects, rng)


def _scene(body: Body, received: date, number: int, subjects: tuple[str, ...], rng: Random) -> Scene:
    answered = CHINA.add_workdays(received, rng.randrange(4, 20))
    who = ("natural_person", words.person) if rng.random() < 0.85 else ("commercial_enterprise", words.company)
    party = who[1](rng)
    data: dict[str, Any] = {
        "number": f"{body.document_code}申〔{received.year}〕{number}号",
        "received_on": received.isoformat(), "channel": draw(CHANNELS, rng).value, "category": who[0],
        "name": party["name"], "id_type": party["id_type"], "id_number": party["id_number"], "phone": party["phone"],
        "title": f"申请公开{rng.choice(words.DISTRICTS)}{rng.choice(subjects)}",
    }  # fmt: skip
    leaf = draw(LEAVES, rng)
    done = answered < PRESENT
    if done:
        data |= {
            "leaf": leaf, "answered_on": answered.isoformat(), "served_on": answered.isoformat(), "method": "mail",
            "document_number": f"{body.document_code}公开〔{answered.year}〕{received.year % 100}{number:03d}号",
        }  # fmt: skip
    return Scene(
        instant(answered if done else received, 30),
        f"department/{body.key}/{received.year}/{number}",
        0,
        taken_over(body, data),
    )


def taken_over(body: Body, data: dict[str, Any]) -> Callable[[str, Any], Done]:
    """The command of a scene that takes a row of an older register over."""
    values = clean(COLUMNS, {name: str(value) for name, value in data.items()})

    def run(key: str, known: Any) -> Done:
        with transaction.atomic():
            Story(body, "register", values).tell(key)
        told = used(key)
        assert told is not None
        return told

    return run
