"""What is kept: people (as pseudonyms), conversations, messages, escalations, staff and their audit trail.

Guides, questionnaires and plans have theirs in `store.guide_models`; statistics in `store.statistics`, which share no
key with these.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from privacy.pseudonym import Pseudonym
from privacy.text import RedactedText, WrittenText
from privacy.vault import Sealed
from store.base import Base
from store.columns import Instant, KeptText, PseudonymColumn, SealedColumn


def new_id() -> str:
    """A random identifier that says nothing: 128 bits, safe in a URL."""
    return secrets.token_urlsafe(16)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Turn(StrEnum):
    """Whose turn it is to answer the patient."""

    BOT = "bot"
    CLINICIAN = "clinician"
    ENDED = "ended"


class Speaker(StrEnum):
    """Who said a message."""

    PATIENT = "patient"
    BOT = "bot"
    CLINICIAN = "clinician"
    NOTICE = "notice"


class EscalationState(StrEnum):
    """Where an escalation stands; `clinic.escalations` says which step may follow which."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    IN_CONVERSATION = "in_conversation"
    HANDED_BACK = "handed_back"
    CLOSED = "closed"


class Role(StrEnum):
    """What a member of staff may open."""

    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    SERVICE_TEAM = "service_team"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Person(Base):
    """A patient, known only by a pseudonym."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    pseudonym: Mapped[Pseudonym] = mapped_column(PseudonymColumn, unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    first_seen: Mapped[datetime] = mapped_column(Instant, default=now)
    shares_statistics: Mapped[bool] = mapped_column(Boolean, default=False)
    conversations: Mapped[list[Conversation]] = relationship(back_populates="person")


class Conversation(Base):
    """One stretch of talk. `engine_session` is the random name that Rasa knows it by, and nothing else."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    engine_session: Mapped[str] = mapped_column(String(32), unique=True, default=new_id)
    turn: Mapped[Turn] = mapped_column(String(16), default=Turn.BOT)
    asked: Mapped[str | None] = mapped_column(String(48))
    """The safety question put last and not answered yet, or None."""
    placeholder_key: Mapped[bytes] = mapped_column(LargeBinary, default=lambda: secrets.token_bytes(32))
    placeholders: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Keyed hashes of identifiers to their numbers: names are not kept; the key dies with this row."""
    length: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime] = mapped_column(Instant, default=now)
    last_at: Mapped[datetime] = mapped_column(Instant, default=now)
    person: Mapped[Person] = relationship(back_populates="conversations")
    messages: Mapped[list[Message]] = relationship(back_populates="conversation", order_by="Message.position")


class Message(Base):
    """One message, as it is kept.

    `text` is redacted (a patient's) or written in advance (the bot's). What a clinician writes reaches the
    patient as written, so `sealed` holds it encrypted, and `text` holds it redacted.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "position", name="uq_message_position"),
        UniqueConstraint("delivery_id", name="uq_message_delivery"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(Integer)
    speaker: Mapped[Speaker] = mapped_column(String(16))
    text: Mapped[RedactedText | WrittenText] = mapped_column(KeptText)
    sealed: Mapped[Sealed | None] = mapped_column(SealedColumn)
    response: Mapped[str | None] = mapped_column(String(16))
    """The response needed, for a patient's message; None for every other."""
    intent: Mapped[str | None] = mapped_column(String(48))
    """On the bot's reply: what Rasa took the patient's message before it to be about."""
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """``[{"category", "explanation", "words"}]``, the words redacted."""
    buttons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """``[{"title", "payload"}]`` as offered; a press is accepted only for one of these."""
    card: Mapped[str | None] = mapped_column(String(32))
    delivery_id: Mapped[str | None] = mapped_column(String(96))
    """Keyed by channel; a second delivery with the same id is dropped."""
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    conversation: Mapped[Conversation] = relationship(back_populates="messages")
    staff: Mapped[Staff | None] = relationship()


class Escalation(Base):
    """A durable request for a human."""

    __tablename__ = "escalation"
    __table_args__ = (Index("ix_escalation_state_target", "state", "target_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    response: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    state: Mapped[EscalationState] = mapped_column(String(24), default=EscalationState.RAISED)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None] = mapped_column(String(48))
    raised_at: Mapped[datetime] = mapped_column(Instant, default=now)
    target_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer, default=1)
    """Counts changes, so that of two clinicians who claim at once one is told that the other won."""
    conversation: Mapped[Conversation] = relationship()
    message: Mapped[Message | None] = relationship()
    owner: Mapped[Staff | None] = relationship()
    history: Mapped[list[EscalationEvent]] = relationship(order_by="EscalationEvent.number")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute


class EscalationEvent(Base):
    """One step in the append-only history of an escalation."""

    __tablename__ = "escalation_event"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(48))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    staff: Mapped[Staff | None] = relationship()


class MoodCheckin(Base):
    """A mood from 0 (worst) to 10 (best) that a person told the bot."""

    __tablename__ = "mood_checkin"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    mood: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant, default=now)


class ContactDetail(Base):
    """A way to reach a person that they chose to share, sealed in the vault for their pseudonym."""

    __tablename__ = "contact_detail"
    __table_args__ = (UniqueConstraint("person_id", "kind", name="uq_contact_detail_kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """``name``, ``phone`` or ``email``: also the purpose that the envelope is bound to."""
    sealed: Mapped[Sealed] = mapped_column(SealedColumn)
    shared_at: Mapped[datetime] = mapped_column(Instant, default=now)


class LegalHold(Base):
    """A duty to keep all that is held about a person for now, whoever asks for it to go."""

    __tablename__ = "legal_hold"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(32))
    """One of `store.holds.REASONS`."""
    placed_at: Mapped[datetime] = mapped_column(Instant, default=now)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)


class EngineForgetting(Base):
    """A session that the dialogue engine must still forget. The row goes when it has."""

    __tablename__ = "engine_forgetting"

    engine_session: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant, default=now)


class ErasureReceipt(Base):
    """What one erasure removed and kept, in counts. It names nobody; the code is all that leads to it."""

    __tablename__ = "erasure_receipt"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    erased: Mapped[dict[str, int]] = mapped_column(JSON)
    kept: Mapped[dict[str, int]] = mapped_column(JSON)
    """Why something stays (``clinical_record``, ``legal_hold``), and how many messages that is."""
    at: Mapped[datetime] = mapped_column(Instant)


class Staff(Base):
    """A member of staff who can sign in."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    first_name: Mapped[str] = mapped_column(String(80))
    job_title: Mapped[str] = mapped_column(String(80))
    """Shown to the patient beside the first name: "Amina, crisis nurse"."""
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    password_hash: Mapped[str] = mapped_column(String(256))
    totp_secret: Mapped[Sealed] = mapped_column(SealedColumn)
    last_totp_step: Mapped[int] = mapped_column(Integer, default=0)
    """The last time step whose code was used; a code is good once (RFC 6238, section 5.2)."""
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class StaffNote(Base):
    """What staff write for one another about an escalation: sealed, and never shown to the patient in the chat."""

    __tablename__ = "staff_note"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalation.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    sealed: Mapped[Sealed] = mapped_column(SealedColumn)
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    staff: Mapped[Staff] = relationship()


class ScreenLabel(Base):
    """How the screen did, as a clinician judged it: no words, no person, and no day."""

    __tablename__ = "screen_label"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    label: Mapped[str] = mapped_column(String(48))
    response: Mapped[str] = mapped_column(String(16))
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    month: Mapped[str] = mapped_column(String(7))


class OnCall(Base):
    """A place in the chain of people who are asked, one after another, until somebody acknowledges."""

    __tablename__ = "on_call"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    covers: Mapped[str] = mapped_column(String(8))
    """When they may be asked: ``always``, only when the service is ``open``, or only when ``closed``."""
    mobile: Mapped[Sealed | None] = mapped_column(SealedColumn)
    staff: Mapped[Staff] = relationship()


class Alarm(Base):
    """Who has been asked to answer an escalation that nobody has acknowledged, and how often."""

    __tablename__ = "alarm"

    escalation_id: Mapped[str] = mapped_column(
        ForeignKey("escalation.id", ondelete="CASCADE"), primary_key=True
    )
    asked_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """Whose turn it is to answer."""
    step: Mapped[int] = mapped_column(Integer, default=0)
    """How many were asked since it was last raised."""
    notices: Mapped[int] = mapped_column(Integer, default=0)
    """How many notices there have been in all; each has its number in the outbox."""
    asked: Mapped[Staff | None] = relationship()


class SetupLink(Base):
    """A one-time link that creates an account; only the hash of its token is kept."""

    __tablename__ = "setup_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    roles: Mapped[list[str] | None] = mapped_column(JSON)
    """What the account may do, chosen by who invites; None makes the first account."""
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffSession(Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "staff_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(Instant, default=now)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    staff: Mapped[Staff] = relationship()


class AuditEvent(Base):
    """Who did what, in the staff rooms: never with content, only with the id of what was touched."""

    __tablename__ = "audit_event"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    staff_id: Mapped[str | None] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    hash: Mapped[str] = mapped_column(String(64))
    """Over this line and the hash of the one before it; `store.audit.append` alone makes one."""


class ServiceAlert(Base):
    """Something that staff must know about the service itself, such as a bot that does not answer."""

    __tablename__ = "service_alert"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(48))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    times: Mapped[int] = mapped_column(Integer, default=1)
    first_at: Mapped[datetime] = mapped_column(Instant, default=now)
    last_at: Mapped[datetime] = mapped_column(Instant, default=now)
    cleared_at: Mapped[datetime | None] = mapped_column(Instant)
