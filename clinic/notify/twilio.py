"""Text messages through Twilio: ``POST /2010-04-01/Accounts/{account}/Messages.json`` with ``To``, ``From``, ``Body``.

Twilio takes no reference, so a crash between its answer and our writing it down sends that notice twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from clinic.notify.route import Notice, Recipient, basic, call, check


@dataclass(frozen=True, slots=True)
class TwilioRoute:
    """An account with Twilio. `sender` is a number, a name, or the id of a messaging service (``MG...``)."""

    url: str
    account: str
    sender: str
    token: str = field(repr=False)
    name: str = "sms"

    def reaches(self, to: Recipient) -> bool:
        """Whether there is a number."""
        return bool(to.mobile)

    def send(self, to: Recipient, notice: Notice) -> None:
        """Send it."""
        sender = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        fields = {"To": to.mobile, sender: self.sender, "Body": notice.text}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": basic(self.account, self.token),
        }
        url = f"{self.url}/2010-04-01/Accounts/{self.account}/Messages.json"
        check(call("POST", url, headers, urlencode(fields).encode()))
