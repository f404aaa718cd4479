"""The forms citizens fill in, step by step, from the same fields the command checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from gongkai.ledger import attachments, uploads
from gongkai.ledger.attachments import Upload
from gongkai.organs.models import Body
from gongkai.procedure import Field, Invalid
from gongkai.ui.forms import EventForm, Form
from gongkai.ui.pieces import Row
from gongkai.ui.uploading import FilesField, raw_names

from . import intake

_HINTS = {
    "category": "法人或者其他组织分为五类，请选择最接近的一类",
    "name": "个人填写姓名，单位填写全称",
    "id_type": "用于核实申请人身份（条例第二十九条）",
    "phone": "联系电话、电子邮箱、通信地址至少填写一项，用于确认收到和送达答复",
    "title": "一句话概括您要的信息，不写个人信息；不填则由系统概括",
    "content": "请写明信息的名称、文号，或者便于查找的其他特征，如内容、时间、制作机关。不需要说明用途",
    "form": "您希望得到什么形式的信息",
    "delivery": "选择邮寄的须填通信地址，选择电子邮件的须填电子邮箱",
}
_LABELS = {"title": "要什么信息", "content": "详细描述"}
_AUTOCOMPLETE = {"name": "name", "phone": "tel", "email": "email", "address": "street-address"}
_BY_NAME = {
    f.name: replace(f, hint=_HINTS.get(f.name, f.hint), label=_LABELS.get(f.name, f.label)) for f in intake.FIELDS
}
WHO = ("category", "name", "id_type", "id_number", "phone", "email", "address")
WHAT = ("title", "content", "reference", "year", "form", "delivery")
FILES_HINT = f"可以一次选择多个文件：{uploads.ALLOWED}。每个不超过 20 MB，合计不超过 50 MB。身份证件照片、说明材料等均可，不是必须。"


def bodies() -> list[Body]:
    """The bodies a citizen may ask, in order."""
    return list(Body.objects.exclude(document_code="", kind=Body.Kind.INSTITUTION).order_by("order", "id"))


def fields_of(step: str, asked: Sequence[Body] | None = None) -> tuple[Field, ...]:
    """The fields of a step: ``who`` or ``what``."""
    if step == "what":
        return tuple(_BY_NAME[name] for name in WHAT)
    choices = tuple((body.key, body.name) for body in (bodies() if asked is None else asked))
    body = Field("body", "行政机关", "choice", choices=choices, hint="向制作或者最初获取这条信息的机关申请")
    return (body, *(_BY_NAME[name] for name in WHO))


class CitizenForm(EventForm):
    """One step. What was entered in earlier steps takes part in the check, so that the steps agree."""

    def __init__(
        self, step: str, data: Mapping[str, Any] | None = None, *, earlier: Mapping[str, Any], initial: Any = None
    ):
        self.earlier = dict(earlier) if step == "what" else {}
        self.others = tuple(_BY_NAME[name] for name in WHO) if step == "what" and self.earlier else ()
        super().__init__(fields_of(step), data, initial=initial)
        for name, value in _AUTOCOMPLETE.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = value

    def clean(self) -> dict[str, Any]:
        """The intake's own check; a fault of an earlier step is told where this step made it one."""
        for name in list(self.errors):
            del self.errors[name]
        typed = {name: value for name, value in self._typed().items() if value}
        known = {name: self.earlier[name] for name in WHO if name in self.earlier}
        try:
            values = intake.check({**known, **typed}, (*self.asked, *self.others))
            self.event_data = {name: value for name, value in values.items() if name in self.fields}
        except Invalid as invalid:
            for name, message in invalid.errors:
                if name in self.fields:
                    self.add_error(name, message)
                else:
                    self.add_error("delivery", f"{message}（请返回上一步填写）")
        return self.cleaned_data


def summary(answers: Mapping[str, Any], step: str) -> list[Row]:
    """What was entered, as people read it."""
    rows = []
    for field in fields_of(step):
        value = answers.get(field.name, "")
        if value:
            rows.append(Row(field.label, dict(field.choices).get(value, value)))
    return rows


class FilesForm(Form):
    """Attachments."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["files"] = files_field()


def files_field() -> FilesField:
    """The field for attachments."""
    accept = ",".join(f".{kind}" for kind in uploads.KINDS) + ",.jpeg"
    field = FilesField(label="附件", help_text=FILES_HINT, accept=accept)
    field.optional = True  # type: ignore[attr-defined]
    return field


def uploads_of(request: HttpRequest, name: str) -> list[Upload]:
    """The files sent under a name. Raises ``procedure.Invalid`` naming the field and the file.

    Sizes and names are looked at before a file is read into memory.
    """
    allowed, sent = attachments.limits(), request.FILES.getlist(name)
    errors = [(name, f"附件“{uploads.shown(raw)}”{_path_objection(raw)}") for raw in raw_names(request)]
    for one in sent:
        if one.size > allowed.file:
            errors.append(
                (name, f"附件“{uploads.shown(one.name)}”超过 {allowed.file // uploads.MB} MB，请压缩或者拆分后再上传")
            )
    if not errors and sum(one.size for one in sent) > allowed.total:
        errors.append((name, f"“附件”合计超过 {allowed.total // uploads.MB} MB，请减少或者压缩后再上传"))
    if errors:
        raise Invalid(errors)
    return [Upload(one.name, one.read()) for one in sent]


def _path_objection(raw: str) -> str:
    return uploads.name_objection(raw) or "文件名含有特殊符号，请改为普通名称后再上传"


@dataclass(frozen=True)
class Step:
    """Something the applicant may do on the status page."""

    label: str
    fields: tuple[Field, ...]
    submit: str
    hint: str = ""
    files: bool = False
    grave: bool = False
    done: str = ""


#: Reasons to withdraw, ready made: the law asks for none, and what people write of themselves stays out of the ledger.
_WITHDRAWALS = (
    ("信息已从其他途径获得", "已经从其他途径得到了"),
    ("申请人不再需要该信息", "不再需要了"),
    ("申请内容有误，申请人将另行提交", "内容有误，另行提交"),
    ("申请人自愿撤回，未说明原因", "不说明原因"),
)
STEPS: dict[str, Step] = {
    "clarify": Step("补正申请内容", (Field("content", "补正内容", "long", hint="按通知的要求补充说明您要的信息"),),
                    "提交补正", "提交后重新计算答复期限", files=True, done="补正已经提交，答复期限重新计算。"),
    "give_reasons": Step("说明理由", (Field("content", "说明的理由", "long"),), "提交说明", files=True, done="说明已经提交。"),
    "report_payment": Step("告知已经缴费", (Field("note", "缴费情况", "long", longest=500, hint="缴费日期、方式和缴款单号"),),
                           "提交", "收费机关核对到账后，继续办理您的申请", done="已告知缴费，等待核对到账。"),
    "withdraw": Step("撤回申请", (Field("reason", "撤回的原因", "choice", choices=_WITHDRAWALS),), "确认撤回",
                     "撤回后不再办理，不能恢复；可以重新申请", grave=True, done="申请已经撤回。"),
}  # fmt: skip


def step_form(event: str, data: Any = None) -> EventForm:
    """The form of a step, under its own prefix."""
    form = EventForm(STEPS[event].fields, data, prefix=event)
    if STEPS[event].files:
        form.fields["files"] = files_field()
    return form
