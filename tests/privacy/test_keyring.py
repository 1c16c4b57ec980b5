"""A ring follows its keys while it is used: new ones appear, destroyed ones are forgotten."""

from __future__ import annotations

import pytest

from privacy.keyring import Key, Keyring
from privacy.vault import CannotUnseal, Vault, key_of

FIRST, SECOND = b"1" * 32, b"2" * 32


def test_a_running_vault_seals_under_a_key_that_was_just_added() -> None:
    keys = [FIRST]
    vault = Vault(Keyring(lambda: keys))
    keys.append(SECOND)
    assert key_of(vault.seal("hello", owner="a", purpose="b")) == Key(SECOND).id


def test_a_running_vault_opens_what_another_process_sealed_under_a_new_key() -> None:
    keys = [FIRST]
    vault = Vault(Keyring(lambda: keys))
    sealed = Vault(Keyring.of(FIRST, SECOND)).seal("hello", owner="a", purpose="b")
    keys.append(SECOND)
    assert vault.unseal(sealed, owner="a", purpose="b") == "hello"


def test_a_destroyed_key_is_forgotten() -> None:
    keys = [FIRST, SECOND]
    vault = Vault(Keyring(lambda: keys))
    sealed = Vault(Keyring.of(FIRST)).seal("hello", owner="a", purpose="b")
    keys.remove(FIRST)
    vault.keyring.refresh()
    with pytest.raises(CannotUnseal):
        vault.unseal(sealed, owner="a", purpose="b")


def test_a_ring_that_cannot_be_read_again_says_so_and_keeps_its_keys() -> None:
    keys = [FIRST]
    vault = Vault(Keyring(lambda: keys))
    sealed = vault.seal("hello", owner="a", purpose="b")
    keys.clear()
    with pytest.raises(ValueError, match="needs a key"):
        vault.seal("hello", owner="a", purpose="b")
    assert vault.unseal(sealed, owner="a", purpose="b") == "hello"


@pytest.mark.parametrize(
    ("keys", "says"),
    [([], "needs a key"), ([b"short"], "at least 32 bytes"), ([FIRST, FIRST], "the same id")],
)
def test_keys_that_cannot_be_used_are_refused(keys: list[bytes], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Keyring.of(*keys)


def test_a_key_does_not_show_itself() -> None:
    assert repr(Key(FIRST)) == f"Key({Key(FIRST).id})"
    assert Key(FIRST).id != Key(SECOND).id
    assert FIRST[:4].hex() not in Key(FIRST).id
