"""Every address for every role, for nobody, and for people of another body."""

import pytest
from django.test import Client
from django.urls import resolve, reverse

from gongkai.ledger import clock
from gongkai.requests import queries
from gongkai.requests.models import Request

from .asking import address, addresses, ask, look, outcome
from .objects import MARK, NOW, World
from .table import EVERYBODY, TABLE, Row

pytestmark = pytest.mark.django_db


def test_every_address_is_in_the_table_and_the_table_has_no_other():
    product = list(addresses())
    missing, gone = sorted(set(product) - set(TABLE)), sorted(set(TABLE) - set(product))
    assert not missing, "declare these in tests/access/table.py: " + ", ".join(missing)
    assert not gone, "these addresses are gone, take them out of tests/access/table.py: " + ", ".join(gone)
    assert len(product) == len(set(product)), "two addresses share a name"


def wanted(row: Row, role: str | None, method: str) -> set[str]:
    """What should come of it; ``role`` None is nobody."""
    may = row.gets if method == "get" else row.posts
    if row.proven:
        return {"no post"} if may is None else {"prove"}
    if row.open:
        # A page that does nothing with a post may show itself again.
        return {"open", "prove"} if may else {"no post", "open"} if method == "post" else {"no post"}
    if role is None:
        return {"sign-in"}
    if may is None:
        return {"no post", "refused"}
    # Of an object that is not theirs people may also be told that there is none.
    return {"open"} if role in may else {"refused", "missing"} if row.at else {"refused", "no post"}


@pytest.mark.parametrize("name", TABLE)
def test_the_table_holds(world: World, name: str):
    row = TABLE[name]
    url = address(name, row, world)
    if row.says[0]:
        for browser in (world.nobody, world.near["registrar"], world.near["administrator"]):
            assert (ask(url, browser).status_code, ask(url, browser, "post").status_code) == row.says
        return
    assert resolve(url.partition("?")[0]).view_name == name, "another address answers here first"
    wrong = []
    for method in ("get", "post"):
        for role in (None, *sorted(EVERYBODY)):
            if method == "post" and row.posts is None and role in row.gets:
                continue  # whoever may look may also look by post: at most the page again
            browser = world.near[role] if role else world.nobody
            found = outcome(look(world, url, role) if method == "get" else ask(url, browser, method))
            if found not in wanted(row, role, method):
                wrong.append(f"{method} {url} as {role or 'nobody'}: {found}, not {wanted(row, role, method)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if not row.open])
def test_people_of_another_body_get_at_nothing(world: World, name: str):
    """About an object: refused, or as if it did not exist. A list: without the office's objects."""
    row, wrong = TABLE[name], []
    url = address(name, row, world)
    secrets = [MARK, "关于加强轨道交通建设管理的通知", "反映逾期未答复申请", "测试handler"]
    for role in sorted(row.gets):
        for method in ("get", "post") if row.posts and role in row.posts else ("get",):
            answer = ask(url, world.far[role], method)
            if row.at and not row.shared and outcome(answer) not in {"refused", "missing"}:
                wrong.append(f"{method} {url} as far {role}: {outcome(answer)}")
            text = answer.text_of.decode(errors="replace")
            wrong += [f"{method} {url} as far {role} shows {one}" for one in secrets if one in text]
    assert not wrong, "\n".join(wrong)


def test_the_applicant_gets_at_the_own_request_and_at_no_other(world: World):
    """Number and code open one request in one browser; the desk's pages stay shut."""
    row = Request.objects.get(key=world.request)
    client = Client()
    with clock.at(NOW):
        client.post(reverse("portal:requests:status"), {"number": row.number, "code": queries.query_code(row.key)})
        for name in ("mine", "receipt"):
            answer = client.get(reverse(f"portal:requests:{name}"))
            assert answer.status_code == 200 and row.number in answer.content.decode()
        assert client.get(reverse("portal:requests:attachment", kwargs=world.keys["attachment"])).status_code == 404
        assert outcome(client.get(reverse("office:requests:case", kwargs=world.keys["request"]))) == "sign-in"


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.posts is not None])
def test_no_post_without_the_token_of_the_form(world: World, name: str):
    """Cross-site request forgery: the right person, tricked into posting from elsewhere."""
    row = TABLE[name]
    client = Client(enforce_csrf_checks=True)
    if not row.open:
        client.cookies = world.near[min(row.posts or EVERYBODY)].cookies.copy()
    answer = client.post(address(name, row, world))
    assert answer.status_code == 403 and "页面已过期" in answer.content.decode()


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.gets and not row.open])
def test_pages_of_the_desk_are_not_kept_by_caches_between(world: World, name: str):
    row = TABLE[name]
    answer = look(world, address(name, row, world), min(row.gets))
    assert "Cookie" in answer.headers.get("Vary", "") or "no-store" in answer.headers.get("Cache-Control", "")
