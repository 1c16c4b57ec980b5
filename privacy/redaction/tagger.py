"""The small network that tells names from words by what stands around them.

spaCy's transition-based NER over a convolutional encoder (Honnibal and Montani, 2017; hash embeddings after
Svenstrup et al., 2017). Besides its letters, each word brings what the name lists say of it, so a name that the
network never saw is still known for a name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from privacy.redaction.gazetteer import is_ordinary, lexicon
from privacy.redaction.recognisers.words import bare

MODEL: Final = Path(__file__).parent / "model" / "person.bin"
DIGEST: Final = MODEL.with_suffix(".sha256")
_LEFT_OUT: Final = ["tokenizer", "vocab"]
_NER: Final = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 48,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": "spacy.MultiHashEmbed.v2",
                "width": 64,
                "attrs": ["NORM", "PREFIX", "SUFFIX", "TAG"],
                "rows": [6000, 600, 1200, 100],
                "include_static_vectors": False,
            },
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": 64,
                "depth": 3,
                "window_size": 1,
                "maxout_pieces": 2,
            },
        },
    }
}


class ModelChanged(Exception):
    """The model's file is not the one whose SHA-256 stands beside it."""


def blank() -> Language:
    """The network before it has learnt anything."""
    tagger = spacy.blank("en")
    tagger.add_pipe("ner", config=_NER)
    return tagger


def load_tagger() -> Language:
    """The trained network. Raises `ModelChanged` if its file is not the one that was reviewed."""
    content = MODEL.read_bytes()
    if hashlib.sha256(content).hexdigest() != DIGEST.read_text(encoding="ascii").split()[0]:
        raise ModelChanged(f"{MODEL.name} does not match {DIGEST.name}.")
    return blank().from_bytes(content, exclude=_LEFT_OUT)


def save_tagger(tagger: Language) -> None:
    """Keep the network and its SHA-256."""
    content = tagger.to_bytes(exclude=_LEFT_OUT)
    MODEL.write_bytes(content)
    DIGEST.write_text(f"{hashlib.sha256(content).hexdigest()}  {MODEL.name}\n", encoding="ascii")


def as_doc(tagger: Language, words: list[str]) -> Doc:
    """`words` as the network reads them."""
    return Doc(
        tagger.vocab,
        words=[_spelling(word) for word in words],
        tags=[standing(word) for word in words],
    )


def _spelling(word: str) -> str:
    """A word of the lists, or of four letters at most, as it is; of any other the first letter and the last three.

    spaCy keeps every spelling that it reads for as long as it lives: names that are in no list must not stay in
    memory, nor may the memory grow with what people type.
    """
    plain = word.replace("'", "") or word
    if len(plain) <= 4 or any(plain in lexicon(name) for name in _KNOWN):
        return plain
    return f"{plain[0]}~{plain[-3:]}"


def people(tagger: Language, words: list[str]) -> Iterator[tuple[int, int]]:
    """The places [start, end) of the names among `words`, lower-cased."""
    ents: Iterable[object] = tagger(as_doc(tagger, words)).ents if words else ()
    for ent in ents:
        yield ent.start, ent.end  # type: ignore[attr-defined]


def standing(word: str) -> str:
    """What the lists say of `word`: one letter for each list that has it, `?` if none does."""
    word = bare(word)
    if not word[:1].isalpha():
        return "0" if word[:1].isdigit() else "."
    found = "".join(letter for letter, name in _LISTS if word in lexicon(name))
    return (found + ("O" if is_ordinary(word) else "")) or "?"


_LISTS: Final = (
    ("N", "given_names"),
    ("W", "given_names_that_are_words"),
    ("S", "surnames"),
    ("P", "places"),
    ("Q", "places_that_are_words"),
    ("F", "function_words"),
)
_KNOWN: Final = ("words", *(name for _, name in _LISTS))
