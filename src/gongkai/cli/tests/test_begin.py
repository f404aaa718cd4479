"""How an installation begins: bodies from a table, the first administrator, who then signs in and adds the others."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.cli import bodies, main, people
from gongkai.identity.models import Account
from gongkai.ledger.models import Event
from gongkai.library import finding, indexing
from gongkai.library.testing import shelve
from gongkai.organs.models import Body, Person, Unit

TABLE = """标识,名称,类别,上级机关标识,内设机构
nanan,南岸区人民政府,人民政府,,
nanan-office,南岸区人民政府办公室,政府办公厅（室）,nanan,政务公开科、秘书科
nanan-jw,南岸区教育委员会,政府部门,nanan,办公室
"""


def run(module, *words: str) -> int:
    return module.run(main.parser(words[0]).parse_args(words))


@pytest.fixture
def begun(db, tmp_path) -> None:
    (tmp_path / "b.csv").write_text(TABLE)
    assert run(bodies, "bodies", "import", str(tmp_path / "b.csv")) == 0


def test_from_nothing_to_the_first_sign_in(begun, capsys, settings):
    assert run(people, "people", "add", "wang", "王", "--body", "nanan-office", "--on", "nanan", "--below") == 0
    told = capsys.readouterr()
    password = told.out.strip()
    assert "南岸区人民政府及下级机关的管理" in told.err and password not in told.err
    client = Client()
    answer = client.post(settings.LOGIN_URL, {"username": "wang", "password": password}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("office:identity:password"), "it must be changed first"
    new = "Nanan-gongkai-2026"
    client.post(answer.redirect_chain[-1][0], {"old": password, "new": new, "again": new})
    assert "南岸区人民政府" in client.get(reverse("office:organs:home")).content.decode()
    ours, other = (Unit.objects.get(name=name) for name in ("秘书科", "办公室"))
    add = {"username": "li", "name": "李", "body": "nanan-office", "unit": str(other.pk)}
    refused = client.post(reverse("office:organs:add"), add)
    assert refused.status_code == 422 and "办公室属于南岸区教育委员会" in refused.content.decode()
    client.post(reverse("office:organs:add"), add | {"unit": str(ours.pk)})
    assert Person.objects.get(username="li").unit == ours
    kinds = list(Event.objects.filter(subject="wang").order_by("id").values_list("kind", flat=True))
    assert kinds[:3] == ["join", "grant", "reset_password"]
    assert Event.objects.filter(subject="wang").first().actor.startswith("terminal/")


def test_a_second_time_and_what_does_not_exist_are_refused_in_words(begun, capsys):
    assert run(people, "people", "add", "wang", "王", "--body", "nanan") == 0
    before = Event.objects.count()
    for words, reason in (
        (("wang", "王", "--body", "nanan"), "已有人使用"),
        (("li wang", "王", "--body", "nanan"), "只能用字母"),
        (("li", "李", "--body", "nowhere"), "没有标识为“nowhere”的机关"),
        (("li", "李", "--body", "nanan", "--role", "boss"), "administrator（管理）"),
        (("li", "李", "--body", "nanan-office", "--unit", "财务科"), "现有：政务公开科、秘书科"),
    ):
        assert run(people, "people", "add", *words) == 2
        assert reason in capsys.readouterr().err
    assert run(people, "people", "reset", "nobody") == 2
    assert Event.objects.count() == before and Person.objects.count() == 1


def test_a_forgotten_password_is_reset(begun, capsys):
    run(people, "people", "add", "wang", "王", "--body", "nanan")
    first = capsys.readouterr().out.strip()
    assert run(people, "people", "reset", "wang") == 0
    second = capsys.readouterr().out.strip()
    person = Person.objects.get(username="wang")
    assert person.check_password(second) and not person.check_password(first)
    assert Account.objects.get(person=person).temporary_password


def test_a_new_name_is_found_by_the_search(begun, tmp_path, settings):
    settings.HOME = tmp_path
    shelve(Body.objects.get(key="nanan-office"), title="轨道交通管理办法")
    indexing.drain()
    (tmp_path / "b.csv").write_text(TABLE.replace("人民政府办公室", "大数据局"))
    assert run(bodies, "bodies", "import", str(tmp_path / "b.csv")) == 0
    assert indexing.drain() == 1
    assert dict(finding.find("轨道交通", {}).results.facets["body_names"]) == {"南岸区大数据局": 1}
    indexing._open.clear()


def test_faulty_rows_are_told_and_nothing_enters(db, tmp_path, capsys):
    file = tmp_path / "b.csv"
    file.write_text(TABLE + "x,名,部门,nanan,\n")
    assert run(bodies, "bodies", "import", str(file)) == 1
    assert "第 5 行 类别" in capsys.readouterr().err and not Body.objects.exists()
    assert run(bodies, "bodies", "import", str(tmp_path / "none.csv")) == 2
    assert run(bodies, "bodies", "import", str(file), "--dry-run") == 1


def test_template_list_and_json(begun, tmp_path, capsys):
    assert run(bodies, "bodies", "template", str(tmp_path / "t.xlsx")) == 0
    assert (tmp_path / "t.xlsx").stat().st_size > 1000
    assert run(bodies, "bodies", "template", str(tmp_path / "no" / "t.xlsx")) == 2
    run(people, "people", "add", "wang", "王", "--body", "nanan", "--below")
    capsys.readouterr()
    assert run(bodies, "bodies", "list") == 0 and "　南岸区人民政府办公室  nanan-office" in capsys.readouterr().out
    assert run(bodies, "bodies", "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["key"], one["parent"]) for one in listed] == [
        ("nanan", None), ("nanan-jw", "nanan"), ("nanan-office", "nanan")
    ]  # fmt: skip
    assert listed[-1]["units"] == ["政务公开科", "秘书科"]
    assert run(people, "people", "list") == 0 and "管理（南岸区人民政府及下级）" in capsys.readouterr().out
    assert run(people, "people", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["roles"] == [
        {"role": "administrator", "body": "nanan", "below": True}
    ]
