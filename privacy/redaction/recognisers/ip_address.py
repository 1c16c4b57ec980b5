"""Addresses of machines on the internet (RFC 791, RFC 4291)."""

from __future__ import annotations

import ipaddress
from typing import ClassVar

from presidio_analyzer import Pattern

from privacy.redaction.entities import Label
from privacy.redaction.recognisers.form import FormRecogniser


class IpAddressRecogniser(FormRecogniser):
    """IPv4 and IPv6 addresses that can exist; not this machine's own."""

    LABEL = Label.IP_ADDRESS
    PATTERNS: ClassVar[list[Pattern]] = [
        Pattern("v4", r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)", 0.9),
        Pattern("v6", r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])", 0.9),
    ]

    def accepts(self, found: str, folded: str, start: int, end: int) -> bool:
        """It reads as an address, and a short run of digits and colons is a time of day."""
        try:
            address = ipaddress.ip_address(found)
        except ValueError:
            return False
        return not address.is_loopback and not address.is_unspecified
