"""What clinicians say about the screen: labels for its evaluation, without words and without anybody in them."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import Escalation, ScreenLabel, now

LABELS: Final = frozenset({"false_alarm", "should_have_fired_sooner"})
"""The outcomes that judge the screen."""


def learn(session: Session, escalation: Escalation) -> None:
    """Keep the label of an escalation that was just closed, if its outcome is one.

    The row leads to nobody: it has no id of the escalation, and of the day only the month. Words would need the
    patient's consent, which nobody is asked for yet; so none are kept.
    """
    if escalation.outcome not in LABELS:
        return
    categories = sorted({reason["category"] for reason in escalation.reasons})
    month = f"{now():%Y-%m}"
    session.add(
        ScreenLabel(
            label=escalation.outcome, response=escalation.response, categories=categories, month=month
        )
    )


def as_csv(session: Session) -> str:
    """Every label: month, label, response, categories (joined by ``|``)."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(("month", "label", "response", "categories"))
    for row in session.scalars(select(ScreenLabel).order_by(ScreenLabel.month, ScreenLabel.id)):
        writer.writerow((row.month, row.label, row.response, "|".join(row.categories)))
    return out.getvalue()
