"""Commands on surveys and what is sent to them: the only writers. Each is one transaction and may carry a key."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count

from gongkai.ledger import blobs, clock, vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done, act, next_number, replay, used
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused, Situation, clean
from gongkai.records.models import Record
from gongkai.requests import privacy
from gongkai.requests.services import APPLICANT

from . import questions
from .models import Choice, Submission
from .models import Survey as Row
from .rules import pack_of
from .survey_events import PHASES, RUNNING, phase
from .survey_procedure import CONSULTATION, SUBMISSION, SURVEY

#: Events that carry the whole content.
WRITING = ("draft", "revise")
_ABOUT = ("norm", "record")


def draft(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Draft a consultation or survey of ``body``. Raises ``procedure.Invalid``, ``procedure.Refused``."""
    on = day or clock.today()
    with transaction.atomic():
        values, told = _content(body, data)
        count = next_number(f"{SURVEY.name}/{body.key}/{on.year}")
        number = f"{body.document_code or body.short_name}征〔{on.year}〕{count}号"
        subject = f"{body.key}-{on.year}-v{count:05d}"
        told |= {"body": body.key, "number": number}
        done = act(SURVEY.name, subject, "draft", actor, day=on, data=values, system_data=told, key=key)
        if done.repeated:
            transaction.set_rollback(True)  # gives the number back
        return done


def _content(body: Body, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The form's data in order, and what a line carries in their place: questions as data, the text's hash."""
    values, errors = dict(data), list[tuple[str, str]]()
    values["record"] = str(values.get("record") or "").strip().rstrip("/").rpartition("/")[2]
    if values["record"] and not Event.objects.filter(subject=values["record"], subject_kind__in=_ABOUT).exists():
        errors.append(("record", f"本系统没有编为“{values['record'][:64]}”的文件，请核对后重新填写"))
    asked: tuple[questions.Question, ...] = ()
    try:
        asked = questions.parse(str(values.get("questions") or ""))
    except Invalid as invalid:
        errors += invalid.errors
    text = str(values.get("text") or "").strip()
    if values.get("form") == CONSULTATION:
        public = Record.objects.filter(pk=values["record"], public=True).exists()
        if not text and not public and not errors:
            errors.append(("text", "意见征集应附征求意见的文本，或者填写已经公开的文件"))
        errors += _too_short(body, values)
        asked = asked or questions.COMMENT
    elif not asked and not errors:
        errors.append(("questions", "请至少写一个问题"))
    if errors:
        raise Invalid(errors)
    told: dict[str, Any] = {"questions": [one.to_json() for one in asked]}
    return values, told | ({"text": blobs.put(text.encode())} if text else {})


def _too_short(body: Body, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    try:
        since, until = (date.fromisoformat(str(values.get(name))) for name in ("since", "until"))
    except ValueError:
        return []  # the field says what is wrong with it
    pack = pack_of(body)
    short = since <= until and (until - since).days + 1 < pack.comment_days
    return [("until", f"{pack.label}：公开征集意见不少于 {pack.comment_days} 日")] if short else []


def do(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Make any later event of a survey. Publishing freezes what was counted.

    Raises ``procedure.Invalid``, ``procedure.Refused`` (also while opinions wait to be dealt with), ``Conflict``.
    """
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        survey = replay(SURVEY.name, subject)
        values, told = dict(data or {}), dict[str, Any]()
        SURVEY.may(survey.state, event, Situation(survey, actor.key, actor.roles, day or clock.today()))
        if event == "revise":
            values, told = _content(Body.objects.get(key=survey.body), values)
        elif event in {"summarise", "publish"}:
            told = _counted(subject, survey.form, event)
            if hits := privacy.identifying(str(values.get("summary") or "")):
                raise Invalid([("summary", f"“结果说明”中含有{'、'.join(hits)}，请删去后再提交")])
        return act(SURVEY.name, subject, event, actor, day=day, data=values, system_data=told, key=key)


def _counted(subject: str, form: str, event: str) -> dict[str, Any]:
    waiting = Submission.objects.filter(survey=subject, state="received").count() if form == CONSULTATION else 0
    if waiting:
        raise Refused(f"还有 {waiting} 条意见没有处理，处理完再整理、公布结果", kind="guard")
    return {"results": results(subject)} if event == "publish" else {}


def results(subject: str) -> dict[str, Any]:
    """What a survey came to so far: how many took part, how many chose what, what became of each opinion."""
    sent = Submission.objects.filter(survey=subject).exclude(state="void")
    chosen: dict[str, dict[str, int]] = {}
    groups = Choice.objects.filter(submission__in=sent).order_by("question", "option").values("question", "option")
    for group in groups.annotate(number=Count("id")):
        chosen.setdefault(str(group["question"]), {})[str(group["option"])] = group["number"]
    opinions = list(sent.filter(state="settled").order_by("key").values_list("gist", "outcome", "reason"))
    return {
        "count": sent.count(),
        "chosen": chosen,
        "outcomes": dict(Counter(outcome for _, outcome, _ in opinions)),
        "opinions": [[*opinion, number] for opinion, number in Counter(opinions).items()],
    }


def submit(subject: str, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None) -> Done:
    """What somebody sends to a survey that is open: answers ``q1``, ``q2`` …, ``name`` and ``reach`` if they like.

    Raises ``procedure.Invalid``, ``procedure.Refused`` (not open).
    """
    on = day or clock.today()
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        row = Row.objects.get(pk=subject)
        now = phase(row.state, row.since, row.until, on)
        if now != RUNNING:
            raise Refused(f"“{row.title}”{PHASES.get(now, '没有公开征集')}，不能提交", kind="guard")
        who, chosen = _answers(row, data)
        count = next_number(f"{SUBMISSION.name}/{subject}")
        told = {
            "body": row.body_id, "survey": subject, "form": row.form, "number": f"{row.number}-{count:05d}",
            "chosen": chosen,
        }  # fmt: skip
        done = act(
            SUBMISSION.name, f"{subject}-{count:05d}", "send", APPLICANT, day=on, data=who, system_data=told, key=key,
            opening=True,
        )  # fmt: skip
        if done.repeated:
            transaction.set_rollback(True)
        return done


def _answers(row: Row, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[list[int]]]:
    asked = questions.from_json(row.questions)
    who = {name: data[name] for name in ("name", "reach") if data.get(name)}
    given = questions.read(asked, clean(questions.fields(asked), {k: v for k, v in data.items() if k not in who}))
    if not given.chosen and not given.texts:
        raise Invalid([("q1", "还没有回答任何问题")])
    if given.texts:
        who["content"] = json.dumps({str(number): text for number, text in given.texts.items()}, ensure_ascii=False)
    return who, [[question, option] for question, options in sorted(given.chosen.items()) for option in options]


def settle(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Deal with an opinion, or say that it does not count. What will be published must name nobody.

    Raises ``procedure.Invalid``, ``procedure.Refused`` (also once the results are published).
    """
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        sent = replay(SUBMISSION.name, subject)
        SUBMISSION.may(sent.state, event, Situation(sent, actor.key, actor.roles, day or clock.today()))
        if event == "settle":
            _names_nobody(sent.personal, data or {})
        if Row.objects.get(pk=sent.survey).state in {"summarised", "published", "withdrawn"}:
            raise Refused("结果已经整理或者公布，不能再改；确需修改的，先退回重新整理", kind="guard")
        return act(SUBMISSION.name, subject, event, actor, day=day, data=data, key=key)


def _names_nobody(place: str, data: Mapping[str, Any]) -> None:
    known = vault.peek(place) if place else {}
    personal = {"name": known.get("name", ""), "phone": known.get("reach", ""), "email": known.get("reach", "")}
    texts = {name: (label, str(data.get(name) or "")) for name, label in (("gist", "意见摘要"), ("reason", "理由"))}
    errors = [(name, message.replace("申请人", "提出人")) for name, message in privacy.objections(personal, texts)]
    for name, (label, text) in texts.items():
        if name not in dict(errors) and (hits := privacy.identifying(text)):
            errors.append((name, f"“{label}”中含有{'、'.join(hits)}，请删去后再提交"))
    if errors:
        raise Invalid(errors)
