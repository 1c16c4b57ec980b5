"""The lexicon as data: it loads, it speaks to clinicians, and no trap can swallow plain danger."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety.lexicon import FOLDER, Lexicon, LexiconError
from bot.safety.phrases import PhraseBook, PhraseError
from bot.safety.reading import read
from bot.safety.screening import ResponseNeeded

PLAIN_DANGER = [
    "i want to die", "i want to kill myself", "kill myself", "cut myself", "i cut myself tonight",
    "i took an overdose", "taken all my tablets", "he hit me", "he is hitting me", "my dad beats me", "raped",
    "end my life", "end it all", "suicidal", "self harm",
    "voices telling me to kill", "stab him", "i want to kill him", "she wants to kill herself", "not breathing",
    "chest pain", "he is going to kill me", "going to catch the bus tonight forever",
]  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.mark.parametrize("text", PLAIN_DANGER)
def test_no_trap_lies_on_plain_danger(lexicon: Lexicon, text: str) -> None:
    """A trap needs the words that make a phrase harmless, never the dangerous words alone."""
    reading = read(text, lexicon.spelling)
    assert not list(lexicon.traps.find(lexicon.book.codes.encode(reading.words)))


def test_every_category_and_level_is_covered() -> None:
    """The rule of four responses has entries for each danger that it names."""
    stems = {path.stem for path in FOLDER.glob("*.yml")}
    assert stems >= {
        "suicide", "overdose", "self_harm", "child_abuse", "domestic_abuse", "harm_to_others", "psychosis",
        "eating_disorder", "medical", "third_party", "bereaved",
    }  # fmt: skip


def test_every_reason_is_a_sentence_for_a_clinician(lexicon: Lexicon) -> None:
    """Words, not codes; and no grade of risk."""
    for entry in lexicon.entries.meanings:
        assert entry.reason[0].isupper()
        assert " " in entry.reason
        assert not any(grade in entry.reason.lower() for grade in ("high risk", "low risk", "medium risk"))
        assert entry.response is not ResponseNeeded.NONE


@pytest.mark.parametrize("phrase", ["", "(a", "a)", "{nothing}", "a? b?", "!(a b) c", "a | b)", "A", "a;b"])
def test_a_malformed_phrase_is_refused(phrase: str) -> None:
    """A lexicon that cannot be read stops the start, not the first message."""
    with pytest.raises(PhraseError):
        PhraseBook({}, {}, {}, []).compile(phrase)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """Harbour does not start without its lexicon."""
    with pytest.raises(LexiconError):
        Lexicon.load(tmp_path)
