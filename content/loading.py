"""All of the content at once, read from one folder and checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from content.ages import Ages
from content.contact import ContactPage
from content.crisis import Crisis
from content.errors import ContentError
from content.exercises import Checkin, Exercises
from content.fallback import Fallback
from content.guides import Guide, Guiding, read_guides
from content.helplines import Helplines
from content.measures import MeasureWords
from content.my_data import MyDataWords
from content.notices import Notices
from content.offers import Offers
from content.pages import Pages
from content.plans import PlanWords
from content.reading import read
from content.rights import Rights
from content.staff import StaffWords
from content.topics import Topics

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "content"
"""Where the project's own content lies."""


@dataclass(frozen=True, slots=True)
class Content:
    """Every sentence that Harbour says by itself, apart from the everyday replies in domain.yml."""

    helplines: Helplines
    crisis: Crisis
    notices: Notices
    pages: Pages
    fallback: Fallback
    exercises: Exercises
    checkin: Checkin
    rights: Rights
    my_data: MyDataWords
    offers: Offers
    contact: ContactPage
    staff: StaffWords
    topics: Topics
    guiding: Guiding
    plans: PlanWords
    ages: Ages
    measures: MeasureWords
    guides: dict[str, Guide]
    """By intent: every file of the folder guides."""

    @classmethod
    def load(cls, folder: Path | None = None) -> Content:
        """Read and check every file in `folder` (the project's own by default).

        Raises `ContentError`, which names the file and the key and says what to do.
        """
        folder = folder or FOLDER
        content = cls(
            helplines=read(folder / "helplines.yml", Helplines),
            crisis=read(folder / "crisis.yml", Crisis),
            notices=read(folder / "notices.yml", Notices),
            pages=read(folder / "pages.yml", Pages),
            fallback=read(folder / "fallback.yml", Fallback),
            exercises=read(folder / "exercises.yml", Exercises),
            checkin=read(folder / "checkin.yml", Checkin),
            rights=read(folder / "rights.yml", Rights),
            my_data=read(folder / "my_data.yml", MyDataWords),
            offers=read(folder / "offers.yml", Offers),
            contact=read(folder / "contact.yml", ContactPage),
            staff=read(folder / "staff.yml", StaffWords),
            topics=read(folder / "topics.yml", Topics),
            guiding=read(folder / "guiding.yml", Guiding),
            plans=read(folder / "plans.yml", PlanWords),
            ages=read(folder / "ages.yml", Ages),
            measures=read(folder / "measures.yml", MeasureWords),
            guides=read_guides(folder / "guides"),
        )
        content._check_numbers(folder)
        content._check_exercises(folder)
        return content

    def _check_numbers(self, folder: Path) -> None:
        lists = {
            ("crisis.yml", "card.numbers"): self.crisis.card.numbers,
            ("fallback.yml", "engine.numbers"): self.fallback.engine.numbers,
        }
        for name, topic in self.topics.topics.items():
            if topic.numbers:
                lists["topics.yml", f"topics.{name}.numbers"] = topic.numbers
        for (file, key), numbers in lists.items():
            unknown = [number for number in numbers if number not in self.helplines.helplines]
            if unknown or not numbers:
                named = ", ".join(unknown) or "nothing"
                known = ", ".join(self.helplines.helplines)
                raise ContentError(
                    folder / file, key, f"It lists {named}. Use keys of helplines.yml: {known}."
                )

    def _check_exercises(self, folder: Path) -> None:
        titles = self.exercises.choice.titles
        for name, topic in self.topics.topics.items():
            unknown = [exercise for exercise in topic.tries if exercise not in titles]
            if unknown:
                known = f"Use keys of exercises.yml, choice.titles: {', '.join(titles)}."
                problem = f"It names {', '.join(unknown)}. {known}"
                raise ContentError(folder / "topics.yml", f"topics.{name}.tries", problem)
