"""Questionnaires: scored, kept, said in plain words; and the ninth item of the PHQ-9 reaches a human at once."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from content import Content
from store.models import Escalation, GuideProgress, Measure, MoodCheckin, Person, now
from store.session import Store
from tests.actions.calling import Rasa
from tests.actions.guiding import Walk

CONTENT = Content.load()
PHQ9 = CONTENT.guides["phq9"]


def answered(walk: Walk, *answers: str, guide: str = "phq9") -> str:
    walk.says(f"can we do the {guide}", guide)
    return [walk.says(answer) for answer in answers][-1]


def measures(store: Store) -> list[Measure]:
    with store.read() as session:
        return list(session.scalars(select(Measure).order_by(Measure.at)))


def earlier(store: Store, questionnaire: str, score: int, days: int = 30) -> None:
    with store.begin() as session:
        person = session.scalars(select(Person)).one()
        session.add(
            Measure(
                person_id=person.id,
                questionnaire=questionnaire,
                answers={},
                score=score,
                at=now() - timedelta(days=days),
            )
        )


def test_it_is_added_up_kept_and_said_plainly(walk: Walk, store: Store) -> None:
    said = answered(walk, *["1"] * 8, "0", "2")
    [measure] = measures(store)
    assert (measure.questionnaire, measure.score) == ("phq9", 8)
    assert measure.answers["difficulty"] == "somewhat"
    assert "8 out of 27" in said
    assert not any(word in said.casefold() for word in ("risk", "mild", "moderate", "severe"))


def test_two_left_out_are_made_up_for_and_three_are_not(walk: Walk, store: Store) -> None:
    answered(walk, "skip", *["2"] * 7, "0", "1")
    walk.says("phq9 again", "phq9")
    for _ in range(3):
        walk.says("skip", "skip")
    for _ in range(5):
        walk.says("1")
    walk.says("0")
    said = walk.says("1")
    assert [measure.score for measure in measures(store)][-1] is None
    assert any(way in said for way in PHQ9.scoring.no_score)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "change"), [(20, "below_the_line"), (8, "same"), (2, "worse"), (13, "same")]
)
def test_change_is_said_kindly(walk: Walk, store: Store, before: int, change: str) -> None:
    earlier(store, "phq9", before)
    said = answered(walk, *["1"] * 8, "0", "2")
    expected = getattr(CONTENT.guiding.change, change)
    assert any(way.format(before=before, score=8) in said for way in expected)


@pytest.mark.parametrize("answer", ["1", "Several days", "2", "nearly every day"])
@pytest.mark.parametrize("rest", ["0", "3"])
def test_anything_above_nothing_on_the_ninth_item_reaches_a_human_at_once(
    walk: Walk, store: Store, woken: list[str], answer: str, rest: str
) -> None:
    answered(walk, *[rest] * 8, answer)
    with store.read() as session:
        [escalation] = session.scalars(select(Escalation))
        [reason] = escalation.reasons
    assert escalation.response == "respond_today"
    assert reason["explanation"].startswith("Answered '")
    assert "better off dead or hurting themselves" in reason["explanation"]
    assert woken == ["woken"]
    last = walk.replies[-1]
    assert last["text"] in CONTENT.crisis.questions["thinking_of_ending_life"]
    assert last["custom"] == {"asked": "thinking_of_ending_life"}, (
        "the screen reads the answer with its question"
    )
    assert [button["title"] for button in last["buttons"]] == ["Yes", "No", "Not sure"]
    assert not walk.open, "no further question of the questionnaire comes now"


def test_nothing_on_the_ninth_item_raises_nothing(walk: Walk, store: Store) -> None:
    answered(walk, *["3"] * 8, "0", "4")
    with store.read() as session:
        assert session.scalars(select(Escalation)).all() == []


def test_skipping_the_ninth_item_raises_nothing_and_goes_on(walk: Walk, store: Store) -> None:
    answered(walk, *["1"] * 8)
    assert walk.says("skip", "skip") in PHQ9.steps[-1].ways
    with store.read() as session:
        assert session.scalars(select(Escalation)).all() == []


def test_the_rest_can_be_carried_on_with_afterwards(walk: Walk, store: Store) -> None:
    answered(walk, *["1"] * 9)
    walk.says("carry on", "carry_on")
    assert walk.replies[-1]["text"] in PHQ9.steps[-1].ways
    assert "9 out of 27" in walk.says("1")
    assert [measure.score for measure in measures(store)] == [9]


def test_it_is_asked_plainly_even_if_the_team_could_not_be_told(walk: Walk, store: Store) -> None:
    answered(walk, *["1"] * 8)
    with store.begin() as session:
        session.execute(delete(Escalation))
        session.connection().exec_driver_sql("DROP TABLE escalation_event")
    walk.says("2")
    said = [reply["text"] for reply in walk.replies]
    assert said[1] in CONTENT.crisis.what_happens_next.not_reached
    assert said[2] in CONTENT.crisis.questions["thinking_of_ending_life"]


def test_answers_of_another_week_are_not_added_to_these(walk: Walk, store: Store) -> None:
    answered(walk, *["1"] * 3)
    with store.begin() as session:
        session.scalars(select(GuideProgress)).one().changed_at = now() - timedelta(days=3)
    walk._close()
    assert walk.says("carry on", "carry_on") in CONTENT.guiding.nothing_open


def test_scores_and_moods_are_shown_in_words(walk: Walk, rasa: Rasa, store: Store) -> None:
    for name, score, days in (("phq9", 15, 60), ("gad7", 9, 60), ("phq9", 8, 1), ("gad7", 5, 1)):
        earlier(store, name, score, days)
    with store.begin() as session:
        person = session.scalars(select(Person)).one()
        session.add(MoodCheckin(person_id=person.id, mood=4))
    said = walk.says("show me my scores", "my_scores")
    assert "15 out of 27" in said
    assert "5 out of 21" in said
    assert ": 4" in said
    assert CONTENT.measures.recovered[0] in said
    assert walk.replies[-1]["custom"] == {"card": "my_data"}


def test_no_scores_yet_offers_to_make_some(walk: Walk) -> None:
    assert walk.says("my scores", "my_scores") in CONTENT.measures.none
    assert [button["payload"] for button in walk.replies[-1]["buttons"]][:2] == ["/phq9", "/gad7"]
