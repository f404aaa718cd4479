"""The annual reports of the demonstration: compiled from the ledger, reviewed, frozen and published."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from gongkai.ledger.services import Actor, Done
from gongkai.organs.models import Body
from gongkai.reporting import services

from .city import Cast
from .departments import DEPARTMENTS
from .play import Scene, instant

#: (year, days of compiling, reviewing, freezing and publishing).
YEARS = (
    (2020, date(2021, 1, 11), date(2021, 1, 14), date(2021, 1, 20), date(2021, 1, 22)),
    (2021, date(2022, 1, 4), date(2022, 1, 6), date(2022, 1, 7), date(2022, 1, 10)),
)
SECTIONS = {
    1: "{year}年，本机关依照《中华人民共和国政府信息公开条例》办理政府信息公开各项工作，所有数字均由工作台账统计得出。【演示数据】\n"
    "（一）主动公开。全年公开市政府规章{regulations_published}件、行政规范性文件{normative_documents_published}件。\n"
    "（二）依申请公开。全年收到申请{requests_received}件，上年结转{t3.2.total}件；办结{t3.3.7.total}件，"
    "其中予以公开{t3.3.1.total}件、部分公开{t3.3.2.total}件；结转下年度{t3.4.total}件。"
    "办理行政复议{reconsiderations}件、行政诉讼{lawsuits}件。\n"
    "（三）政府信息管理。现行有效的市政府规章{regulations_in_force}件、本级行政规范性文件"
    "{t2.normative_document.in_force}件；全年清理后废止、失效规章{t2.regulation.repealed}件、"
    "行政规范性文件{t2.normative_document.repealed}件。\n"
    "（四）平台建设。门户网站、政务新媒体和政府公报按要求更新，网站提供长者版和无障碍浏览；"
    "在市档案馆和市图书馆分别建设政务公开专区，到年末全市建成市、区县、乡镇政务公开专区{disclosure_zones}个。\n"
    "（五）监督保障。全年收到对下级行政机关政府信息公开工作的投诉、举报{complaints_received}件，办结率{complaints_handled_rate}%。",
    5: "（一）存在的主要问题。申请办理中检索历史档案用时较长，政策解读形式还不够丰富。\n"
    "（二）改进措施。推进历史文件数字化，办理申请时先检索已公开信息；重要文件同步制作图文解读。",
    6: "本机关本年度未收取信息处理费。",
}  # fmt: skip


#: What a department says of its own year.
DEPARTMENT = {
    1: "{year}年，{body}依照《中华人民共和国政府信息公开条例》办理政府信息公开各项工作，所有数字均由工作台账统计得出。【演示数据】\n"
    "（一）主动公开。及时公开职责范围内的规划、资金、项目和办事信息。\n"
    "（二）依申请公开。全年收到申请{requests_received}件，上年结转{t3.2.total}件；办结{t3.3.7.total}件，"
    "其中予以公开{t3.3.1.total}件、部分公开{t3.3.2.total}件；结转下年度{t3.4.total}件。\n"
    "（三）政府信息管理。落实公开属性源头认定和发布审查。\n"
    "（四）平台建设。维护门户网站政府信息公开专栏。\n"
    "（五）监督保障。组织业务培训，开展自查。",
    5: "（一）存在的主要问题。答复文书的说理还不够充分。\n（二）改进措施。统一答复文书格式，加强法制审核。",
    6: "本机关本年度未收取信息处理费。",
}  # fmt: skip


def scenes(cast: Cast) -> Iterator[Scene]:
    """Every report through its whole procedure: both of the office, and those of the departments that have published."""
    for year, *days in YEARS:
        yield from _report(cast, cast.office, year, days, SECTIONS)
        for minute, (key, (_, _, published)) in enumerate(DEPARTMENTS.items(), 1):
            if year in published:
                # Signed in the morning and published in the afternoon, before the present.
                own = (*days[:-1], days[-2])
                yield from _report(cast, Body.objects.get(key=key), year, own, DEPARTMENT, 10 + minute)


def _report(
    cast: Cast, body: Body, year: int, days: Sequence[date], sections: Mapping[int, str], minute: int = 0
) -> Iterator[Scene]:
    compiled, reviewed, frozen, published = days
    steps: tuple[tuple[date, int, str, str, dict[str, Any]], ...] = (
        (compiled, 20, "compile", "gongkaiban", {"as_of": f"{year}-12-31"}),
        (compiled, 40, "edit", "gongkaiban", {"sections": sections}),
        (compiled, 60, "submit", "gongkaiban", {}),
        (reviewed, 30, "review", "shenhe", {"note": "与台账核对无误"}),
        (frozen, 50, "freeze", "qianfa", {"publish_on": published.isoformat()}),
        (published, 0 if frozen < published else 300, "publish", "gongkaiban", {}),
    )
    story = f"report/{year}" if body == cast.office else f"report/{body.key}/{year}"
    for number, (day, at, event, who, data) in enumerate(steps):
        run = _run(cast, body, story, year, event, who, data, day)
        yield Scene(instant(day, at + minute), story, number, run)


def _run(cast: Cast, body: Body, story: str, year: int, event: str, who: str, data: dict[str, Any], day: date) -> Any:
    # A department's own people are not on the stage: its hands bear its name.
    roles = cast.actor(who).roles
    actor = cast.actor(who) if body == cast.office else Actor(f"{body.key}-{who}", roles)

    def run(key: str, subjects: Any) -> Done:
        if event == "compile":
            return services.compile_new(body, year, actor, data, day=day, key=key)
        return services.do(subjects[story], event, actor, data, day=day, key=key)

    return run
