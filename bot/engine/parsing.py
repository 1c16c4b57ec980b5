"""What a text means, by the trained pipeline alone.

Rasa ends every pipeline with a handler that obeys `/intent{"slot": ...}` typed by anyone. It is a node of
the model's graph, so leaving it out is a matter of asking the graph for the node before it: text cannot
reach the handler at all. `without_commands` is the second lock on that door.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

RANKED = 5
"""Intents kept in a ranking that is stored with the conversation."""


def parse(processor: MessageProcessor, text: str) -> dict[str, Any]:
    """The intent, its confidence, the entities and the full ranking of `text`, in Rasa's own shape."""
    message = UserMessage(text)
    target = pipeline_end(processor)
    tracker = DialogueStateTracker("", [])
    results = processor.graph_runner.run(
        inputs={PLACEHOLDER_MESSAGE: [message], PLACEHOLDER_TRACKER: tracker}, targets=[target]
    )
    found = results[target][0].as_dict(only_output_properties=True)
    return {
        "text": text,
        "intent": {"name": None, "confidence": 0.0, **_plain(found.get("intent") or {})},
        "entities": found.get("entities") or [],
        "intent_ranking": [_plain(intent) for intent in found.get("intent_ranking") or []],
    }


def pipeline_end(processor: MessageProcessor) -> str:
    """The name of the last node of our own pipeline: the one that feeds Rasa's command handler."""
    schema = processor.model_metadata.predict_schema
    handler = schema.nodes[processor.model_metadata.nlu_target]
    if handler.uses is not RegexMessageHandler:
        raise RasaException("The model does not end in the handler that its pipeline should be cut before.")
    return str(handler.needs["messages"])


def without_commands(text: str) -> str:
    """`text` without the slashes that would make Rasa, or anyone reading its data, take it for a command.

    Whatever cannot be seen before a slash (spaces, controls, zero-width marks) goes with it, and a character
    that Unicode calls compatible with a slash counts as one.
    """
    start = 0
    for index, character in enumerate(text):
        if "/" in unicodedata.normalize("NFKC", character)[:1]:
            start = index + 1
        elif unicodedata.category(character)[0] not in "ZCM":
            break
    return text[start:].strip()


def _plain(intent: dict[str, Any]) -> dict[str, Any]:
    confidence = float(intent.get("confidence") or 0.0)
    return {"name": intent.get("name"), "confidence": confidence}


def shortened(parse_data: dict[str, Any]) -> dict[str, Any]:
    """The part of a parse that is worth keeping with the conversation."""
    ranking: list[dict[str, Any]] = parse_data["intent_ranking"][:RANKED]
    return {**parse_data, "intent_ranking": ranking}
