"""Projections: list rows of questions, mistakes, surveys and what was sent to them; and what is counted."""

from django.db import models

from gongkai.ledger.tally import FOREVER, OPEN, Tally
from gongkai.organs.models import Body

from .procedure import CHANNELS, KINDS, MESSAGE, MISTAKE
from .survey_procedure import FORMS, OUTCOMES, SUBMISSION, SURVEY


def _states(procedure) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(state.key, state.label) for state in procedure.states]


class Matter(models.Model):
    """What lists show of anything citizens send. Written only by the projectors."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("编号", max_length=80, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    received_on = models.DateField("收到日期")
    due_on = models.DateField("期限")
    unit = models.CharField("承办处室", max_length=60, blank=True)
    handler = models.CharField("承办人", max_length=150, blank=True)
    erased_on = models.DateField("个人信息清除日期", null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class Message(Matter):
    """One question. ``heading``, ``question`` and ``reply`` are what the public reads, once it is published."""

    title = models.CharField("主题", max_length=60)
    state = models.CharField("状态", max_length=12, choices=_states(MESSAGE))
    publish = models.BooleanField("同意公开", default=False)
    veto_on = models.DateField("三个月期限")
    answered_on = models.DateField("答复日期", null=True)
    took = models.PositiveIntegerField("用时（工作日）", null=True)
    into = models.CharField("并入", max_length=64, blank=True, db_index=True)
    heading = models.CharField("公开的标题", max_length=80, blank=True)
    question = models.TextField("公开的问题", blank=True)
    reply = models.TextField("答复", blank=True)
    published_on = models.DateField("公开日期", null=True)
    withdrawn_on = models.DateField("撤下日期", null=True)
    withdrawn_why = models.CharField("撤下理由", max_length=2000, blank=True)
    channel = models.CharField("渠道", max_length=12, blank=True, choices=CHANNELS)
    place = models.CharField("自助终端", max_length=60, blank=True)

    class Meta:
        ordering = ["-received_on", "-key"]
        indexes = [
            models.Index(fields=["body", "state", "due_on", "key"], name="message_queue"),
            models.Index(
                fields=["-published_on", "-key"], name="message_public", condition=models.Q(state="published")
            ),
        ]


class Mistake(Matter):
    """One mistake found on the site."""

    page = models.CharField("网页地址", max_length=500)
    kind = models.CharField("错误类型", max_length=12, choices=KINDS)
    state = models.CharField("状态", max_length=12, choices=_states(MISTAKE))
    ended_on = models.DateField("办结日期", null=True)

    class Meta:
        ordering = ["-received_on", "-key"]
        indexes = [models.Index(fields=["body", "state", "due_on", "key"], name="mistake_queue")]


class Survey(models.Model):
    """One consultation or survey.

    ``text`` is the SHA-256 of the document asked about, ``record`` the key of its subject, ``questions`` and
    ``results`` are data (:mod:`.questions`). What the public reads stands here once it has been approved.
    """

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("编号", max_length=80, unique=True)
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    form = models.CharField("类别", max_length=12, choices=FORMS)
    title = models.CharField("标题", max_length=120)
    state = models.CharField("状态", max_length=12, choices=_states(SURVEY))
    since = models.DateField("开始日期")
    until = models.DateField("截止日期")
    background = models.TextField("背景", blank=True)
    record = models.CharField("所涉文件", max_length=64, blank=True, db_index=True)
    text = models.CharField(max_length=64, blank=True)
    contact = models.CharField("联系方式", max_length=300, blank=True)
    questions = models.JSONField("问题", default=list)
    summary = models.TextField("结果说明", blank=True)
    results = models.JSONField("结果", default=dict)
    approved = models.BooleanField("已审核", default=False)
    published_on = models.DateField("公布结果日期", null=True)
    withdrawn_on = models.DateField("撤下日期", null=True)
    withdrawn_why = models.CharField("撤下理由", max_length=2000, blank=True)

    class Meta:
        ordering = ["-since", "-key"]
        indexes = [models.Index(fields=["approved", "until", "key"], name="survey_public")]

    def __str__(self) -> str:
        return self.number


class Submission(models.Model):
    """What one person sent to a survey; its words lie in the vault, ``personal`` names the place."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.CharField("回执编号", max_length=80, unique=True)
    survey = models.ForeignKey(Survey, models.PROTECT, verbose_name="征集调查", related_name="submissions")
    body = models.ForeignKey(Body, models.PROTECT, to_field="key", verbose_name="机关", related_name="+")
    received_on = models.DateField("收到日期")
    state = models.CharField("状态", max_length=12, choices=_states(SUBMISSION))
    outcome = models.CharField("处理", max_length=12, blank=True, choices=OUTCOMES)
    gist = models.CharField("意见摘要", max_length=1000, blank=True)
    reason = models.CharField("理由", max_length=2000, blank=True)
    personal = models.CharField(max_length=120, blank=True)
    erased_on = models.DateField("个人信息清除日期", null=True)

    class Meta:
        ordering = ["-received_on", "-key"]
        indexes = [models.Index(fields=["survey", "state", "key"], name="submission_queue")]

    def __str__(self) -> str:
        return self.number


class Choice(models.Model):
    """An option somebody chose: the number of the question and of the option, both from 0."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="choices")
    question = models.PositiveSmallIntegerField()
    option = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["submission", "question", "option"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "question", "option"], name="one_choice_per_option")
        ]


def _now(*fields: str, name: str) -> models.Index:
    return models.Index(fields=list(fields), name=name, condition=models.Q(known_to=FOREVER))


class MessageTally(Tally):
    """What is counted of one question between two instants of knowing; ``took`` in working days."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    received_on = models.DateField()
    due_on = models.DateField()
    veto_on = models.DateField()
    answered_on = models.DateField(default=OPEN)
    took = models.PositiveIntegerField(default=0)
    published_on = models.DateField(default=OPEN)

    class Meta:
        indexes = [_now("body", "received_on", "answered_on", name="message_tally_now")]


class MistakeTally(Tally):
    """What is counted of one mistake between two instants of knowing."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    received_on = models.DateField()
    due_on = models.DateField()
    ended_on = models.DateField(default=OPEN)
    mended_on = models.DateField(default=OPEN)

    class Meta:
        indexes = [_now("body", "received_on", "ended_on", name="mistake_tally_now")]


class SurveyTally(Tally):
    """What is counted of one survey: from when it was open, when its results were published."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    form = models.CharField(max_length=12)
    since = models.DateField()
    published_on = models.DateField(default=OPEN)

    class Meta:
        indexes = [_now("body", "since", name="survey_tally_now")]


class SubmissionTally(Tally):
    """What is counted of one submission; ``outcome`` is empty until it has been dealt with."""

    body = models.ForeignKey(Body, models.PROTECT, to_field="key", related_name="+", db_index=False)
    form = models.CharField(max_length=12)
    received_on = models.DateField()
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [_now("body", "received_on", "form", name="submission_tally_now")]
