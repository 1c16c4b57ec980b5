"""One-time codes from an authenticator app (TOTP, RFC 6238: 6 digits, SHA-1, 30 seconds)."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Final

import pyotp
import segno

_SECONDS: Final = 30
# A phone's clock may be one step off on either side (RFC 6238, section 5.2).
_STEPS_OFF: Final = (0, -1, 1)


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime, *, after: int = 0) -> int | None:
    """The time step that `code` belongs to, or None when it is wrong, too old, or not later than `after`."""
    given = "".join(code.split()).encode("utf-8", "replace")
    totp = pyotp.TOTP(secret)
    current = int(at.timestamp()) // _SECONDS
    found = None
    for step in (current + off for off in _STEPS_OFF):
        right = hmac.compare_digest(given, totp.generate_otp(step).encode())
        if right and step > after:
            found = step
    return found


def qr_svg(secret: str, *, account: str, issuer: str) -> str:
    """The QR code that an authenticator app reads, as an inline SVG without styles or scripts."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)
    drawing = segno.make(address, error="m").svg_inline(scale=4, border=4, dark="#000", light="#fff")
    return str(drawing)


def in_groups(secret: str) -> str:
    """The key in groups of four, for somebody who types it in."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
