"""Faults on demand: makes a named step of Harbour or Rasa fail, with the patient's words in the exception.

Python imports a module of this name at its start, so the hunt puts this folder on PYTHONPATH of the processes
that it starts; nothing of the system itself knows of it. Which step fails now stands in the file that
LEAKS_FAULT_FILE names. An exception carries the words in its message, its arguments, its notes and its locals, as
the worst library would. With the fault ``chatty``, nothing fails, but every step logs, warns and complains.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import inspect
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

STEPS = {
    "admit": "bot.journey:clean",
    "limits": "bot.admission:Admission.too_fast",
    "pseudonym": "privacy.pseudonym:Pseudonyms.of",
    "print rights": "harbour.commands.rights:_print",
    "recall": "bot.intake:Intake.recall",
    "screening step": "bot.screening_step:ScreeningStep.screen",
    "screen": "bot.safety.screen:Screen._screen",
    "redact": "privacy.redaction.redactor:Redactor.redact",
    "find identifiers": "privacy.redaction.redactor:Redactor._found",
    "record": "bot.intake:Intake.record",
    "record reasons": "bot.intake:kept_reasons",
    "store": "store.conversations:extend",
    "route": "bot.dialogue:Dialogue.replies",
    "ask rasa": "bot.rasa_client:RasaClient.say",
    "interrupt rasa": "bot.rasa_client:RasaClient.interrupt",
    "action": "rasa_sdk.executor:ActionExecutor.run",
    "safety conversation": "bot.safety_conversation:SafetyConversation.reply",
    "respond": "bot.thread:Thread.say",
    "tally": "bot.tally:Tally.close",
    "read form": "bot.channels.web.chat:ChatPages._delivery",
    "page": "bot.channels.web.chat:ChatPages._answered",
    "messages": "bot.channels.web.templates:Templates.messages",
    "stream": "bot.channels.web.stream:LivePages._event",
    "read contact": "bot.channels.web.contact:checked",
    "share contact": "bot.channels.web.contact:ContactPages._share",
    "seal": "privacy.vault:Vault.seal",
    "unseal": "privacy.vault:Vault.unseal",
    "my data": "bot.my_data:MyData._contact",
    "correct": "bot.corrections:Corrections.note",
    "erase": "store.erasure:Eraser.erase",
    "reveal": "clinic.web.contact_pages:reveal",
    "revealed": "clinic.web.inbox_pages:InboxPages.thread_page",
    "inbox": "clinic.web.inbox_pages:InboxPages._thread",
    "clinician replies": "clinic.handover:_cleaned",
    "rasa reads": "bot.engine.channel:_body",
    "rasa understands": "bot.engine.turn:parse",
    "rasa understands a line": "bot.engine.understand:parse",
    "rasa decides": "bot.engine.turn:_run",
    "rasa answers": "bot.engine.output:CollectedReplies.send_response",
    "rasa keeps": "bot.engine.tracker_store:DurableTrackerStore.save",
}
FULL_DISK = "full disk"
CHATTY = "chatty"

_FILE = os.environ.get("LEAKS_FAULT_FILE", "")
_last = ["nothing yet"]


def fault() -> str:
    """The name of the step that must fail now, or an empty text."""
    try:
        with open(_FILE, encoding="utf-8") as file:  # noqa: PTH123 - nothing else need be imported this early
            return file.read().strip()
    except OSError:
        return ""


def words(args: Iterable[Any], kwargs: Mapping[str, Any]) -> str:
    """Whatever a call was given that a patient may have typed."""
    given = [*args, *kwargs.values()]
    found = [value for value in given if isinstance(value, str)]
    for value in given:
        for name in ("text", "typed", "kept", "body", "answered", "value"):
            found += (
                [str(getattr(value, name))] if isinstance(getattr(value, name, None), str | bytes) else []
            )
        found += [repr(value)] if isinstance(value, dict | list | tuple) else []
    if any(len(text) > 8 for text in found):
        _last[0] = " | ".join(found)
    return _last[0]


def fail(step: str, said: str) -> NoReturn:
    """Raise, in one of the ways in which libraries do."""
    if step == FULL_DISK:
        from sqlalchemy.exc import OperationalError

        raise OperationalError(f"INSERT {said}", {"text": said}, Exception(f"disk is full at {said}"))
    error = ValueError(f"{step} failed on {said!r}", said, {"text": said})
    error.add_note(said)
    raise error from KeyError(said)


def chatter(said: str) -> None:
    """Say it everywhere where a library could."""
    logger = logging.getLogger("some.library")
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logger.log(level, "it said %s", said, extra={"text": said}, stack_info=True)
    logger.error("badly written %d %d", said)  # noqa: PLE1206 - on purpose
    logger.warning({"text": said})
    logging.getLogger("uvicorn.error").info("read %s", said)
    logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', said, "GET", said, "1.1", 200)
    logging.getLogger("spacy").warning("odd: %s", said)
    logging.getLogger(said.replace(".", " ")[:60]).error("a logger of that name")
    warnings.warn(f"odd: {said}", UserWarning, stacklevel=2)
    _through_structlog(said)
    try:
        raise ValueError(said)
    except ValueError:
        logger.exception("failed: %s", said)
    threading.Thread(target=_raise, args=(said,), name=said).start()
    _Complains(said)


def _through_structlog(said: str) -> None:
    try:
        import structlog
    except ImportError:
        return
    log = structlog.get_logger()
    fields = (
        "reason",
        "path",
        "kind",
        "error",
        "action",
        "filename",
        "frames",
        "logger",
        "_text",
        "level",
        "route",
    )
    log.error(said, **dict.fromkeys(fields, said))
    log.error("odd.thing %s", said, **{said: said, "count": said})
    log.warning("odd.thing", error=ValueError(said), exc_info=ValueError(said), stack_info=True)


def _raise(said: str) -> NoReturn:
    raise ValueError(said)


class _Complains:
    def __init__(self, said: str) -> None:
        self.said = said

    def __del__(self) -> NoReturn:
        raise ValueError(self.said)


def wrapped(step: str, original: Callable[..., Any]) -> Callable[..., Any]:
    """`original`, which fails when it is its turn."""

    def before(args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        said, now = words(args, kwargs), fault()
        if now == CHATTY:
            chatter(said)
        elif now == step or (now == FULL_DISK and step == "store"):
            fail(now, said)

    if inspect.iscoroutinefunction(original):

        @wraps(original)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            before(args, kwargs)
            return await original(*args, **kwargs)

        return awaited

    @wraps(original)
    def called(*args: Any, **kwargs: Any) -> Any:
        before(args, kwargs)
        return original(*args, **kwargs)

    return called


def wrap(module: ModuleType) -> None:
    """Wrap the steps that `module` holds."""
    for step, place in STEPS.items():
        name, _, path = place.partition(":")
        if name == module.__name__:
            owner: Any = module
            *parents, last = path.split(".")
            for parent in parents:
                owner = getattr(owner, parent)
            setattr(owner, last, wrapped(step, getattr(owner, last)))


class _AfterImport(importlib.abc.MetaPathFinder):
    """Wraps a module's steps as soon as it is imported."""

    modules = frozenset(place.partition(":")[0] for place in STEPS.values())

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What the other finders find, with the steps wrapped once it is loaded."""
        if name not in self.modules:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in others)), None)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = _then_wrap(spec.loader.exec_module)  # type: ignore[method-assign,assignment]
        return spec


def _then_wrap(load: Callable[[ModuleType], None]) -> Callable[[ModuleType], None]:
    def loaded(module: ModuleType) -> None:
        load(module)
        wrap(module)

    return loaded


if _FILE:
    sys.meta_path.insert(0, _AfterImport())
