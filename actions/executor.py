"""Every action under its name, behind rasa-sdk's executor."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.ages import TellAge
from actions.breathing import Breathing
from actions.capabilities import Capabilities
from actions.checkin import AskMood, CheckinDone, ValidateCheckin
from actions.choosing import ChooseExercise
from actions.corrections import CorrectMood, CorrectMyData, RemoveMood
from actions.counting import StartStatistics, StopStatistics
from actions.deletion import ConfirmDelete, DeleteMyData
from actions.download import DownloadMyData
from actions.fallback import DidNotUnderstand
from actions.grounding import GroundingDone, StartGrounding, ValidateGrounding, asking
from actions.guide_endings import GuideDone
from actions.guide_moves import CarryOn, ChoiceGone, GoBack, NotNow, Pause, Skip
from actions.guides import AskStep, StartGuide, ValidateAnswer
from actions.helping import IsItWorking
from actions.helplines import ShowHelplines
from actions.my_scores import MyScores
from actions.offers import Affirm, Deny
from actions.plans import OpenPlan
from actions.reminders import Remind
from actions.talk_to_a_person import TalkToAPerson
from actions.topics import About
from actions.turn import Action, Event, Turn
from actions.what_we_keep import HowStored, WhatWeKeep
from content.guides import Kind


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
    confirmed, download = ConfirmDelete(needs, delete), DownloadMyData(needs)
    count, remove_mood = StartStatistics(needs), RemoveMood(needs)
    a_yes_to: dict[str, Action] = {
        "want_human": person,
        "helplines": helplines,
        "want_exercise": choose,
        "breathing": breathing,
        "grounding": grounding,
        "confirm_delete": confirmed,
        "download_my_data": download,
        "remove_mood": remove_mood,
        "start_statistics": count,
        "carry_on": CarryOn(needs),
        "chosen": CarryOn(needs),  # a step of a guide was asked last, and danger came in between
        "skip": CarryOn(needs),
        "is_it_working": IsItWorking(needs),
        "my_scores": MyScores(needs),
        **_guides(needs),
    }
    trying: list[Action] = [breathing, choose, grounding, ValidateGrounding(needs), GroundingDone(needs)]
    checking_in: list[Action] = [AskMood(needs), ValidateCheckin(needs), CheckinDone(needs)]
    rights: list[Action] = [WhatWeKeep(needs), HowStored(needs), download, delete, confirmed]
    rights += [StopStatistics(needs), count, CorrectMood(needs), remove_mood, CorrectMyData(needs)]
    talking: list[Action] = [About(needs), Affirm(needs, a_yes_to), Deny(needs), DidNotUnderstand(needs)]
    return [*trying, *asking(needs), *checking_in, *guiding(needs), person, helplines, *rights, *talking]


def guiding(needs: Capabilities) -> list[Action]:
    """What walks a guide, and what comes of it."""
    start = StartGuide(needs)
    walking: list[Action] = [start, AskStep(needs), ValidateAnswer(needs), GuideDone(needs), OpenPlan(needs)]
    steering: list[Action] = [Skip(needs), GoBack(needs), Pause(needs), CarryOn(needs), NotNow(needs)]
    after: list[Action] = [
        ChoiceGone(needs),
        IsItWorking(needs),
        MyScores(needs),
        Remind(needs),
        TellAge(needs),
    ]
    return [*walking, *steering, *after]


def _guides(needs: Capabilities) -> dict[str, Action]:
    """What a yes to an offered guide does."""
    return {
        intent: OpenPlan(needs, intent) if guide.kind is Kind.PLAN else StartGuide(needs, intent)
        for intent, guide in needs.content.guides.items()
    }


def _register(executor: ActionExecutor, action: Action) -> None:
    async def run(dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]) -> list[Event]:
        return await action.run(Turn(dispatcher, tracker))

    executor.register_function(action.name, run)
