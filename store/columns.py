"""Column types that refuse what must not be kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import JSON, DateTime, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

from privacy.pseudonym import Pseudonym
from privacy.text import RedactedText, WrittenText, from_store
from privacy.vault import Sealed


class KeptText(TypeDecorator[RedactedText | WrittenText]):
    """Text that may be kept: `RedactedText` or `WrittenText`. A plain `str` raises `TypeError`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Let only the two kept types through."""
        if value is None or isinstance(value, RedactedText | WrittenText):
            return None if value is None else str(value)
        raise TypeError("The store keeps only RedactedText or WrittenText; redact the text first.")

    def process_result_value(self, value: str | None, dialect: Dialect) -> RedactedText | None:
        """What comes out was redacted or written when it went in."""
        return None if value is None else from_store(value)


class PseudonymColumn(TypeDecorator[Pseudonym]):
    """A `Pseudonym`. A plain `str` (a phone number, say) raises `TypeError`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Let only pseudonyms through."""
        if value is None or isinstance(value, Pseudonym):
            return None if value is None else str(value)
        raise TypeError("The store keeps only a Pseudonym here; make one with privacy.pseudonym.Pseudonyms.")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Pseudonym | None:
        """What comes out was a pseudonym when it went in."""
        return None if value is None else Pseudonym.from_store(value)


class SealedColumn(TypeDecorator[Sealed]):
    """Bytes encrypted by the vault. Plain bytes or text raise `TypeError`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> bytes | None:
        """Let only sealed envelopes through."""
        if value is None or isinstance(value, Sealed):
            return None if value is None else value.envelope
        raise TypeError("The store keeps this only Sealed; seal it with privacy.vault.Vault first.")

    def process_result_value(self, value: Any, dialect: Dialect) -> Sealed | None:
        """What comes out is still sealed."""
        return None if value is None else Sealed(bytes(value))


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so they are checked on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone: it could mean two instants."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("A moment needs a time zone; use datetime.now(UTC).")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Every stored moment is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Answers: TypeAlias = dict[str, RedactedText | WrittenText | int | None]
"""What somebody answered, by the key of the step; None where it was left out."""


class KeptAnswers(TypeDecorator[Answers]):
    """Answers that may be kept: redacted or written text, and numbers. A plain `str` raises `TypeError`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        """Let only the two kept types and numbers through."""
        for answer in (value or {}).values():
            if answer is not None and not isinstance(answer, RedactedText | WrittenText | int):
                raise TypeError("The store keeps only RedactedText, WrittenText or numbers; redact it first.")
        return None if value is None else {key: _plain(answer) for key, answer in value.items()}

    def process_result_value(self, value: Any, dialect: Dialect) -> Answers | None:
        """What comes out was redacted or written when it went in."""
        if value is None:
            return None
        return {key: from_store(each) if isinstance(each, str) else each for key, each in value.items()}


def _plain(answer: RedactedText | WrittenText | int | None) -> str | int | None:
    return str(answer) if isinstance(answer, str) else answer
