"""What steers while a guide asks: which messages are no answer, though a form would swallow them."""

from __future__ import annotations

import re
from typing import Final

from actions.guide_answers import is_exact
from content.guides import AnswerKind, Guide, Step

ALWAYS: Final = frozenset(
    {
        *("want_human", "helplines", "not_now", "goodbye", "pause"),
        *("privacy", "how_stored", "download_my_data", "delete_my_data", "confirm_delete"),
        *("correct_my_data", "remove_mood", "stop_statistics", "start_statistics"),
        *("who_are_you", "are_you_human", "keep_a_secret"),
    }
)
"""Open in the middle of anything, however it is put."""

WHEN_ASKED_FOR: Final = frozenset(
    {
        *("skip", "go_back", "carry_on", "medication_question", "abuse_of_bot", "what_can_you_do"),
        *("other_language", "checkin", "breathing", "grounding", "want_exercise", "correct_mood"),
        *("my_scores", "reminder", "self_referral"),
    }
)
"""Open too, but where somebody tells something in their own words, only if they ask for it: "I take slow breaths" is
an answer to what helps, and "can we do the breathing" is not."""

_FEW_WORDS: Final = 4
_ASKS: Final = re.compile(
    r"""\? | ^(?:ok(?:ay)?\s+|so\s+|hi\s+|actually\s+|sorry\s+|no\s+|but\s+)*
        (?:can|could|may|shall|should|do|would|will|is|are|what|how|where|who|when|why|lets|let\ us|let's|stop
          |help|skip|pass|next|back|go\ back|carry\ on|tell|give|show|get|put|take|start|begin|open|ring\ me|call\ me)\b
      | \bi\ (?:want|need|wanna|would\ like|must|have\ to)\b | \bi'?d\ (?:like|rather)\b
      | \bplease\b | \binstead\b""",
    re.VERBOSE | re.IGNORECASE,
)


def steers(step: Step, text: str, intent: str) -> bool:
    """Whether a message is not an answer to this step but steers: then it is answered by its own rule."""
    if is_exact(step, text):
        return False
    if intent in step.takes:
        return _asks_for_itself(text)
    if intent in ALWAYS:
        return True
    if intent not in WHEN_ASKED_FOR:
        return False
    told = step.answer.kind is AnswerKind.WORDS
    return not told or len(text.split()) <= _FEW_WORDS or bool(_ASKS.search(text))


def names_another(guides: dict[str, Guide], here: Guide, text: str, intent: str) -> bool:
    """Whether a message asks for another guide, by its name: anything vaguer is an answer to this one."""
    other = guides.get(intent)
    return other is not None and other is not here and other.is_named_in(text)


def _asks_for_itself(text: str) -> bool:
    """ "My GP" is somebody to turn to; "can I talk to a person" asks for one now."""
    return bool(
        re.search(
            r"\?|\bplease\b|\bi (?:want|need|wanna)\b|^(?:can|could|get me|let me|put me)\b"
            r"|^(?:talk|speak|chat) (?:to|with) (?:a|an|some(?:one|body)|the team|real)\b"
            r"|^(?:a |real )?(?:human|person|people|help|helplines?)\W*$",
            text,
            re.IGNORECASE,
        )
    )
