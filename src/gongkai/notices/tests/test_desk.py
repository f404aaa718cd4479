"""The inbox is one's own; what failed is the administrator's; wishes are kept without showing addresses."""

import re

import pytest
from django.test import Client

from gongkai.ledger import clock, followers, vault
from gongkai.ledger.models import Secret
from gongkai.ledger.services import SYSTEM
from gongkai.notices.models import APPLICANT, Message, Preference
from gongkai.organs.rights import GRANTABLE
from gongkai.organs.services import add_person, grant

INBOX = "/office/notices/"


@pytest.fixture
def told(city, enter):
    """The handler has two messages, the reviewer one."""
    enter(("assign", "disclosure"))
    enter(("assign", "disclosure"), ("accept", "handler"), ("draft", "handler"))
    followers.run("notices.outbox")


def enters(city, role: str) -> Client:
    client = Client()
    client.force_login(city.people[role])
    return client


def unread(page: str) -> int:
    """What the bar says."""
    found = re.search(r'<b class="num">(\d+)</b><span class="hidden"> 条未读', page)
    return int(found[1]) if found else 0


def test_the_journey_of_a_message(city, told):
    client = enters(city, "handler")
    page = client.get(INBOX).content.decode()
    assert page.count("交办申请") == 2 and unread(page) == 2 and "接收方式" in page
    assert "未读消息" in client.get("/office/").content.decode()
    row = Message.objects.filter(recipient="handler").latest("id")
    shown = client.get(f"{INBOX}{row.pk}/").content.decode()
    assert "打开事项" in shown and "答复期限至" in shown
    row.refresh_from_db()
    assert row.read_at is None  # looking is a GET and changes nothing
    assert client.post(f"{INBOX}{row.pk}/", {"open": "1"}).url == row.url
    row.refresh_from_db()
    first_read = row.read_at
    assert first_read and unread(client.get(INBOX).content.decode()) == 1
    client.post(f"{INBOX}{row.pk}/")
    row.refresh_from_db()
    assert row.read_at == first_read
    rows = [record.pk for record in client.get(INBOX).context["page"].object_list]
    assert rows[-1] == row.pk  # the read one is last though it is the newest
    assert client.post(f"{INBOX}read/").url == INBOX
    page = client.get(INBOX).content.decode()
    assert unread(page) == 0 and "未读消息" not in client.get("/office/").content.decode()


def test_one_reads_ones_own_only(city, told):
    others = Message.objects.get(recipient="reviewer")
    applicants = Message.objects.filter(recipient=APPLICANT)
    assert applicants
    for role in set(GRANTABLE) - {"reviewer"}:
        client = enters(city, role)
        for row in [others, *applicants]:
            assert client.get(f"{INBOX}{row.pk}/").status_code == 404
            assert client.post(f"{INBOX}{row.pk}/").status_code == 404
        client.post(f"{INBOX}read/")
    others.refresh_from_db()
    assert others.read_at is None
    for address in (INBOX, f"{INBOX}{others.pk}/", f"{INBOX}wishes/", f"{INBOX}failed/"):
        assert Client().get(address).url.startswith("/office/login/")
    assert enters(city, "reviewer").get(f"{INBOX}read/").status_code == 405


def fail(city, body, recipient=APPLICANT) -> Message:
    return Message.objects.create(
        cause=f"line/{Message.objects.count() + 900}", recipient=recipient, channel="email", body=body, title="答复已送达",
        text="…", token=f"{Message.objects.count():032d}", created_at=clock.now(), state="failed", attempts=10,
        error="邮件服务器不接受收件人（550）",
    )  # fmt: skip


def test_administrators_see_what_failed_and_send_it_again(city):
    mine, foreign = fail(city, city.office), fail(city, city.district)
    for role in set(GRANTABLE) - {"administrator"}:
        assert enters(city, role).get(f"{INBOX}failed/").status_code == 403
        assert enters(city, role).post(f"{INBOX}failed/").status_code == 403
    client = enters(city, "administrator")
    page = client.get(f"{INBOX}failed/").content.decode()
    assert page.count("答复已送达") == 1 and "申请人" in page and "550" in page
    client.post(f"{INBOX}failed/")
    mine.refresh_from_db(), foreign.refresh_from_db()
    assert (mine.state, mine.attempts) == ("waiting", 0) and mine.next_at and foreign.state == "failed"
    assert "没有发送失败的通知" in client.get(f"{INBOX}failed/").content.decode()


def test_wishes(city):
    client, address = enters(city, "handler"), f"{INBOX}wishes/"
    refused = client.post(address, {"by_email": "on", "phone": "023-6385"})
    assert refused.status_code == 422
    assert "请填写能收信的电子邮箱" in refused.content.decode() and "请填写十一位手机号码" in refused.content.decode()
    assert not Preference.objects.exists() and not Secret.objects.filter(key="contact/handler").exists()
    client.post(address, {"by_email": "on", "email": "someone@example.com", "phone": "13812345678"})
    wish = Preference.objects.get(person=city.people["handler"])
    assert (wish.email, wish.sms) == (True, False)
    page = client.get(address).content.decode()
    assert "someone@example.com" not in page and "13812345678" not in page and "138＊" in page
    client.post(address, {"by_sms": "on"})  # empty fields leave what is on file
    assert vault.peek("contact/handler") == {"email": "someone@example.com", "phone": "13812345678"}
    client.post(address, {"forget": "on"})
    assert vault.peek("contact/handler") == {} and not Preference.objects.get().sms


def test_a_list_costs_the_same_however_long(city, django_assert_max_num_queries):
    client = enters(city, "administrator")
    for count in (1, 40):
        for _ in range(count):
            fail(city, city.office)
            fail(city, city.office, "administrator")
        Message.objects.filter(recipient="administrator").update(channel="inbox", state="sent")
        for address in (INBOX, f"{INBOX}failed/"):
            with django_assert_max_num_queries(8):
                assert client.get(address).status_code == 200


def test_unread_is_counted_for_the_reader_alone(city, told):
    assert unread(enters(city, "reviewer").get("/office/").content.decode()) == 1
    newcomer = add_person("newcomer", "新人", city.office, SYSTEM)
    grant(newcomer, city.office, ["handler"], SYSTEM)
    client = Client()
    client.force_login(newcomer)
    assert unread(client.get("/office/").content.decode()) == 0
