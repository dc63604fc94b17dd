"""By which words and signs people show that they do not mean what was said.

Runs anywhere. Judged by form alone, in English and German, with the plainest words of French and Spanish.
"""

from __future__ import annotations

import re

from cowrite.assist.text.sentences import straight, words

_JOKE = re.compile(
    r"\b(?:i(?:'m| am| was)|just|only|was) (?:just |only )?(?:joking|kidding)\b(?! about)|\bjust kidding\b|"
    r"^kidding[.!]*$|"
    r"\b(?:that|it|this) was (?:just |only )?a joke\b|\bvery funny\b|^(?:oh )?yeah,? right\b(?=,|[.!])|"
    r"^oh,? (?:sure|great|brilliant|wonderful),? (?:let's|and|then|so)\b|"
    r"\b(?:war|ist) (?:doch |ja )?(?:nur |bloß )?(?:ein )?(?:scherz|witz|spaß)\b|^(?:nur |kleiner )?scherz\b|"
    r"\bsehr witzig\b|\bje plaisante\b|\b(?:es|era) (?:una )?broma\b",
    re.IGNORECASE,
)
"""By which words people say that what was said is not meant."""
_LAUGH = re.compile(
    r"[😂🤣😹😆😅😜😝😛🤪🙄😏😉🙃]|;-?\)|(?<!\w)[:;=x]-?d(?!\w)"
    r"|(?<!\w)(?:lol|lmao|rofl|ha(?:,? ?ha)+h?|(?:he){2,}|(?:hi){2,}|(?:ja){3,}|mdr)(?!\w)",
    re.IGNORECASE,
)
"""By what people show that they laugh, or wink."""


def is_joke(sentence: str) -> bool:
    """Whether somebody says that they, or others, do not mean what was said: "Just kidding"."""
    return bool(_JOKE.search(straight(sentence)))


def laughs(sentence: str) -> bool:
    """Whether somebody laughs, or winks, at what they say."""
    return bool(_LAUGH.search(sentence))


def only_laughs(sentence: str) -> bool:
    """Whether somebody laughs and says no more."""
    return laughs(sentence) and not words(_LAUGH.sub(" ", sentence))
