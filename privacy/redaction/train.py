"""Trains the model of names: `python -m privacy.redaction.train`. Takes a few minutes on one core."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterable
from typing import Final

from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed

from privacy.redaction.engine import WORD
from privacy.redaction.tagger import as_doc, blank, people, save_tagger
from privacy.redaction.training.sentences import Message, messages

SEED: Final = 20240229
NAMED: Final = 22_000
UNNAMED: Final = 30_000
HELD_OUT: Final = 4_000
EPOCHS: Final = 4
BATCH: Final = 128


def main() -> None:
    """Train, say how it does on sentences it has not seen, and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    fix_random_seed(SEED)
    tagger = train(options.epochs)
    save_tagger(tagger)
    print(report(tagger, messages(SEED + 1, HELD_OUT // 2, HELD_OUT // 2)))


def train(epochs: int) -> Language:
    """A network trained on our own sentences."""
    tagger = blank()
    examples = [example(tagger, message) for message in messages(SEED, NAMED, UNNAMED)]
    optimizer = tagger.initialize(lambda: examples[:500])
    for epoch in range(epochs):
        began = time.perf_counter()
        losses: dict[str, float] = {}
        random.Random(epoch).shuffle(examples)  # noqa: S311 - an order is no secret
        optimizer.learn_rate = 0.002 if epoch < epochs - 2 else 0.0005
        for first in range(0, len(examples), BATCH):
            tagger.update(examples[first : first + BATCH], sgd=optimizer, losses=losses, drop=0.25)
        print(f"epoch {epoch + 1}: loss {losses['ner']:.0f}, {time.perf_counter() - began:.0f} s", flush=True)
    return tagger


def example(tagger: Language, message: Message) -> Example:
    """A message as spaCy learns from it."""
    words, spans = spans_in_words(message)
    tags = ["O"] * len(words)
    for start, end in spans:
        tags[start:end] = _biluo(end - start)
    return Example.from_dict(as_doc(tagger, words), {"entities": tags})


def spans_in_words(message: Message) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of a message, and the names' places counted in words; a word that a name touches is its."""
    text, spans = message
    matches = list(WORD.finditer(text))
    in_words = []
    for start, end in spans:
        touched = [
            place for place, match in enumerate(matches) if match.start() < end and start < match.end()
        ]
        in_words.append((touched[0], touched[-1] + 1))
    return [match.group() for match in matches], in_words


def report(tagger: Language, unseen: Iterable[Message]) -> str:
    """Recall and precision over whole names in `unseen` messages of the same making."""
    right = wanted = claimed = 0
    for message in unseen:
        words, spans = spans_in_words(message)
        found = set(people(tagger, words))
        right, wanted, claimed = right + len(found & set(spans)), wanted + len(spans), claimed + len(found)
    return f"unseen sentences: recall {right / wanted:.3f}, precision {right / max(claimed, 1):.3f}"


def _biluo(length: int) -> list[str]:
    if length == 1:
        return ["U-PERSON"]
    return ["B-PERSON", *["I-PERSON"] * (length - 2), "L-PERSON"]


if __name__ == "__main__":
    main()
