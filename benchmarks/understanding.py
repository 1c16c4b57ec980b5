"""What Rasa understands of what people write, beside Rasa's default pipeline, trained in the same run.

    .venv/rasa/bin/python -m benchmarks.understanding [--peer] [--folds N] [--peer-folds N] [--thresholds]

Trains the pipeline of config.yml on data/nlu and asks it what the messages in benchmarks/messages/intents_test.txt
mean, which were written apart and never looked at when the examples and the model were made; then does the same by
cross-validation on the examples. `--peer` trains Rasa's default pipeline (DIET, 100 epochs) beside it, which takes many
minutes on a machine without a GPU. `--thresholds` instead prints how other thresholds of the FallbackClassifier would
do on intents_tune.txt and intents_outside.txt, where they were chosen.

Of each: macro-F1 of the likeliest intent, before any threshold; how often the bot answers rightly, answers wrongly or
asks again, with the thresholds; how many messages that mean nothing to it are noticed (asked about, or taken for
`out_of_scope` or `other_language`); the expected calibration error; and the time a message takes, one after another.
Shares have 95% Wilson intervals, F1 a bootstrap's.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import yaml  # type: ignore[import-untyped]  # its types are not in Rasa's environment

import bot.engine  # noqa: F401  # before Rasa, as it demands
from benchmarks.intervals import shown

ROOT: Final = Path(__file__).resolve().parents[1]
MESSAGES: Final = ROOT / "benchmarks" / "messages"
FALLBACK: Final = "nlu_fallback"
ELSEWHERE: Final = {FALLBACK, "out_of_scope", "other_language"}
PEER: Final[dict[str, Any]] = {
    "recipe": "default.v1",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
}
"""What `rasa init` writes, without the parts that do not concern intents."""
_BINS: Final = 15

Example = tuple[str, str]
"""An intent, and a text that has it."""


@dataclass
class Told:
    """What a pipeline said: `likeliest` and its `confidence` before the thresholds, `margins`, and the `answers`."""

    wanted: list[str] = field(default_factory=list)
    likeliest: list[str] = field(default_factory=list)
    confidence: list[float] = field(default_factory=list)
    margins: list[float] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def add(self, wanted: str, parsed: dict[str, Any], milliseconds: float) -> None:
        """Remember one message."""
        ranked = [each for each in parsed["intent_ranking"] if each["name"] != FALLBACK]
        first, second = [*ranked, {"name": "", "confidence": 0.0}, {"confidence": 0.0}][:2]
        self.wanted.append(wanted)
        self.likeliest.append(first["name"])
        self.confidence.append(float(first["confidence"]))
        self.margins.append(float(first["confidence"]) - float(second["confidence"]))
        self.answers.append(parsed["intent"]["name"] or FALLBACK)
        self.milliseconds.append(milliseconds)

    def right(self) -> np.ndarray[Any, Any]:
        """Whether each likeliest intent is the wanted one."""
        return np.array([a == b for a, b in zip(self.likeliest, self.wanted, strict=True)])


def examples() -> list[Example]:
    """All of data/nlu, in the order of its files."""
    return [
        (item["intent"], line.removeprefix("- "))
        for file in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for item in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]
        for line in item["examples"].splitlines()
    ]


def labelled(name: str) -> list[Example]:
    """Lines of `intent|text`."""
    lines = (MESSAGES / name).read_text(encoding="utf-8").splitlines()
    return [(intent, text) for intent, bar, text in (line.partition("|") for line in lines) if bar]


def outside() -> list[Example]:
    """Messages that mean nothing to the bot."""
    lines = (MESSAGES / "intents_outside.txt").read_text(encoding="utf-8").splitlines()
    return [(FALLBACK, line) for line in lines if line.strip()]


class Trained:
    """A pipeline, trained by Rasa on examples and asked through Rasa's graph, as the engine asks."""

    def __init__(self, config: dict[str, Any], learned: Iterable[Example], folder: Path) -> None:
        from rasa.core.agent import Agent
        from rasa.model_training import train_nlu

        (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        (folder / "nlu.yml").write_text(yaml.safe_dump(_as_rasa_reads(learned)), encoding="utf-8")
        began = time.perf_counter()
        made = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
        self.seconds = time.perf_counter() - began
        processor = Agent.load(made).processor if made else None
        if processor is None:
            raise RuntimeError("Rasa trained no model.")
        self._processor = processor

    def told(self, messages: Iterable[Example]) -> Told:
        """Ask what each message means, one after another."""
        from bot.engine.parsing import parse, without_commands

        told = Told()
        for wanted, text in messages:
            began = time.perf_counter()
            parsed = parse(self._processor, without_commands(text))
            told.add(wanted, parsed, 1000 * (time.perf_counter() - began))
        return told


def _as_rasa_reads(learned: Iterable[Example]) -> dict[str, Any]:
    by_intent: dict[str, list[str]] = {}
    for intent, text in learned:
        by_intent.setdefault(intent, []).append(f"- {text}")
    return {
        "version": "3.1",
        "nlu": [{"intent": name, "examples": "\n".join(texts)} for name, texts in by_intent.items()],
    }


def train(config: dict[str, Any], learned: Iterable[Example]) -> Trained:
    """Train in a folder that is gone afterwards."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    with tempfile.TemporaryDirectory() as folder:
        return Trained(config, learned, Path(folder))


def cross_validated(config: dict[str, Any], known: Sequence[Example], folds: int) -> Told:
    """What is said of each example by a pipeline that has not seen its fold. The folds are drawn by intent."""
    turn = np.random.default_rng(0)
    seen: dict[str, itertools.cycle[int]] = {}
    fold_of = np.zeros(len(known), int)
    for place in turn.permutation(len(known)):
        fold_of[place] = next(seen.setdefault(known[place][0], itertools.cycle(range(folds))))
    told = Told()
    for fold in range(folds):
        trained = train(config, [each for each, at in zip(known, fold_of, strict=True) if at != fold])
        part = trained.told([each for each, at in zip(known, fold_of, strict=True) if at == fold])
        for name, values in vars(part).items():
            getattr(told, name).extend(values)
    return told


def macro_f1(wanted: Sequence[str], likeliest: Sequence[str]) -> float:
    """The mean over the wanted intents of each one's F1."""
    found = []
    for intent in set(wanted):
        both = sum(a == b == intent for a, b in zip(wanted, likeliest, strict=True))
        found.append(2 * both / (wanted.count(intent) + likeliest.count(intent)))
    return float(np.mean(found))


def f1_shown(told: Told, draws: int = 300) -> str:
    """Macro-F1 in percent with a bootstrap's 95% interval."""
    chance = np.random.default_rng(0)
    scores = []
    for _ in range(draws):
        drawn = chance.integers(len(told.wanted), size=len(told.wanted))
        scores.append(macro_f1([told.wanted[at] for at in drawn], [told.likeliest[at] for at in drawn]))
    low, high = np.percentile(scores, [2.5, 97.5])
    return f"{100 * macro_f1(told.wanted, told.likeliest):5.1f} ({100 * low:4.1f} to {100 * high:5.1f})"


def calibration_error(told: Told) -> float:
    """The expected calibration error (Naeini, Cooper and Hauskrecht 2015), in fifteen bins."""
    confidence, right = np.array(told.confidence), told.right()
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(right[bins == each].mean() - confidence[bins == each].mean()) * (bins == each).mean()
        for each in set(bins)
    ]
    return float(sum(gaps))


def print_understood(title: str, told: Told) -> None:
    """How labelled messages were taken."""
    count = len(told.wanted)
    pairs = list(zip(told.wanted, told.answers, strict=True))
    right = sum(wanted == answer for wanted, answer in pairs)
    asked = sum(answer == FALLBACK for _, answer in pairs)
    print(f"\n{title}: {count} messages")
    print(f"  macro-F1 of the likeliest intent    {f1_shown(told)}")
    print(f"  accuracy of the likeliest intent    {shown(int(told.right().sum()), count)}")
    print(f"  answered rightly                    {shown(right, count)}")
    print(f"  asked again                         {shown(asked, count)}")
    print(f"  answered wrongly                    {shown(count - right - asked, count)}")
    print(f"  expected calibration error          {100 * calibration_error(told):5.1f}")
    p50, p95, p99 = np.percentile(told.milliseconds, [50, 95, 99])
    print(f"  ms a message                        p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f}", flush=True)


def print_outside(told: Told) -> None:
    """How messages that mean nothing to the bot were taken."""
    count = len(told.answers)
    print(f"\nmeaning nothing to the bot: {count} messages")
    print(f"  asked about                         {shown(told.answers.count(FALLBACK), count)}")
    print(
        f"  asked about, or out of scope        {shown(sum(a in ELSEWHERE for a in told.answers), count)}",
        flush=True,
    )


def print_pipeline(name: str, config: dict[str, Any], known: Sequence[Example], folds: int) -> None:
    """Everything about one pipeline."""
    print(f"\n== {name}")
    trained = train(config, known)
    seen = {text.casefold() for _, text in known}
    written = labelled("intents_test.txt")
    apart = [each for each in written if each[1].casefold() not in seen]
    print(
        f"trained on {len(known)} examples of {len({i for i, _ in known})} intents in {trained.seconds:.0f} s"
    )
    print_understood("written apart", trained.told(written))
    print_understood("of these, no example word for word", trained.told(apart))
    print_outside(trained.told(outside()))
    if folds:
        print_understood(f"{folds}-fold cross-validation", cross_validated(config, known, folds))


def print_thresholds(config: dict[str, Any], known: Sequence[Example]) -> None:
    """What other thresholds would do, in percent: answered rightly, wrongly, asked; and noticed of the outside."""
    trained = train(config, known)
    inside, strange = trained.told(labelled("intents_tune.txt")), trained.told(outside())
    print(f"tune: macro-F1 {f1_shown(inside)}, calibration error {100 * calibration_error(inside):.1f}")
    print("threshold  margin   right   wrong   asked   noticed")
    for threshold, margin in itertools.product((0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6), (0.0, 0.05, 0.1, 0.15)):
        kept, right = _kept(inside, threshold, margin), inside.right()
        passed = [a not in ELSEWHERE for a in strange.likeliest] & _kept(strange, threshold, margin)
        figures = (kept & right).mean(), (kept & ~right).mean(), (~kept).mean(), 1 - passed.mean()
        print(f"{threshold:9.2f}{margin:8.2f}" + "".join(f"{100 * each:8.1f}" for each in figures))


def _kept(told: Told, threshold: float, margin: float) -> np.ndarray[Any, Any]:
    return (np.array(told.confidence) >= threshold) & (np.array(told.margins) >= margin)


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", action="store_true", help="Rasa's default pipeline as well")
    parser.add_argument("--folds", type=int, default=5, help="of the cross-validation; 0: none")
    parser.add_argument("--peer-folds", type=int, default=0, help="the same for the peer")
    parser.add_argument("--thresholds", action="store_true", help="only choose thresholds")
    asked = parser.parse_args()
    ours = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    if asked.thresholds:
        print_thresholds(ours, examples())
        return
    print_pipeline("Harbour", ours, examples(), asked.folds)
    if asked.peer:
        print_pipeline("Rasa's default pipeline (DIET)", PEER, examples(), asked.peer_folds)


if __name__ == "__main__":
    main()
