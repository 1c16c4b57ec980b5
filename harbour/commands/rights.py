"""`harbour rights`: what a person may ask of their own data, done by staff of the service on their behalf.

A person's address (a phone number, the name of a conversation) is read from standard input, never from the command
line, where every user of the machine could see it. Answers are JSON on standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from bot.parts import RightsDesk, rights_desk
from bot.settings import Settings
from content.receipts import receipt_in_words
from harbour.problems import CannotStart
from privacy import crashes
from privacy.logs import configure
from store import audit, holds
from store.erasure import Receipt
from store.models import Person
from store.moods import change_last, remove_last
from store.rights import find_person, held

rights = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__.partition("\n\n")[0])

Channel = Annotated[str, typer.Option(help="The channel that the address belongs to: web, sms, voice, talk.")]
Address = Annotated[
    str, typer.Option(help="Only '-': the address is the first line of standard input, never an argument.")
]


@rights.command()
def see(channel: Channel, address: Address = "-") -> None:
    """Print how much is kept about a person, by kind."""
    with _desk() as desk:
        with desk.store.read() as session:
            person = _person(desk, session, channel, address)
            kept = held(session, person)
        _print({**asdict(kept), "kept_for_days": dict(desk.settings.periods)})


@rights.command()
def export(channel: Channel, address: Address = "-") -> None:
    """Print everything held about a person, as the page of their own data does."""
    with _desk() as desk:
        with desk.store.begin() as session:
            person = _person(desk, session, channel, address)
            document = desk.my_data.document(session, person)
            _audit(session, "rights: exported", person)
        _print(document)


@rights.command()
def erase(channel: Channel, address: Address = "-") -> None:
    """Erase a person everywhere, and print the receipt. A clinical record stays, and so does what is on hold."""
    with _desk() as desk:
        with desk.store.begin() as session:
            person = _person(desk, session, channel, address)
            receipt = desk.eraser.erase(session, person)
        desk.store.leave_no_trace()
        waiting = asyncio.run(desk.forget())
        _print({**_receipt(desk, receipt), "engine_has_to_forget": waiting})


@rights.command("object")
def object_(
    channel: Channel,
    address: Address = "-",
    undo: Annotated[bool, typer.Option(help="Count the person again, because they asked for it.")] = False,
) -> None:
    """Take a person out of the statistics, from now on."""
    with _desk() as desk:
        with desk.store.begin() as session:
            person = _person(desk, session, channel, address)
            if undo:
                person.shares_statistics = True
            else:
                desk.tally.stop(session, person)
            counted = person.shares_statistics
        _print({"counted": counted})


@rights.command()
def correct(
    channel: Channel,
    address: Address = "-",
    mood: Annotated[int | None, typer.Option(min=0, max=10, help="What the last mood was really.")] = None,
    remove_mood: Annotated[bool, typer.Option(help="Take the last mood out.")] = False,
) -> None:
    """Put the last mood check-in right, or take it out. Messages are taken back on the person's own page."""
    if (mood is None) == (not remove_mood):
        raise CannotStart("say either --mood N or --remove-mood.")
    with _desk() as desk:
        with desk.store.begin() as session:
            person = _person(desk, session, channel, address)
            before = (
                remove_last(session, person.id) if mood is None else change_last(session, person.id, mood)
            )
            _audit(session, "rights: corrected", person)
        if before is None:
            raise CannotStart("there is no mood check-in that may be changed.")
        _print({"before": before, "mood": mood})


@rights.command()
def hold(
    channel: Channel,
    reason: Annotated[str, typer.Option(help=f"Why: {', '.join(holds.REASONS)}.")],
    address: Address = "-",
) -> None:
    """Keep all that is held about a person until the hold is lifted, whoever asks for it to go."""
    with _desk() as desk:
        with desk.store.begin() as session:
            try:
                placed = holds.place(session, _person(desk, session, channel, address), reason)
            except ValueError as problem:
                raise CannotStart(str(problem)) from None
        _print({"hold": placed.id, "reason": placed.reason, "placed_at": placed.placed_at.isoformat()})


@rights.command()
def lift(channel: Channel, address: Address = "-") -> None:
    """Lift every hold on a person. If they asked to be erased meanwhile, it is done now."""
    with _desk() as desk:
        with desk.store.begin() as session:
            lifted = holds.lift(session, _person(desk, session, channel, address))
        erased = _reapply(desk)
        _print({"lifted": lifted, "erased": erased})


@rights.command()
def reapply() -> None:
    """Erase again whoever a restored backup has brought back. `harbour serve` does this at each start."""
    with _desk() as desk:
        _print({"erased": _reapply(desk)})


@rights.command()
def verify(
    receipt: Annotated[str | None, typer.Argument(help="The receipt. Without: the address on stdin.")] = None,
    channel: Annotated[str | None, typer.Option(help="The channel that the address belongs to.")] = None,
) -> None:
    """Check that nothing remains of an erased person, and say so in words. Ends with status 1 when something does."""
    from harbour.erasure_proof import prove

    with _desk() as desk:
        if receipt is not None:
            stone = desk.eraser.tombstones.with_receipt(receipt.strip().upper())
        elif channel is not None:
            mark = desk.eraser.tombstones.mark(desk.pseudonyms.of(channel, _first_line()))
            stone = desk.eraser.tombstones.latest().get(mark)
        else:
            raise CannotStart("give a receipt, or --channel with the address on standard input.")
        if stone is None:
            raise CannotStart("no erasure stands under that receipt or address in this home's tombstones.")
        proof = prove(desk, stone)
    for line in proof.lines:
        typer.echo(line)
    raise typer.Exit(0 if proof.nothing_remains else 1)


@contextmanager
def _desk() -> Iterator[RightsDesk]:
    configure()  # logs go to standard error: standard output is the answer's
    desk = rights_desk(Settings())
    crashes.seal()  # an exception would print what a person wrote
    try:
        yield desk
    finally:
        desk.store.close()


def _person(desk: RightsDesk, session: Session, channel: str, address: str) -> Person:
    """The person whose address is on standard input. Raises `CannotStart`."""
    if address != "-":
        raise CannotStart(
            "an address on the command line can be seen by every user of this machine: "
            "leave --address out, and give it on standard input."
        )
    person = find_person(session, desk.pseudonyms.of(channel, _first_line()))
    if person is None:
        raise CannotStart("nothing is kept about anybody with that address on that channel.")
    return person


def _first_line() -> str:
    """The address. Raises `CannotStart` when there is none."""
    address = sys.stdin.readline().strip()
    if not address:
        raise CannotStart("give the address as the first line of standard input.")
    return address


def _audit(session: Session, what: str, person: Person) -> None:
    audit.append(session, what, subject=person.id)


def _reapply(desk: RightsDesk) -> int:
    erased = desk.eraser.reapply(desk.store)
    desk.store.leave_no_trace()
    asyncio.run(desk.forget())
    return erased


def _receipt(desk: RightsDesk, receipt: Receipt) -> dict[str, Any]:
    words = receipt_in_words(
        desk.content.rights, receipt.code, receipt.at, receipt.erased, receipt.kept, desk.settings.periods
    )
    return {**asdict(receipt), "at": receipt.at.isoformat(), "words": [str(line) for line in words]}


def _print(answer: dict[str, Any]) -> None:
    # ASCII escapes carry any text to any terminal.
    typer.echo(json.dumps(answer, indent=2))
