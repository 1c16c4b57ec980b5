"""Which intent a text has: told by what it means and by how it is written, in a few milliseconds.

The meaning is MiniLM's vector of the sentence, which knows words that no example holds; the writing is words, pairs
of words and runs of letters, which know this project's own words and forgive spelling. Serving needs NumPy and
onnxruntime alone; scipy is imported when the model is trained.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.fitting import Fitted, fit, scores
from bot.engine.ngrams import as_read, pieces
from encoder.sentences import SentenceEncoder

_NUMBERS = ("rarity", "weights", "vectors", "pulls", "bias")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentModel(IntentClassifier, GraphComponent):
    """Rasa's name for this in config.yml is `bot.engine.intents.IntentModel`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`inverse_regularisation`: higher trusts the examples more. `ranking_length`: intents reported."""
        return {"inverse_regularisation": 2.0, "ranking_length": 10}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, fitted: Fitted | None = None
    ) -> None:
        """Hold a fitted model, or none yet."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._fitted = fitted

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa's signature
    ) -> IntentModel:
        """Make a model that is yet to be trained."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model to the examples and keep it."""
        examples = [each for each in training_data.intent_examples if each.get(INTENT) and each.get(TEXT)]
        if examples:
            texts = [str(each.get(TEXT)) for each in examples]
            labels = [each.get(INTENT) for each in examples]
            vectors = self._encoder.embed_all([as_read(text) for text in texts])
            trust = self._config["inverse_regularisation"]
            self._fitted = fit([pieces(text) for text in texts], vectors, labels, trust)
            self._keep(self._fitted)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classify the examples themselves, as later components expect."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message its most likely intent and a ranking."""
        for message in messages:
            ranking = self._rank(message.get(TEXT) or "")
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    @cached_property
    def _encoder(self) -> SentenceEncoder:
        return SentenceEncoder.load()

    def _rank(self, text: str) -> list[dict[str, Any]]:
        if self._fitted is None or not text.strip():
            return [{"name": None, "confidence": 0.0}]
        shares = scores(self._fitted, pieces(text), self._encoder.embed(as_read(text)))
        order = np.argsort(-shares, kind="stable")
        return [{"name": self._fitted.labels[at], "confidence": float(shares[at])} for at in order]

    def _keep(self, fitted: Fitted) -> None:
        with self._storage.write_to(self._resource) as folder:
            words = {"labels": fitted.labels, "vocabulary": list(fitted.vocabulary), "heat": fitted.heat}
            (folder / "words.json").write_text(json.dumps(words), encoding="utf-8")
            np.savez(folder / "numbers.npz", **{name: getattr(fitted, name) for name in _NUMBERS})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa's signature
        **_: Any,
    ) -> IntentModel:
        """Read back what `train` kept. Raises `ModelChanged` when the network is not the reviewed one."""
        try:
            with model_storage.read_from(resource) as folder:
                words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
                with np.load(folder / "numbers.npz", allow_pickle=False) as kept:
                    numbers = {name: kept[name] for name in _NUMBERS}
        except ValueError:
            return cls(config, model_storage, resource)  # trained without examples
        vocabulary = {piece: at for at, piece in enumerate(words["vocabulary"])}
        fitted = Fitted(labels=words["labels"], vocabulary=vocabulary, heat=words["heat"], **numbers)
        model = cls(config, model_storage, resource, fitted)
        model._encoder.embed("")  # loaded now, so that the first person to write need not wait
        return model
