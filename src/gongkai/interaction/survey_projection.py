"""How surveys and submissions become their rows, and which baked pages that changes."""

from typing import Any

from gongkai.bake.touched import touch
from gongkai.ledger.subjects import Subject, register

from . import models, survey_events
from .projection import STATISTICS, write
from .survey_procedure import SUBMISSION, SURVEY


def project_survey(key: str, survey: survey_events.Survey) -> None:
    """Write the row; the public lists are few and short, so they are baked anew whenever one of them changes."""
    same = "number form title state since until background record text contact summary published_on withdrawn_on"
    row: dict[str, Any] = {name: getattr(survey, name) for name in same.split()} | {
        "body_id": survey.body,
        "questions": [one.to_json() for one in survey.questions],
        "results": dict(survey.results or {}),
        "approved": survey.approved_on is not None,
        "withdrawn_why": survey.reason if survey.withdrawn_on else "",
    }
    before = models.Survey.objects.filter(pk=key, approved=True).exists()
    write(models.Survey, key, row)
    if before or row["approved"]:
        touch(f"survey:{key}", "surveys", STATISTICS)


def project_submission(key: str, sent: survey_events.Submission) -> None:
    """Write the row, and what was chosen."""
    same = "number state received_on outcome gist reason personal erased_on"
    row = {name: getattr(sent, name) for name in same.split()} | {"body_id": sent.body, "survey_id": sent.survey}
    write(models.Submission, key, row)
    chosen = [models.Choice(submission_id=key, question=q, option=o) for q, o in sent.chosen]
    models.Choice.objects.bulk_create(chosen, ignore_conflicts=True)


SURVEY_SUBJECT = register(
    Subject(
        SURVEY.name, SURVEY.label, SURVEY, survey_events.Survey(), survey_events.step_survey, project_survey,
        (models.Choice, models.Submission, models.Survey), models.SurveyTally, survey_events.survey_facts,
    )
)  # fmt: skip
SUBMISSION_SUBJECT = register(
    Subject(
        SUBMISSION.name, SUBMISSION.label, SUBMISSION, survey_events.Submission(), survey_events.step_submission,
        project_submission, (models.Choice, models.Submission), models.SubmissionTally, survey_events.submission_facts,
    )
)  # fmt: skip
