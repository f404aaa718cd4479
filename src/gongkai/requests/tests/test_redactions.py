"""Partial disclosure at the desk: what is removed is gone, what cannot be proven stops, only checked copies go out."""

import io
import zlib

import pypdf
import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongkai.ledger import attachments, clock
from gongkai.ledger.models import Event, Reading, Secret
from gongkai.ledger.services import Actor, lines
from gongkai.organs.rights import GRANTABLE, PERMISSIONS
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid, Refused
from gongkai.redaction import redact
from gongkai.requests import redactions
from gongkai.requests.paper_facts import facts_of
from gongkai.requests.papers import find
from gongkai.requests.queries import case, query_code
from gongkai.requests.services import do
from gongkai.requests.testing import draft, event_data
from gongkai.typeset import fonts

from .paper_cases import MONDAY, by, told

try:
    FACES = fonts.choose(frozenset(fonts.library(fonts.folders()).families()))
except fonts.FontsMissing:
    pytest.skip("no Chinese font is installed (apt package fonts-noto-cjk)", allow_module_level=True)

SECRETS = ("欧阳秋水", "三亿五千万元")


def source(*pages: str) -> bytes:
    """A PDF with these pages of text."""
    body = "#pagebreak()\n".join(f'#text("{page}")\n' for page in pages)
    markup = f'#set page(paper: "a4", margin: 20mm)\n#set text(font: "{FACES["body"][0]}", size: 12pt)\n{body}'
    return typst.compile(markup.encode(), format="pdf")


LETTER = source("批复：联系人欧阳秋水，投资三亿五千万元，由轨道集团承担。", "欧阳秋水签收。抄送各区。")
MAKER, REVIEWER = Actor("handler", frozenset({"handler"})), Actor("reviewer", frozenset({"reviewer"}))


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(MONDAY):
        yield small_city()


def stored(city, content: bytes = LETTER) -> str:
    """A case in hand with one document."""
    key = told(city, "accept")
    redactions.store(key, attachments.Upload("批复.pdf", content), "九号线批复", MAKER)
    return key


def chosen(city) -> str:
    """And with everything chosen that is to go."""
    key = stored(city)
    redactions.add_text(key, 1, "欧阳 秋水", [0, 1], "3.3.4/1", MAKER)
    redactions.add_text(key, 1, "三亿五千万元", [0], "3.3.4/2", MAKER)
    return key


def released(city) -> str:
    """And with a copy that was made, let go, signed and served."""
    key = chosen(city)
    redactions.make(key, 1, MAKER)
    do(key, "draft", MAKER, draft("3.2", withheld=""))
    redactions.release(key, 1, 1, REVIEWER)
    for event in ("review", "sign", "serve"):
        do(key, event, by(event), event_data(event))
    return key


def every_byte(content: bytes) -> bytes:
    """The file and each of its streams, unpacked by hand: no reader of PDF in between."""
    found = [content]
    at = content.find(b"stream")
    while at >= 0:
        start = at + len(b"stream")
        raw = content[start : content.find(b"endstream", start)].lstrip(b"\r\n")
        try:
            found.append(zlib.decompressobj().decompress(raw))
        except zlib.error:
            found.append(raw)
        at = content.find(b"stream", content.find(b"endstream", start) + 9)
    return b"\n".join(found)


def test_the_released_file_has_nothing_of_what_was_removed(city):
    edition = case(released(city)).materials[0].out
    copy = redactions.copy_of(edition)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(copy)).pages)
    everything = every_byte(copy)
    for secret in SECRETS:
        assert secret not in text.replace("\n", "")
        assert not any(secret.encode(name) in everything for name in ("utf-8", "utf-16-be", "utf-16-le", "gb18030"))
    # The same look does find them in the original, and what stays in the copy.
    original = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(LETTER)).pages)
    assert all(secret in original.replace("\n", "") for secret in SECRETS)
    assert "轨道集团承担" in text and "抄送各区" in text


def test_the_ledger_says_what_and_why_but_never_the_text(city):
    key = released(city)
    (line,) = Event.objects.filter(subject=key, kind="release_copy")
    assert line.data["removals"] == [
        {"article": "条例第十五条", "reason": "个人隐私", "places": 2, "pages": [1, 2]},
        {"article": "条例第十五条", "reason": "商业秘密", "places": 1, "pages": [1]},
    ]
    assert line.data["sha256"] == case(key).materials[0].out.sha256
    ledger = " ".join(str(event.data) for event in Event.objects.all())
    assert not any(secret in ledger for secret in SECRETS)
    sealed = b"".join(bytes(one.sealed) for one in Secret.objects.all())
    files = b"".join(path.read_bytes() for path in (attachments._root()).rglob("*") if path.is_file())
    assert b"%PDF" not in files and not any(secret.encode() in sealed + files for secret in SECRETS)


@pytest.mark.parametrize("left", ["欧阳秋水", "三亿五千万元"])
def test_a_survivor_stops_everything(city, monkeypatch, left):
    """A redactor that leaves one text behind: the copy is not kept, and nothing is written."""
    key, before = chosen(city), Event.objects.count()

    def careless(content, removals, press, day):
        return redact(content, [one for one in removals if one.text != left], press, day)

    monkeypatch.setattr(redactions, "redact", careless)
    with pytest.raises(Refused, match=f"残留：“{left}”"):
        redactions.make(key, 1, MAKER)
    assert Event.objects.count() == before and case(key).materials[0].editions == ()


def test_a_copy_is_proven_again_before_it_goes_out(city, monkeypatch):
    key = chosen(city)
    redactions.make(key, 1, MAKER)
    do(key, "draft", MAKER, draft("3.2"))
    monkeypatch.setattr(redactions, "copy_of", lambda edition: LETTER)
    with pytest.raises(Refused, match="残留"):
        redactions.release(key, 1, 1, REVIEWER)
    monkeypatch.undo()
    attachments.erase(case(key).materials[0].latest.reference)
    with pytest.raises(Refused, match="已按保管期限清除"):
        redactions.release(key, 1, 1, REVIEWER)
    assert not Event.objects.filter(kind="release_copy").exists()


def test_an_altered_copy_is_refused(city):
    key = chosen(city)
    edition = redactions.make(key, 1, MAKER).state.materials[0].latest
    path = attachments._find(edition.reference)
    path.write_bytes(attachments._find(case(key).materials[0].reference).read_bytes())
    with pytest.raises(Refused, match="与台账记载的不符"):
        redactions.copy_of(edition)


def test_four_eyes_and_the_newest_only(city):
    key = chosen(city)
    both = Actor("handler", frozenset({"handler", "reviewer", "disclosure"}))
    redactions.make(key, 1, both)
    do(key, "draft", by("draft"), draft("3.2"))
    with pytest.raises(Refused, match="制作人不能审核"):
        redactions.release(key, 1, 1, both)
    do(key, "review", by("review"), event_data("review"))
    with pytest.raises(Refused, match="还没有审核同意"):
        do(key, "sign", by("sign"), {})
    do(key, "send_back", by("review"), event_data("send_back"))
    assert len(redactions.make(key, 1, MAKER).state.materials[0].editions) == 2
    do(key, "draft", by("draft"), draft("3.2"))
    with pytest.raises(Refused, match="新的版本"):
        redactions.release(key, 1, 1, REVIEWER)
    redactions.release(key, 1, 2, REVIEWER)
    for event in ("review", "sign"):
        do(key, event, by(event), event_data(event))


def test_a_form_cannot_make_the_events(city):
    key = chosen(city)
    for event, data in (("store_material", {"title": "x"}), ("redact", {"material": "1"})):
        with pytest.raises(Refused, match="区分处理"):
            do(key, event, MAKER, data)
    browser = signed_in(city, "handler")
    page = browser.post(f"/office/requests/{key}/", {"event": "redact", "redact-material": "1"})
    assert page.status_code == 422 and case(key).materials[0].editions == ()


def test_one_occurrence_may_stay(city):
    key = stored(city)
    redactions.add_text(key, 1, "欧阳秋水", [1], "3.3.4/1", MAKER)
    edition = redactions.make(key, 1, MAKER).state.materials[0].latest
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(redactions.copy_of(edition))).pages]
    assert "欧阳秋水" in pages[0] and "欧阳秋水" not in pages[1]


def test_a_place_on_a_scan(city):
    key = stored(city)
    redactions.add_box(key, 1, 0, redactions.Box(50, 700, 560, 800), "3.3.4/2", MAKER)
    edition = redactions.make(key, 1, MAKER).state.materials[0].latest
    assert "三亿" not in pypdf.PdfReader(io.BytesIO(redactions.copy_of(edition))).pages[0].extract_text()
    with pytest.raises(Invalid, match="不在页面内"):
        redactions.add_box(key, 1, 0, redactions.Box(900, 10, 950, 20), "3.3.4/2", MAKER)
    with pytest.raises(Invalid, match="没有第 8 页"):
        redactions.add_box(key, 1, 7, redactions.Box(1, 1, 2, 2), "3.3.4/2", MAKER)
    with pytest.raises(Invalid, match="法律依据"):
        redactions.add_box(key, 1, 0, redactions.Box(1, 1, 2, 2), "because", MAKER)


def test_bad_files_are_refused_by_name(city):
    key = told(city, "accept")
    for name, content, words in (
        ("a.docx", b"PK\x03\x04", "Word"), ("a.txt", "甲".encode(), "PDF"), ("a.pdf", b"", "空文件"), ("a.pdf", b"x", "PDF"),
        ("../a.pdf", LETTER, "路径"), ("a.pdf", b"%PDF-1.7 nothing %%EOF", "PDF"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=words):
            redactions.store(key, attachments.Upload(name, content), "批复", MAKER)
    assert not list(attachments._root().glob("*/*"))


def test_the_letter_lists_what_is_withheld(city):
    key = released(city)
    decision = find(lines("request", key), next(f"decision-{e.seq}" for e in lines("request", key) if e.kind == "sign"))
    facts = facts_of(decision, city.office, lambda entry: {})
    assert facts.withheld == (
        "《九号线批复》：第1、2页共2处，个人隐私（条例第十五条）；第1页共1处，商业秘密（条例第十五条）。"
    )


def test_the_applicant_gets_the_copy_after_service(city):
    key = chosen(city)
    redactions.make(key, 1, MAKER)
    do(key, "draft", MAKER, draft("3.2"))
    redactions.release(key, 1, 1, REVIEWER)
    citizen, url = Client(), "/apply/status/copies/1-1.pdf"
    assert citizen.get(url).status_code == 302
    citizen.post("/apply/status/", {"number": case(key).number, "code": query_code(key)})
    for event in ("review", "sign", "serve"):
        assert citizen.get(url).status_code == 404 and url not in citizen.get("/apply/status/mine/").content.decode()
        do(key, event, by(event), event_data(event))
    page = citizen.get("/apply/status/mine/").content.decode()
    assert url in page and "九号线批复（PDF）" in page and "个人隐私（条例第十五条）2 处" in page
    answer = citizen.get(url)
    assert answer.content == redactions.copy_of(case(key).materials[0].out)
    assert (
        "attachment" in answer["Content-Disposition"] and answer["Cache-Control"] == "private, no-store"
    ) or "no-store"
    assert Reading.objects.filter(reader="applicant", purpose__contains="区分处理件").count() == 1
    assert citizen.get("/apply/status/copies/1-2.pdf").status_code == 404
    # A reopened case makes new copies; what was served stays the applicant's.
    do(key, "reopen", by("reopen"), event_data("reopen"))
    assert citizen.get(url).status_code == 200 and not redactions.materials.at_hand(case(key))


# The screens -----------------------------------------------------------------------------------------------------------


def signed_in(city, role: str) -> Client:
    """A browser of the person who holds just this role."""
    client = Client()
    client.force_login(city.people[role])
    return client


def test_the_whole_way_by_forms(city):
    key = told(city, "accept")
    officer, root = signed_in(city, "handler"), f"/office/requests/{key}/redaction/"
    assert root in officer.get(f"/office/requests/{key}/").content.decode()
    file = SimpleUploadedFile("批复.pdf", LETTER)
    answer = officer.post(root, {"title": "九号线批复", "file": file, "token": "t"})
    assert answer.status_code == 302 and answer["Location"] == f"{root}1/"
    page = officer.get(f"{root}1/?q=欧阳秋水").content.decode()
    assert page.count('name="chosen"') == 2 and "第 2 页" in page and "联系人<mark>欧阳秋水</mark>，投资" in page
    refused = officer.post(f"{root}1/", {"do": "text", "q": "欧阳秋水", "chosen": ["0", "1"]})
    assert refused.status_code == 422 and "请填写“法律依据”" in refused.content.decode()
    form = {"do": "text", "q": "欧阳秋水", "chosen": ["0", "1"], "basis": "3.3.4/1"}
    assert officer.post(f"{root}1/", form).status_code == 302
    box = {"do": "box", "page": "2", "left": "0", "top": "10", "width": "200", "height": "20", "basis": "3.3.6"}
    assert officer.post(f"{root}1/", box).status_code == 302
    wrong = officer.post(f"{root}1/", box | {"left": "很左", "width": "0"})
    assert wrong.status_code == 422 and "应为整数毫米" in wrong.content.decode()
    page = officer.get(f"{root}1/?page=2").content.decode()
    assert "第 1、2 页，2 处" in page and "左 0、上 10、宽 200、高 20 毫米" in page and "条例第十六条第二款" in page
    assert officer.post(f"{root}1/", {"do": "drop", "place": "1"}).status_code == 302
    done = officer.post(f"{root}1/", {"do": "make", "token": "m"})
    assert done["Location"] == f"{root}1/1/"
    assert officer.post(f"{root}1/", {"do": "make", "token": "m"}).status_code == 302  # a double click
    assert len(case(key).materials[0].editions) == 1
    do(key, "draft", MAKER, draft("3.2"))
    reviewer = signed_in(city, "reviewer")
    page = reviewer.get(f"{root}1/1/").content.decode()
    assert "同意提供" in page and "2 处，第 1、2 页" in page
    assert reviewer.post(f"{root}1/1/", {"token": "r"}).status_code == 302
    assert case(key).materials[0].released == 1 and "已同意提供" in reviewer.get(root).content.decode()


PICTURES = ("1/pages/1.png", "1/1/1.png")


@pytest.mark.parametrize("role", GRANTABLE)
def test_rights_of_every_role(city, role):
    key = chosen(city)
    redactions.make(key, 1, MAKER)
    browser, root = signed_in(city, role), f"/office/requests/{key}/redaction/"
    sees, opens = role in PERMISSIONS["requests.view"][1], role in PERMISSIONS["requests.originals"][1]
    for url in ("", "1/1/", "1/1/1.png", "1/1/copy.pdf"):
        assert browser.get(root + url).status_code == (200 if sees else 403), url
    for url in ("1/", "1/pages/1.png", "1/original.pdf"):
        assert browser.get(root + url).status_code == (200 if opens else 403), url
    before = case(key)
    for url, form in (("", {"title": "x"}), ("1/", {"do": "drop", "place": "0"}), ("1/1/", {})):
        answer = browser.post(root + url, form)
        roles = {"": ("handler", "disclosure"), "1/": ("handler", "disclosure"), "1/1/": ("reviewer", "disclosure")}[
            url
        ]
        assert (answer.status_code == 403) is (role not in roles), url
    assert case(key) == before


def test_every_look_at_an_original_is_logged_and_pictures_are_pictures(city):
    key = chosen(city)
    redactions.make(key, 1, MAKER)
    officer, root = signed_in(city, "handler"), f"/office/requests/{key}/redaction/"
    Reading.objects.all().delete()
    for number, url in enumerate(
        ("1/", "1/pages/1.png", "1/pages/2.png?result=1", "1/original.pdf", "1/1/copy.pdf"), 1
    ):
        assert officer.get(root + url).status_code == 200
        assert Reading.objects.count() == number
    for url in PICTURES:
        answer = officer.get(root + url)
        assert answer.content.startswith(b"\x89PNG") and "no-store" in answer["Cache-Control"]
    for url in ("1/pages/0.png", "1/pages/3.png", "2/", "1/2/", "1/1/9.png", "2/original.pdf"):
        assert officer.get(root + url).status_code == 404, url


def test_a_withdrawn_document_does_not_go_out(city):
    key = chosen(city)
    redactions.make(key, 1, MAKER)
    browser = signed_in(city, "handler")
    root = f"/office/requests/{key}/redaction/"
    browser.post(root, {"do": "withdraw", "material": "1", "reason": "文件传错", "token": "w"})
    assert case(key).materials[0].withdrawn and "已撤下" in browser.get(root).content.decode()
    with pytest.raises(Refused):
        redactions.make(key, 1, MAKER)
    do(key, "draft", MAKER, draft("3.2"))
    for event in ("review", "sign", "serve"):
        do(key, event, by(event), event_data(event))
    assert redactions.given(lines("request", key)) == []
