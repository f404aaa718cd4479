"""What the API answers, as schemas: they shape the answers and are their documentation."""

from datetime import date

from ninja import Field, Schema

from gongkai.requests.intake import WORDS, PublicStatus


class Fault(Schema):
    """One thing that is wrong."""

    field: str = Field(description="哪一项，如 applicant.name")
    message: str = Field(description="哪里不对、怎样改")


class Faults(Schema):
    """Why nothing was done."""

    errors: list[Fault]


class Receipt(Schema):
    """What the applicant takes away."""

    number: str = Field(description="登记编号")
    query_code: str = Field(description="查询码，与编号一起用于查询，请妥善保管")
    url: str = Field(description="查询办理情况的网页")


class Step(Schema):
    """One step of how the due date comes about."""

    text: str
    article: str = Field(description="依据的条款")


class Event(Schema):
    """One line of the case."""

    on: date
    title: str
    text: str
    by_applicant: bool


class Clarification(Schema):
    """What is to be clarified, and until when."""

    what: str
    until: date


class Fee(Schema):
    """A fee that is to be paid."""

    amount: str = Field(description="元")
    counted: str
    due: date | None


class Decision(Schema):
    """The answer, once it is served."""

    title: str
    document_number: str
    on: date


class Status(Schema):
    """A request as its applicant may see it."""

    number: str
    title: str
    body: str = Field(description="受理机关")
    state: str = Field(description="；".join(f"{key} {label}" for key, (label, _) in WORDS.items()))
    label: str
    explanation: str
    received_on: date | None = Field(description="收到申请之日；双方确认之前为空")
    due: date | None = Field(description="答复期限；确认收到之前、答复之后为空")
    steps: list[Step] = Field(description="答复期限是怎样算出来的")
    events: list[Event]
    actions: list[str] = Field(
        description="申请人现在可以做的：clarification 补正，reasons 说明理由，payment 告知缴费，withdrawal 撤回"
    )
    clarification: Clarification | None
    fee: Fee | None
    decision: Decision | None


def status(found: PublicStatus, actions: dict[str, str]) -> Status:
    """The answer for a request; ``actions`` gives the API's word for each event of the applicant."""
    return Status(
        number=found.number,
        title=found.title,
        body=found.body,
        state=found.state,
        label=found.label,
        explanation=found.explanation,
        received_on=found.received_on,
        due=found.due,
        steps=[Step(text=s.text, article=s.article) for s in found.steps],
        events=[Event(on=e.on, title=e.title, text=e.text, by_applicant=e.by_applicant) for e in found.events],
        actions=[actions[event] for event in found.actions if event in actions],
        clarification=found.clarification and Clarification(what=found.clarification[0], until=found.clarification[1]),
        fee=found.fee and Fee(amount=found.fee.amount, counted=found.fee.counted, due=found.fee.due),
        decision=found.decision
        and Decision(title=found.decision[0], document_number=found.decision[1], on=found.decision[2]),
    )
