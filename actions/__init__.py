"""What the bot can do: one file for each capability, called by Rasa through rasa-sdk's executor."""

from actions.calls import run_call
from actions.capabilities import Capabilities
from actions.executor import build_executor

__all__ = ["Capabilities", "build_executor", "run_call"]
