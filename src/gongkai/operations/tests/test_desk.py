"""The page of operations: what is wrong is named, with what to do; few queries; for everybody's eyes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.bake import baker
from gongkai.ledger import followers
from gongkai.ledger.services import seal
from gongkai.library import indexing
from gongkai.operations import desk, services
from gongkai.operations.models import Backup, Pulse, Trouble
from gongkai.organs.testing import small_city
from gongkai.ui.testing import MODES, WIDTHS, assert_accessible, browser, open_page  # noqa: F401

PAGE = "/office/operations/"


@pytest.fixture
def city(tmp_path, settings):
    settings.HOME = tmp_path
    return small_city()


def well() -> None:
    """Everything runs."""
    services._last[0] = -services.BEAT
    services.beat()
    followers.run_all()
    indexing.rebuild()
    baker.State(baker.stamp(), 1, True).save()
    seal()
    now = timezone.now()
    Backup.objects.create(
        file="b", made_at=now, seconds=1, size=1 << 20, digest="0" * 64, lines=1, files=1, checked_at=now
    )


def wrong() -> dict[str, desk.Part]:
    return {part.name: part for part in desk.every() if part.standing != desk.GOOD}


@pytest.mark.django_db
def test_a_new_installation_is_told_what_it_lacks_and_a_good_one_nothing(city):
    assert set(wrong()) == {"后台进程", "搜索索引", "公开页面", "备份", "台账封存"}
    assert all(part.todo for part in wrong().values())
    well()
    assert not wrong()


@pytest.mark.django_db
def test_what_goes_wrong_is_named_with_what_to_do(city, monkeypatch):
    well()
    long_ago = timezone.now() - timedelta(days=3)
    Pulse.objects.update(at=long_ago)
    Trouble.objects.create(
        step="follower:library.index", since=long_ago, last_at=long_ago, count=7, error="KeyError x:1"
    )
    Backup.objects.update(made_at=long_ago)
    monkeypatch.setattr("gongkai.operations.queries.disk", lambda: (1 << 30, 100 << 30))
    assert set(wrong()) == {"后台进程", "后续处理", "备份", "磁盘"}
    services.note("backup", OSError("no space"))
    assert "没有完成（OSError" in wrong()["备份"].known
    rows = {row["name"]: row for row in desk._followers()}
    assert all(row["standing"] == desk.GOOD for name, row in rows.items() if name != "library.index")


@pytest.mark.django_db
def test_the_page_asks_few_questions(city, client, django_assert_max_num_queries):
    well()
    client.force_login(city.people["auditor"])
    with django_assert_max_num_queries(30):
        page = client.get(PAGE).content.decode()
    assert "各部分运行正常" in page and "已恢复核验" in page


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("mode", "width"), [(mode, width) for mode in MODES for width in WIDTHS])
def test_page_is_for_everybody(open_page, live_server, city, client, mode, width):  # noqa: F811
    Trouble.objects.create(
        step="follower:notices.outbox",
        since=timezone.now(),
        last_at=timezone.now(),
        error="ValueError notices/outbox.py:7",
    )
    client.force_login(city.people["administrator"])
    page = open_page(live_server.url + PAGE, mode=mode, width=width, session=client.session.session_key)
    assert page.locator("h1").inner_text() == "运行维护"
    assert_accessible(page)
