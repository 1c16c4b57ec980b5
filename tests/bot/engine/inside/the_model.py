"""What the intent model promises: meaning and spelling both count, doubt is honest, training is the same each time."""

import numpy as np

import bot.engine  # noqa: F401
from bot.engine.fitting import Fitted, _solve, fit, scores
from bot.engine.ngrams import as_read, pieces
from encoder.sentences import SentenceEncoder

EXAMPLES = {
    "cant_sleep": [
        "i cant sleep",
        "awake all night again",
        "lying awake at 3am",
        "no sleep last night",
        "insomnia",
    ],
    "money": [
        "i cant pay the rent",
        "in debt",
        "no money for food",
        "the bills are too high",
        "bailiffs came",
    ],
    "greet": ["hello", "hi there", "good morning", "hiya", "hey bot"],
    "thanks": ["thank you", "thanks a lot", "cheers for that", "ta very much", "grateful for the help"],
}

encoder = SentenceEncoder.load()
labels = [label for label, texts in EXAMPLES.items() for _ in texts]
texts = [text for given in EXAMPLES.values() for text in given]
vectors = encoder.embed_all(texts)


def fitted(trust: float = 2.0) -> Fitted:
    return fit([pieces(text) for text in texts], vectors, labels, trust)


def said(model: Fitted, text: str) -> dict[str, float]:
    found = scores(model, pieces(text), encoder.embed(as_read(text)))
    return dict(zip(model.labels, map(float, found), strict=True))


model = fitted()
for text, label in {
    "cannot drop off at bedtime": "cant_sleep",  # no word of it stands in an example
    "my overdraft is maxed out": "money",
    "thnak yuo": "thanks",  # spelling alone
    "HELLO": "greet",
}.items():
    answer = said(model, text)
    assert max(answer, key=lambda name: answer[name]) == label, (text, answer)
    assert abs(sum(answer.values()) - 1) < 1e-4

strange = said(model, "the committee adjourned until september")
assert max(strange.values()) < max(said(model, "i cant sleep").values())

# What is said of an example left out is what is said when it really is left out.
alike = (vectors @ vectors.T + 1).astype(np.float32)
wanted = np.eye(4, dtype=np.float32)[[sorted(EXAMPLES).index(label) for label in labels]]
_, unseen = _solve(alike.copy(), wanted, 2.0)
without, _ = _solve(alike[1:, 1:].copy(), wanted[1:], 2.0)
assert np.allclose(unseen[0], alike[0, 1:] @ without, atol=1e-4)

again = fitted()
assert np.array_equal(again.pulls, model.pulls)
assert again.heat == model.heat

alone = fit([pieces("hello")], encoder.embed_all(["hello"]), ["greet"], 2.0)
assert said(alone, "anything") == {"greet": 1.0}
assert np.isfinite(scores(model, pieces(""), encoder.embed(""))).all()
