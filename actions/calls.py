"""Rasa's action calls, as its action-server protocol has them: a JSON call in, a JSON answer and a status out."""

from __future__ import annotations

from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

_log = structlog.get_logger()


async def run_call(executor: ActionExecutor, call: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Run the action that ``{"next_action", "sender_id", "tracker", ...}`` names; its answer and HTTP status.

    The call holds the tracker: neither it nor the text of an exception reaches a log or the answer.
    """
    name = str(call.get("next_action"))
    call.setdefault("domain", {})  # not sent, for no action of ours looks at it; rasa-sdk asks for one
    try:
        result = await executor.run(call)
    except ActionExecutionRejection as rejected:
        return {"error": str(rejected), "action_name": rejected.action_name}, 400
    except ActionNotFoundException:
        return {"error": "There is no such action.", "action_name": name}, 404
    except Exception as error:
        _log.error("action.failed", action=name, error=type(error).__name__)
        return {"error": "The action failed.", "action_name": name}, 500
    if result is None:
        return {"error": "The call names no action.", "action_name": name}, 400
    return result.model_dump(), 200
