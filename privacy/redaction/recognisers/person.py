"""People's names, from lists of names and from the words around them. Capitals are no help: phones type none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from privacy.redaction.engine import Reading
from privacy.redaction.entities import Label
from privacy.redaction.gazetteer import is_ordinary, lexicon
from privacy.redaction.recognisers.words import (
    FUNCTION_WORDS,
    RELATIONS,
    WordsRecogniser,
    bare,
    is_name,
    possessive,
)

TITLES: Final = lexicon("person_titles")
_FORMAL: Final = frozenset(
    {"dr", "mr", "mrs", "ms", "mx", "pc", "prof", "professor", "rev", "reverend", "sgt"}
)
_INTRODUCTIONS: Final = (
    ("my", "name", "is"),
    ("my", "name's"),
    ("my", "names"),
    ("name", "is"),
    ("names",),
    ("name's",),
    ("name", ":"),
    ("call", "me"),
    ("called", "me"),
    ("i'm", "called"),
    ("im", "called"),
    ("known", "as"),
    ("this", "is"),
    ("it's",),
    ("its",),
    ("i'm",),
    ("im",),
    ("i", "am"),
    ("aka",),
    ("goes", "by"),
    ("go", "by"),
    ("he's", "called"),
    ("hes", "called"),
    ("shes", "called"),
    ("she's", "called"),
    ("is", "called"),
    ("was", "called"),
)
_SURE_INTRODUCTIONS: Final = frozenset(
    {
        ("my", "name", "is"),
        ("my", "name's"),
        ("my", "names"),
        ("names",),
        ("name's",),
        ("call", "me"),
        ("i'm", "called"),
        ("im", "called"),
        ("hes", "called"),
        ("shes", "called"),
        ("is", "called"),
        ("was", "called"),
    }
)
_DEEDS: Final = lexicon("person_deeds")
_DETERMINERS: Final = lexicon("person_determiners")
_ABSTRACT: Final = lexicon("person_abstract")
_MODALS: Final = frozenset({"will", "may", "can", "hope", "long", "rich"})
_PLACES_OF_PEOPLE: Final = frozenset(
    {
        "across",
        "church",
        "college",
        "downstairs",
        "group",
        "mosque",
        "next",
        "number",
        "school",
        "uni",
        "upstairs",
        "work",
        "work's",
    }
)
_STOPS: Final = frozenset({".", ",", "!", "?", ";", ":", "\n", "-", ")", "("})
_AND: Final = frozenset({"and", "n", "&", ",", "nd", "+"})
_PEOPLE: Final = frozenset({"me", "him", "her", "us", "mum", "dad", "them", "both"}) | RELATIONS


class PersonRecogniser(WordsRecogniser):
    """Names that are nothing else, anywhere; names that are words too, and unknown words, only where the words
    around them say that a person is meant. A surname joins the name before it. Titles stay outside."""

    LABEL = Label.PERSON

    def spans(self, reading: Reading) -> Iterator[tuple[int, int, float]]:
        """Each name with its surname."""
        words, place, last = reading.words, 0, -9
        while place < len(words):
            score = self._score(reading, place, last)
            if not score:
                place += 1
                continue
            stop = self._with_surname(words, place, score)
            start, end = reading.matches[place].start(), reading.matches[stop - 1].end()
            yield start, end - possessive(words[stop - 1]), score
            place = last = stop

    def _score(self, reading: Reading, place: int, last: int) -> float:
        """How surely the word at `place` begins a name; 0 if it does not. `last` is where the last name ended."""
        words = reading.words
        word = bare(words[place])
        if len(word) < 2 or not word[0].isalpha() or word in _FORMAL:
            return 0.0
        before = words[place - 1] if place else ""
        strong = is_name(word)
        if before in _FORMAL or (before == "." and place > 1 and words[place - 2] in _FORMAL):
            return (
                0.9
                if word not in FUNCTION_WORDS
                and (strong or word in lexicon("surnames") or not is_ordinary(word))
                else 0.0
            )
        introduced = _introduced(words, place)
        if strong:
            return 0.9 if introduced or before in TITLES | RELATIONS else 0.68
        if word in FUNCTION_WORDS and word not in ("will", "may"):
            return 0.0
        if word in lexicon("given_names_that_are_words"):
            return 0.75 if self._meant(reading, place, introduced, last) else 0.0
        unknown = not is_ordinary(word) and word.isalpha() and word not in lexicon("places")
        if unknown and (
            introduced == 2
            or (introduced == 1 and words[place + 1 : place + 2] in (["here"], ["from"]))
            or (before in (TITLES | RELATIONS) and _followed_by_deed(words, place))
        ):
            return 0.75
        return 0.0

    def _meant(self, reading: Reading, place: int, introduced: int, last: int) -> bool:
        """Whether a name that is a word too stands where a person stands."""
        words = reading.words
        word, before, after = (
            bare(words[place]),
            words[place - 1] if place else "",
            words[place + 1 : place + 2],
        )
        next_word = after[0] if after else "."
        ends = next_word in _STOPS or next_word in ("and", "n", "here", "&")
        if introduced == 2 and (ends or word not in _MODALS):
            return True
        if introduced == 1 and ends and word not in _ABSTRACT:
            return True
        if before in _DETERMINERS:
            return False
        if next_word in _DEEDS and not (word in _ABSTRACT and next_word in ("is", "was")):
            return word not in _MODALS or next_word not in ("got", "get")
        if next_word == "from" and bool(_PLACES_OF_PEOPLE.intersection(words[place + 2 : place + 3])):
            return True
        if before in TITLES or before in RELATIONS:
            return word not in _MODALS or ends
        if before in _AND and place > 1 and (last == place - 1 or words[place - 2] in _PEOPLE):
            return word not in _MODALS or ends or next_word in _DEEDS
        if before in ("think", "reckon", "thinks", "bet", "suspect") and next_word in ("is", "has", "was"):
            return word not in _MODALS
        if before in ("with", "told", "rang", "texted", "messaged", "phoned") and word not in _ABSTRACT:
            return True
        return _capital_inside(reading, place) and word not in ("may", "april", "june", "august", "sunday")

    def _with_surname(self, words: list[str], place: int, score: float) -> int:
        """Where the name that begins at `place` ends: after its surname, if one follows."""
        stop = place + 1
        if words[place].endswith("'s"):
            return stop
        # After "my name is", a word that nobody knows is far more likely a surname than anything else.
        named = _introduced(words, place) == 2
        while stop < len(words) and stop - place < 3:
            word = bare(words[stop])
            surname = word in lexicon("surnames") or is_name(word) or (named and _is_unheard_of(word))
            following = words[stop + 1] if stop + 1 < len(words) else "."
            if not surname or word in FUNCTION_WORDS:
                break
            if is_ordinary(word) and not (
                following in _STOPS or following in ("and", "here") or score >= 0.9
            ):
                break
            stop += 1
        return stop


def _introduced(words: list[str], place: int) -> int:
    """2 after "my name is" and the like, 1 after "im" and the like, else 0."""
    found = 0
    for introduction in _INTRODUCTIONS:
        length = len(introduction)
        if place >= length and tuple(words[place - length : place]) == introduction:
            found = max(found, 2 if introduction in _SURE_INTRODUCTIONS else 1)
    if found == 1 and words[place - 1] in ("its", "it's", "is", "im", "i'm", "am"):
        after = words[place + 1] if place + 1 < len(words) else "."
        return (
            1
            if after in _STOPS
            or after in ("and", "here", "from", "again", "x", "xx")
            or is_name(after)
            or after in lexicon("surnames")
            else 0
        )
    return found


def _is_unheard_of(word: str) -> bool:
    return len(word) > 2 and word.isalpha() and not is_ordinary(word) and word not in lexicon("places")


def _followed_by_deed(words: list[str], place: int) -> bool:
    after = words[place + 1] if place + 1 < len(words) else "."
    return after in _DEEDS or after in _STOPS or after in ("is", "was", "has", "and", "n", "who", "had")


def _capital_inside(reading: Reading, place: int) -> bool:
    """Whether a word inside a sentence begins with the only kind of capital that a careful writer puts there."""
    if not reading.cased or not place or not reading.words[place - 1][0].isalpha():
        return False
    start = reading.matches[place].start()
    return reading.text[start].isupper() and not reading.text[start : reading.matches[place].end()].isupper()
