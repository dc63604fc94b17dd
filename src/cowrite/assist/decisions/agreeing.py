"""Where people agree to what was said before, so that it is decided.

Runs anywhere. Judged by form alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cowrite.assist.text.decision_words import is_against, is_assent, is_choice, is_closing, is_yes_or_no, standing
from cowrite.assist.text.transcripts import Said
from cowrite.assist.text.vote_words import calls_for_consent, opposes_nothing

_WOULD = re.compile(
    r"(?:(?:so|then|ok|okay|well|maybe|perhaps|and|but),? )*i(?:'d| would) (?!(?:rather )?(?:like|love|have|be|never|"
    r"not)\b)\w+",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^(?!.*\b(?:you|du|ihr|tu|vous|tú)\b)\w[^?]{8,}, ?(?:agreed|ok|okay|deal|all right|alright|einverstanden|"
    r"in ordnung|d'accord|vale|de acuerdo)\s*\?$",
    re.IGNORECASE,
)
CLOSING = 4  # sentences from a question to where somebody agrees


def closes_question(said: Sequence[Said], index: int) -> bool:
    """Whether somebody agrees to what was asked shortly before, and nobody was against it in between: "Do we buy it or
    not?" "It costs 40 euro." "OK, agreed."."""
    one = said[index]
    if not one.speaker or not is_closing(one.plain):
        return False
    for before in reversed(said[max(0, index - CLOSING) : index]):
        if before.plain.endswith("?"):
            is_asked = is_yes_or_no(before.plain) and not is_choice(before.plain) and before.length > 2
            return is_asked and before.turn != one.turn
        if standing(before.plain) is not None or is_against(before.plain):
            return False
    return False


def is_taken_up(said: Sequence[Said], index: int) -> bool:
    """Whether somebody proposes something as what they would do, and the next to speak agrees so that it is decided:
    "Then I'd write two days." "Agreed, changed it."."""
    one, behind = said[index], said[index + 1 : index + 2]
    sentence = one.plain.replace("’", "'")
    is_proposed = bool(one.speaker and (_WOULD.match(sentence) or _TAG.search(sentence)))
    if is_proposed and _TAG.search(sentence):
        return any(other.speaker != one.speaker and is_assent(other.plain) for other in behind)
    return is_proposed and any(other.speaker != one.speaker and is_closing(other.plain) for other in behind)


def lets_it_hold(said: Sequence[Said], index: int) -> bool:
    """Whether everybody is asked right after a sentence whether it shall hold, and others let it."""
    one, behind = said[index], said[index + 1 : index + 4]
    if not behind or behind[0].speaker != one.speaker or one.plain.endswith("?") or not one.speaker:
        return False
    answers = [other.plain for other in behind[1:] if other.speaker != one.speaker]
    return calls_for_consent(behind[0].plain) and any(is_assent(each) or opposes_nothing(each) for each in answers)
