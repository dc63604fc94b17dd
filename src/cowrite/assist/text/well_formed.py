"""Which of a model's ideas are fit to be shown: one phrase or sentence that says something of its own.

Runs anywhere. The signs are those of any language; of which words are small ones, only English is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from cowrite.assist.text.cleaning import cleaned, unmarked
from cowrite.assist.text.guards import SMALL_WORDS, echoes, has_loop, is_refusal, telling_words
from cowrite.assist.text.sentences import is_ideographs, sentences, words

LEAST_WORDS, MOST_WORDS = 3, 25
IDEOGRAPHS_OF_WORD = 2  # about
NEW_WORDS = 2
"""Telling words that neither the question nor the lens has: with fewer, an idea only repeats them."""
MOST_REPEATED = 2  # times that a telling word may stand in one idea
SHORT = 4  # letters of words that may stand in it oftener, as most languages have articles: "die", "eine", "les"
_MARKER = re.compile(
    r"^\s*(?:[-*•–—>#]+|\(?\d{1,2}[.):]|[a-z][.)])\s+"
    r"|^\s*(?:[^\W\d_]+\s){0,3}(?:id[eé]+[ans]?|ideia|answer)\s*\d*\s*:\s*",
    re.IGNORECASE,
)
_STRANGE = re.compile(r"https?:|www\.|[*`|<>{}\[\]\\^=@]|(?<!\w)_|_(?!\w)|#(?!\w)|\.\.|[!?]{2}")
_TITLE = re.compile(r"\s*(?:\*\*|#)")
_CODE = re.compile(r"`([^`\n]+)`")
_QUOTES = '"“”„«»'
_CLOSERS = ")”“\"»«’'"
_ENDS = ".!。！।۔"
_JOINERS = "\u200d\ufe0f"  # that make one picture of several


def idea_of(raw: str, question: str, opening: str = "", prompt: str = "", least: int = LEAST_WORDS) -> str:
    """The idea in what a model wrote; empty where there is none that is well formed.

    Args:
        raw: what it wrote, the opening before it.
        question: what it was asked.
        opening: with which words it had to begin.
        prompt: its template; what stands there is no idea.
        least: words that it has: a name may be an idea, and of a small model one word says nothing.
    """
    lines = [line for line in cleaned(raw).split("\n") if line.strip()]
    plain = (_without_marks(line) for line in lines if len(lines) == 1 or not _is_title(line))
    found = sentences(next((line for line in plain if _says(line, least)), ""))  # the lines before it led to it
    text = _without_pictures(" ".join(found[0].text.split())) if found else ""
    if not _is_clean(text, least) or is_refusal(text) or has_loop(text) or (prompt and echoes(text, prompt)):
        return ""
    telling = telling_words(text)
    if not telling or _repeats(text, telling):
        return ""
    known = {*telling_words(question), *telling_words(opening)}
    if len({*telling} - known) < min(least, NEW_WORDS):
        return ""
    return text[:1].upper() + text[1:]


def _is_title(line: str) -> bool:
    return bool(_TITLE.match(line)) and len(words(line)) < LEAST_WORDS


def _without_marks(line: str) -> str:
    return cleaned(_MARKER.sub("", unmarked(_without_code(line)), count=1))


def _says(line: str, least: int) -> bool:
    return len(words(line)) >= least and not line.endswith(":")


def _without_code(line: str) -> str:
    return _CODE.sub(r"\1", line.strip())


def _without_pictures(text: str) -> str:
    """A text without the emoji around it."""
    return text.strip("".join(sign for sign in {*text} if _is_picture(sign)) + " ")


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk") or sign in _JOINERS


def _repeats(text: str, telling: Sequence[str]) -> bool:
    """Whether a text says a word over and over."""
    spoken = words(text.lower())
    if any(one == other and not is_ideographs(one) for one, other in pairwise(spoken)):
        return True
    return any(times > MOST_REPEATED for word, times in Counter(telling).items() if len(word) > SHORT)


def _length(spoken: Sequence[str]) -> float:
    """In words, of which some ideographs make one."""
    return sum(1 / IDEOGRAPHS_OF_WORD if is_ideographs(word) else 1 for word in spoken)


def _is_clean(text: str, least: int) -> bool:
    spoken = words(text)
    if not least <= _length(spoken) <= MOST_WORDS or _MARKER.match(text) or _STRANGE.search(text):
        return False
    if sum(text.count(sign) for sign in _QUOTES) % 2 or text.count("(") != text.count(")"):
        return False
    if text[-1] not in f"{_ENDS}{_CLOSERS}" and unicodedata.category(text[-1])[0] not in "LMN":
        return False  # a question, or broken off
    # "… and say no." is a sentence; "… and the" is none.
    return spoken[-1].lower() not in (_NEVER_LAST if text[-1] in _ENDS else SMALL_WORDS)


_NEVER_LAST = frozenset("a the and or of to for with from into your our their its".split())
"""Without those that end sentences in other languages, as "an" and "my" do."""
