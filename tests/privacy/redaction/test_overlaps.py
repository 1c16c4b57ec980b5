"""Which claim wins, and that nothing claimed is left."""

from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.redaction.entities import Entity
from privacy.redaction.overlaps import apart

TEXT = "a quick brown fox jumps over it"
CLAIMS = st.builds(
    lambda start, length, label, score: Entity(start, min(start + length, len(TEXT)), label, score),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 12),
    st.sampled_from(["PERSON", "ADDRESS", "PHONE"]),
    st.floats(0.5, 1),
)


def test_the_longer_claim_wins() -> None:
    street, name = Entity(0, 14, "ADDRESS", 0.8), Entity(3, 7, "PERSON", 0.9)
    assert apart("61 duke street", [name, street]) == (street,)


def test_what_a_loser_covers_besides_is_kept() -> None:
    assert apart("abc def ghi", [Entity(0, 7, "ADDRESS", 0.8), Entity(4, 11, "PERSON", 0.9)]) == (
        Entity(0, 3, "ADDRESS", 0.8),
        Entity(4, 11, "PERSON", 0.9),
    )


@settings(deadline=None)
@given(st.lists(CLAIMS, max_size=8))
def test_entities_are_apart_and_cover_every_claimed_letter(claims: list[Entity]) -> None:
    kept = apart(TEXT, claims)
    places = [place for entity in kept for place in range(entity.start, entity.end)]
    assert len(places) == len(set(places))
    claimed = {place for claim in claims for place in range(claim.start, claim.end) if TEXT[place].isalnum()}
    assert claimed <= set(places)
