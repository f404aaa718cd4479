"""Commands of the redaction desk 区分处理 (Regulation Art 37): documents in, places chosen, checked copies out.

Originals and copies lie sealed beside the ledger (``ledger.attachments``); which texts and places are to go, sealed in
the vault. A copy becomes an edition only when the proof finds none of what was removed (``redaction.unproven``), and is
proven once more before it may go out: whatever cannot be proven stops the work.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from gongkai.law.articles import cite
from gongkai.law.decisions import LEAVES
from gongkai.ledger import attachments, clock, uploads, vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor, Done, act, replay, used
from gongkai.procedure import Invalid, Refused, Situation
from gongkai.redaction import Basis, Box, NotAPdf, NotFound, Reading, Removal, marks_of, press, read, redact, unproven
from gongkai.typeset.fonts import FontsMissing
from gongkai.typeset.press import TypesetError

from . import materials
from .events import Case, step
from .materials import Edition, Material
from .procedure import PROCEDURE
from .services import KIND

#: Pages a document may have at the desk: each is drawn twice and read letter by letter.
MOST_PAGES = 300
#: Removals a document may have.
MOST_REMOVALS = 500
_THIRD_PARTY = "3.3.4"


def _bases() -> dict[str, Basis]:
    """The grounds of refusal of the decision table, Art 15 by its two interests, and what is no government information."""
    found = {}
    for code in ("3.3.1", "3.3.2", "3.3.3", _THIRD_PARTY, "3.3.5", "3.3.6", "3.3.7"):
        leaf = LEAVES[code]
        article = cite(leaf.articles[0].reference)
        reason = leaf.title.rpartition("：")[2].removeprefix("属于")
        if code == _THIRD_PARTY:
            found |= {f"{code}/{n}": Basis(article, name) for n, name in enumerate(("个人隐私", "商业秘密"), 1)}
        found[code] = Basis(article, reason)
    return found | {"37": Basis(cite("37"), "不属于政府信息")}


#: Code → legal basis of a removal.
BASES: dict[str, Basis] = _bases()


def secret_key(subject: str, number: int) -> str:
    """Where the vault keeps what is to go from a document."""
    return f"{KIND}/{subject}/redaction/{number}"


def removals(subject: str, number: int, edition: int = 0) -> list[dict[str, Any]]:
    """What is to go, as it was chosen: ``basis`` and either ``text`` (``only`` some occurrences) or ``page`` and ``box``.

    With ``edition``, what went from that one.
    """
    kept = vault.peek(secret_key(subject, number))
    found: list[dict[str, Any]] = kept.get("made", {}).get(str(edition), []) if edition else kept.get("removals", [])
    return found


def _keep(subject: str, number: int, **changed: Any) -> None:
    vault.put(secret_key(subject, number), vault.peek(secret_key(subject, number)) | changed)


def planned(chosen: Sequence[Mapping[str, Any]]) -> list[Removal]:
    """The same for the library."""
    return [
        Removal(
            BASES[one["basis"]],
            one.get("text", ""),
            one.get("page"),
            Box(*one["box"]) if "box" in one else None,
            tuple(one["only"]) if one.get("only") is not None else None,
        )
        for one in chosen
    ]


def opened(material: Material) -> Reading:
    """The original, to look at. Raises ``procedure.Refused`` when it is erased."""
    return read(original(material))


def original(material: Material) -> bytes:
    """The original's content. Raises ``procedure.Refused`` when it is erased."""
    return _content(material.reference)


def copy_of(edition: Edition) -> bytes:
    """An edition's content, its hash compared with the ledger's. Raises ``procedure.Refused``."""
    content = _content(edition.reference)
    if hashlib.sha256(content).hexdigest() != edition.sha256:
        raise Refused("区分处理件与台账记载的不符，不能使用，请重新制作", kind="guard")
    return content


def _content(reference: str) -> bytes:
    try:
        return attachments.get(reference).content
    except attachments.Missing as missing:
        raise Refused(str(missing), kind="guard") from missing


def store(subject: str, upload: uploads.Upload, title: str, actor: Actor, *, key: str | None = None) -> Done:
    """Take in a document that is to be disclosed in part. It is sealed; only its title is on record.

    Raises ``procedure.Invalid`` (fields ``file``, ``title``), ``procedure.Refused``.
    """
    if uploads.kind_of(upload.name) not in {"pdf", ""}:
        raise Invalid([("file", "请上传 PDF 文件；Word、Excel 等请先另存为 PDF")])
    uploads.check([upload], "file")
    try:
        count = read(upload.content).count
    except NotAPdf as refusal:
        raise Invalid([("file", str(refusal))]) from refusal
    if count > MOST_PAGES:
        raise Invalid([("file", f"文件有 {count} 页，一次最多 {MOST_PAGES} 页，请拆分后分别上传")])
    with attachments.keeping([upload], "file") as kept:
        told = {"original": kept.told[0] | {"pages": count}}
        done = act(KIND, subject, "store_material", actor, data={"title": title}, system_data=told, key=key)
        if done.repeated:
            kept.forget()
    return done


def withdraw(subject: str, number: int, reason: str, actor: Actor, *, key: str | None = None) -> Done:
    """Take a document back: nothing of it goes out. Raises as ``ledger.services.act``."""
    data = {"material": str(number), "reason": reason}
    return act(KIND, subject, "withdraw_material", actor, data=data, key=key)


def add_text(subject: str, number: int, text: str, chosen: Sequence[int], basis: str, actor: Actor) -> int:
    """Choose occurrences of a text (from 0, in the order of the document); returns how many.

    All of them means the text must be nowhere in the copy. Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    material = _at_work(subject, number, actor)
    count = sum(1 for _ in opened(material).find(text))
    places = sorted({one for one in chosen if 0 <= one < count})
    if not places:
        raise Invalid([("chosen", "请勾选要删除的位置")])
    made: dict[str, Any] = {"basis": _basis(basis), "text": "".join(text.split())}
    _add(subject, number, made if len(places) == count else made | {"only": places})
    return len(places)


def add_box(subject: str, number: int, page: int, box: Box, basis: str, actor: Actor) -> None:
    """Choose a place on a page (from 0). Raises ``procedure.Invalid``, ``procedure.Refused``."""
    reading = opened(_at_work(subject, number, actor))
    if not 0 <= page < reading.count:
        raise Invalid([("page", f"文件共 {reading.count} 页，没有第 {page + 1} 页")])
    here = reading.pages[page]
    if box.right <= 0 or box.top <= 0 or box.left >= here.width or box.bottom >= here.height:
        raise Invalid([("left", "划定的区域不在页面内，请对照页面图上的刻度核对")])
    _add(subject, number, {"basis": _basis(basis), "page": page, "box": [box.left, box.bottom, box.right, box.top]})


def drop(subject: str, number: int, place: int, actor: Actor) -> None:
    """Take one choice back, by its place in the list (from 0). Raises ``procedure.Refused``."""
    _at_work(subject, number, actor)
    with transaction.atomic():
        chosen = removals(subject, number)
        if 0 <= place < len(chosen):
            chosen.pop(place)
            _keep(subject, number, removals=chosen)


def _add(subject: str, number: int, made: dict[str, Any]) -> None:
    with transaction.atomic():
        chosen = removals(subject, number)
        if len(chosen) >= MOST_REMOVALS:
            raise Invalid([("", f"一份文件最多 {MOST_REMOVALS} 项删除，请拆分文件")])
        if made not in chosen:
            _keep(subject, number, removals=[*chosen, made])


def _basis(code: str) -> str:
    if code not in BASES:
        raise Invalid([("basis", "请选择删除的法律依据")])
    return code


def _at_work(subject: str, number: int, actor: Actor) -> Material:
    """The document, if this actor may redact it now. Raises ``procedure.Refused``."""
    case: Case = replay(KIND, subject)
    situation = Situation(case, actor.key, actor.roles, clock.today(), {"material": number})
    PROCEDURE.check(case.state, "redact", situation)
    found = materials.find(case, number)
    assert found is not None, "the guard has seen it"
    return found


def make(subject: str, number: int, actor: Actor, *, key: str | None = None) -> Done:
    """Make the copy, prove that nothing removed is left in it, keep it as the next edition.

    Raises ``procedure.Refused`` where the copy cannot be made or the proof finds something: then nothing is kept.
    """
    if key and (done := used(key)):
        return done
    material, chosen = _at_work(subject, number, actor), removals(subject, number)
    if not chosen:
        raise Refused("还没有选定要删除的内容", kind="guard")
    source, plan = original(material), planned(chosen)
    try:
        made = redact(source, plan, press.pdf, clock.today())
    except (NotFound, NotAPdf, FontsMissing, TypesetError) as fault:
        raise Refused(f"区分处理件没有做成：{fault}", kind="guard") from fault
    _prove(source, made.pdf, plan)
    notes = [
        {
            "article": basis.article,
            "reason": basis.reason,
            "places": sum(mark.basis == basis for mark in made.marks),
            "pages": sorted({mark.page + 1 for mark in made.marks if mark.basis == basis}),
        }
        for basis in dict.fromkeys(mark.basis for mark in made.marks)
    ]
    name = re.sub(r'[/\\:*?"<>|~.\s]', "_", material.title)[:60]
    try:
        file = uploads.Upload(f"{name}（区分处理）.pdf", made.pdf)
        with transaction.atomic(), attachments.keeping([file], "file") as kept:
            digest = {"sha256": hashlib.sha256(made.pdf).hexdigest(), "pages": read(made.pdf).count}
            told = {"copy": kept.told[0] | digest, "removals": notes, "checked": True}
            done = act(KIND, subject, "redact", actor, data={"material": str(number)}, system_data=told, key=key)
            edition = str(len(material.editions) + 1)
            past = vault.peek(secret_key(subject, number)).get("made", {})
            _keep(subject, number, made=past | {edition: chosen})
            return done
    except Invalid as invalid:
        raise Refused(f"区分处理件没有保存：{invalid.errors[0][1]}", kind="guard") from invalid


def release(subject: str, number: int, edition: int, actor: Actor, *, key: str | None = None) -> Done:
    """Let the newest edition go out with the decision, after proving it once more. ``edition`` is the one looked at.

    Raises ``procedure.Refused``: not checked, not the newest, altered, made by this actor.
    """
    if key and (done := used(key)):
        return done
    case: Case = replay(KIND, subject)
    situation = Situation(case, actor.key, actor.roles, clock.today(), {"material": number})
    PROCEDURE.check(case.state, "release_copy", situation)
    material = materials.find(case, number)
    assert material is not None and material.latest is not None, "the guards have seen it"
    latest = material.latest
    if latest.number != edition:
        raise Refused("区分处理件已有新的版本，请查看后再办", kind="guard")
    chosen = removals(subject, number, edition)
    if not chosen:
        raise Refused("没有可供检查的删除清单，请重新制作区分处理件", kind="guard")
    _prove(original(material), copy_of(latest), planned(chosen))
    told = {"edition": latest.number, "sha256": latest.sha256, "removals": [dict(one) for one in latest.removals]}
    return act(KIND, subject, "release_copy", actor, data={"material": str(number)}, system_data=told, key=key)


def _prove(source: bytes, copy: bytes, plan: Sequence[Removal]) -> None:
    try:
        left = unproven(source, copy, plan)
    except (NotFound, NotAPdf) as fault:
        raise Refused(f"无法检查区分处理件：{fault}", kind="guard") from fault
    if left:
        words = "、".join(f"“{text[:20]}”" for text in left[:5])
        raise Refused(
            f"检查发现应删除的内容仍有残留：{words}。没有保存。请核对是否与依据说明用字相同，或者加选其他位置",
            kind="guard",
        )


def given(past: Sequence[Event]) -> list[tuple[Material, Edition]]:
    """The copies an applicant may have: those let go and served with a decision, whatever happened later."""
    case, served = Case(), []
    for event in past:
        case = step(case, event)
        if event.kind == "serve":
            served += [(one, one.out) for one in materials.at_hand(case) if one.out]
    return served


__all__ = [
    "BASES", "MOST_PAGES", "Box", "add_box", "add_text", "copy_of", "drop", "given", "make", "marks_of", "opened", "original",
    "planned", "release", "removals", "store", "withdraw",
]  # fmt: skip
