"""What is changed in Rasa gives the results that Rasa gave, and only in the Rasa it was written for."""

import os

import rasa.version
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

import bot.engine
from bot.engine import patches

action = RemoteAction("action_x", None)
assert action._validate_action_result(
    {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": []}
)
for wrong in ({"events": 7}, {"events": [{"event": 3}]}, {"responses": "x"}):
    try:
        action._validate_action_result(wrong)
    except ValidationError:
        continue
    raise AssertionError(wrong)

for event in all_subclasses(Event):
    first = next(other for other in all_subclasses(Event) if other.type_name == event.type_name)
    assert Event.resolve_by_type(event.type_name) is first
assert Event.resolve_by_type("topic") is None
try:
    Event.resolve_by_type("no such event")
except ValueError:
    pass
else:
    raise AssertionError("unknown event")

assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
rasa.version.__version__ = "3.6.22"
try:
    patches.apply()
except patches.WrongRasa:
    pass
else:
    raise AssertionError("another Rasa was accepted")
assert bot.engine is not None
