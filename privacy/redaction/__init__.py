"""Takes what names a person out of what they typed. Everything else of ours sees `RedactedText` only."""

from privacy.redaction.entities import Entity, Label
from privacy.redaction.numbering import Numbering
from privacy.redaction.redaction import Redaction, withheld
from privacy.redaction.redactor import Redactor

__all__ = ["Entity", "Label", "Numbering", "Redaction", "Redactor", "withheld"]
