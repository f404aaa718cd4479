"""The desk at work: seven questions, fees, repeats, several items, lists in bulk, kept filters."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.law import decisions
from gongkai.law.fees import by_item, by_page
from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.organs.testing import small_city
from gongkai.procedure import Refused
from gongkai.requests import similar
from gongkai.requests.models import Mark, Request, SavedView
from gongkai.requests.procedure import DECISIONS
from gongkai.requests.queries import case
from gongkai.requests.services import do, receive, split
from gongkai.requests.testing import APPLICATION, event_data
from gongkai.requests.wizard import ENDINGS, follow, objection, written

from .test_procedure import EVERYTHING, MONDAY, bring, by

DESK = "/office/requests/"


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def sign_in(city, role: str) -> Client:
    client = Client()
    client.force_login(city.people[role])
    return client


# The seven questions.


def test_every_way_through_the_questions_ends_in_one_leaf():
    """Walking page by page gives exactly what the law's own walk gives, for every path there is."""
    reached = set()
    for decision in decisions.paths():
        answers = {name: option.answer for name, option in decision.path}
        for count in range(len(decision.path)):
            path, node = follow(dict(list(answers.items())[:count]))
            assert len(path) == count and node is not None and node.question == decision.path[count][0]
        path, node = follow(answers)
        assert node is None and path == list(decision.path)
        assert decisions.walk(dict(pair.split("=") for pair in written(path).split(";"))).leaf is decision.leaf
        reached.add(decision.leaf.code)
    assert reached == set(decisions.LEAVES) == set(dict(DECISIONS)) | set(ENDINGS)


def test_the_wizard_says_why_where_the_guards_would_refuse(city):
    """For each leaf: either the draft goes through, or the wizard had said why not."""
    for decision in decisions.paths():
        key = bring(city, "handling")
        data = event_data("draft") | {"leaf": decision.leaf.code, "answers": written(list(decision.path))}
        said = objection(case(key), decision.leaf, "draft-officer", EVERYTHING.roles)
        try:
            done = do(key, "draft", by("draft"), data)
        except (Refused, ValueError):
            assert said, decision.leaf.title
        else:
            assert not said and done.state.draft.answers == data["answers"]


def test_wizard_asks_concludes_and_drafts(city):
    client, key = sign_in(city, "handler"), bring(city, "handling")
    page = f"{DESK}{key}/wizard/"
    assert "补不补" in client.get(page).content.decode()
    assert "请选择一项" in client.get(page, {"asked": "clarify"}).content.decode()
    answered = client.get(page, {"asked": "clarify", "clarify": "clear"}).content.decode()
    assert "是不是" in answered and "请选择一项" not in answered
    answers = {"clarify": "clear", "subject": "information", "owner": "another"}
    text = client.get(page, answers).content.decode()
    assert (
        "无法提供：本机关不掌握相关政府信息" in text
        and "第三十六条第（五）项" in text
        and 'name="draft-answers"' in text
    )
    assert "须先告知补正" in client.get(page, {"clarify": "still_unclear"}).content.decode()
    assert "逾期不补正结案" in client.get(page, {"clarify": "lapsed"}).content.decode()
    data = {name: value for name, value in event_data("draft").items() if name not in {"leaf", "basis"}}
    data |= {
        "leaf": "3.4.1",
        "basis": "条例第三十六条第（五）项",
        "answers": ";".join(f"{k}={v}" for k, v in answers.items()),
    }
    sent = {"event": "draft", "token": "t"} | {f"draft-{name}": value for name, value in data.items()}
    assert client.post(f"{DESK}{key}/", sent | {"draft-leaf": "3.1"}).status_code == 422
    assert client.post(f"{DESK}{key}/", sent).status_code == 302
    text = client.get(f"{DESK}{key}/").content.decode()
    assert "怎样得出这一决定" in text and "不属于本机关负责公开" in text


# Fees.


def test_the_notice_must_follow_the_tariff(city):
    key = bring(city, "handling")
    with pytest.raises(Refused, match=r"金额应为 880 元.*第31—100页"):
        do(key, "notice_fee", by("x"), {"amount": "881", "counted": "109 页"})
    with pytest.raises(Refused, match="不发缴费通知"):
        do(key, "notice_fee", by("x"), {"amount": "0", "counted": "30 页"})
    with pytest.raises(Refused, match="写明计费数量"):
        do(key, "notice_fee", by("x"), {"amount": "880", "counted": "很多"})
    assert do(key, "notice_fee", by("x"), {"amount": "880.00", "counted": "109 页"}).state.state == "paying"


def test_items_add_up_over_the_applicants_month(city):
    """Earlier items of the same person count, whoever asks; other people's and last month's do not."""
    with clock.at(MONDAY - timedelta(days=3)):
        receive(city.office, by("register"), APPLICATION)  # last month
    receive(city.office, by("register"), APPLICATION | {"id_number": "500103199001015678", "phone": "13900000000"})
    several = bring(city, "handling")
    do(several, "keep_together", by("x"), {"items": 12, "reason": "一并办理"})
    key = bring(city, "handling")
    row = Request.objects.get(key=key)
    assert similar.items_before(row) == 12
    total = by_item(3, before=12).total
    assert total == Decimal(300)
    client = sign_in(city, "handler")
    text = client.get(f"{DESK}{key}/fee/", {"basis": "item", "number": "3"}).content.decode()
    assert "合计 300 元" in text and "第 13–15 件" in text
    with pytest.raises(Refused, match="金额应为 300 元"):
        do(key, "notice_fee", by("x"), {"amount": "0", "counted": "3 件", "before": "0"})
    assert do(key, "notice_fee", by("x"), {"amount": "300", "counted": "3 件"}).event.data["before"] == "12"


@pytest.mark.parametrize(("pages", "yuan"), [(109, 880), (119, 1080), (57, 270), (30, 0), (201, 2740)])
def test_calculator_by_page(city, pages, yuan):
    assert by_page(pages).total == yuan
    text = sign_in(city, "handler").get(f"{DESK}{bring(city, 'handling')}/fee/", {"basis": "page", "number": pages})
    assert f"合计 {yuan:,} 元" in text.content.decode()


def test_calculator_names_what_is_wrong(city):
    page = f"{DESK}{bring(city, 'handling')}/fee/"
    answer = sign_in(city, "handler").get(page, {"basis": "weight", "number": "0"})
    assert answer.status_code == 422 and "不能小于 1" in answer.content.decode()


# What looks alike.


def test_repeats_are_shown_and_never_acted_on(city):
    one = bring(city, "handling")
    again = APPLICATION | {"title": "申请公开轨道交通规划的批复", "content": "另一种写法"}
    hints = similar.hints(city.office.key, again["title"], again)
    assert [(hint.row.key, hint.repeat) for hint in hints] == [(one, True)]
    client = sign_in(city, "registrar")
    sent = again | {"body": city.office.key, "token": "once"}
    text = client.post(f"{DESK}enter/", sent).content.decode()
    assert "仍要登记的" in text and Request.objects.count() == 1
    assert client.post(f"{DESK}enter/", sent | {"seen": "1"}).status_code == 302 and Request.objects.count() == 2
    text = client.get(f"{DESK}{one}/").content.decode()
    assert "可能重复" in text and case(one).state == "handling"


def test_marks_tell_nothing_and_link_nobody_across_bodies(city):
    receive(city.office, by("register"), APPLICATION)
    receive(city.department, by("register"), APPLICATION)
    marks = list(Mark.objects.values_list("mark", flat=True))
    assert len(marks) == len(set(marks))  # the same person and text, two bodies: nothing in common
    for secret in APPLICATION.values():
        assert not any(secret in mark for mark in marks)
    assert not similar.hints(city.district.key, APPLICATION["title"], APPLICATION)
    similar.forget(Request.objects.first().key)
    assert Mark.objects.count() == len(marks) // 2


def test_numbers_tell_titles_apart():
    assert similar.likeness("申请公开2019年土地征收批复文件", "申请公开2020年土地征收批复文件") == 0
    assert similar.likeness("关于公开公租房配租方案", "申请公开公租房配租方案") == 1


# Several items.


def test_split_makes_cases_of_their_own(city):
    key = bring(city, "registered")
    client = sign_in(city, "registrar")
    sent = {"items": "轨道交通规划批复\n环评批复\n资金安排", "reason": "三项由不同处室办理", "token": "split"}
    with clock.at(MONDAY + timedelta(days=2)):
        assert client.post(f"{DESK}{key}/split/", sent).status_code == 302
        assert client.post(f"{DESK}{key}/split/", sent).status_code == 302  # the button pressed twice
    assert list(Request.objects.order_by("key").values_list("number", "title", "received_on", "application")) == [
        ("渝府办依申〔2021〕1号", "轨道交通规划批复", date(2021, 3, 1), ""),
        ("渝府办依申〔2021〕2号", "环评批复", date(2021, 3, 1), "渝府办依申〔2021〕1号"),
        ("渝府办依申〔2021〕3号", "资金安排", date(2021, 3, 1), "渝府办依申〔2021〕1号"),
    ]
    with pytest.raises(Refused, match="已经分拆过"):
        split(key, ["a", "b"], by("x"), "再分")


def test_split_of_a_web_request_is_received_the_day_it_was_confirmed(city):
    key = bring(city, "awaiting")
    do(key, "confirm", by("confirm"), event_data("confirm"))
    with clock.at(MONDAY + timedelta(days=1)):
        split(key, ["一", "二"], by("x"), "分别办理")
    assert set(Request.objects.values_list("received_on", "state")) == {(date(2021, 3, 1), "registered")}


# Extension.


def test_extension_is_asked_by_one_and_approved_by_another(city):
    key = bring(city, "handling")
    both = by("x").__class__("both", frozenset({"handler", "supervisor"}))
    do(key, "ask_extension", both, {"days": 10, "reason": "需要查阅档案"})
    with pytest.raises(Refused, match="不能批准自己"):
        do(key, "extend", both, {"days": 10, "reason": "同意"})
    with pytest.raises(Refused, match="等待审批"):
        do(key, "ask_extension", both, {"days": 5, "reason": "再申请"})
    do(key, "refuse_extension", by("boss"), {"reason": "期限内可以答复"})
    do(key, "ask_extension", both, {"days": 20, "reason": "档案在外地"})
    assert "档案在外地" in sign_in(city, "supervisor").get(f"{DESK}{key}/").content.decode()
    assert do(key, "extend", by("boss"), {"days": 20, "reason": "同意"}).state.extension_asked is None


def test_hand_over_says_why(city):
    key = bring(city, "handling")
    with pytest.raises(Refused, match="转交须写明理由"):
        do(key, "assign", by("x"), {"unit": "综合处"})
    do(key, "assign", by("x"), {"unit": "综合处", "handler": "handler", "reason": "属综合处职责"})
    assert Request.objects.get(key=key).handler == "handler"


def test_review_needs_both_conclusions(city):
    key = bring(city, "drafted")
    with pytest.raises(Refused, match="保密审查未通过"):
        do(key, "review", by("review"), {"legality": "sound", "secrecy": "barred"})
    with pytest.raises(Refused, match="合法性审查有问题"):
        do(key, "review", by("review"), {"legality": "faulty", "secrecy": "cleared"})
    do(key, "send_back", by("review"), {"reason": "附件第3页涉密"})
    assert case(key).state == "handling"


# Lists.


def test_tabs_bulk_and_report(city):
    keys = [bring(city, "registered") for _ in range(2)] + [bring(city, "served")]
    client = sign_in(city, "disclosure")
    text = client.get(DESK).content.decode()
    assert 'name="chosen"' in text and "选中的申请" in text
    assert 'name="chosen"' not in sign_in(city, "auditor").get(DESK).content.decode()
    asked = client.post(f"{DESK}bulk/", {"do": "assign", "chosen": keys, "back": DESK})
    assert asked.status_code == 200 and 'name="unit"' in asked.content.decode()
    sent = {"do": "assign", "chosen": keys, "confirm": "1", "token": "b", "unit": "综合处", "handler": "handler"}
    text = client.post(f"{DESK}bulk/", sent).content.decode()
    assert "共 3 件，已办 2 件" in text and "已送达”，不能“交办" in text
    client.post(f"{DESK}bulk/", sent)  # pressed twice: nothing twice
    assert Event.objects.filter(kind="assign").count() == 2
    handler = sign_in(city, "handler")
    assert handler.get(f"{DESK}queue/?who=mine").content.decode().count("rowheader") == 2
    assert client.post(f"{DESK}bulk/", {"do": "assign"}).status_code == 302
    assert client.post(f"{DESK}bulk/", {"do": "void", "chosen": keys}).status_code == 302
    outside = client.post(f"{DESK}bulk/", {"do": "assign", "back": "https://example.com/"})
    assert outside["Location"] == DESK


def test_bulk_reaches_only_visible_cases(city):
    far = receive(city.district, by("register"), APPLICATION).event.subject
    client = sign_in(city, "disclosure")
    sent = {"do": "assign", "chosen": [far], "confirm": "1", "token": "b", "unit": "综合处"}
    assert "共 0 件" in client.post(f"{DESK}bulk/", sent).content.decode()
    assert not Event.objects.filter(kind="assign").exists()


def test_saved_filters_are_ones_own(city):
    client = sign_in(city, "handler")
    client.post(f"{DESK}views/", {"name": "逾期的", "query": "state=late&page=3"})
    assert SavedView.objects.get().query == "state=late"
    text = client.get(f"{DESK}?state=late").content.decode()
    assert "逾期的" in text and 'aria-current="true"' in text
    other = sign_in(city, "registrar")
    assert "逾期的" not in other.get(DESK).content.decode()
    other.post(f"{DESK}views/", {"drop": "逾期的"})
    assert SavedView.objects.count() == 1
    client.post(f"{DESK}views/", {"drop": "逾期的"})
    assert not SavedView.objects.exists()
    client.post(f"{DESK}views/", {"name": "", "query": "state=late"})
    assert not SavedView.objects.exists()


def test_list_asks_the_same_few_questions_at_any_size(city):
    """At most eight statements, with 5 rows and with 205, in every list and under filters."""
    client = sign_in(city, "disclosure")
    counts = {}
    for rows in (5, 205):
        have = Request.objects.count()
        template = Request.objects.first() or Request.objects.get(key=bring(city, "registered"))
        values = {f.attname: getattr(template, f.attname) for f in Request._meta.concrete_fields}
        Request.objects.bulk_create(
            Request(**values | {"key": f"x{n:04d}", "number": f"n{n:04d}", "handler": f"h{n}"})
            for n in range(have, rows)
        )
        for address in (
            "",
            "?state=late",
            "?q=轨道",
            "?unit=综合处&sort=-due_on",
            "queue/",
            "queue/?who=mine",
            "queue/?who=unit",
        ):
            client.get(DESK + address)  # session and content types are warm
            with CaptureQueriesContext(connection) as asked:
                assert client.get(DESK + address).status_code == 200
            counts.setdefault(address, []).append(len(asked))
    assert all(len(set(pair)) == 1 and pair[0] <= 8 for pair in counts.values()), counts
