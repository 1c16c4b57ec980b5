"""`harbour rights`, `harbour retain` and `harbour vault` in the hunt, with identifiers on standard input."""

from __future__ import annotations

from benchmarks.leaks.commands import Commands
from benchmarks.leaks.conversations import Patient

_OF_A_STRANGER = ("see", "export", "erase")
_PHONE = "an address on standard input"
_ARGUMENT = "an address as an argument"


def ask_for(commands: Commands, patient: Patient) -> None:
    """Everything that can be asked for a person of the web, who is erased at the end."""
    web = ["--channel", "web"]

    def rights(*words: str, seen_by: str = "") -> bytes:
        return commands.once(["rights", *words, *web], patient.address, seen_by=seen_by)

    rights("see")
    rights("export", seen_by=patient.person)
    rights("object")
    rights("correct", "--mood", "3")
    rights("hold", "--reason", "complaint")
    rights("erase")
    rights("lift")
    rights("verify")


def ask_for_strangers(commands: Commands) -> None:
    """A telephone number of nobody that Harbour knows, where an address belongs and where none does."""
    planting = commands.planting
    for name in _OF_A_STRANGER:
        number = planting.loose("caller", _PHONE, kind="phone")
        commands.once(["rights", name, "--channel", "sms"], number)
    number = planting.loose("caller", _PHONE, kind="phone")
    commands.once(["rights", "verify", "--channel", number], number)
    argument = planting.loose("caller", _ARGUMENT, kind="email")
    commands.once(["rights", "see", "--channel", "web", "--address", argument], "")


def keep_house(commands: Commands) -> None:
    """What is due, and the keys."""
    for words in (["retain"], ["vault", "rotate"], ["vault", "status"], ["vault", "retire"]):
        commands.once(words, "")
    commands.once(["retain", "--delete"], "")
    commands.once(["rights", "reapply"], "")
