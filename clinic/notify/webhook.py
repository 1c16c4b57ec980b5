"""Notices to a webhook, such as a pager's or a chat room's: JSON, signed so that its reader can tell it is ours."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from hashlib import sha256

from clinic.notify.route import Notice, Recipient, call, check


@dataclass(frozen=True, slots=True)
class WebhookRoute:
    """``POST {"text", "link", "id"}`` to `url`. ``X-Harbour-Signature`` is the body's HMAC-SHA256 under `key`."""

    url: str
    key: bytes = field(default=b"", repr=False)
    name: str = "webhook"

    def reaches(self, to: Recipient) -> bool:
        """It reaches the team, whoever is asked."""
        return True

    def send(self, to: Recipient, notice: Notice) -> None:
        """Send it. A repeat has the same ``Idempotency-Key``."""
        notice_id = sha256(notice.key.encode()).hexdigest()[:32]
        body = json.dumps({"text": notice.text, "link": notice.link, "id": notice_id}).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": notice_id}
        if self.key:
            headers["X-Harbour-Signature"] = hmac.new(self.key, body, sha256).hexdigest()
        check(call("POST", self.url, headers, body))
