"""Which intent a text has: one small linear model that answers in a fraction of a millisecond.

It takes the place of Rasa's tokeniser, its two count featurisers and its logistic regression, which do the
same in six milliseconds and load scikit-learn to do it. Training is logistic regression, one label against
the rest, on TF-IDF weighted pieces of text; the softmax of their scores is calibrated by temperature (Guo et
al. 2017, "On calibration of modern neural networks") on examples held out from fitting.
"""

from __future__ import annotations

import json
from collections import Counter
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
from bot.engine.ngrams import pieces


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentModel(IntentClassifier, GraphComponent):
    """Rasa's name for this in config.yml is `bot.engine.intents.IntentModel`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`inverse_regularisation`: higher trusts the examples more. `ranking_length`: intents reported."""
        return {"inverse_regularisation": 20.0, "ranking_length": 10}

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
            texts = [pieces(each.get(TEXT)) for each in examples]
            labels = [each.get(INTENT) for each in examples]
            self._fitted = fit(texts, labels, self._config["inverse_regularisation"])
            self._keep(self._fitted)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classify the examples themselves, as later components expect."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each message its most likely intent and a ranking."""
        for message in messages:
            ranking = self._rank(pieces(message.get(TEXT) or ""))
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _rank(self, counted: Counter[str]) -> list[dict[str, Any]]:
        if self._fitted is None:
            return [{"name": None, "confidence": 0.0}]
        shares = scores(self._fitted, counted)
        order = np.argsort(-shares, kind="stable")
        return [{"name": self._fitted.labels[at], "confidence": float(shares[at])} for at in order]

    def _keep(self, fitted: Fitted) -> None:
        with self._storage.write_to(self._resource) as folder:
            words = {"labels": fitted.labels, "vocabulary": list(fitted.vocabulary)}
            (folder / "words.json").write_text(json.dumps(words), encoding="utf-8")
            np.savez(folder / "numbers.npz", weights=fitted.weights, bias=fitted.bias, rarity=fitted.rarity)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa's signature
        **_: Any,
    ) -> IntentModel:
        """Read back what `train` kept."""
        try:
            with model_storage.read_from(resource) as folder:
                words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
                with np.load(folder / "numbers.npz", allow_pickle=False) as numbers:
                    vocabulary = {piece: at for at, piece in enumerate(words["vocabulary"])}
                    fitted = Fitted(
                        words["labels"], vocabulary, numbers["rarity"], numbers["weights"], numbers["bias"]
                    )
        except ValueError:
            return cls(config, model_storage, resource)  # trained without examples
        return cls(config, model_storage, resource, fitted)
