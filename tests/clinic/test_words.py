"""Times in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.web.words import event, span


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=7, seconds=59), "7 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=3, minutes=24), "3 hours 24 minutes"),
        (timedelta(days=1, hours=1, minutes=59), "1 day 1 hour"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_stretch_of_time_is_never_longer_in_words(time: timedelta, words: str) -> None:
    assert span(time) == words


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("raised", "Raised"),
        ("took over", "Took over"),
        ("closed: false_alarm", "Closed: False alarm"),
        ("fired again: respond_now", "Fired again: Respond now"),
    ],
)
def test_a_line_of_history_reads_as_words(what: str, words: str) -> None:
    assert event(what) == words
