"""Importing records in bulk beside registering them one by one, in the same run; SQLite (or PostgreSQL).

A file of generated records (about 1,000 characters each) goes through ``gongkai import``'s own command: read, checked row
by row, texts stored, lines chained, rows, versions, placements and tally written. Beside it the same rows through
``services.register_existing``, each in its own transaction. With ``--follow`` a second process does meanwhile what the
worker does: it runs the followers, the catalogue and the search index; how soon it has read to the end is a row of its
own, and every record must be in the index. The ledger is verified afterwards.

Exit status 1 when a row is missing or the ledger is broken, or when the import is below ``--floor`` records a second (of
100,000 on SQLite: 2,000 unless told otherwise).
"""

import argparse
import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _harness import installation, progress, say, table

WORDS = (
    "各区县（自治县）人民政府，市政府各部门，有关单位", "为进一步做好相关工作，经市政府同意，现就有关事项公告如下", "一、总体要求",
    "坚持以人民为中心的发展思想，统筹安全与发展", "二、主要任务", "（一）完善工作机制，明确责任分工，确保各项措施落到实处",
    "（二）加强监督检查，对工作不力的依法依规处理", "三、保障措施", "各单位要加强组织领导，及时报告工作进展情况",
    "轨道交通、公租房、供水供气、教育医疗等民生领域", "请于收到本公告之日起十五个工作日内提出意见",
)  # fmt: skip
#: What titles are made of: 77,760 different ones; four characters of one stand in one or two of a hundred others.
PLACES = ("渝中区", "江北区", "沙坪坝区", "九龙坡区", "南岸区", "北碚区", "渝北区", "巴南区", "涪陵区", "万州区", "黔江区", "长寿区",
          "江津区", "合川区", "永川区", "南川区", "綦江区", "大足区", "璧山区", "铜梁区", "潼南区", "荣昌区", "开州区", "梁平区")  # fmt: skip
MATTERS = ("轨道交通线路", "公共租赁住房", "城市供水管网", "天然气配套设施", "义务教育学校", "社区养老服务", "基本医疗保险", "农村饮水工程",
           "高标准农田", "河道采砂", "地质灾害防治", "生活垃圾分类", "营商环境", "科技创新券", "稳岗返还补贴", "残疾人托养机构",
           "历史文化名镇", "森林防火期", "危险化学品运输", "食品小作坊", "政务服务事项", "保障性住房", "山坪塘整治", "乡村旅游示范点",
           "退役军人优待", "婚姻登记档案", "土地征收补偿", "国有建设用地", "节能改造项目", "公交站点调整")  # fmt: skip
ACTIONS = ("建设方案", "管理办法", "验收结果", "中标候选人", "年度计划", "收费标准", "选址意见", "听证安排", "补助名单", "检查情况",
           "招标文件", "整改清单", "试点工作", "专项资金分配", "环境影响评价", "行政处罚决定", "延期申请", "变更登记")  # fmt: skip
SHAPES = (
    "关于{}{}{}的公告",
    "{}{}{}公示",
    "关于公布{}{}{}的通知",
    "{}关于{}{}的公告",
    "关于{}{}{}的补充公告",
    "关于同意{}{}{}的批复",
)
LENGTH = 1000
#: The file that tells the process beside that nothing more will come.
IMPORTED = "all-imported"
JUDGED, FLOOR = 100_000, 2_000


def title(n: int) -> str:
    """The title of the n-th record; of a hundred thousand, some share one with another."""
    n, shape = divmod(n * 7919, len(SHAPES))
    n, place = divmod(n, len(PLACES))
    n, matter = divmod(n, len(MATTERS))
    return SHAPES[shape].format(PLACES[place], MATTERS[matter], ACTIONS[n % len(ACTIONS)])


def record(rng: random.Random, n: int) -> dict[str, Any]:
    """What a site's export says of an announcement."""
    lines, length = [], 0
    while length < LENGTH:
        lines.append(f"{rng.choice(WORDS)}（{rng.randrange(10**6)}）。")
        length += len(lines[-1])
    day = f"{2015 + n % 7}-{1 + n % 12:02d}-{1 + n % 28:02d}"
    return {
        "id": f"r{n}", "title": title(n), "type": "公告公示", "written_on": day, "published_on": day,
        "theme": "综合政务\\政务公开", "topics": ["livelihood"], "columns": ["announcements", "livelihood"],
        "audience": ["enterprise"], "attribute": "active", "text": "\n".join(lines),
    }  # fmt: skip


def write(path: Path, count: int) -> None:
    """The file to import."""
    rng = random.Random(711)
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        for n in range(count):
            file.write(json.dumps(record(rng, n), ensure_ascii=False) + "\n")


@dataclass
class Index:
    """What the process beside has done: seconds until all was in the index, its CPU seconds, documents."""

    wall: float = 0.0
    cpu: float = 0.0
    documents: int = 0


@contextmanager
def index_beside(home: Path) -> Iterator[Index]:
    """Another process follows what comes in, from the block's beginning until it has read all of it."""
    done = Index()
    with subprocess.Popen([sys.executable, __file__, "--index"], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()  # it is ready
        start = time.perf_counter()
        yield done
        (home / IMPORTED).touch()
        documents, cpu = other.stdout.readline().split()
        done.wall, done.cpu, done.documents = time.perf_counter() - start, float(cpu), int(documents)


def index() -> None:
    """The process beside: followers and index until the import is over and nothing waits."""
    import django

    django.setup()
    from django.conf import settings

    from gongkai.ledger import followers
    from gongkai.library import indexing, showing

    showing.address("any")  # what a worker has loaded long ago
    say("ready")
    start, over = time.process_time(), False
    while sum(followers.run_all().values()) + indexing.drain() or not over:
        over = (Path(settings.HOME) / IMPORTED).exists()
        time.sleep(0.05)
    say(f"{indexing.port().count()} {time.process_time() - start}")


def one_by_one(city: Any, count: int, rng: random.Random, first: int) -> tuple[float, float]:
    """Seconds and CPU seconds of as many commands, each in its own transaction."""
    from gongkai.ledger.services import SYSTEM
    from gongkai.records import services

    rows = [record(rng, first + n) for n in range(count)]
    for row in rows:
        row.pop("id")
        row["data.type"] = "public"
        row.pop("type")
    start, cpu = time.perf_counter(), time.process_time()
    for row in rows:
        services.register_existing(city.office, SYSTEM, "announcement", row)
    return time.perf_counter() - start, time.process_time() - cpu


def measure(home: Path, count: int, single: int, follow: bool) -> tuple[list[list[str]], float, list[str]]:
    """Rows of the table, records a second of the import, and what went wrong."""
    from gongkai.ledger import followers
    from gongkai.ledger.queries import verify
    from gongkai.ledger.services import SYSTEM
    from gongkai.organs.testing import small_city
    from gongkai.records import importing
    from gongkai.records.models import Record, RecordTally, Version

    city, path = small_city(), home / "records.jsonl.gz"
    write(path, count)
    if not follow:
        followers.FOLLOWERS.clear()
    slow, slow_cpu = one_by_one(city, single, random.Random(12), count)
    with (
        index_beside(home) if follow else nullcontext(Index()) as index,
        progress(f"{count:,} records imported") as show,
    ):
        start, cpu = time.perf_counter(), time.process_time()
        report = importing.run(
            path, "announcement", city.office, SYSTEM, progress=lambda done, total, _: show(done, total)
        )
        fast, fast_cpu = time.perf_counter() - start, time.process_time() - cpu
    faults = [str(report.failed[0])] if report.failed else []
    found = {model.__name__: model.objects.count() for model in (Record, RecordTally, Version)}
    found |= {"index": index.documents} if follow else {}
    faults += [f"{name}: {n}, expected {count + single}" for name, n in found.items() if n != count + single]
    verdict = verify()
    faults += [verdict.broken.reason] if verdict.broken else []
    timed = [("import", count, fast, fast_cpu), ("one by one", single, slow, slow_cpu)]
    timed += [("followers and index, from the start", count, index.wall, index.cpu)] if follow else []
    cells = [[name, f"{n:,}", f"{n / wall:,.0f}", f"{1e6 * used / n:,.0f}"] for name, n, wall, used in timed]
    return cells, count / fast, faults


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--single", type=int, default=500, help="records registered one by one")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--follow", action="store_true", help="with followers and the search index beside")
    parser.add_argument("--floor", type=float, help="records a second below which it fails")
    parser.add_argument("--index", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.index:
        index()
        return 0
    judged = options.database == "sqlite" and options.records >= JUDGED
    floor = options.floor if options.floor is not None else FLOOR * judged
    with installation(options.database) as home:
        cells, speed, faults = measure(home, options.records, options.single, options.follow)
    say(f"{options.database}, {'with' if options.follow else 'without'} followers")
    table(["", "records", "records/s", "CPU µs each"], cells)
    for fault in faults:
        say(f"FAULT: {fault}")
    return 1 if faults or speed < floor else 0


if __name__ == "__main__":
    raise SystemExit(main())
