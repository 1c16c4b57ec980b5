"""The only kinds of text that may be kept.

`RedactedText` is what a person typed, after identifiers were replaced by placeholders. Only
`privacy.redaction` can build one from raw text. `WrittenText` was written in advance, by us or by the
service, and reviewed: it holds nothing that a patient said beyond what had already been redacted.

The store's text columns accept these two types and refuse a plain `str`, so raw text cannot be kept by
accident.
"""

from __future__ import annotations

from typing import Final, final

_REDACTION_SEAL: Final = object()


@final
class RedactedText(str):
    """Text in which identifiers have been replaced by typed, numbered placeholders.

    It is a `str`, so it can be shown and sent like one. It cannot be built by calling the class: raises
    `TypeError`. `privacy.redaction` builds it from raw text, and the store's column from a database row.
    """

    __slots__ = ()

    def __new__(cls, value: str, seal: object = None) -> RedactedText:
        """Refuse everybody but `privacy.redaction`. Raises `TypeError`."""
        if seal is not _REDACTION_SEAL:
            raise TypeError("Only privacy.redaction can build a RedactedText: call Redactor.redact().")
        return super().__new__(cls, value)


@final
class WrittenText(str):
    """Text written in advance and reviewed: the bot's sentences, never a patient's own words."""

    __slots__ = ()


def _redacted(value: str) -> RedactedText:
    """For `privacy.redaction` and the store's column alone; a rule test holds who calls it."""
    return RedactedText(value, _REDACTION_SEAL)


def from_store(value: str) -> RedactedText:
    """Give a text column's value its type back: it was `RedactedText` or `WrittenText` when it was kept."""
    return _redacted(value)
