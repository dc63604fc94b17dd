"""Which of a model's ideas are fit to be shown: one phrase or sentence that says something of its own.

Runs anywhere.
"""

from __future__ import annotations

import re
from collections import Counter

from cowrite.assist.text.cleaning import cleaned, unmarked
from cowrite.assist.text.guards import SMALL_WORDS, echoes, has_loop, is_refusal, telling_words
from cowrite.assist.text.sentences import sentences, words

LEAST_WORDS, MOST_WORDS = 3, 25
NEW_WORDS = 2
"""Telling words that neither the question nor the lens has: with fewer, an idea only repeats them."""
MOST_REPEATED = 2  # times that a telling word may stand in one idea
_MARKER = re.compile(
    r"^\s*(?:[-*•–—>#]+|\(?\d{1,2}[.):]|[a-z][.)])\s+|^\s*(?:ideas?|answer)\s*\d*\s*:\s*", re.IGNORECASE
)
_STRANGE = re.compile(r"https?:|www\.|[*_`#|<>{}\[\]\\^~=@]|\.\.|_{2}|[!?]{2}")
_PAIRS = ("()", "“”", "«»")


def idea_of(raw: str, question: str, opening: str = "", prompt: str = "") -> str:
    """The idea in what a model wrote; empty where there is none that is well formed.

    Args:
        raw: what it wrote, the opening before it.
        question: what it was asked.
        opening: with which words it had to begin.
        prompt: its template; what stands there is no idea.
    """
    text = cleaned(raw.strip().split("\n", 1)[0].strip())
    found = sentences(unmarked(_MARKER.sub("", text, count=1)))
    text = " ".join(found[0].text.split()) if found else ""
    if not _is_clean(text) or is_refusal(text) or has_loop(text) or (prompt and echoes(text, prompt)):
        return ""
    telling = Counter(telling_words(text))
    if not telling or max(telling.values()) > MOST_REPEATED:
        return ""
    known = {*telling_words(question), *telling_words(opening)}
    if sum(word not in known for word in telling) < NEW_WORDS:
        return ""
    return text[:1].upper() + text[1:]


def _is_clean(text: str) -> bool:
    spoken = words(text)
    if not LEAST_WORDS <= len(spoken) <= MOST_WORDS or _MARKER.match(text) or _STRANGE.search(text):
        return False
    if text.count('"') % 2 or any(text.count(pair[0]) != text.count(pair[1]) for pair in _PAIRS):
        return False
    if text[-1] not in '.!)”"»。！' and not text[-1].isalnum():
        return False  # a question, or broken off
    # "… and say no." is a sentence; "… and the" is none.
    return spoken[-1].lower() not in (_NEVER_LAST if text[-1] in ".!" else SMALL_WORDS)


_NEVER_LAST = frozenset("a an the and or but of to for with as at by from into your our their its my".split())
