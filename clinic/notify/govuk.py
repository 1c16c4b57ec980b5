"""Text messages through GOV.UK Notify.

``POST /v2/notifications/sms`` with ``{"phone_number", "template_id", "personalisation": {"notice"}, "reference"}``.
The template of the service is the one line ``((notice))``. Before a notice is tried again, Notify is asked whether it
has it under that reference, so that a crash in the middle of sending sends nothing twice.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from clinic.notify.route import Notice, Recipient, call, check
from store.courier import NotDelivered

_UUID: Final = 36
_FAILED: Final = ("permanent-failure", "temporary-failure", "technical-failure")


@dataclass(frozen=True, slots=True)
class GovukRoute:
    """An account with Notify. `key` is the API key as Notify shows it: name, service id and secret, with hyphens."""

    url: str
    template: str
    key: str = field(repr=False)
    name: str = "sms"

    def reaches(self, to: Recipient) -> bool:
        """Whether there is a number."""
        return bool(to.mobile)

    def send(self, to: Recipient, notice: Notice) -> None:
        """Send it, unless Notify has it already."""
        reference = sha256(notice.key.encode()).hexdigest()[:32]
        if notice.tried_before and self._has(reference):
            return
        body = {
            "phone_number": to.mobile,
            "template_id": self.template,
            "personalisation": {"notice": notice.text},
            "reference": reference,
        }
        check(call("POST", f"{self.url}/v2/notifications/sms", self._headers(), json.dumps(body).encode()))

    def _has(self, reference: str) -> bool:
        answer = call("GET", f"{self.url}/v2/notifications?reference={reference}", self._headers())
        check(answer)
        found = answer.json()
        sent = found.get("notifications", []) if isinstance(found, dict) else []
        return any(one.get("status") not in _FAILED for one in sent)

    def _headers(self) -> dict[str, str]:
        return {"Content-Type": "application/json", "Authorization": f"Bearer {self._token()}"}

    def _token(self) -> str:
        """A JSON Web Token (RFC 7519, HS256) as Notify wants it: the service's id, and the time."""
        if len(self.key) < 2 * _UUID + 1:
            raise NotDelivered("the key of Notify is too short", permanent=True)
        service, secret = self.key[-2 * _UUID - 1 : -_UUID - 1], self.key[-_UUID:]
        parts = [{"typ": "JWT", "alg": "HS256"}, {"iss": service, "iat": int(time.time())}]
        signed = b".".join(_base64(json.dumps(part).encode()) for part in parts)
        return b".".join((signed, _base64(hmac.new(secret.encode(), signed, sha256).digest()))).decode()


def _base64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
