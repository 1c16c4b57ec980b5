"""What the trained model takes texts to mean.

    python -m bot.engine.understand --model MODEL < texts.jsonl

Reads lines of `{"text"}`; writes a line for each: `{"intent", "confidence", "ranking": [{"name",
"confidence"}, ...]}`, or `{"error"}` for a line that is not such an object. Ends with status 1 if there was
one of those. Nothing is kept, and a text is never a command.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.exceptions import ModelNotFound

from bot.engine import light, scrub
from bot.engine.parsing import parse, without_commands


class BadLine(ValueError):
    """A line of input that is not an object with a text."""


def main() -> int:
    """Read standard input, write standard output. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--model", type=Path, required=True, help="an archive, or a folder whose latest is taken"
    )
    model: Path = parser.parse_args().model
    output = _only_ours_on_standard_output()
    try:
        processor = _load(model)
    except ModelNotFound as error:
        print(error, file=sys.stderr)
        return 2
    scrub.seal()
    failed = False
    for line in sys.stdin:
        answer = _understand(processor, line)
        failed = failed or "error" in answer
        print(json.dumps(answer, ensure_ascii=False), file=output, flush=True)
    return int(failed)


def _load(model: Path) -> MessageProcessor:
    if light.needs_tensorflow(model):
        light.bring_back()
    else:
        light.read_models_to_serve_only()
    processor = Agent.load(str(model)).processor
    if processor is None:
        raise ModelNotFound(f"No model can be loaded from {model}.")
    return processor


def _understand(processor: MessageProcessor, line: str) -> dict[str, Any]:
    try:
        parsed = parse(processor, without_commands(_text(line)))
    except BadLine as error:
        return {"error": str(error)}
    intent = parsed["intent"]
    return {
        "intent": intent["name"],
        "confidence": intent["confidence"],
        "ranking": parsed["intent_ranking"],
    }


def _text(line: str) -> str:
    try:
        found = json.loads(line)
    except ValueError:
        raise BadLine("not JSON") from None
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str):
        raise BadLine("not an object with a text")
    return text


def _only_ours_on_standard_output() -> Any:
    """Rasa prints where it likes. Keep the real standard output for answers and send the rest to the errors."""
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return ours


if __name__ == "__main__":
    sys.exit(main())
