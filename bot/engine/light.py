"""Serving without TensorFlow.

Rasa imports TensorFlow and scikit-learn whenever it starts, through three modules of helpers for training
neural networks. Our model has none, and the import is most of the time to start and most of the memory. When
the engine is started by its own command (`python -m bot.engine`), those three are replaced by empty ones with
the same names, until a model turns up that needs them.
"""

from __future__ import annotations

import importlib
import json
import sys
import tarfile
from pathlib import Path
from types import ModuleType
from typing import Any

_HELPERS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.utils.tensorflow.model_data": (
        "RasaModelData",
        "Data",
        "FeatureSignature",
        "FeatureArray",
        "ragged_array_to_ndarray",
    ),
}
_USERS = (
    "rasa.utils.train_utils",
    "rasa.utils.tensorflow.model_data_utils",
    "rasa.core.featurizers.tracker_featurizers",
)
_WITHOUT_TENSORFLOW = (
    "bot.engine.",
    "rasa.graph_components.",
    "rasa.core.policies.ensemble.",
    "rasa.core.policies.memoization.",
    "rasa.core.policies.rule_policy.",
    "rasa.nlu.classifiers.fallback_classifier.",
    "rasa.nlu.classifiers.keyword_intent_classifier.",
    "rasa.nlu.classifiers.regex_message_handler.",
    "rasa.nlu.tokenizers.whitespace_tokenizer.",
)


def started_by_our_command() -> bool:
    """Whether this is `python -m bot.engine...`, before Python has imported anything of Rasa's."""
    return sys.argv[:1] == ["-m"] and "rasa" not in sys.modules


def leave_out() -> None:
    """Put the empty modules in place. Rasa must not have been imported yet."""
    for name, members in _HELPERS.items():
        empty = ModuleType(name, "Stands in for Rasa's own module while no model needs it.")
        for member in members:
            setattr(empty, member, type(member, (), {}))
        sys.modules[name] = empty


def bring_back() -> None:
    """Put Rasa's own modules in place again, everywhere that has taken something from the empty ones."""
    for name in _HELPERS:
        sys.modules.pop(name, None)
    for name, members in _HELPERS.items():
        real = importlib.import_module(name)
        for user in (sys.modules[each] for each in _USERS if each in sys.modules):
            for member in members:
                if hasattr(user, member):
                    setattr(user, member, getattr(real, member))


def read_models_to_serve_only() -> None:
    """Do not import what a model was trained with: its description names every part of Rasa's own."""
    from rasa.engine.storage.storage import ModelMetadata

    original = ModelMetadata.from_dict

    def from_dict(serialised: dict[str, Any]) -> ModelMetadata:
        return original({**serialised, "train_schema": {"nodes": {}}})

    setattr(ModelMetadata, "from_dict", staticmethod(from_dict))  # noqa: B010  # a method of Rasa's is replaced


def needs_tensorflow(model: Path) -> bool:
    """Whether a trained model (an archive, or a folder whose latest is taken) has parts that may need it."""
    archives = (
        sorted(model.glob("*.tar.gz"), key=lambda each: each.stat().st_mtime) if model.is_dir() else [model]
    )
    if not archives or not archives[-1].is_file():
        return False
    with tarfile.open(archives[-1]) as archive:
        for member in archive:
            if Path(member.name).name == "metadata.json":
                content = archive.extractfile(member)
                schema = json.load(content)["predict_schema"] if content else {"nodes": {}}
                parts = [node["uses"] for node in schema["nodes"].values()]
                return not all(part.startswith(_WITHOUT_TENSORFLOW) for part in parts)
    return True
