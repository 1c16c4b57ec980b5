"""Notices by email, over SMTP (RFC 5321), encrypted unless the server is on this machine."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from hashlib import sha256
from typing import Final, Literal

from clinic.notify.route import SECONDS, Notice, Recipient
from store.courier import NotDelivered

_REFUSED_FOR_GOOD: Final = range(500, 600)

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class EmailRoute:
    """A mail server. `security` is ``starttls`` (port 587), ``tls`` (465) or ``none`` (this machine only)."""

    host: str
    port: int
    sender: str
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    name: str = "email"

    def reaches(self, to: Recipient) -> bool:
        """Whether there is an address."""
        return bool(to.email)

    def send(self, to: Recipient, notice: Notice) -> None:
        """Send it. The message id is the same at each try, so that a mailbox can tell a repeat."""
        message = EmailMessage()
        message["From"], message["To"] = self.sender, to.email
        message["Subject"] = notice.words
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{sha256(notice.key.encode()).hexdigest()[:32]}@{self._domain()}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{notice.words}\n\n{notice.link}\n")
        try:
            self._deliver(message)
        except smtplib.SMTPResponseException as refused:
            raise _refused(refused.smtp_code) from refused
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refused(next(iter(refused.recipients.values()))[0]) from refused
        except (OSError, smtplib.SMTPException) as error:
            raise NotDelivered("no answer") from error

    def _deliver(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with server:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def _domain(self) -> str:
        return self.sender.rpartition("@")[2].strip("> ") or "localhost"


def _refused(code: int) -> NotDelivered:
    return NotDelivered(f"refused with {code}", permanent=code in _REFUSED_FOR_GOOD)
