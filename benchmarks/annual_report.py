"""Table three of the annual report from a million requests, beside DuckDB on a Parquet copy of the same rows.

Every figure is counted from the tally when it is asked for; no counts are stored. Two spreads of receipt days:
``six years`` (2016 to 2021, the reported year last) and ``one year`` (the worst case: all in the reported year).
Every cell is compared with DuckDB's; a difference or a limit missed makes the exit status 1.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from _harness import Timing, installation, progress, say, table, timed

YEAR = 2021
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
SPREADS = {"six years": date(YEAR - 5, 1, 1), "one year": FIRST}
LIMIT_BODY, LIMIT_ALL = 50, 1000  # milliseconds
COLUMNS = ("id", "subject", "known_from", "known_to", "body_id", "category", "received_on", "decided_on", "leaf")
TYPES = ("BIGINT", "VARCHAR", "TIMESTAMPTZ", "TIMESTAMPTZ", "VARCHAR", "SMALLINT", "DATE", "DATE", "VARCHAR")
OPEN, FOREVER = date(9999, 12, 31), datetime(9999, 12, 31, tzinfo=UTC)
LEAVES = (
    "3.1", "3.2", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.3.5", "3.3.6", "3.3.7", "3.3.8", "3.4.1", "3.4.2", "3.4.3",
    "3.5.1", "3.5.2", "3.5.3", "3.5.4", "3.5.5", "3.6.1", "3.6.2", "3.6.3",
)  # fmt: skip
Cells = dict[str, int]


def body_key(number: int) -> str:
    """Keys as long as real ones."""
    return f"cq-body-{number:04d}"


def tally_rows(requests: int, bodies: int, since: date) -> Iterator[tuple[Any, ...]]:
    """The tally of ``requests`` requests, in the order their lines were written: deterministic, no two runs differ.

    Bodies are unequal (the busiest has some 30 times the share of the median), all leaves and categories occur,
    4 % are never decided, 3 % were corrected later and have a superseded row, as a correction leaves it.
    """
    rng = random.Random(711)
    days = (LAST - since).days + 1
    weights = list(accumulate(1 / (n + 15) for n in range(bodies)))
    keys = rng.choices([body_key(n) for n in range(bodies)], cum_weights=weights, k=requests)
    categories = rng.choices(range(6), weights=(80, 10, 2, 1, 3, 4), k=requests)
    leaves = rng.choices(LEAVES, weights=(30, 12, *[2] * 8, 25, 2, 2, *[2] * 5, 2, 1, 3), k=requests)
    received = sorted(rng.choices(range(days), k=requests))
    line = 0
    for n, (key, category, leaf, day) in enumerate(zip(keys, categories, leaves, received, strict=True)):
        received_on = since + timedelta(days=day)
        decided_on = received_on + timedelta(days=rng.randrange(1, 45))
        known_from = datetime(received_on.year, received_on.month, received_on.day, 2, tzinfo=UTC)
        if n % 25 == 0:
            decided_on, leaf = OPEN, ""
        subject = f"{key}-{received_on.year}-{n:07d}"
        line += 6  # a request has half a dozen lines; some of them make a tally row
        if n % 33 == 0:
            known_to = known_from + timedelta(days=60)
            yield line, subject, known_from, known_to, key, (category + 1) % 6, received_on, decided_on, leaf
            line, known_from = line + 1, known_to
        yield line, subject, known_from, FOREVER, key, category, received_on, decided_on, leaf


def write_csv(path: Path, requests: int, bodies: int, since: date) -> int:
    """The rows as a file, the common source of all three databases; returns how many."""
    count = 0
    with path.open("w", newline="") as file, progress("rows made") as show:
        writer = csv.writer(file)
        for count, row in enumerate(tally_rows(requests, bodies, since), 1):
            writer.writerow(row)
            if count % 50_000 == 0:
                show(count, requests)
    return count


def below(number: int, bodies: int) -> range:
    """The tree: body 0 is the city with everything below it, body 1 a district with half of all bodies below it."""
    return {0: range(bodies), 1: range(1, bodies, 2)}[number]


def make_bodies(count: int) -> None:
    """A city, a district, and departments below the one and the other."""
    from gongkai.organs.services import add_body

    city = add_body(body_key(0), "某市人民政府", "government")
    district = add_body(body_key(1), "某区人民政府", "district", city)
    for number in range(2, count):
        add_body(body_key(number), f"第{number}局", "department", district if number in below(1, count) else city)


def load(path: Path) -> None:
    """Put the file into the tally the quick way, and gather statistics as the databases do in daily use."""
    from django.db import connection

    from gongkai.requests.models import RequestTally

    name, total = RequestTally._meta.db_table, sum(1 for _ in path.open())
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name}")
        with progress("rows loaded") as show:
            if connection.vendor == "postgresql":
                _load_postgresql(cursor, name, path)
            else:
                _load_sqlite(cursor, name, path, total, show)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _load_postgresql(cursor: Any, name: str, path: Path) -> None:
    statement = f"COPY {name} ({','.join(COLUMNS)}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (leaf))"
    with path.open() as file, cursor.copy(statement) as copy:
        while block := file.read(1 << 20):
            copy.write(block)


def _load_sqlite(cursor: Any, name: str, path: Path, total: int, show: Callable[[int, int], None]) -> None:
    from django.db import transaction

    statement = f"INSERT INTO {name} ({','.join(COLUMNS)}) VALUES ({','.join(['%s'] * len(COLUMNS))})"
    with transaction.atomic(), path.open() as file:
        block: list[list[str]] = []
        for count, row in enumerate(csv.reader(file), 1):
            row[2], row[3] = row[2][:19], row[3][:19]  # as Django writes an instant into SQLite
            block.append(row)
            if len(block) == 20_000 or count == total:
                cursor.executemany(statement, block)
                block.clear()
                show(count, total)


class DuckDB:
    """The same tables from a Parquet copy, by SQL of its own."""

    def __init__(self, source: Path) -> None:
        import duckdb

        parquet = source.with_suffix(".parquet")
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        types = dict(zip(COLUMNS, TYPES, strict=True))
        rows = f"read_csv('{source}', header=false, columns={types})"
        self.connection.execute(
            f"COPY (SELECT * REPLACE (coalesce(leaf, '') AS leaf) FROM {rows}) TO '{parquet}' (FORMAT parquet)"
        )
        self.parquet = parquet

    def count(self, bodies: Iterable[str] | None = None, known_at: datetime | None = None) -> Cells:
        """Table three as cells, each row of the form by its own definition."""
        now = "known_to = TIMESTAMPTZ '9999-12-31 00:00:00+00'"
        where = f"known_from <= '{known_at}' AND known_to > '{known_at}'" if known_at else now
        if bodies is not None:
            where += f" AND body_id IN ({','.join(map(repr, bodies))})"
        period = f"BETWEEN DATE '{FIRST}' AND DATE '{LAST}'"
        conditions = {
            "1": f"received_on {period}",
            "2": f"received_on < DATE '{FIRST}' AND decided_on >= DATE '{FIRST}'",
            "4": f"received_on <= DATE '{LAST}' AND decided_on > DATE '{LAST}'",
        }
        single = " UNION ALL ".join(
            f"SELECT '{row}', category, count(*) FROM t WHERE {condition} GROUP BY GROUPING SETS ((category), ())"
            for row, condition in conditions.items()
        )
        found = self.connection.execute(
            "WITH t AS MATERIALIZED (SELECT category, leaf, received_on, decided_on "
            f"FROM '{self.parquet}' WHERE {where}) {single} UNION ALL "
            "SELECT coalesce(leaf, '3.7'), category, count(*) FROM t "
            f"WHERE decided_on {period} GROUP BY GROUPING SETS ((leaf, category), (leaf), (category), ())"
        ).fetchall()
        names = column_names()
        return {f"t3.{row}.{names[category]}": n for row, category, n in found if n}


def column_names() -> dict[int | None, str]:
    """Columns of table three by the number the tally keeps; None is the total."""
    from gongkai.law.applicants import COLUMNS as CATEGORIES

    return {number: category.value for number, category in enumerate(CATEGORIES)} | {None: "total"}


@dataclass(frozen=True)
class Case:
    """One question asked of both sides, within a limit in ms: of a body by its number, alone or with all below it, or
    of every body without a filter; as known now or at an instant."""

    name: str
    limit: int
    body: int | None = None
    reach: Literal["own", "all"] = "own"
    known_at: datetime | None = None

    def ours(self) -> Cells:
        """As the annual report asks it."""
        from gongkai.figure import Ask
        from gongkai.organs.queries import body, counted
        from gongkai.requests import figures

        bodies = None if self.body is None else counted(body(body_key(self.body)), self.reach)
        return {cell: n for cell, n in figures.count(Ask.year(bodies, YEAR, known_at=self.known_at)).items() if n}

    def theirs(self, duck: DuckDB, bodies: int) -> Cells:
        """As DuckDB answers it."""
        if self.body is None:
            return duck.count(None, self.known_at)
        numbers = below(self.body, bodies) if self.reach == "all" else [self.body]
        return duck.count(map(body_key, numbers), self.known_at)


def cases(bodies: int) -> list[Case]:
    """One body (the median one, the busiest), many, all, and the same as known on 1 October."""
    autumn = datetime(YEAR, 10, 1, tzinfo=UTC)
    return [
        Case("one body, the median", LIMIT_BODY, bodies // 2),
        Case("one body, the busiest", LIMIT_BODY, 0),
        Case("one body, the busiest, as known in October", LIMIT_BODY, 0, known_at=autumn),
        Case("all bodies", LIMIT_ALL),
        Case("all bodies, as known in October", LIMIT_ALL, known_at=autumn),
        Case("all below the city: every body", LIMIT_ALL, 0, "all"),
        Case("all below a district: half of them", LIMIT_ALL, 1, "all"),
    ]


def by_body() -> Timing[int]:
    """Table three of every body in one go; the answer is how many bodies."""
    from gongkai.figure import Ask
    from gongkai.requests import figures

    return timed(lambda: len(figures.count_by_body(Ask.year(None, YEAR))))


def compare(case: Case, duck: DuckDB, bodies: int) -> tuple[list[str], bool]:
    """A line of the table, and whether the answers are equal and the limit holds."""
    ours, theirs = timed(case.ours), timed(lambda: case.theirs(duck, bodies))
    if ours.answer != theirs.answer:
        wrong = {cell for cell in ours.answer | theirs.answer if ours.answer.get(cell) != theirs.answer.get(cell)}
        say(f"  DIFFERENT: {case.name}: {sorted(wrong)[:5]}")
    equal = ours.answer == theirs.answer
    good = equal and ours.median <= case.limit
    numbers = [f"{ms:.1f}" for ms in (ours.first, ours.median, theirs.first, theirs.median)]
    ratio = f"{ours.median / theirs.median:.2f}"
    return [
        case.name,
        *numbers,
        ratio,
        f"{len(ours.answer)} {'equal' if equal else 'DIFFER'}",
        str(case.limit),
        "yes" if good else "NO",
    ], good


def show_plans() -> None:
    """How the database answers the question of one body and of all (``--plan``)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for case in (Case("one body", LIMIT_BODY, 0), Case("all bodies", LIMIT_ALL), Case("half", LIMIT_ALL, 1, "all")):
        with CaptureQueriesContext(connection) as captured:
            case.ours()
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN ANALYZE"
        with connection.cursor() as cursor:
            cursor.execute(f"{explain} {captured.captured_queries[-1]['sql']}".replace("%", "%%"), [])
            say("\n".join(f"    {case.name}: {row[-1]}" for row in cursor.fetchall()))


def main() -> int:
    """Run on the databases asked for, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--bodies", type=int, default=1_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--plan", action="store_true", help="print the query plans")
    options = parser.parse_args()
    if options.database == "both":
        sizes = [f"--requests={options.requests}", f"--bodies={options.bodies}", *["--plan"] * options.plan]
        return max(
            subprocess.run([sys.executable, __file__, f"--database={name}", *sizes], check=False).returncode
            for name in ("sqlite", "postgresql")
        )
    try:
        with installation(options.database) as home:
            return run(options, home)
    except ConnectionError as error:
        say(f"postgresql: skipped, no server answers ({error})")
        return 0


def run(options: argparse.Namespace, home: Path) -> int:
    """Both spreads on the present installation; 1 when an answer differs or a limit is missed."""
    make_bodies(options.bodies)
    good = True
    for spread, since in SPREADS.items():
        say(f"{options.database}: {options.requests:,} requests, {options.bodies:,} bodies, received over {spread}")
        say(
            f"  {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} (times are wall clock: on a busy machine all are longer)"
        )
        source = home / "tally.csv"
        write_csv(source, options.requests, options.bodies, since)
        load(source)
        duck = DuckDB(source)
        lines = []
        for case in cases(options.bodies):
            line, held = compare(case, duck, options.bodies)
            lines.append(line)
            good &= held
        table(
            ["table three (ms)", "first", "median", "DuckDB first", "median", "ratio", "cells", "limit", "holds"], lines
        )
        each = by_body()
        say(
            f"  every body by itself, {each.answer:,} tables at once: first {each.first:.0f} ms, median {each.median:.0f} ms"
        )
        if options.plan:
            show_plans()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
