"""What people tell of long ago, which is no decision of those who talk.

Runs anywhere. Judged by form alone, in English and German.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cowrite.assist.text.decision_words import SETTLED
from cowrite.assist.text.transcripts import Said

_YEAR = r"(?:1[89]|20)\d\ds?"
_BACK_THEN = (
    r"\b(?:\d+|many|some|few|several|two|three|ten) years ago\b|\bback then\b|\bin those days\b|"
    r"\bwhen (?:i|we|he|she) (?:was|were) (?:little|young|small|\w+teen|a (?:child|boy|girl|student|teenager))\b|"
    r"\b(?:before|during|after) the war\b|\bas a (?:child|boy|girl)\b|"
    r"\bdamals\b|\bals (?:kind|junge|mädchen|ich (?:klein|jung|ein kind|\w+zehn) war)\b|"
    r"\b(?:vor|nach|in) dem krieg\b|\bim krieg\b|\bvor (?:\w+ )?jahren\b"
)
_THEN_DECIDED = re.compile(
    rf"^(?:(?:and|so|but|well|then|und|also|dann),? )*(?:(?:back )?in (?:the )?(?:\w+ (?:of )?)?{_YEAR},? "
    rf"(?:\w+ ){{1,3}}{SETTLED}\b|(?:im jahre? |anfang |ende )?{_YEAR} (?:haben|hat|hatten|wurde)\b|{_BACK_THEN})",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(rf"\b(?:in|since|until|seit|bis|im jahre?) (?:the )?1[89]\d\ds?\b|{_BACK_THEN}", re.IGNORECASE)
LEAST_QUESTIONS = 2  # of an interview


def is_of_then(sentence: str) -> bool:
    """Whether a sentence begins with a time gone by and tells what was decided then: "In 1987 we decided to sell"."""
    return bool(_THEN_DECIDED.match(sentence))


def telling_of_then(said: Sequence[Said]) -> frozenset[str]:
    """Who tells of long ago in an interview: of two who speak the one who asks nothing, while the other asks in each
    turn; nobody where a text is no such thing."""
    asking = {one.speaker for one in said if one.plain.endswith("?")}
    others = {one.speaker for one in said if one.speaker} - asking
    if len(asking) != 1 or len(others) != 1:
        return frozenset()
    turns = {one.turn for one in said if one.speaker in asking}
    questions = {one.turn for one in said if one.plain.endswith("?")}
    is_told = any(_LONG_AGO.search(one.plain) or is_of_then(one.plain) for one in said)
    return frozenset(others) if turns == questions and len(turns) >= LEAST_QUESTIONS and is_told else frozenset()
