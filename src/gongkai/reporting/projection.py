"""How a replayed report becomes its list row."""

from gongkai.bake.touched import touch
from gongkai.ledger.subjects import Subject, register

from .events import Case, step
from .models import AnnualReport
from .procedure import PROCEDURE


def project(key: str, case: Case) -> None:
    """Write the list row of a report."""
    names = (
        "year", "state", "as_of", "known_at", "compiled_on", "frozen_on", "published_on", "figures", "narrative",
        "content", "files", "pdf_missing",
    )  # fmt: skip
    row = {name: getattr(case, name) for name in names} | {"body_id": case.body, "files": dict(case.files)}
    if not AnnualReport.objects.filter(key=key).update(**row):
        AnnualReport.objects.create(key=key, **row)
    if case.state == "published":
        touch(f"report:{key}", "reports")


SUBJECT = register(Subject("report", "年度报告", PROCEDURE, Case(), step, project, (AnnualReport,)))
