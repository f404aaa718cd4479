"""The annual reports of the demonstration: compiled from the ledger, reviewed, frozen and published."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from gongkai.ledger.services import Done
from gongkai.reporting import services

from .city import Cast
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
    "（四）平台建设。门户网站、政务新媒体和政府公报按要求更新，网站提供长者版和无障碍浏览。\n"
    "（五）监督保障。全年收到对下级行政机关政府信息公开工作的投诉、举报{complaints_received}件，办结率{complaints_handled_rate}%。",
    5: "（一）存在的主要问题。申请办理中检索历史档案用时较长，政策解读形式还不够丰富。\n"
    "（二）改进措施。推进历史文件数字化，办理申请时先检索已公开信息；重要文件同步制作图文解读。",
    6: "本机关本年度未收取信息处理费。",
}  # fmt: skip


def scenes(cast: Cast) -> Iterator[Scene]:
    """Both reports, each through its whole procedure."""
    for year, compiled, reviewed, frozen, published in YEARS:
        steps: tuple[tuple[date, int, str, str, dict[str, Any]], ...] = (
            (compiled, 20, "compile", "gongkaiban", {"as_of": f"{year}-12-31"}),
            (compiled, 40, "edit", "gongkaiban", {"sections": SECTIONS}),
            (compiled, 60, "submit", "gongkaiban", {}),
            (reviewed, 30, "review", "shenhe", {"note": "与台账核对无误"}),
            (frozen, 50, "freeze", "qianfa", {"publish_on": published.isoformat()}),
            (published, 0, "publish", "gongkaiban", {}),
        )
        for number, (day, minute, event, who, data) in enumerate(steps):
            yield Scene(instant(day, minute), f"report/{year}", number, _run(cast, year, event, who, data, day))


def _run(cast: Cast, year: int, event: str, who: str, data: dict[str, Any], day: date) -> Any:
    actor, office = cast.actor(who), cast.office

    def run(key: str, subjects: Any) -> Done:
        if event == "compile":
            return services.compile_new(office, year, actor, data, day=day, key=key)
        return services.do(subjects[f"report/{year}"], event, actor, data, day=day, key=key)

    return run
