"""A mistake in a content file is found when it is read, and says what to do."""

import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from content import Content, ContentError
from content.loading import FOLDER
from content.review import sentences
from privacy.text import WrittenText


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "content"
    shutil.copytree(FOLDER, copied)
    return copied


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_it_reads_every_file_of_the_folder() -> None:
    """A file that nothing reads would be edited in vain."""
    read = {field.name for field in fields(Content)}
    assert {file.stem for file in FOLDER.glob("*.yml")} | {"guides"} == read
    assert {file.stem for file in (FOLDER / "guides").iterdir()} == set(Content.load().guides)


def test_every_sentence_is_written_text() -> None:
    content = Content.load()
    found = [text for field in fields(content) for _, text in sentences(getattr(content, field.name))]
    assert len(found) > 300
    assert all(type(text) is WrittenText for text in found)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "crisis.yml").unlink()
    with pytest.raises(ContentError, match=r"crisis\.yml.*missing.*Put it back"):
        Content.load(folder)


def test_a_missing_key_is_named(folder: Path) -> None:
    change(folder, "notices.yml", "not_emergency:", "not_emergancy:")
    with pytest.raises(ContentError, match=r"notices\.yml, at 'first_notice\.not_emergen?"):
        Content.load(folder)


def test_a_key_that_nothing_reads_is_refused(folder: Path) -> None:
    change(folder, "checkin.yml", "ask:\n", "aks:\n  - Hello.\nask:\n")
    with pytest.raises(ContentError, match=r"checkin\.yml, at 'aks': Nothing reads this key"):
        Content.load(folder)


def test_broken_yaml_says_where(folder: Path) -> None:
    change(folder, "rights.yml", "failed:\n", "failed: [\n")
    with pytest.raises(ContentError, match=r"(?s)rights\.yml: This is not YAML.*line \d+"):
        Content.load(folder)


def test_a_file_that_is_not_utf_8_is_refused(folder: Path) -> None:
    (folder / "offers.yml").write_bytes(b"offer: \xff\xfe")
    with pytest.raises(ContentError, match="not UTF-8"):
        Content.load(folder)


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        ('title: ""', "Write a sentence here"),
        ("title: 999", "Write a sentence here"),
        ("title: Hello {patient}", "patient.* cannot be filled in"),
        ('title: "Hello {name"', "brace"),
        ("title: [one, two]", "Write a sentence here"),
    ],
)
def test_what_is_no_sentence_is_refused(folder: Path, new: str, problem: str) -> None:
    change(folder, "crisis.yml", "title: Get help now", new)
    with pytest.raises(ContentError, match=rf"crisis\.yml, at 'card\.title'.*{problem}"):
        Content.load(folder)


def test_two_ways_that_are_the_same_are_refused(folder: Path) -> None:
    change(
        folder,
        "checkin.yml",
        "  - That's fine. No number needed.",
        "  - Okay, we'll leave the check-in. You can do it another time.",
    )
    with pytest.raises(ContentError, match="Two of these are the same"):
        Content.load(folder)


@pytest.mark.parametrize("name", ["crisis.yml", "fallback.yml"])
def test_numbers_to_show_must_exist(folder: Path, name: str) -> None:
    change(folder, name, "samaritans", "samaritan")
    with pytest.raises(ContentError, match=rf"{name}.*samaritan.*Use keys of helplines\.yml"):
        Content.load(folder)


def test_a_card_without_numbers_is_refused(folder: Path) -> None:
    change(folder, "crisis.yml", "numbers: [emergency, nhs_111, samaritans, shout, childline]", "numbers: []")
    with pytest.raises(ContentError, match="lists nothing"):
        Content.load(folder)


def test_a_question_without_answers_is_refused(folder: Path) -> None:
    change(folder, "crisis.yml", "questions:\n", "questions:\n  are_you_alone:\n    - Are you alone?\n")
    with pytest.raises(ContentError, match="are_you_alone"):
        Content.load(folder)


def test_openings_need_one_that_fits_anything(folder: Path) -> None:
    change(folder, "crisis.yml", "    anything:\n", "    anything_else:\n")
    with pytest.raises(ContentError, match="Add 'anything'"):
        Content.load(folder)


def test_a_service_can_add_its_own_crisis_team(folder: Path) -> None:
    """As the comment in helplines.yml says: the '#' signs and the null go away."""
    file = folder / "helplines.yml"
    before, after = file.read_text().split("crisis_team: null\n")
    own, rest = after.split("\n\nhelplines:")
    uncommented = "\n".join(line.removeprefix("# ") for line in own.splitlines())
    file.write_text(f"{before}{uncommented}\n\nhelplines:{rest}")
    listed = Content.load(folder).helplines.listed()
    assert listed[0].name == "Our crisis team"
