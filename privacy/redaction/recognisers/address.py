"""Where somebody lives: a number and a street, or a street alone where the words say it is one."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import is_ordinary, lexicon
from privacy.redaction.recognisers.form import FormRecogniser
from privacy.redaction.recognisers.words import FUNCTION_WORDS

_SURE = (
    r"(?:street|road|rd|avenue|ave|lane|crescent|cres|terrace|grove|gardens|gdns|boulevard|mews|close"
    r"|drive|cul ?de ?sac)"
)
_ANY = (
    rf"(?:{_SURE}|st|dr|ln|cl|ct|court|crt|place|pl|square|sq|way|walk|row|rise|view|hill|park"
    rf"|green|parade|fields?|meadows?|wharf|quay"
    r"|house|flats|estate|towers?|lodge|gate|path|croft|dale|heights|cottages?|villas?|bank"
    r"|bridge|circus|vale|end|side|mount|brow|fold|wynd|brae|yard|maltings|orchard|common"
    r"|mansions|buildings|point)"
)
_FLAT = r"(?:flat|apartment|apt|unit|room|block|house|no\.?|number|plot)"
_NAME = r"(?:(?:the )?[a-z][a-z'.-]*[ ]+){1,3}?"
# What makes "5 years down the road" or "2 big houses close" no address.
_COUNTED: Final = lexicon("address_counted")
_NOBODYS: Final = lexicon("address_nobodys")


class AddressRecogniser(FormRecogniser):
    """ "61 duke street", "flat 4, heron court", "on station rd", "PO box 12"."""

    LABEL = Label.ADDRESS
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern(
            "number street",
            rf"(?<![\w.£/-])(?:{_FLAT} ?\d*[a-z]?[ ,]+)?\d{{1,4}} ?[a-z]?(?:[/-]\d{{1,4}}[a-z]?)?"
            rf"[ ,]+{_NAME}{_ANY}\.?(?![a-z0-9'])",
            0.8,
        ),
        Pattern(
            "flat house",
            (
                rf"(?<!\w)(?:flat|apartment|apt|unit|room) ?(?:no\.? ?|number )?(?:\d{{1,4}} ?[a-z]?"
                rf"|[a-z])[ ,]+{_NAME}{_ANY}(?![a-z0-9'])"
            ),
            0.8,
        ),
        Pattern(
            "flat",
            (
                r"(?<!\w)(?:flat|apartment|apt) (?:no\.? ?|number )?\d{1,4}[a-z]?(?![\w%]| ?(?:mins?"
                r"|minutes|hours?|days?|weeks?|months?|years?|yrs?|people|of|lads|girls))"
            ),
            0.6,
        ),
        Pattern(
            "road alone",
            r"(?:(?<!\w)of|[,;\n]|^) ?(?P<found>(?:[a-z][a-z'.-]*[ ]+){1,2}"
            r"(?:street|road|rd|avenue|ave|lane|crescent|terrace))(?= ?(?:[,;.\n]|$))",
            0.7,
        ),
        Pattern(
            "on street",
            (
                rf"(?<!\w)(?:on|in|at|off|near|from|down|along|into|opposite|behind|address(?: is"
                rf"|:)?) (?P<found>(?:[a-z][a-z'.-]*[ ]+){{1,2}}{_SURE})(?![a-z0-9'])"
            ),
            0.7,
        ),
        Pattern("po box", r"(?<!\w)p\.?o\.? box \d+", 0.8),
    ]

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """The words between number and street are a name's, not a count's."""
        words = re.findall(r"[a-z'.-]+", found)
        if found.startswith(("flat", "apartment", "apt", "po", "p.o")) and len(words) < 3:
            return True
        names = [word for word in words[:-1] if not re.fullmatch(rf"{_FLAT}|[a-z]", word)]
        if not any(character.isdigit() for character in found) and not set(names).isdisjoint(_NOBODYS):
            return False
        if (
            words[-1] in ("close", "drive", "court")
            and not any(character.isdigit() for character in found)
            and all(map(is_ordinary, names))
        ):
            return False
        if names == ["the"] and found[0].isdigit():
            return True  # "3 the crescent"
        names = names[1:] if names[:1] == ["the"] and len(names) > 1 and found[0].isdigit() else names
        return (
            bool(names)
            and (len(names[0]) > 2 or names[0] == "st")
            and not any((word in _COUNTED and word != "st") or word in FUNCTION_WORDS for word in names)
        )
