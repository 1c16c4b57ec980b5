"""`harbour redact` as a script sees it."""

import io
import json

import typer
from typer.testing import CliRunner

from harbour.commands.redact import redact, redact_lines
from privacy.redaction import Redactor


def run(stdin: bytes) -> tuple[int, list[dict[str, object]]]:
    app = typer.Typer()
    app.command()(redact)
    result = CliRunner().invoke(app, input=stdin)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_one_line_for_each_in_order() -> None:
    code, lines = run(b'{"text": "my name is siobhan"}\n{"text": "im tired"}\n')
    assert code == 0
    assert lines[0]["text"] == "my name is <PERSON_1>"
    assert lines[0]["entities"] == [{"start": 11, "end": 18, "label": "PERSON", "score": 0.9}]
    assert lines[1] == {"text": "im tired", "entities": []}


def test_a_bad_line_is_an_error_in_its_place() -> None:
    code, lines = run(b'not json\n{"text": 3}\n[]\n\n\xff\xfe\n{"text": "ok"}\n')
    assert code == 1
    assert ["error" in line for line in lines] == [True, True, True, True, True, False]


def test_no_input_is_no_output() -> None:
    assert run(b"") == (0, [])


def test_lone_surrogates_and_astral_offsets(redactor: Redactor) -> None:
    out = io.StringIO()
    assert redact_lines(
        ['{"text": "\\ud800 siobhan"}\n', '{"text": "\\ud83d\\ude00 siobhan"}\n'], out, redactor
    )
    for line in out.getvalue().splitlines():
        assert json.loads(line)["entities"][0]["start"] == 2
