"""What is changed inside Rasa, each change small and with its reason.

Rasa Open Source ended with 3.6.21, so these lines do not move under us; `apply` refuses any other version.
docs/decisions records why each exists and what it gained.
"""

# ruff: noqa: SLF001  # Rasa has no public way to these; patches.py asserts the version

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import jsonschema
import rasa.version
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.engine.actions import sealed
from bot.engine.failures import note
from bot.engine.graph import run_in_order

EXPECTED = "3.6.21"


class WrongRasa(RasaException):
    """The engine's changes were written for one version of Rasa, and this is another."""


def apply() -> None:
    """Make every change. Raises `WrongRasa` in any Rasa but the one they were written for."""
    if rasa.version.__version__ != EXPECTED:
        raise WrongRasa(f"The engine needs Rasa {EXPECTED}; this is {rasa.version.__version__}.")
    for change in CHANGES:
        change()


def check_answers_with_one_validator() -> None:
    """Rasa checks the schema of an action's answer afresh for each answer: 63% of a message's time."""
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)(schema)

    def validate(_action: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    _replace(RemoteAction, "_validate_action_result", validate)


def find_event_classes_once() -> None:
    """Rasa lists every subclass of Event for each event that it reads back."""

    @cache
    def known() -> dict[str, type[Event]]:
        return {event.type_name: event for event in reversed(all_subclasses(Event))}

    original = Event.resolve_by_type

    def resolve(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        return known().get(type_name) or original(type_name, default)

    _replace(Event, "resolve_by_type", staticmethod(resolve))


def run_the_graph_in_order() -> None:
    """Rasa schedules ten steps in a row with dask, for longer than the steps take."""
    _replace(DaskGraphRunner, "run", run_in_order)


def call_actions_as_harbour() -> None:
    """Calls to actions carry the engine's secret, go to the configured address and reuse a connection."""
    original = RemoteAction.__init__

    def begin(self: RemoteAction, name: str, action_endpoint: EndpointConfig | None) -> None:
        original(self, name, sealed(action_endpoint))

    _replace(RemoteAction, "__init__", begin)


def note_failed_actions() -> None:
    """Rasa goes on when an action fails. The channel must know, so each failure is noted on its way."""
    remote = RemoteAction.run
    _replace(RemoteAction, "run", _noting(remote))
    original = MessageProcessor._run_action

    async def run_action(self: MessageProcessor, action: Action, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(action, RemoteAction):
            _replace(action, "run", _noting(action.run))
        return await original(self, action, *args, **kwargs)

    _replace(MessageProcessor, "_run_action", run_action)


def _replace(owner: object, name: str, new: object) -> None:
    """Put `new` in the place of something that is there."""
    if not hasattr(owner, name):
        raise WrongRasa(f"{owner} has no {name} to replace.")
    setattr(owner, name, new)


def _noting(run: Callable[..., Awaitable[list[Event]]]) -> Callable[..., Awaitable[list[Event]]]:
    async def noted(*args: Any, **kwargs: Any) -> list[Event]:
        try:
            return await run(*args, **kwargs)
        except (ActionExecutionRejection, asyncio.CancelledError):
            raise
        except Exception as error:
            note(error)
            raise

    return noted


CHANGES: list[Callable[[], None]] = [
    check_answers_with_one_validator,
    find_event_classes_once,
    run_the_graph_in_order,
    call_actions_as_harbour,
    note_failed_actions,
]
