"""The figures of the interaction. They stand beside the statutory tables and are no part of them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, F, Model, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from gongkai.figure import Ask, Family, Figure, register
from gongkai.ledger import clock
from gongkai.ledger.tally import Tally, known

from .models import (
    Message,
    MessageTally,
    Mistake,
    MistakeTally,
    Submission,
    SubmissionTally,
    Survey,
    SurveyTally,
)
from .survey_procedure import ADOPTED, CONSULTATION, PARTLY

T = TypeVar("T", bound=Tally)
Conditions = Callable[[Ask], Mapping[str, Q]]


def _asked(model: type[T], ask: Ask) -> QuerySet[T]:
    rows = known(model._default_manager.all(), ask.known_at)
    return rows if ask.bodies is None else rows.filter(body__in=ask.bodies.values("key"))


def _family(
    name: str, figures: tuple[Figure, ...], tally: type[T], row: type[Model], conditions: Conditions,
    sums: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """A family counted from one tally: a condition for each figure; ``sums`` are figures that add up a column."""
    summed = sums or {}

    def counts(ask: Ask) -> dict[str, Any]:
        return {
            one: Coalesce(Sum(summed[one], filter=condition), 0) if one in summed else Count("id", filter=condition)
            for one, condition in conditions(ask).items()
        }

    def count(ask: Ask) -> dict[str, int]:
        return _asked(tally, ask).aggregate(**counts(ask))

    def count_by_body(ask: Ask) -> dict[str, dict[str, int]]:
        made = counts(ask)
        groups = _asked(tally, ask).order_by().values("body_id").annotate(**made)
        return {group["body_id"]: {one: group[one] for one in made} for group in groups}

    def rows(ask: Ask, figure: str) -> QuerySet[Any]:
        counted = _asked(tally, ask).filter(conditions(ask)[figure]).values("subject")
        found = row._default_manager.select_related("body").filter(pk__in=counted)
        day = "since" if row is Survey else "received_on"
        return found.order_by(day, "pk")

    register(Family(name, figures, count, rows, count_by_body))


def _today(ask: Ask) -> date:
    """What has not come yet is not late: the day on which it is asked, or was known."""
    return clock.day_of(ask.known_at) if ask.known_at else clock.today()


def _messages(ask: Ask) -> dict[str, Q]:
    period = (ask.first, ask.last)
    answered = Q(answered_on__range=period)
    return {
        "messages_received": Q(received_on__range=period),
        "messages_answered": answered,
        "messages_on_time": answered & Q(answered_on__lte=F("due_on")),
        "messages_workdays": answered,
        "messages_published": Q(published_on__range=period),
        "messages_unanswered_long": Q(veto_on__range=period)
        & Q(answered_on__gt=F("veto_on"))
        & Q(veto_on__lt=_today(ask)),
    }


_family(
    "interaction.messages",
    (
        Figure("messages_received", "收到政务咨询留言", "件", "收到之日在本期的留言，不含不予受理的。单位：件。"),
        Figure("messages_answered", "答复留言", "件", "答复之日在本期的留言，并入其他留言一并答复的各计一件。单位：件。"),
        Figure("messages_on_time", "按期答复留言", "件", "本期答复的留言中，答复之日不晚于本地规则期限的。单位：件。"),
        Figure("messages_workdays", "答复留言用时合计", "工作日",
               "本期答复的留言，从收到的次日到答复之日的工作日合计；除以本期答复件数即平均用时。单位：工作日。"),
        Figure("messages_published", "公开留言", "件", "公开之日在本期的留言，后来撤下的也计入。单位：件。"),
        Figure("messages_unanswered_long", "超过三个月未答复的留言", "件",
               "本期内满三个月（本地规则所定月数）时还没有答复的留言（政府网站与政务新媒体检查指标单项否决项）。单位：件。"),
    ),
    MessageTally, Message, _messages, {"messages_workdays": "took"},
)  # fmt: skip


def _mistakes(ask: Ask) -> dict[str, Q]:
    period = (ask.first, ask.last)
    ended = Q(ended_on__range=period)
    return {
        "mistakes_received": Q(received_on__range=period),
        "mistakes_ended": ended,
        "mistakes_mended": Q(mended_on__range=period),
        "mistakes_on_time": ended & Q(ended_on__lte=F("due_on")),
    }


_family(
    "interaction.mistakes",
    (
        Figure("mistakes_received", "收到网站纠错", "件", "收到之日在本期的网站纠错。单位：件。"),
        Figure("mistakes_ended", "办结网站纠错", "件", "本期改正、认定不属于错误或者转办的网站纠错。单位：件。"),
        Figure("mistakes_mended", "改正网站错误", "件", "改正之日在本期的网站纠错。单位：件。"),
        Figure("mistakes_on_time", "按期办结网站纠错", "件", "本期办结的网站纠错中，不晚于本地规则期限的。单位：件。"),
    ),
    MistakeTally, Mistake, _mistakes,
)  # fmt: skip


def _surveys(ask: Ask) -> dict[str, Q]:
    period = (ask.first, ask.last)
    return {"surveys_held": Q(since__range=period), "surveys_published": Q(published_on__range=period)}


_family(
    "interaction.surveys",
    (
        Figure("surveys_held", "开展征集调查", "次", "开始之日在本期、经过审核的意见征集和网上调查。单位：次。"),
        Figure("surveys_published", "公布征集调查结果", "次", "公布结果之日在本期的意见征集和网上调查。单位：次。"),
    ),
    SurveyTally, Survey, _surveys,
)  # fmt: skip


def _submissions(ask: Ask) -> dict[str, Q]:
    sent = Q(received_on__range=(ask.first, ask.last))
    comments = sent & Q(form=CONSULTATION)
    return {
        "survey_submissions": sent,
        "comments_received": comments,
        "comments_adopted": comments & Q(outcome__in=(ADOPTED, PARTLY)),
    }


_family(
    "interaction.submissions",
    (
        Figure("survey_submissions", "参与征集调查", "份", "本期收到的意见和答卷，不含不计入的。单位：份。"),
        Figure("comments_received", "收到征集意见", "条", "本期收到的意见征集的意见，不含不计入的。单位：条。"),
        Figure("comments_adopted", "采纳征集意见", "条", "本期收到的意见中，采纳和部分采纳的。单位：条。"),
    ),
    SubmissionTally, Submission, _submissions,
)  # fmt: skip
