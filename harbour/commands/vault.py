"""`harbour vault`: the keys of what is kept sealed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.key_files import vault_key_files
from bot.settings import Settings
from harbour.problems import CannotStart
from harbour.vault_keys import add_key, destroy_key, key_in, only_rotation_of, seconds_until_settled
from privacy.keyring import Key, KeyId
from privacy.vault import Vault
from store import envelopes
from store.session import Store

vault = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Keys of what is kept sealed: look, replace, destroy. Each works while Harbour runs.",
)

_TRIES: Final = 20
_BREATH_SECONDS: Final = 0.5
_BUSY: Final = "the database stays busy: run this again in a while. What was done until now stands."


@vault.command()
def status() -> None:
    """Say how many envelopes each key holds. Counts only: nothing is opened."""
    settings = Settings()
    with _store(settings) as store, _busy_database_explained(), store.read() as session:
        counts = envelopes.count_by_key(session)
    typer.echo("key       since       envelopes")
    files = vault_key_files(settings.home / "secrets")
    for file in files:
        since = datetime.fromtimestamp(file.path.stat().st_mtime, UTC)
        newest = "  newest: seals what is new" if file == files[-1] else ""
        key = key_in(file.path)
        typer.echo(f"{key.id}  {since:%Y-%m-%d}  {counts.pop(key.id, 0):9}{newest}")
    old_version = counts.pop(None, 0)
    if old_version:
        typer.echo(
            f"Of an older version, which names no key: {old_version}. `harbour vault rotate` renews them."
        )
    if counts:
        raise CannotStart(_lost(counts))


@vault.command()
def rotate() -> None:
    """Add a key and put everything sealed under it, while Harbour runs.

    The old key stays, and opens what is not moved yet. Stopped half-way, nothing is lost: run it again, and it
    finishes with the key it had added. Take a backup of the secrets afterwards: the new key is in no earlier one.
    """
    settings = Settings()
    with only_rotation_of(settings.home) as folder, _store(settings) as store:
        newest = _key_to_rotate_to(store, folder)
        done = _rewrap_until_nothing_is_left(store, Vault(settings.vault_keys()))
    typer.echo(f"Envelopes put under the key {newest.id}: {done.moved}.")
    if done.unopened:
        tables = ", ".join(f"{count} in {table}" for table, count in done.unopened.items())
        raise CannotStart(
            f"some envelopes do not open for the row that holds them, and were left as they are: {tables}. "
            "Bring those rows, or the key they are under, back from backup."
        )


@vault.command()
def retire() -> None:
    """Destroy the keys that hold nothing any more. It refuses while any old key still holds something.

    Backups of the database from before the rotation cannot be read without them: that is what destroys the
    sealed part of an old backup, too.
    """
    settings = Settings()
    with only_rotation_of(settings.home) as folder, _store(settings) as store:
        *old, newest = vault_key_files(folder)
        if not old:
            typer.echo("There is no old key.")
            return
        wait = seconds_until_settled(newest)
        if wait:
            raise CannotStart(
                f"the newest key is only minutes old, and work that began before it may not be kept yet: "
                f"run this again in {wait / 60:.0f} minutes."
            )
        _check_unused(store, key_in(newest.path))
        for file in old:
            destroyed = key_in(file.path).id
            destroy_key(folder, file)
            typer.echo(f"The key {destroyed} is destroyed.")


def _key_to_rotate_to(store: Store, folder: Path) -> Key:
    """The newest key, when an earlier rotation to it was not finished; otherwise a new one."""
    *old, newest = vault_key_files(folder)
    key = key_in(newest.path)
    with _busy_database_explained(), store.read() as session:
        counts = envelopes.count_by_key(session)
    counts.pop(key.id, None)
    if old and counts:
        typer.echo(
            f"An earlier rotation to the key {key.id} was not finished: finishing it, with no other key."
        )
        return key
    added = add_key(folder)
    typer.echo(f"The key {added.id} was added, and seals what is new.")
    return added


def _rewrap_until_nothing_is_left(store: Store, vault: Vault) -> envelopes.Rewrapped:
    """Walk until a whole walk finds nothing more to move. A busy database is left alone for a moment."""
    done = envelopes.Rewrapped()
    busy = 0
    while True:
        try:
            if not envelopes.rewrap_all(store, vault, done):
                return done
        except OperationalError as error:
            busy += 1
            if busy == _TRIES:
                raise CannotStart(_BUSY) from error
            time.sleep(_BREATH_SECONDS)


def _check_unused(store: Store, newest: Key) -> None:
    with _busy_database_explained(), store.read() as session:
        counts = envelopes.count_by_key(session)
    counts.pop(newest.id, None)
    if counts:
        raise CannotStart(
            f"envelopes still under an old key: {counts.total()}. Nothing was destroyed: "
            "run `harbour vault rotate` first."
        )


def _lost(counts: Counter[KeyId | None]) -> str:
    named = ", ".join(f"{key} ({count})" for key, count in counts.items())
    return (
        f"envelopes are under keys that are not among the secrets: {named}. Bring the keys back from backup."
    )


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    store = Store(settings.database)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _busy_database_explained() -> Iterator[None]:
    try:
        yield
    except (OperationalError, ProgrammingError) as error:  # PostgreSQL says the second of a missing table
        raise CannotStart(
            "the database could not be read: if it is new, run `harbour prepare`; otherwise try again in a while."
        ) from error
