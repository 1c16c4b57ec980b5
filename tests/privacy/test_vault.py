"""An envelope opens for the one it was sealed for, whole, under a key that is there; and for nothing else."""

from __future__ import annotations

import secrets

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import assume, example, given
from hypothesis import strategies as st

from privacy.keyring import Key, Keyring
from privacy.vault import PREFIX_BYTES, CannotUnseal, Sealed, Vault, key_of, prefix_under

OLD, NEW = b"o" * 32, b"n" * 32
VAULT = Vault(Keyring.of(OLD))
BOTH = Vault(Keyring.of(OLD, NEW))
# Surrogates alone are no text: nothing that arrives as UTF-8 holds one.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def seal_as_version_1(text: str, key: bytes, owner: str, purpose: str) -> Sealed:
    """As the first Harbour sealed, written out again so that the format cannot drift with the code."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"harbour vault v1").derive(key)
    nonce = secrets.token_bytes(12)
    bound = f"{len(owner)}:{owner}:{purpose}".encode()
    return Sealed(b"\x01" + nonce + AESGCM(derived).encrypt(nonce, text.encode(), bound))


@given(WORDS, WORDS, WORDS)
def test_what_is_sealed_can_be_read_again(text: str, owner: str, purpose: str) -> None:
    sealed = VAULT.seal(text, owner=owner, purpose=purpose)
    assert VAULT.unseal(sealed, owner=owner, purpose=purpose) == text


@given(WORDS, WORDS, WORDS, WORDS)
@example("ab", "c", "a", "bc")
@example("1:a", "b", "1", "a:b")
def test_an_envelope_moved_to_another_person_or_purpose_does_not_open(
    owner: str, purpose: str, other_owner: str, other_purpose: str
) -> None:
    assume((owner, purpose) != (other_owner, other_purpose))
    sealed = VAULT.seal("07700 900123", owner=owner, purpose=purpose)
    with pytest.raises(CannotUnseal):
        VAULT.unseal(sealed, owner=other_owner, purpose=other_purpose)
    with pytest.raises(CannotUnseal):
        BOTH.rewrap(sealed, owner=other_owner, purpose=other_purpose)


@pytest.mark.parametrize("version", [1, 2])
def test_no_bit_can_be_changed(version: int) -> None:
    sealed = VAULT.seal("hi", owner="a", purpose="b")
    if version == 1:
        sealed = seal_as_version_1("hi", OLD, "a", "b")
    for bit in range(len(sealed.envelope) * 8):
        changed = bytearray(sealed.envelope)
        changed[bit // 8] ^= 1 << bit % 8
        for vault in (VAULT, BOTH):
            with pytest.raises(CannotUnseal):
                vault.unseal(Sealed(bytes(changed)), owner="a", purpose="b")


@given(st.binary(max_size=200))
def test_bytes_that_are_no_envelope_do_not_open(envelope: bytes) -> None:
    with pytest.raises(CannotUnseal):
        VAULT.unseal(Sealed(envelope), owner="a", purpose="b")


@pytest.mark.parametrize("version", [1, 2])
def test_an_envelope_that_was_cut_or_lengthened_does_not_open(version: int) -> None:
    sealed = VAULT.seal("hi", owner="a", purpose="b")
    whole = (seal_as_version_1("hi", OLD, "a", "b") if version == 1 else sealed).envelope
    for envelope in (*(whole[:length] for length in range(len(whole))), whole + b"\x00"):
        with pytest.raises(CannotUnseal):
            VAULT.unseal(Sealed(envelope), owner="a", purpose="b")


def test_parts_of_two_envelopes_of_one_person_do_not_make_a_third() -> None:
    one, two = (VAULT.seal(text, owner="a", purpose="b").envelope for text in ("yes", "no!"))
    for cut in range(1, min(len(one), len(two))):
        if one[:cut] != two[:cut] and one[cut:] != two[cut:]:
            with pytest.raises(CannotUnseal):
                VAULT.unseal(Sealed(one[:cut] + two[cut:]), owner="a", purpose="b")


def test_an_envelope_of_the_first_version_still_opens() -> None:
    sealed = seal_as_version_1("hello", OLD, "a", "reply")
    assert key_of(sealed) is None
    assert VAULT.unseal(sealed, owner="a", purpose="reply") == "hello"
    assert BOTH.unseal(sealed, owner="a", purpose="reply") == "hello"
    with pytest.raises(CannotUnseal):
        VAULT.unseal(sealed, owner="b", purpose="reply")


def test_the_same_words_never_look_the_same() -> None:
    sealed = {VAULT.seal("hello", owner="a", purpose="b").envelope for _ in range(50)}
    assert len(sealed) == 50
    # the data key is another one each time, so not one block of the text is like another's
    assert len({envelope[-21:] for envelope in sealed}) == 50


def test_an_envelope_names_its_key_and_shows_nothing_of_what_is_inside() -> None:
    sealed = VAULT.seal("0" * 40, owner="someone", purpose="contact:phone")
    assert key_of(sealed) == Key(OLD).id
    assert sealed.envelope[:PREFIX_BYTES] == prefix_under(Key(OLD).id)
    for told in (b"someone", b"contact", b"0000", OLD[:4]):
        assert told not in sealed.envelope
    assert repr(sealed) == f"Sealed({len(sealed.envelope)} bytes)"


@pytest.mark.parametrize("version", [1, 2])
def test_rewrapping_changes_the_key_and_not_the_text(version: int) -> None:
    before = VAULT.seal("hello", owner="a", purpose="b")
    if version == 1:
        before = seal_as_version_1("hello", OLD, "a", "b")
    after = BOTH.rewrap(before, owner="a", purpose="b")
    assert key_of(after) == Key(NEW).id
    assert BOTH.unseal(after, owner="a", purpose="b") == "hello"
    assert Vault(Keyring.of(NEW)).unseal(after, owner="a", purpose="b") == "hello"
    assert BOTH.rewrap(after, owner="a", purpose="b") is after


def test_rewrapping_leaves_the_text_as_it_was_encrypted() -> None:
    before = VAULT.seal("hello", owner="a", purpose="b")
    after = BOTH.rewrap(before, owner="a", purpose="b")
    assert before.envelope[-33:] == after.envelope[-33:]


def test_a_key_that_is_gone_is_named_in_the_error() -> None:
    sealed = VAULT.seal("hello", owner="a", purpose="b")
    with pytest.raises(CannotUnseal, match=f"vault key {Key(OLD).id}, which is not among the secrets"):
        Vault(Keyring.of(NEW)).unseal(sealed, owner="a", purpose="b")
