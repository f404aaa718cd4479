"""The letters: what the outbox holds of them is to whom and why; their words are made when they leave the house.

So nothing withdrawn is mailed, no mailed link stands in the database, and nobody can read there who reads what.
"""

from collections.abc import Mapping

from django.conf import settings
from django.db.models import Count, QuerySet

from gongkai.library import queries, showing
from gongkai.notices.letters import Letter, writes
from gongkai.notices.models import Message
from gongkai.notices.outbox import Draft, to_reader
from gongkai.organs.models import Body
from gongkai.records.models import Record
from gongkai.ui.context import site_of_settings

from . import contacts, offers
from .models import Hit, Subscription
from .procedure import FREQUENCIES

READER = "@reader/"
CONFIRM, DIGEST = "subscription/confirm", "subscription/digest/"
#: Letters that could not be delivered one after the other, before no more are sent.
BOUNCES = 3
#: Records a letter names; of more it says how many.
LISTED = 100


def of_reader(key: str) -> QuerySet[Message]:
    """Every letter of a subscription."""
    return Message.objects.filter(recipient=READER + key)


def post_confirmation(key: str, body: Body) -> Message:
    """The letter with the link that confirms."""
    return to_reader(Draft(CONFIRM, body, "请确认订阅", ""), READER + key, contacts.vault_key(key))


def post_digest(key: str, body: Body, first: int, count: int) -> Message:
    """The letter that tells of so many records; ``first`` is the first hit it tells of, and no other's."""
    draft = Draft(f"{DIGEST}{first}", body, f"政府信息更新：{count} 条", "")
    return to_reader(draft, READER + key, contacts.vault_key(key))


def bouncing() -> list[str]:
    """The subscriptions whose last :data:`BOUNCES` letters could all not be delivered."""
    failed = Message.objects.filter(recipient__startswith=READER, state=Message.State.FAILED).order_by()
    often = failed.values("recipient").annotate(times=Count("id")).filter(times__gte=BOUNCES)
    keys = {name.removeprefix(READER) for name in often.values_list("recipient", flat=True)}
    active = Subscription.objects.filter(state="active", key__in=keys).order_by("key").values_list("key", flat=True)
    return [key for key in active if _all_failed(key)]


def _all_failed(key: str) -> bool:
    tried = of_reader(key).exclude(state=Message.State.WAITING).order_by("-id").values_list("state", flat=True)
    return all(state == Message.State.FAILED for state in tried[:BOUNCES])


@writes(READER)
def write(message: Message) -> Letter | None:
    """The words of a letter as of now; None where it is confirmed already, ended, or nothing of it is public any more."""
    key = message.recipient.removeprefix(READER)
    row, contact = Subscription.objects.filter(key=key).first(), contacts.of(key)
    if row is None or not contact.code:
        return None
    if message.cause == CONFIRM:
        return _confirmation(row, contact) if row.state == "pending" else None
    hits = Hit.objects.filter(message=message).values("record")
    records = queries.public().select_related("body").filter(key__in=hits).order_by("-published_on", "key")
    listed = list(records[:LISTED])
    return _digest(row, contact, listed, records.count()) if listed else None


def _confirmation(row: Subscription, contact: contacts.Contact) -> Letter:
    name, page = site_of_settings().government, contacts.link("mine", row.key, contact.code)
    text = (
        f"有人在{name}网站用这个邮箱订阅了政府信息。是您本人订阅的，请打开下面的网页，点“确认订阅”：\n\n{page}\n\n"
        f"{_wishes(row, contact)}\n\n不是您本人订阅的，不用理会：没有确认就不会再发邮件，邮箱地址七天后删除。"
    )
    return Letter(f"请确认订阅：{name}政府信息", text, _headers(row.key, contact))


def _digest(row: Subscription, contact: contacts.Contact, records: list[Record], total: int) -> Letter:
    lines = [f"您订阅的政府信息有 {total} 条更新："]
    lines += [_entry(number, record) for number, record in enumerate(records, 1)]
    if total > len(records):
        lines.append(f"还有 {total - len(records)} 条，请到网站查看：{settings.ORIGIN}/records/")
    page, leave = (contacts.link(name, row.key, contact.code) for name in ("mine", "leave"))
    lines.append(f"{_wishes(row, contact)}\n修改订阅：{page}\n退订：{leave}")
    name = site_of_settings().government
    return Letter(f"{name}政府信息更新：{total} 条", "\n\n".join(lines), _headers(row.key, contact))


def _entry(number: int, record: Record) -> str:
    day = record.published_on.isoformat() if record.published_on else ""
    facts = "　".join(filter(None, [record.issuer or record.body.name, record.document_number, day]))
    return f"{number}. {record.title}\n{facts}\n{settings.ORIGIN}{showing.address(record.key)}"


def _wishes(row: Subscription, contact: contacts.Contact) -> str:
    said = [f"{label} {values}" for label, values in offers.told(row)]
    said += [f"关键词 {contact.query}"] if contact.query else []
    return f"订阅的内容：{'；'.join(said)}（{dict(FREQUENCIES)[row.frequency]}）"


def _headers(key: str, contact: contacts.Contact) -> Mapping[str, str]:
    """What mail programs need to offer one-click unsubscribing (RFC 2369, RFC 8058)."""
    leave = contacts.link("leave", key, contact.code)
    return {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
