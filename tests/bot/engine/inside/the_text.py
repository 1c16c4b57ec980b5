"""How a text is taken apart, and how commands are taken out of it."""

import bot.engine  # noqa: F401
from bot.engine.ngrams import as_read, is_run, pieces
from bot.engine.parsing import without_commands

for text, left in {
    "/help": "help",
    " \u200b//help": "help",
    "\uff0fhelp": "help",
    "/ / help": "help",
    "and/or": "and/or",
    "24/7": "24/7",
    "\U0001f622/x": "\U0001f622/x",
    "/": "",
    "": "",
}.items():
    assert without_commands(text) == left, (text, without_commands(text))

assert pieces("I met <PERSON_1>")["<person>"] == 1
assert pieces("I met <PERSON_1>") == pieces("i MET <PERSON_2>")
assert pieces("7")["<n>"] == 1
assert pieces("soooooo sad")["soo"] == 1
assert pieces("not ok")["not ok"] == 1
assert pieces("don\u2019t")["don't"] == 1
assert not [piece for piece in pieces("") if piece != "^ $"]

assert as_read("i met <PERSON_1> in <DATE_OF_BIRTH_2>") == "i met PERSON in DATE OF BIRTH"
assert is_run("#lee")
assert not is_run("sleep")
