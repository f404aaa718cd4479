"""What applicants upload, and complaints from the public site."""

import io
from typing import Any

import pytest
from django.test import Client

from gongkai.ledger import attachments
from gongkai.ledger.models import Reading
from gongkai.ledger.tests.test_attachments import BAD, PDF
from gongkai.ledger.uploads import MB
from gongkai.organs.testing import City
from gongkai.remedies.models import Complaint
from gongkai.requests import intake
from gongkai.requests.models import Request
from gongkai.requests.tests.public import (
    COMPLAINT,
    DATA,
    MINE,
    NEW,
    WHO,
    city,
    kept,
    text,
    to_check,
)

__all__ = ["city"]
BOUNDARY = "between.the.fields"


@pytest.mark.parametrize("case", ["zero bytes", "another kind", "zip", "bomb", "bomb that lies", "up the path", "null"])
def test_bad_files_are_refused_by_field_and_name(city: City, client: Client, case: str) -> None:
    name, content, said = BAD[case]
    page = to_check(client)
    disposition = f'form-data; name="files"; filename="{name}"'.encode()
    fields = {"kept": kept(page), "at": "check", "go": "send"}
    # A boundary that sealed answers, which are base64, cannot hold.
    body = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()
    )
    body += (
        f"--{BOUNDARY}\r\nContent-Disposition: ".encode() + disposition + b"\r\nContent-Type: application/pdf\r\n\r\n"
    )
    body += content + f"\r\n--{BOUNDARY}--\r\n".encode()
    answer = client.post(NEW, data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}")
    assert answer.status_code == 422, answer
    assert 'href="#id_files"' in text(answer) and said in text(answer)
    assert WHO["name"] in text(answer), "what was entered is still there"
    assert not Request.objects.exists()


class Endless(io.RawIOBase):
    """A body of so many bytes that remembers how much of it was read at once."""

    def __init__(self, size: int):
        self.left, self.most = size, 0

    def read(self, size: int = -1) -> bytes:
        asked = self.left if size is None or size < 0 else min(size, self.left)
        self.most, self.left = max(self.most, asked), self.left - asked
        return b"0" * asked


def test_200_mb_are_refused_unread(city: City, client: Client, tmp_path: Any, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    for url in (NEW, MINE):
        body = Endless(200 * MB)
        kind = "multipart/form-data; boundary=b"
        given = {"wsgi.input": body, "CONTENT_LENGTH": str(200 * MB), "CONTENT_TYPE": kind}
        answer = Client(enforce_csrf_checks=True).post(url, **given)
        assert answer.status_code == 413 and "“附件”每个不超过 20 MB" in text(answer)
        assert body.left == 0 and body.most <= MB, "thrown away piece by piece, so that the browser reads the answer"
    assert not list(tmp_path.glob("*.upload"))


def test_staff_open_attachments_only_with_the_right(city: City) -> None:
    made = intake.submit(city.office, DATA, files=[attachments.Upload("陈小明的说明.pdf", PDF)])
    (one,) = intake.status(Request.objects.get(key=made.subject)).attachments
    url = f"/office/requests/{made.subject}/files/{one['ref']}/"
    for role, status in {"handler": 200, "disclosure": 200, "reviewer": 403, "auditor": 403, "editor": 403}.items():
        client = Client()
        client.force_login(city.people[role])
        assert client.get(url).status_code == status, role
        assert client.get(url.replace(one["ref"], "0" * 32)).status_code == (404 if status == 200 else 403)
    assert sorted(Reading.objects.values_list("reader", flat=True)) == ["disclosure", "handler"]


def test_a_complaint_reaches_the_office_once(city: City, client: Client) -> None:
    given = COMPLAINT | {"token": "t"}
    for _ in range(2):
        page = client.post("/complain/", given, follow=True)
        assert "渝府办投诉〔2026〕1号" in text(page)
    assert Complaint.objects.get().state == "received"
    wrong = client.post("/complain/", COMPLAINT | {"name": ""})
    assert wrong.status_code == 422 and "请填写“姓名或名称”" in text(wrong) and "逾期未答复" in text(wrong)
    assert Client().get("/complain/done/").status_code == 302
