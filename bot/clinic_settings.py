"""Settings of the clinic: when it is open, how people on call are asked, and how notices reach them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings

from clinic.clock import OpeningHours, opening_hours

_ROUTES = ("sms", "email", "webhook")


class ClinicSettings(BaseSettings):
    """The part of the settings that is about people who answer."""

    opening_hours: str = Field(
        "always",
        description="When staff read the inbox: `always`, or `mon-fri 09:00-17:00, sat 10:00-14:00`.",
    )
    bank_holidays: Literal["england", "scotland", "wales", "northern_ireland", "none"] = Field(
        "none", description="Whose bank holidays the service is closed on."
    )
    on_call_out_of_hours: bool = Field(
        False, description="Whether people on call answer danger now when the service is closed."
    )
    ask_again_now_minutes: int = Field(
        3,
        gt=0,
        description="Minutes that one person on call has before the next is asked, when danger is now.",
    )
    ask_again_today_minutes: int = Field(60, gt=0, description="The same when help is needed today.")
    handover_quiet_minutes: int = Field(
        10,
        gt=0,
        description="Minutes a clinician who took a conversation over may be quiet before a warning.",
    )
    staff_url: str = Field(
        "", description="The address of the inbox in notices. Default: the staff listener's own address."
    )
    notify_routes: str = Field(
        "sms,email,webhook",
        description="Ways of telling staff, tried in this order. Those not set up are skipped.",
    )
    notify_email: str = Field("", description="A shared mailbox that is told when nobody is on call.")
    smtp_host: str = Field(
        "",
        description="The mail server for notices. Its password is the file `smtp_password` among the secrets.",
    )
    smtp_port: int = Field(587, description="The port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How mail is encrypted: starttls, tls, or none (a server on this machine only).",
    )
    smtp_user: str = Field("", description="The user name for the mail server, if it wants one.")
    smtp_sender: str = Field("", description="The address that notices come from.")
    sms_provider: Literal["none", "govuk", "twilio"] = Field(
        "none",
        description="Who sends text messages: govuk (secret `notify_key`), twilio (secret `twilio_token`), or none.",
    )
    govuk_url: str = Field(
        "https://api.notifications.service.gov.uk", description="Where GOV.UK Notify is reached."
    )
    govuk_template: str = Field(
        "", description="The id of the Notify template for notices, whose text is `((notice))`."
    )
    twilio_url: str = Field("https://api.twilio.com", description="Where Twilio is reached.")
    twilio_account: str = Field("", description="The Twilio account, `AC...`.")
    twilio_sender: str = Field(
        "", description="The Twilio number or messaging service that notices come from."
    )
    webhook_url: str = Field(
        "",
        description="A webhook that is told too. Bodies are signed with the secret `webhook_key`, if there is one.",
    )

    @field_validator("notify_routes")
    @classmethod
    def _known_routes(cls, written: str) -> str:
        unknown = [name for name in written.split(",") if name.strip() not in _ROUTES]
        if unknown:
            raise ValueError(f"HARBOUR_NOTIFY_ROUTES names {unknown[0]!r}. Use only {', '.join(_ROUTES)}.")
        return written

    @model_validator(mode="after")
    def _hours_are_hours(self) -> Self:
        opening_hours(self.opening_hours, self.bank_holidays)
        if self.smtp_security == "none" and self.smtp_host not in ("", "127.0.0.1", "localhost", "::1"):
            raise ValueError(
                "HARBOUR_SMTP_SECURITY is none, but the mail server is another machine. Use starttls."
            )
        return self

    @property
    def hours(self) -> OpeningHours:
        """When the service is open."""
        return opening_hours(self.opening_hours, self.bank_holidays)
