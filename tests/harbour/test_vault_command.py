"""Keys are replaced while other processes write and read, and a rotation that was killed is finished later."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.key_files import read_vault_keys, vault_key_files
from bot.settings import Settings
from harbour.secret_files import create_missing_secrets
from harbour.vault_keys import SETTLED_SECONDS, key_in, only_rotation_of
from privacy.pseudonym import Pseudonyms
from privacy.text import WrittenText
from privacy.vault import Sealed, Vault, key_of
from store import conversations, migrate
from store.contact_details import ContactKind, held, opened, share
from store.envelopes import BATCH, count_by_key
from store.models import Message, Speaker
from store.session import Store

ROOT = Path(__file__).resolve().parents[2]
WRITER = ROOT / "tests" / "harbour" / "writing_in_a_loop.py"
ENOUGH = 4 * BATCH


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "HARBOUR_HOME": str(home), "PYTHONPATH": str(ROOT)}


def harbour(home: Path, command: str, *, fails: bool = False) -> str:
    finished = subprocess.run(
        [sys.executable, "-m", "harbour", "vault", command],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == (1 if fails else 0), finished.stderr
    assert "Traceback" not in finished.stderr
    return finished.stderr if fails else finished.stdout


def counts(home: Path) -> list[int]:
    """How many envelopes each key holds, the oldest first."""
    return [
        int(count) for count in re.findall(r"^[0-9a-f]{8}  \S+ +(\d+)", harbour(home, "status"), re.MULTILINE)
    ]


def let_it_settle(home: Path) -> None:
    """As if the newest key had been made long ago."""
    then = time.time() - SETTLED_SECONDS - 1
    os.utime(vault_key_files(home / "secrets")[-1].path, (then, then))


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    settings = Settings(home=home)
    migrate.upgrade(settings.database)
    opened_store = Store(settings.database)
    yield opened_store
    opened_store.close()


@pytest.fixture
def vault(home: Path) -> Vault:
    return Vault(Settings(home=home).vault_keys())


def add_replies(store: Store, vault: Vault, count: int) -> None:
    with store.begin() as session:
        chat = conversations.open_conversation(session, Pseudonyms(b"k" * 32).of("web", "a"), "web")
        for number in range(count):
            sealed = vault.seal(f"reply {number}", owner=chat.id, purpose="reply")
            conversations.append(session, chat, Speaker.CLINICIAN, WrittenText("-"), sealed=sealed)
        share(session, vault, chat.person, ContactKind.PHONE, "020 7946 0958")


def read_everything(store: Store, vault: Vault) -> list[str]:
    with store.read() as session:
        return [
            vault.unseal(message.sealed, owner=message.conversation_id, purpose="reply")
            for message in session.query(Message).order_by(Message.position)
            if message.sealed is not None
        ]


def test_a_rotation_from_one_key_to_the_next(home: Path, store: Store, vault: Vault) -> None:
    add_replies(store, vault, 3)
    assert counts(home) == [4]
    assert re.search(r"Envelopes put under the key [0-9a-f]{8}: 4\.", harbour(home, "rotate"))
    assert counts(home) == [0, 4]
    assert read_everything(store, vault) == ["reply 0", "reply 1", "reply 2"], "by a vault opened before"
    let_it_settle(home)
    assert re.search(r"^The key [0-9a-f]{8} is destroyed\.$", harbour(home, "retire"), re.MULTILINE)
    assert counts(home) == [4]
    assert not (home / "secrets" / "vault").exists()
    assert len(read_everything(store, vault)) == 3
    assert create_missing_secrets(home) == [], "a retired first key is not made anew"
    assert "There is no old key." in harbour(home, "retire")


def test_the_first_key_is_the_file_that_was_always_there(home: Path) -> None:
    assert read_vault_keys(home / "secrets") == [(home / "secrets" / "vault").read_bytes()]


def test_key_files_are_read_by_their_owner_only(home: Path, store: Store) -> None:
    harbour(home, "rotate")
    [_, new] = vault_key_files(home / "secrets")
    assert new.path.name == "vault-2"
    assert new.path.stat().st_mode & 0o777 == 0o600


def test_a_key_that_holds_something_is_not_destroyed(home: Path, store: Store, vault: Vault) -> None:
    old = Vault(Settings(home=home).vault_keys())
    sealed = old.seal("late", owner="x", purpose="contact:phone")
    harbour(home, "rotate")
    add_replies(store, vault, 1)
    with store.begin() as session:
        chat = conversations.open_conversation(session, Pseudonyms(b"k" * 32).of("web", "a"), "web")
        held(session, chat.person_id)[ContactKind.PHONE].sealed = sealed
    let_it_settle(home)
    said = harbour(home, "retire", fails=True)
    assert "envelopes still under an old key: 1. Nothing was destroyed" in said
    assert len(vault_key_files(home / "secrets")) == 2


def test_nothing_is_destroyed_right_after_a_rotation(home: Path, store: Store) -> None:
    harbour(home, "rotate")
    assert "run this again in 10 minutes" in harbour(home, "retire", fails=True)
    assert len(vault_key_files(home / "secrets")) == 2


def test_a_destruction_that_was_cut_short_is_finished(home: Path, store: Store) -> None:
    harbour(home, "rotate")
    (home / "secrets" / "vault").rename(home / "secrets" / ".retired-vault")
    let_it_settle(home)
    harbour(home, "retire")
    assert list((home / "secrets").glob(".retired-*")) == []


def test_a_key_that_was_lost_is_named(home: Path, store: Store, vault: Vault) -> None:
    add_replies(store, vault, 1)
    harbour(home, "rotate")
    new = vault_key_files(home / "secrets")[-1].path
    lost = key_in(new).id
    new.unlink()
    said = harbour(home, "status", fails=True)
    assert f"{lost} (2)" in said
    assert "from backup" in said


def test_an_envelope_in_the_wrong_row_is_reported(home: Path, store: Store, vault: Vault) -> None:
    add_replies(store, vault, 2)
    with store.begin() as session:
        one, two = session.query(Message).order_by(Message.position)
        assert one.sealed is not None
        two.sealed = vault.seal("moved", owner="another conversation", purpose="reply")
    assert "left as they are: 1 in message" in harbour(home, "rotate", fails=True)
    assert counts(home) == [1, 2]


def test_what_an_older_harbour_sealed_is_renewed(home: Path, store: Store, vault: Vault) -> None:
    add_replies(store, vault, 1)
    [key] = vault_key_files(home / "secrets")
    with store.begin() as session:
        message = session.query(Message).one()
        bound = f"{len(message.conversation_id)}:{message.conversation_id}:reply".encode()
        nonce = bytes(12)
        old = key_in(key.path).first_version.encrypt(nonce, b"reply 0", bound)
        message.sealed = Sealed(b"\x01" + nonce + old)
    assert "Of an older version, which names no key: 1." in harbour(home, "status")
    harbour(home, "rotate")
    assert "older version" not in harbour(home, "status")
    assert counts(home) == [0, 2]
    assert read_everything(store, vault) == ["reply 0"]


def test_a_key_file_that_was_cut_short_is_named(home: Path, store: Store) -> None:
    (home / "secrets" / "vault-2").write_text("short")
    assert "vault-2 is empty or cut short" in harbour(home, "status", fails=True)


def test_two_rotations_at_once_are_refused(home: Path, store: Store) -> None:
    with only_rotation_of(home):
        assert "by another process" in harbour(home, "rotate", fails=True)
    assert len(vault_key_files(home / "secrets")) == 1


def test_without_a_home_it_says_what_to_do(tmp_path: Path) -> None:
    assert "run `harbour prepare`" in harbour(tmp_path, "rotate", fails=True)
    assert "run `harbour prepare`" in harbour(tmp_path, "status", fails=True)


@pytest.fixture
def writer(home: Path, store: Store) -> Iterator[subprocess.Popen[str]]:
    """A process that seals, keeps, reads back and opens, over and over, until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, WRITER],
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "writing\n"
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_a_process_that_writes_all_the_time_notices_nothing(
    home: Path, store: Store, vault: Vault, writer: subprocess.Popen[str]
) -> None:
    add_replies(store, vault, ENOUGH)
    for _ in range(2):
        harbour(home, "rotate")
    time.sleep(0.5)
    said, problems = writer.communicate("stop\n", timeout=60)
    assert writer.returncode == 0, problems
    rounds, keys = re.fullmatch(r"(\d+) rounds, under (\d+) keys\n", said).groups()  # type: ignore[union-attr]
    assert int(rounds) > 10
    assert int(keys) == 3, "it sealed under each key that was the newest, without a restart"
    *old, _ = counts(home)
    assert sum(old) == 0
    replies = [words for words in read_everything(store, vault) if words.startswith("reply")]
    assert replies == [f"reply {number}" for number in range(ENOUGH)]


@pytest.mark.slow
def test_a_rotation_that_is_killed_is_finished_by_the_next(home: Path, store: Store, vault: Vault) -> None:
    add_replies(store, vault, 40 * BATCH)
    process = subprocess.Popen(
        [sys.executable, "-m", "harbour", "vault", "rotate"], env=environment(home), stdout=subprocess.DEVNULL
    )
    while not moved_some(home, store):
        assert process.poll() is None, "it was over before it could be killed"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    old, new = counts(home)
    assert old > 0
    assert new > 0
    assert len(read_everything(store, vault)) == 40 * BATCH
    with store.read() as session:
        chat = conversations.find_conversation(session, Pseudonyms(b"k" * 32).of("web", "a"))
        assert chat is not None
        detail = held(session, chat.person_id)[ContactKind.PHONE]
        assert opened(vault, chat.person, detail) == "020 7946 0958"
    said = harbour(home, "rotate")
    assert "An earlier rotation" in said
    assert counts(home) == [0, old + new], "and no third key"
    assert read_everything(store, vault) == [f"reply {number}" for number in range(40 * BATCH)]


def moved_some(home: Path, store: Store) -> bool:
    files = vault_key_files(home / "secrets")
    if len(files) < 2:
        return False
    with store.read() as session:
        return count_by_key(session)[key_in(files[-1].path).id] > 0


def test_every_new_envelope_is_under_the_newest_key(home: Path, store: Store, vault: Vault) -> None:
    harbour(home, "rotate")
    newest = key_in(vault_key_files(home / "secrets")[-1].path).id
    assert key_of(vault.seal("x", owner="a", purpose="b")) == newest
