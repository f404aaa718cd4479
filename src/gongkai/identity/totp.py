"""One-time codes from an authenticator: RFC 6238 (TOTP) over RFC 4226 (HOTP), SHA-1, six digits, 30 seconds."""

import base64
import hmac
import io
import secrets
from urllib.parse import quote, urlencode

import segno

STEP = 30
DIGITS = 6


def new_secret() -> str:
    """160 random bits in base32, as RFC 4226 section 4 recommends."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a time step (RFC 4226, section 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: str, typed: str, at: float, drift: int = 1) -> int | None:
    """The time step a typed code belongs to, within ``drift`` steps of the Unix time ``at``; None when wrong."""
    here = int(at) // STEP
    found = None
    for step in range(max(0, here - drift), here + drift + 1):
        if hmac.compare_digest(code(secret, step).encode(), typed.encode()):
            found = step
    return found


def uri(secret: str, account: str, issuer: str) -> str:
    """The otpauth address an authenticator reads from the picture."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer, 'digits': DIGITS, 'period': STEP})}"


def picture(text: str) -> str:
    """The text as a QR code, in SVG with a title for those who do not see it."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        scale=5,
        border=4,
        light="#fff",
        xmldecl=False,
        title="二维码：用身份验证器扫描，或手工输入下面的密钥",
    )
    return out.getvalue().decode()
