"""The settings of Harbour: the one place that reads the environment.

Every setting is an environment variable with the prefix ``HARBOUR_`` or a line in the file ``.env``. The
descriptions here are the documentation: `harbour settings` prints them, and docs/settings.md is made of them.
"""

from __future__ import annotations

from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from bot.clinic_settings import ClinicSettings
from bot.key_files import MissingSecret, read_vault_keys
from privacy.keyring import Keyring
from privacy.logs import Level


class Settings(ClinicSettings):
    """What a service may set. Each field says what it is for; each has a value that is safe on one machine."""

    model_config = SettingsConfigDict(env_prefix="HARBOUR_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="The folder for everything written at run time.")
    service_name: str = Field("Harbour", description="The name that patients see at the top of each page.")
    log_level: Level = Field(
        "info",
        description="How much Harbour and Rasa log: debug, info, warning or error. No level logs what anyone said.",
    )
    database_url: str | None = Field(
        None, description="Where records are kept. Default: the SQLite file harbour.db in the home folder."
    )
    patients_host: str = Field("127.0.0.1", description="The address on which patients are served.")
    patients_port: int = Field(8010, description="The port on which patients are served.")
    staff_host: str = Field("127.0.0.1", description="The address on which staff are served.")
    staff_port: int = Field(8011, description="The port on which the clinic and the report are served.")
    internal_host: str = Field(
        "127.0.0.1", description="The address for Rasa's actions and health checks: loopback or private only."
    )
    internal_port: int = Field(8012, description="The port for Rasa's actions and health checks.")
    rasa_host: str = Field("127.0.0.1", description="Where Rasa listens: loopback or private only.")
    rasa_port: int = Field(5005, description="The port on which Rasa listens.")
    engine_deadline_seconds: float = Field(
        5.0, gt=0, le=30, description="How long a patient waits for Rasa before the fixed reply is sent."
    )
    screen_deadline_seconds: float = Field(
        1.0, gt=0, le=10, description="How long the safety screen may take before danger is assumed."
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses of the proxies in front, comma-separated: theirs is not the patient's address.",
    )
    secure_cookies: bool = Field(
        False, description="Send cookies over HTTPS only. Turn this on wherever Harbour is not on loopback."
    )
    staffed: bool = Field(
        True, description="Whether staff read the inbox. When off, patients are told that nobody is on shift."
    )
    target_now_minutes: int = Field(5, gt=0, description="Minutes to respond when danger is now.")
    target_today_minutes: int = Field(240, gt=0, description="Minutes to respond when help is needed today.")
    messages_per_minute: int = Field(
        30, gt=0, description="How many messages one person may send in a minute. Danger is never refused."
    )
    messages_per_minute_per_address: int = Field(
        300, gt=0, description="How many messages one network address may send in a minute."
    )
    longest_message: int = Field(
        3000, ge=500, le=3000, description="The longest message that is kept, in characters."
    )
    tracker_url: str | None = Field(
        None,
        description="Where Rasa keeps its side. Default: the SQLite file rasa/tracker.db in the home folder.",
    )
    keep_conversations_days: int = Field(
        365, ge=1, description="Days to keep conversations in which no human was asked to help."
    )
    keep_clinical_records_days: int = Field(
        7305,
        ge=1,
        description="Days to keep conversations in which one was, which are clinical records (20 years).",
    )
    keep_moods_days: int = Field(365, ge=1, description="Days to keep mood check-ins.")
    keep_measures_days: int = Field(365, ge=1, description="Days to keep questionnaires that were answered.")
    keep_plans_days: int = Field(
        730, ge=1, description="Days to keep a safety plan or another plan after it was last changed."
    )
    keep_guides_days: int = Field(
        30,
        ge=1,
        description="Days to keep the place in an exercise or a questionnaire that was left half done.",
    )
    keep_exercises_days: int = Field(365, ge=1, description="Days to keep which exercises were done.")
    keep_contact_details_days: int = Field(
        90, ge=1, description="Days to keep contact details that a person shared."
    )
    keep_people_days: int = Field(
        30,
        ge=1,
        description="Days to keep the keyed name of a person of whom nothing else is kept, after they were first seen.",
    )
    keep_service_alerts_days: int = Field(
        90, ge=1, description="Days to keep alerts about the service itself, after they are over."
    )
    keep_outbox_days: int = Field(
        30, ge=1, description="Days to keep what was sent to staff, as ids and times, after it was sent."
    )
    keep_staff_sessions_days: int = Field(
        30, ge=1, description="Days to keep staff's sessions, after they end."
    )
    keep_setup_links_days: int = Field(
        30, ge=1, description="Days to keep set-up links, after they stop working."
    )
    keep_audit_days: int = Field(7305, ge=1, description="Days to keep the record of what staff did.")
    keep_receipts_days: int = Field(
        730, ge=1, description="Days to keep receipts of erasures, which name nobody."
    )
    keep_statistics_reports_days: int = Field(
        1825, ge=1, description="Days to keep perturbed statistics, after their quarter."
    )
    keep_statistics_ledger_days: int = Field(
        90, ge=1, description="Days to keep who was counted, in years that are over."
    )

    @model_validator(mode="after")
    def _stays_private(self) -> Self:
        for name in ("internal_host", "rasa_host"):
            host = getattr(self, name)
            if host != "localhost" and not _is_private(host):
                raise ValueError(
                    f"HARBOUR_{name.upper()} is {host}, which others could reach. "
                    "Use 127.0.0.1 or an address of a private network."
                )
        return self

    @property
    def database(self) -> str:
        """The database URL, default included."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'harbour.db'}"

    @property
    def tracker(self) -> str:
        """The URL of the database in which Rasa keeps its side of conversations, default included."""
        return self.tracker_url or f"sqlite:///{self.home.resolve() / 'rasa' / 'tracker.db'}"

    @property
    def periods(self) -> dict[str, int]:
        """How many days each kind of thing is kept, by the names of `store.retention.KINDS`."""
        kept = (name for name in type(self).model_fields if name.startswith("keep_"))
        return {name.removeprefix("keep_").removesuffix("_days"): getattr(self, name) for name in kept}

    @property
    def rasa_url(self) -> str:
        """Where Harbour reaches Rasa."""
        return f"http://{self.rasa_host}:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Where Rasa reaches Harbour's actions."""
        return f"http://{self.internal_host}:{self.internal_port}/actions"

    def secret(self, name: str) -> bytes:
        """The secret `name` from the home folder. Raises `MissingSecret`."""
        file = self.home / "secrets" / name
        try:
            return file.read_bytes().strip()
        except FileNotFoundError:
            raise MissingSecret(
                f"{file} is missing. Run `harbour prepare`, or bring it back from backup."
            ) from None

    def optional_secret(self, name: str) -> bytes:
        """The secret `name` from the home folder; empty when there is none."""
        file = self.home / "secrets" / name
        return file.read_bytes().strip() if file.exists() else b""

    def vault_keys(self) -> Keyring:
        """The vault's keys from the home folder, read again whenever one is added. Raises `MissingSecret`."""
        return Keyring(partial(read_vault_keys, self.home / "secrets"))


def _is_private(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return (address.is_private or address.is_loopback) and not address.is_unspecified
