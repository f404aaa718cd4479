"""Every paper of every story: made in both formats, saying what it must, the same again whatever happens since."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import docx as word
import pytest
from django.conf import settings

from gongkai.ledger import clock, vault
from gongkai.ledger.models import Event
from gongkai.ledger.queries import verify
from gongkai.ledger.services import lines
from gongkai.organs.models import Body
from gongkai.organs.testing import small_city
from gongkai.papers import docx, pdf
from gongkai.papers.library import library
from gongkai.procedure import Refused
from gongkai.requests import papers
from gongkai.requests.events import Case
from gongkai.requests.paper_facts import fee_derivation
from gongkai.requests.queries import case, query_code
from gongkai.requests.services import do
from gongkai.requests.testing import draft, event_data

from .paper_cases import MONDAY, NEW_LAW, STORIES, by, decided, told


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def office() -> Body:
    """The body as the views have it."""
    return Body.objects.select_related("parent").get(key="cq-office")


def made(key: str) -> dict[str, papers.Issued]:
    """The papers of a case by address."""
    return {one.slug: one for one in papers.issued(lines("request", key))}


def text(key: str, slug: str) -> str:
    """What a paper says."""
    return made(key)[slug].paper(office(), vault.peek).text


def in_word(content: bytes) -> str:
    """The text of a Word file, without spaces."""
    file = word.Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "".join("".join([paragraph.text for paragraph in file.paragraphs] + cells).split())


def in_pdf(content: bytes) -> str:
    """The text of a PDF, without spaces and page numbers."""
    out = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    return "".join(out.split())


def test_the_stories_lead_to_every_paper(city):
    seen = set()
    for steps, application in STORIES.values():
        for one in made(told(city, *steps, **application)).values():
            paper = one.paper(office(), vault.peek)
            assert "None" not in paper.text and "{" not in paper.text
            if one.template.id not in seen:
                said = in_word(docx.write(paper))
                assert all("".join(block.split()) in said for block in paper.blocks if isinstance(block, str))
            seen.add(one.template.id)
    assert seen == {one.id for one in library().built_in}


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler")
@pytest.mark.parametrize("story", ["3.2", "disclosed against the third party", "fee", "clarification"])
def test_word_and_pdf_say_the_same(city, story):
    steps, application = STORIES[story]
    for one in made(told(city, *steps, **application)).values():
        paper = one.paper(office(), vault.peek)
        file = in_pdf(pdf.write(paper)).replace("—1—", "").replace("—2—", "")
        for block in paper.blocks:
            wanted = [block] if isinstance(block, str) else [cell for row in block.rows for cell in row]
            assert all("".join(piece.split()) in file for piece in wanted), one.slug


@pytest.mark.parametrize("leaf", [name for name in STORIES if name[0] == "3"])
def test_a_decision_states_every_element(city, leaf):
    said = text(told(city, *decided(leaf)), f"decision-{len(decided(leaf))}")
    assert said.startswith("重庆市人民政府办公厅\n政府信息公开申请")
    for element in (
        "渝府办公复〔2021〕1号",
        "陈小明：",
        "2021年3月1日收到您以当面提交方式",
        "轨道交通规划批复",
        "根据《",
        "理由",
    ):
        assert element in said
    assert "向重庆市人民政府申请行政复议" in said and "有管辖权的人民法院提起行政诉讼" in said
    assert said.endswith("联系地址：重庆市渝中区人民路232号　联系电话：023-00000000\n承办处室：政务公开处")
    more = {
        "3.2": "附件中的技术方案",
        "3.4.1": "关键词“九号线”“批复”，时间范围2008年至2020年",
        "3.5.2": "渝府办公复〔2020〕7号",
    }
    assert more.get(leaf, "") in said


def test_remedy_follows_outcome_and_date(city):
    before, after = text(told(city, *decided("3.3.5")), "decision-6"), ""
    with clock.at(NEW_LAW):
        after = text(told(city, *decided("3.3.5"), start=NEW_LAW), "decision-6")
        disclosed = text(told(city, *decided("3.1"), start=NEW_LAW), "decision-6")
    assert "或者自收到本答复之日起6个月内" in before and "应当自" not in before
    assert "应当自收到本答复之日起60日内先向重庆市人民政府申请行政复议" in after and "15日内" in after
    assert "或者自收到本答复之日起6个月内" in disclosed


def test_forum_from_settings(city, settings):
    settings.FORUMS = {"cq-office": ("重庆市司法局", "重庆铁路运输法院")}
    said = text(told(city, *decided("3.1")), "decision-6")
    assert "向重庆市司法局申请行政复议" in said and "向重庆铁路运输法院提起行政诉讼" in said


def test_receipt_and_its_due_date(city):
    key = told(city, *STORIES["confirmed"][0], channel="web")
    first, second = text(key, "receipt-1"), text(key, "receipt-2")
    assert "待双方确认" in first and "2021年3月30日" not in first
    assert "收到日期　2021年3月2日" in second and "答复期限　2021年3月30日" in second
    assert query_code(key) in second and case(key).number in second


@pytest.mark.parametrize(
    ("story", "slug", "words"),
    [
        ("clarification", "clarification-3", ("请写明文件名称或者文号", "2021年3月21日前", "视为放弃申请", "重新计算")),
        ("extension", "extension-4", ("延长10个工作日", "延长至2021年4月13日", "原至2021年3月29日", "情况属实")),
        ("delay", "delay-5", ("合理期限至2021年4月20日",)),
        ("third party", "consultation-third-party-3", ("某规划咨询公司", "2021年3月22日前", "十五个工作日")),
        ("third party", "consultation-notice-3", ("征求第三方的意见", "至2021年4月20日")),
        ("joint maker", "consultation-joint-maker-3", ("重庆市发展和改革委员会", "视为同意公开")),
        ("agency", "assistance-3", ("重庆市财政局", "提供资金安排文件")),
        (
            "fee",
            "fee-notice-3",
            ("重庆嘉陵置业有限公司", "你单位", "人民币880元", "109 页", "合计880元", "2021年3月29日前"),
        ),
        ("transferred", "transfer-5", ("重庆市信访办公室", "信访举报投诉类申请")),
        (
            "disclosed against the third party",
            "third-party-decision-7-1",
            ("某规划咨询公司", "不同意公开", "批复正文复印件"),
        ),
        ("clarification lapsed", "decision-4", ("视为放弃申请", "不再处理", "2021年3月1日，本机关告知您补正")),
        ("3.1", "service-receipt-7", ("邮寄送达", "EMS 1000", "陈小明")),
    ],
)
def test_what_papers_say(city, story, slug, words):
    steps, application = STORIES[story]
    said = text(told(city, *steps, **application), slug)
    assert all(word in said for word in words), said


def test_two_items_are_answered_one_by_one(city):
    said = text(told(city, *STORIES["disclosed against the third party"][0]), "decision-7")
    assert "（共2项）：\n1．轨道交通九号线二期规划批复。\n2．批复所附专家论证意见。" in said
    assert "1．保存有该批复，可以公开。\n2．保存有该意见，部分内容涉及商业秘密。" in said


def test_notice_to_the_applicant_does_not_name_the_third_party(city):
    key = told(city, *STORIES["third party"][0])
    assert "某规划咨询公司" not in text(key, "consultation-notice-3")
    assert "陈小明" not in text(key, "consultation-third-party-3")


def test_each_third_party_is_told(city):
    other = {"whom": "third_party", "name": "重庆武陵药业有限公司", "about": "是否同意公开"}
    key = told(
        city, "accept", "consult", ("consult", other), ("opinion", {"party": 2, "opinion": "refuse"}), "consulted",
        ("draft", draft("3.2")), "review", "sign",
    )  # fmt: skip
    one, two = (text(key, slug) for slug in made(key) if slug.startswith("third-party-decision"))
    assert "某规划咨询公司" in one and "同意公开" in one
    assert "重庆武陵药业有限公司" in two and "不同意公开" in two


def test_a_paper_stays_as_it_was(city, tmp_path, settings):
    """Later events, later templates, even a reopened case: the bytes of an earlier paper do not change."""
    key = told(city, *decided("3.4.1"))
    slugs = list(made(key))
    before = {slug: docx.write(made(key)[slug].paper(office(), vault.peek)) for slug in slugs}
    sheet = pdf.write(made(key)["decision-6"].paper(office(), vault.peek))
    local = Path(settings.HOME) / "papers"
    local.mkdir(exist_ok=True)
    template = json.loads((Path(docx.__file__).parent / "templates" / "decision-3.4.1.json").read_text())
    file = local / "decision.json"
    file.write_text(json.dumps(template | {"version": "local-1", "name": "本地答复书"}))
    try:
        do(key, "reopen", by("x"), event_data("reopen"))
        do(key, "draft", by("draft"), draft("3.4.1"))
        assert text(key, "decision-9").splitlines()[1] == "本地答复书"
        assert {slug: docx.write(made(key)[slug].paper(office(), vault.peek)) for slug in slugs} == before
        assert pdf.write(made(key)["decision-6"].paper(office(), vault.peek)) == sheet
    finally:
        file.unlink()
    assert text(key, "decision-9").splitlines()[1] == "本地答复书"
    assert made(key)["decision-9"].template.version == "local-1"


def test_a_draft_is_a_paper_only_while_it_is_on_the_table(city):
    key = told(city, "accept", "draft")
    assert "（签发时编号）" in text(key, "decision-3")
    do(key, "send_back", by("review"), event_data("send_back"))
    assert "decision-3" not in made(key)
    do(key, "draft", by("draft"), draft("3.2"))
    do(key, "review", by("review"), event_data("review"))
    do(key, "sign", by("sign"), {})
    assert [slug for slug in made(key) if slug.startswith("decision")] == ["decision-7"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"findings": ""}, "逐项认定"), ({"findings": "一\n二"}, "项数"), ({"basis": "有关规定"}, "不是完整的条文"),
        ({"basis": "条例第十四条"}, "应引上列条文"), ({"provided": ""}, "提供方式"),
    ],
)  # fmt: skip
def test_what_lacks_an_element_is_neither_reviewed_nor_signed(city, changes, words):
    key = told(city, "accept", ("draft", draft("3.1", **changes)))
    before = Event.objects.count()
    with pytest.raises(Refused, match=words) as refused:
        do(key, "review", by("review"), event_data("review"))
    assert refused.value.kind == "guard" and Event.objects.count() == before


def test_without_a_contact_nothing_is_signed(city):
    key = told(city, "accept", "draft", "review")
    Body.objects.filter(key="cq-office").update(phone="")
    with pytest.raises(Refused, match="联系方式"):
        do(key, "sign", by("sign"), {})
    Body.objects.filter(key="cq-office").update(phone="023")
    do(key, "sign", by("sign"), {})
    assert case(key).document_number == "渝府办公复〔2021〕1号"  # the refused try gave its number back


SERVED = [
    ({"method": "in_person"}, "签收人"), ({"method": "in_person", "signer": "陈小明本人"}, ""),
    ({"method": "mail"}, "邮政邮件号"), ({"method": "mail", "proof": "顺丰 SF1234567890"}, "邮政企业"),
    ({"method": "mail", "proof": "已寄"}, "邮政邮件号"), ({"method": "mail", "proof": "EMS 1000000000001"}, ""),
    ({"method": "email"}, "送达凭证"), ({"method": "email", "proof": "申请人回复确认"}, ""),
    ({"method": "web"}, "送达凭证"), ({"method": "web", "proof": "下载记录 7"}, ""),
    ({"method": "public_notice", "proof": "政府网站公告栏"}, "期满日"),
    ({"method": "public_notice", "proof": "政府网站公告栏", "until": "2021-04-01"}, "期满后"),
    ({"method": "public_notice", "proof": "政府网站公告栏", "until": "2021-03-01"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("data", "refused"), SERVED)
def test_service_is_proven_by_its_method(city, data, refused):
    key = told(city, *decided("3.1")[:-1])
    if refused:
        with pytest.raises(Refused, match=refused):
            do(key, "serve", by("serve"), data)
        return
    do(key, "serve", by("serve"), data)
    said = text(key, "service-receipt-7")
    assert data.get("proof", "陈小明本人") in said and "送达日期　2021年3月1日" in said
    assert "陈小明" not in str([e.data for e in lines("request", key)])


def test_erased_people_leave_a_mark(city):
    key = told(city, *decided("3.1"))
    vault.erase(case(key).personal)
    assert "（个人信息已按保存期限删除）：" in text(key, "decision-6")


def test_fees_are_derived_only_where_the_tariff_gives_them():
    assert "合计880元" in fee_derivation("880", "109 页")
    assert fee_derivation("881", "109 页") == "" and fee_derivation("1", "若干") == ""
    assert "合计1500元" in fee_derivation("1500", "15 件", 10)


def test_templates_are_recorded_and_the_ledger_holds(city):
    key = told(city, *decided("3.1"))
    recorded = {e.kind: "template" in e.data for e in lines("request", key)}
    assert {kind for kind, has in recorded.items() if has} == {"register", "draft", "sign", "serve"}
    assert verify().broken is None and isinstance(case(key), Case)
    assert (Path(settings.HOME) / "blobs").is_dir()
