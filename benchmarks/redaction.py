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


def labelled(redactor: Redactor, rows: list[dict[str, Any]], show: bool) -> None:
    """Recall by label (wholly covered, whatever the label), exact labels, precision, clean messages touched."""
    found, right_label, total = Counter[str](), Counter[str](), Counter[str]()
    claimed = sound = touched = clean_rows = whole = 0
    for row in rows:
        text, wanted = row["text"], row["entities"]
        entities = redactor.redact(text).entities
        misses = [want for want in wanted if not covered(want["start"], want["end"], entities, text)]
        false = [e for e in entities if not any(e.start < w["end"] and w["start"] < e.end for w in wanted)]
        for want in wanted:
            total[want["label"]] += 1
            found[want["label"]] += want not in misses
            right_label[want["label"]] += any(
                (e.start, e.end, e.label) == (want["start"], want["end"], want["label"]) for e in entities
            )
        claimed += len(entities)
        sound += len(entities) - len(false)
        clean_rows += not wanted
        touched += not wanted and bool(entities)
        whole += bool(wanted) and not misses
        if show:
            for want in misses:
                print(f"  missed {want['label']}: {text[want['start'] : want['end']]!r} in {text!r}")
            for e in false:
                print(f"  false {e.label} {e.score}: {text[e.start : e.end]!r} in {text!r}")
            for want in wanted:
                if want not in misses and not any(
                    (e.start, e.end, e.label) == (want["start"], want["end"], want["label"]) for e in entities
                ):
                    print(
                        f"  inexact {want['label']}: {text[want['start'] : want['end']]!r} as {[(text[e.start : e.end], e.label) for e in entities]}"
                    )
    print(f"\npii_dev: {len(rows)} messages")
    for label in sorted(total):
        print(f"  {label:14} {found[label]:3}/{total[label]:<3} exact {right_label[label]}")
    print(
        f"  recall {sum(found.values()) / sum(total.values()):.3f}  exact span and label {sum(right_label.values()) / sum(total.values()):.3f}  precision {sound / max(claimed, 1):.3f}"
    )
    print(
        f"  clean messages touched {touched}/{clean_rows}  messages left wholly clean {whole}/{len(rows) - clean_rows}"
    )


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
    print(
        f"\ntweets{' in lower case' if lower else ''}: PERSON recall {hit / total:.3f}, false alarms {alarms / bare:.3f} of {bare} without names"
    )


if __name__ == "__main__":
    main()
