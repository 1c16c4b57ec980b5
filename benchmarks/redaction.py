"""Measures the redactor: recall and precision on labelled chat, false alarms on clean text, time a message.

    python -m benchmarks.redaction FOLDER [--show]

FOLDER holds `pii_dev.jsonl` and, where there are any, `negatives_chat.jsonl`, `negatives_distress.jsonl` and
`tweets_names.jsonl`, as its README describes. `--show` prints every miss and false alarm of `pii_dev.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from privacy.redaction import Entity, Redactor


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    began = time.perf_counter()
    redactor = Redactor.load()
    redactor.redact("first call")
    print(f"load {time.perf_counter() - began:.2f} s")
    labelled(redactor, read(options.folder / "pii_dev.jsonl"), options.show)
    for name in ("negatives_chat", "negatives_distress"):
        if (path := options.folder / f"{name}.jsonl").exists():
            clean(redactor, name, [row["text"] for row in read(path)])
    if (path := options.folder / "tweets_names.jsonl").exists():
        tweets(redactor, read(path), lower=False)
        tweets(redactor, read(path), lower=True)


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def covered(start: int, end: int, entities: tuple[Entity, ...], text: str) -> bool:
    """Whether every letter and digit of [start, end) lies in some entity, whatever its label."""
    hidden = {place for entity in entities for place in range(entity.start, entity.end)}
    return all(place in hidden for place in range(start, end) if text[place].isalnum())


@dataclass
class Tally:
    """What was found of what was wanted."""

    total: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    claimed: int = 0
    sound: int = 0
    clean: int = 0
    touched: int = 0
    whole: int = 0

    def add(self, row: dict[str, Any], entities: tuple[Entity, ...]) -> list[str]:
        """Count one message; what to show of it."""
        text, wanted = row["text"], row["entities"]
        spans = {(entity.start, entity.end, entity.label) for entity in entities}
        misses = [want for want in wanted if not covered(want["start"], want["end"], entities, text)]
        false = [e for e in entities if not any(e.start < w["end"] and w["start"] < e.end for w in wanted)]
        for want in wanted:
            self.total[want["label"]] += 1
            self.found[want["label"]] += want not in misses
            self.exact[want["label"]] += (want["start"], want["end"], want["label"]) in spans
        self.claimed += len(entities)
        self.sound += len(entities) - len(false)
        self.clean += not wanted
        self.touched += not wanted and bool(entities)
        self.whole += bool(wanted) and not misses
        shown = [
            f"missed {want['label']} {text[want['start'] : want['end']]!r} in {text!r}" for want in misses
        ]
        return shown + [f"false {e.label} {text[e.start : e.end]!r} in {text!r}" for e in false]


def labelled(redactor: Redactor, rows: list[dict[str, Any]], show: bool) -> None:
    """Recall by label (wholly covered, whatever the label), exact labels, precision, clean messages touched."""
    tally = Tally()
    for row in rows:
        for line in tally.add(row, redactor.redact(row["text"]).entities):
            if show:
                print(f"  {line}")
    wanted = tally.total.total()
    print(f"\nlabelled: {len(rows)} messages")
    for label in sorted(tally.total):
        print(f"  {label:14} {tally.found[label]:3}/{tally.total[label]:<3} exact {tally.exact[label]}")
    print(
        f"  recall {tally.found.total() / wanted:.3f}, exact span and label {tally.exact.total() / wanted:.3f}"
    )
    print(f"  precision {tally.sound / max(tally.claimed, 1):.3f}")
    print(f"  clean messages touched {tally.touched}/{tally.clean}")
    print(f"  messages left wholly clean {tally.whole}/{len(rows) - tally.clean}")


def clean(redactor: Redactor, name: str, texts: list[str]) -> None:
    """How many messages that should hold few identifiers are touched, by label, and the time each takes."""
    times, touched, labels = [], 0, Counter[str]()
    for text in texts:
        began = time.perf_counter()
        entities = redactor.redact(text).entities
        times.append(time.perf_counter() - began)
        touched += bool(entities)
        labels.update({entity.label for entity in entities})
    ordered = sorted(times)
    print(
        f"\n{name}: {len(texts)} messages, touched {touched / len(texts):.3f}: {dict(labels.most_common())}"
    )
    print(
        f"  p50 {statistics.median(ordered) * 1e3:.2f} ms  p95 {ordered[int(len(ordered) * 0.95)] * 1e3:.2f} ms"
    )


def tweets(redactor: Redactor, rows: list[dict[str, Any]], lower: bool) -> None:
    """PERSON recall, and PERSON false alarms on the tweets that name nothing."""
    hit = total = alarms = bare = 0
    for row in rows:
        text = row["text"].lower() if lower and len(row["text"].lower()) == len(row["text"]) else row["text"]
        entities = redactor.redact(text).entities
        for want in row["entities"]:
            if want["label"] == "PERSON":
                total += 1
                hit += covered(want["start"], want["end"], entities, text)
        if not row["entities"]:
            bare += 1
            alarms += any(entity.label == "PERSON" for entity in entities)
    case = " in lower case" if lower else ""
    print(
        f"\ntweets{case}: PERSON recall {hit / total:.3f}, false alarms {alarms / bare:.3f} of {bare} clean"
    )


if __name__ == "__main__":
    main()
