"""One-time codes against the tables of the standards, and against an independent reckoning."""

import base64
import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.identity import totp

SEED = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"),
        (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_rfc_6238_appendix_b(at, expected):
    assert totp.code(SEED, at // 30, digits=8) == expected


def test_rfc_4226_appendix_d():
    expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
    assert [totp.code(SEED, step) for step in range(10)] == expected


@given(st.binary(min_size=20, max_size=20), st.integers(0, 2**40))
def test_every_code_is_the_truncation_written_out_bit_by_bit(secret, step):
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)
    at = int(bits[-4:], 2) * 8
    assert totp.code(base64.b32encode(secret).decode(), step) == str(int(bits[at + 1 : at + 32], 2))[-6:].zfill(6)


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_neighbouring_step_is_taken(drift):
    assert totp.step_of(SEED, totp.code(SEED, 1000 + drift), 30000.0) == 1000 + drift


@pytest.mark.parametrize("typed", ["", "12345", "１２３４５６", "abcdef", "9" * 400])
def test_what_is_no_code_is_wrong(typed):
    assert totp.step_of(SEED, typed, 30000.0) is None


@pytest.mark.parametrize("drift", [-2, 2])
def test_a_step_further_off_is_wrong(drift):
    assert totp.step_of(SEED, totp.code(SEED, 1000 + drift), 30000.0) is None


def test_secrets_are_160_bits_and_differ():
    found = {totp.new_secret() for _ in range(50)}
    assert len(found) == 50 and all(len(base64.b32decode(one)) == 20 for one in found)


def test_the_picture_is_svg_with_a_title_and_no_script():
    picture = totp.picture(totp.uri(SEED, "li<script>", "公开"))
    assert picture.startswith("<svg") and "<title>" in picture and "script" not in picture
    assert re.search(r"otpauth://totp/[^?]+%3Ali%3Cscript%3E\?secret=", totp.uri(SEED, "li<script>", "公开"))
