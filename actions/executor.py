"""Every action under its name, behind rasa-sdk's executor."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.breathing import Breathing, ChooseExercise
from actions.capabilities import Capabilities
from actions.checkin import AskMood, CheckinDone, ValidateCheckin
from actions.fallback import DidNotUnderstand
from actions.grounding import GroundingDone, StartGrounding, ValidateGrounding, asking
from actions.helplines import ShowHelplines
from actions.offers import Affirm, Deny, Offer
from actions.privacy_rights import ConfirmDelete, DeleteMyData, StopStatistics, WhatWeKeep
from actions.talk_to_a_person import TalkToAPerson
from actions.turn import Action, Event, Turn


def build_executor(capabilities: Capabilities) -> ActionExecutor:
    """An executor that runs every action of domain.yml: `await executor.run(call)` with Rasa's JSON."""
    executor = ActionExecutor()
    for action in every_action(capabilities):
        _register(executor, action)
    return executor


def every_action(needs: Capabilities) -> list[Action]:
    """All that the bot can do beyond saying a response of domain.yml."""
    breathing, grounding, choose = Breathing(needs), StartGrounding(needs), ChooseExercise(needs)
    person, helplines = TalkToAPerson(needs), ShowHelplines(needs)
    delete = DeleteMyData(needs)
    confirmed = ConfirmDelete(needs, delete)
    a_yes_to: dict[str, Action] = {
        "want_human": person,
        "helplines": helplines,
        "want_exercise": choose,
        "breathing": breathing,
        "grounding": grounding,
        "confirm_delete": confirmed,
    }
    trying: list[Action] = [breathing, choose, grounding, ValidateGrounding(needs), GroundingDone(needs)]
    checking_in: list[Action] = [AskMood(needs), ValidateCheckin(needs), CheckinDone(needs)]
    rights: list[Action] = [WhatWeKeep(needs), StopStatistics(needs), delete, confirmed]
    talking: list[Action] = [Offer(needs), Affirm(needs, a_yes_to), Deny(needs), DidNotUnderstand(needs)]
    return [*trying, *asking(needs), *checking_in, person, helplines, *rights, *talking]


def _register(executor: ActionExecutor, action: Action) -> None:
    async def run(dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]) -> list[Event]:
        return await action.run(Turn(dispatcher, tracker))

    executor.register_function(action.name, run)
