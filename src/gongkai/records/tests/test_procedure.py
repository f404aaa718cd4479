"""Every way a record can go: the whole role × state × event matrix, the attribute at source, the clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from gongkai.law.attributes import Attribute
from gongkai.law.calendar import CHINA
from gongkai.ledger import blobs, clock
from gongkai.ledger.models import Counter, Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, replay
from gongkai.ledger.uploads import Upload
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import hold_to_matrix, small_city
from gongkai.procedure import NEW, SAME, Invalid, Refused
from gongkai.records import services
from gongkai.records.events import months_after
from gongkai.records.models import Placement, Record, RecordTally, Relation, Version
from gongkai.records.procedure import RECORD
from gongkai.records.testing import TEXT, event_data

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
CODE = "11500000009275416Y"
OPEN = {"draft": services.draft, "enter": services.enter, "register_existing": services.register_existing}
_NUMBERED = ["draft", "propose", "secrecy", "check", "sign", "number"]
#: The shortest way into each state; those that end withheld say so.
WAYS = {
    **{state: _NUMBERED[: n + 1] for n, state in enumerate(["draft", "proposed", "reviewed", "checked", "signed", "numbered"])},
    "held": [*_NUMBERED, "hold"],
    "entered": ["enter"],
    "approved": ["enter", "approve"],
    "published": ["enter", "approve", "publish"],
    "changing": ["enter", "approve", "publish", "change"],
    "withdrawn": ["enter", "approve", "publish", "withdraw"],
    "abandoned": ["draft", "abandon"],
}  # fmt: skip
HIDDEN = {"held", "hold", "keep", "release"}


def by(event: str) -> Actor:
    """Different hands for drafting, reviewing, checking and signing."""
    return Actor(f"{event}-officer", frozenset(ROLES))


def kind_of(first: str) -> str:
    return "policy" if first == "draft" else "meeting"


def do(key: str, event: str, attribute: str = "active", **data):
    piece = replay("record", key)
    values = event_data(event, piece.kind, attribute) | data
    return services.do(key, event, by(event), values)


def begin(body, first: str, kind: str | None = None, **data) -> str:
    kind = kind or kind_of(first)
    return OPEN[first](body, by(first), kind, event_data(first, kind) | data).event.subject


def bring(city, state: str, attribute: str | None = None, **data) -> str:
    """A new record brought into a state through the real commands."""
    first, *rest = WAYS[state]
    attribute = attribute or ("withheld" if state == "held" else "active")
    key = begin(city.office, first, **data)
    for event in rest:
        do(key, event, attribute)
    assert replay("record", key).state == state
    return key


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        made = small_city()
        made.office.credit_code = CODE
        made.office.save()
        yield made


def test_matrix_of_role_state_event(city):
    def command(key, event, state, actor):
        services.do(key, event, actor, event_data(event, replay("record", key).kind))

    hold_to_matrix(RECORD, WAYS, lambda state: bring(city, state), command)


@pytest.mark.parametrize(("first", "role"), list(product(OPEN, ROLES)))
def test_who_may_open(city, first, role):
    actor, kind = Actor("x", frozenset({role})), kind_of(first)
    if role in RECORD.move(NEW, first).roles:
        assert OPEN[first](city.office, actor, kind, event_data(first, kind)).state.body == "cq-office"
        return
    with pytest.raises(Refused) as refusal:
        OPEN[first](city.office, actor, kind, event_data(first, kind))
    assert refusal.value.kind == "role"
    assert not Event.objects.filter(subject_kind="record").exists() and not Counter.objects.exists()


@pytest.mark.parametrize(
    ("event", "state"), [(m.event, source) for m in RECORD.transitions for source in m.sources if source != NEW]
)
def test_each_row_of_the_table_works(city, event, state):
    attribute = "withheld" if event in HIDDEN else "active"
    joint = {"bodies": ["cq-plan"]} if event == "opinion" else {}
    key = bring(city, state, attribute, **joint)
    done = do(key, event, attribute)
    target = RECORD.move(state, event).target
    assert done.state.state == (state if target == SAME else target)
    assert Record.objects.get(pk=key).state == done.state.state


# The attribute at source


def test_a_document_without_attribute_cannot_be_issued(city):
    key = bring(city, "draft")
    for event in ("check", "sign", "number", "publish", "hold"):
        with pytest.raises(Refused):
            do(key, event)
    with pytest.raises(Invalid) as fault:
        services.do(key, "propose", by("propose"), {})
    assert fault.value.errors[0][0] == "attribute"
    assert Record.objects.get(pk=key).attribute == "" and not RecordTally.objects.exists()


@pytest.mark.parametrize("attribute", ["on_request", "withheld"])
@pytest.mark.parametrize("missing", ["reason", "basis"])
def test_what_is_not_active_needs_reason_and_basis(city, attribute, missing):
    key = bring(city, "draft")
    values = {name: value for name, value in event_data("propose", attribute=attribute).items() if name != missing}
    with pytest.raises(Refused, match="请填写"):
        services.do(key, "propose", by("propose"), values)


def test_the_signatory_decides(city):
    key = bring(city, "checked")
    with pytest.raises(Refused, match="请填写理由"):
        services.do(key, "sign", by("sign"), {"attribute": "on_request"})
    values = {"attribute": "on_request", "reason": "涉及第三方", "basis": "条例第十五条"}
    assert services.do(key, "sign", by("sign"), values).state.attribute == "on_request"
    do(key, "number")
    with pytest.raises(Refused, match="不能公开发布"):
        do(key, "publish")
    do(key, "hold")
    row = Record.objects.get(pk=key)
    assert not row.public and row.index_number and row.mark == "（此件依申请公开）"


def test_four_eyes(city):
    everybody = frozenset(ROLES)
    key = bring(city, "proposed")
    with pytest.raises(Refused, match="拟稿人"):
        services.do(key, "secrecy", Actor("draft-officer", everybody), {"secrecy": "cleared"})
    services.do(key, "secrecy", Actor("one", everybody), {"secrecy": "cleared"})
    with pytest.raises(Refused, match="拟稿人"):
        services.do(key, "check", Actor("draft-officer", everybody))
    do(key, "check")
    for hand, words in (("draft-officer", "拟稿人"), ("one", "保密审查人")):
        with pytest.raises(Refused, match=words):
            services.do(key, "sign", Actor(hand, everybody))
    do(key, "send_back")
    services.do(key, "edit", Actor("two", everybody), event_data("edit"))
    do(key, "propose")
    with pytest.raises(Refused, match="拟稿人"):
        services.do(key, "secrecy", Actor("two", everybody), {"secrecy": "cleared"})


def test_secrecy_comes_before_publication(city):
    key = bring(city, "proposed")
    with pytest.raises(Refused, match="不得主动公开"):
        services.do(key, "secrecy", by("secrecy"), {"secrecy": "restricted"})
    withheld = bring(city, "reviewed", "withheld")
    do(withheld, "check")
    with pytest.raises(Refused, match="保密审查未通过"):
        services.do(withheld, "sign", by("sign"), {"attribute": "active"})


@pytest.mark.parametrize("mark", ["（此件不予公开）", "（此件依申请公开）", "公开属性：依申请公开", "［不予公开］"])
def test_an_active_document_carries_nothing_marked_otherwise(city, mark):
    key = bring(city, "draft", text=f"{TEXT}\n附件：名单{mark}")
    with pytest.raises(Refused, match="正文中有标为"):
        do(key, "propose")
    services.do(key, "edit", by("edit"), event_data("edit") | {"text": TEXT})
    assert do(key, "propose").state.state == "proposed"


def test_the_mark_is_printed_below_the_text(city):
    for attribute, state in (("active", "numbered"), ("withheld", "held")):
        row = Record.objects.get(pk=bring(city, state, attribute))
        assert blobs.get(row.text).decode().rstrip().endswith(Attribute(attribute).mark)


def test_a_relayed_document_gives_its_attribute(city):
    relayed = bring(city, "held")
    number = Record.objects.get(pk=relayed).document_number
    key = bring(city, "draft", relays=number)
    assert replay("record", key).entry.relayed_attribute == "withheld"
    with pytest.raises(Refused, match="须与其一致"):
        do(key, "propose")
    do(key, "propose", "withheld")
    assert Relation.objects.get(record=key).target == relayed
    with pytest.raises(Invalid, match="请核对"):
        begin(city.office, "draft", relays=number, relayed_attribute="active")
    unknown = bring(city, "draft", relays="国办发〔2021〕1号")
    with pytest.raises(Refused, match="被转发文件的公开属性"):
        do(unknown, "propose")
    assert Relation.objects.get(record=unknown).name == "国办发〔2021〕1号"


def test_joint_documents_hear_the_others_and_the_lead_decides(city):
    key = bring(city, "checked", bodies="cq-plan、中国人民银行重庆营业管理部")
    row = Record.objects.get(pk=key)
    assert row.bodies == ["cq-office", "cq-plan"] and row.issuer == "中国人民银行重庆营业管理部"
    with pytest.raises(Refused, match="还没有重庆市发展和改革委员会、中国人民银行"):
        do(key, "sign")
    do(key, "opinion", attribute="withheld")
    with pytest.raises(Refused, match="联合发文的其他机关是"):
        do(key, "opinion", body_name="不相干的机关")
    do(key, "opinion", body_name="中国人民银行重庆营业管理部")
    assert do(key, "sign").state.attribute == "active"


# Numbers


def test_numbers_are_given_without_gaps(city):
    keys = [bring(city, "numbered") for _ in range(3)]
    rows = [Record.objects.get(pk=key) for key in keys]
    assert [row.document_number for row in rows] == [f"渝府办发〔2021〕{n}号" for n in (1, 2, 3)]
    assert [row.index_number for row in rows] == [f"{CODE}/2021-0000{n}" for n in (1, 2, 3)]
    key = bring(city, "signed")
    for wrong in ("第三号", "渝府办发"):
        with pytest.raises(Invalid, match=r"文号|字号"):
            services.do(key, "number", by("number"), {"document_number": wrong})
    with pytest.raises(Invalid, match="已用于"):
        services.do(key, "number", by("number"), {"document_number": "渝府办发[2021]2号"})
    assert Counter.objects.get(series="index/cq-office/2021").last == 3
    services.do(key, "number", by("number"), {"document_number": "渝府办发（2021）7号"})
    assert Record.objects.get(pk=key).document_number == "渝府办发〔2021〕7号"
    assert Record.objects.get(pk=bring(city, "numbered")).document_number == "渝府办发〔2021〕8号"


def test_information_gets_its_index_number_when_published(city):
    row = Record.objects.get(pk=bring(city, "published"))
    assert row.index_number == f"{CODE}/2021-00001" and row.document_number == "" and row.public
    existing = begin(city.office, "register_existing", index_number=f"{CODE}/2021-00009")
    assert Record.objects.get(pk=existing).index_number.endswith("00009")
    assert Record.objects.get(pk=bring(city, "published")).index_number.endswith("00010")
    with pytest.raises(Invalid, match="已用于"):
        begin(city.office, "register_existing", index_number=f"{CODE}/2021-00009")
    with pytest.raises(Invalid) as fault:
        begin(city.office, "register_existing", index_number="11500000009275416A/2021-00001")
    assert fault.value.errors[0][0] == "index_number"


# Clocks


def test_twenty_working_days_to_publish(city):
    key = bring(city, "approved")
    row = Record.objects.get(pk=key)
    assert row.due_on == CHINA.add_workdays(date(2021, 3, 1), 20) and not row.public
    document = bring(city, "checked")
    assert Record.objects.get(pk=document).due_on is None
    with clock.at(MONDAY + timedelta(days=7)):
        do(document, "sign")
        do(document, "number")
        assert Record.objects.get(pk=document).due_on == CHINA.add_workdays(date(2021, 3, 8), 20)
    with clock.at(MONDAY + timedelta(days=60)):
        do(key, "publish")
    assert Record.objects.get(pk=key).due_on is None
    tally = RecordTally.objects.get(subject=key)
    assert tally.due_on < tally.published_on


def test_what_is_withheld_is_assessed_again(city):
    key = bring(city, "held")
    assert Record.objects.get(pk=key).reassess_on == date(2022, 3, 1)
    with clock.at(MONDAY + timedelta(days=300)):
        do(key, "keep")
        assert Record.objects.get(pk=key).reassess_on == months_after(clock.today(), 12)
        with pytest.raises(Refused, match="保密审查未通过"):
            do(key, "release", secrecy="restricted")
        do(key, "release")
        row = Record.objects.get(pk=key)
        assert row.reassess_on is None and row.attribute == "active" and not row.public
        assert "（此件公开发布）" in blobs.get(row.text).decode() and "不予公开" not in blobs.get(row.text).decode()
        do(key, "publish")
    assert Record.objects.get(pk=key).public


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2021, 1, 31), 1, date(2021, 2, 28)), (date(2020, 2, 29), 12, date(2021, 2, 28)),
    (date(2021, 11, 30), 1, date(2021, 12, 30)), (date(2021, 12, 31), 2, date(2022, 2, 28)),
    (date(2021, 6, 15), 12, date(2022, 6, 15)), (date(2021, 12, 31), 12, date(2022, 12, 31)),
])  # fmt: skip
def test_months_after(day, months, expected):
    assert months_after(day, months) == expected


# Changing what is published


def test_a_change_is_seen_when_it_is_approved_and_the_old_text_stays(city):
    key = bring(city, "published")
    old = Record.objects.get(pk=key)
    with clock.at(MONDAY + timedelta(days=1)):
        do(key, "change", title="新标题")
        waiting = Record.objects.get(pk=key)
        assert waiting.public and waiting.title == old.title and waiting.text == old.text and waiting.due_on
        with pytest.raises(Refused, match="修改人"):
            services.do(key, "approve_change", Actor("change-officer", frozenset(ROLES)), {"secrecy": "cleared"})
        do(key, "approve_change")
    new = Record.objects.get(pk=key)
    assert new.title == "新标题" and new.text != old.text and new.published_on == old.published_on and not new.due_on
    assert list(Version.objects.filter(record=key).values_list("number", "text")) == [(1, old.text), (2, new.text)]
    with clock.at(MONDAY + timedelta(days=1)):
        do(key, "change", title="又改")
        do(key, "reject_change")
    assert Record.objects.get(pk=key).title == "新标题"


def test_withdrawn_says_why_and_may_come_back(city):
    key = bring(city, "withdrawn")
    row = Record.objects.get(pk=key)
    assert not row.public and row.withdrawn_on == date(2021, 3, 1) and row.withdrawn_why == "情况有变化"
    do(key, "republish")
    row = Record.objects.get(pk=key)
    assert row.public and row.withdrawn_on is None


# What a record says of itself


def test_placed_in_several_columns_with_words_or_keys(city):
    key = bring(
        city,
        "published",
        columns="会议公开、business",
        topics=["优化营商环境"],
        audience="企业",
        theme="财政、金融、审计\\\\税务",
    )
    assert set(Placement.objects.filter(record=key).values_list("column", flat=True)) == {"meetings", "business"}
    row = Record.objects.get(pk=key)
    assert row.topics == ["business"] and row.audience == ["enterprise"] and row.theme == "财政、金融、审计\\税务"
    assert row.category == "20(15)" and row.data["type"] == "executive"


def test_faults_are_named_by_field(city):
    wrong = {
        "title": "", "theme": "没有这样的\\主题", "columns": ["没有"], "data.type": "party", "data.number": "多",
        "written_on": "明天", "surplus": "x",
    }  # fmt: skip
    with pytest.raises(Invalid) as fault:
        services.enter(city.office, by("enter"), "meeting", wrong)
    assert {"theme", "columns", "data.type", "data.number", "surplus"} <= {name for name, _ in fault.value.errors}
    with pytest.raises(Invalid, match="没有“nothing”这个类别"):
        services.enter(city.office, by("enter"), "nothing", {"title": "x"})
    for command, kind in ((services.draft, "meeting"), (services.enter, "policy"), (services.draft, "regulation")):
        with pytest.raises(Refused):
            command(city.office, by("draft"), kind, event_data("draft", kind if kind == "meeting" else "policy")
                    if kind != "regulation" else {"title": "办法", "text": "x"})  # fmt: skip


def test_attachments_are_checked_stored_once_and_can_be_dropped(city):
    files = services.Files([Upload("说明.txt", "说明".encode())])
    data = event_data("enter", "meeting")
    with pytest.raises(Invalid, match="这类文件不能接收"):
        bad = services.Files([Upload("x.exe", b"MZ")])
        services.enter(city.office, by("enter"), "meeting", data, files=bad)
    key = services.enter(city.office, by("enter"), "meeting", data, files=files).event.subject
    (one,) = Record.objects.get(pk=key).attachments
    assert blobs.get(one["digest"]).decode() == "说明" and one["name"] == "说明.txt" and one["type"] == "txt"
    more = services.Files([Upload("名单.txt", "名单".encode())])
    services.do(key, "edit", by("edit"), data, files=more)
    assert [one["name"] for one in Record.objects.get(pk=key).attachments] == ["说明.txt", "名单.txt"]
    services.do(key, "edit", by("edit"), data, files=services.Files(kept=set()))
    assert Record.objects.get(pk=key).attachments == []


def test_the_same_key_is_one_record(city):
    data = event_data("enter", "meeting")
    first = services.enter(city.office, by("enter"), "meeting", data, key="k")
    again = services.enter(city.office, by("enter"), "meeting", data, key="k")
    assert again.repeated and again.event.subject == first.event.subject and Record.objects.count() == 1
    assert services.enter(city.office, by("enter"), "meeting", data).event.subject.endswith("00002")


def test_rebuild_gives_the_same_rows(city):
    for state in WAYS:
        bring(city, state)
    models = (Record, Version, Placement, Relation, RecordTally)

    def rows():
        found = []
        for model in models:
            fields = [f.attname for f in model._meta.concrete_fields if f.name != "id" or model is RecordTally]
            found.append(sorted(map(str, model.objects.values_list(*fields))))
        return found

    before = rows()
    rebuild()
    assert rows() == before and before[0] and verify().broken is None
