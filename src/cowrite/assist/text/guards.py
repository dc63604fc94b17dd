"""What of an answer is refused before a person sees it, or cut: what models are known to get wrong.

Runs anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache

from cowrite.assist.text.sentences import sentences, words
from cowrite.errors import CowriteError

MIN_LOOP = 3  # times that the same words follow each other
MAX_LOOP_WORDS = 24  # longest run of words that is looked for
CIRCLE_WORDS = 5  # that an answer may not say again
CIRCLE_LETTERS = 10  # in them at least: ideographs count as words
ALIKE = 0.75  # how much alike two words have to be, to be one word spelled in two ways; 1 is equal
LEAST_TO_TELL = 8  # words of a text by which its language can be told
ENGLISH = 0.12  # the least share of small words in an English text
ONE_LANGUAGE = 200_000_000  # weights: below, a model knows no language but English
FOREIGN = "This model is too small for texts that are not in English; choose a larger one in Assistant → Models."
_ROW = re.compile(r"^[ \t]*\|[^\n]*\|[ \t]*$", re.MULTILINE)
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
"""What a model may write and no text has: control characters, and what stands for bytes that are no character."""
_DOES = (
    r"(?:assist|help|fulfil|comply|provide|process|translate|rewrite|summari[sz]e|generate|create|access|answer|"
    r"(?:do|complete) (?:that|this))"
)
_REFUSAL = re.compile(
    r"(?:(?:i(?:['’]m| am) (?:very )?sorry|sorry|unfortunately|i apologi[sz]e),? (?:but )?)?"
    rf"(?:i (?:cannot|can['’]t|can not)|i(?:['’]m| am) (?:unable|not able) to) {_DOES}\b"
    r"|(?:as|i(?:['’]m| am)) an? (?:ai|language model)\b|als (?:ki|sprachmodell)\b|en tant qu['’]ia\b"
    r"|como (?:una )?(?:ia|modelo de lenguaje)\b"
    r"|(?:es )?tut mir leid,? (?:aber )?ich kann\b[^\n]{0,40}? nicht (?:helfen|beantworten|übersetzen)"
    r"|(?:je suis )?désolée?,? (?:mais )?je ne peux pas (?:vous )?(?:aider|traduire|répondre)"
    r"|lo siento,? (?:pero )?no puedo (?:ayudar|traducir|responder)",
    re.IGNORECASE,
)

_REGRET = re.compile(rf"i(?:['’]m| am) sorry,? but|i cannot|{_REFUSAL.pattern}", re.IGNORECASE)
"""The same where nothing was given that could say so too."""


class Unusable(CowriteError):
    """The model's answer is not worth showing.

    Attributes:
        raw: what it wrote.
    """

    def __init__(self, sentence: str, raw: str = "") -> None:
        super().__init__(sentence)
        self.raw = raw


SMALL_NOTE = "A small model wrote this; check every word."
NOTHING_USABLE = "The model wrote nothing usable; try again, choose less text, or use a larger model."


def without_loops(text: str, given: str = "") -> str:
    """The text up to where it begins to repeat itself: the same sentence again, or the same words over and over.

    Args:
        text: the answer.
        given: the text that it was given: a sentence that stands there as often is no loop, nor are words that follow
            each other no more often than some do there.
    """
    seen: Counter[str] = Counter()
    known = Counter(_key(piece.text) for piece in sentences(given))
    for piece in sentences(text):
        key = _key(piece.text)
        if len(key) > 10 and seen[key] and seen[key] >= known[key]:
            return text[: piece.start].rstrip()
        seen[key] += 1
    found = _outside_tables(text)
    if runs := list(_runs_in_a_row(found)):
        most = max((times for *_, times in _runs_in_a_row(_outside_tables(given))), default=0)
        for start, length, times in runs:
            if times > most:
                return text[: found[start + length - 1].end()].rstrip(" ,;:")
    return text


def _outside_tables(text: str) -> list[re.Match[str]]:
    """The words of a text, with the signs beside them; not those of tables, whose cells may well be alike."""
    return list(re.finditer(r"\S+", _ROW.sub(lambda row: " " * len(row.group()), text)))


def _runs_in_a_row(found: Sequence[re.Match[str]]) -> Iterator[tuple[int, int, int]]:
    """Where the same words follow each other, how many words these are, and how often they stand there."""
    spoken = [match.group().lower().strip(".,;:!?\"'") for match in found]
    start = 0
    while start < len(spoken):
        reached = start + 1
        for length in range(1, MAX_LOOP_WORDS + 1):
            times = _times(spoken, start, length)
            if times >= MIN_LOOP:
                yield start, length, times
                reached = start + length * times
                break
        start = reached


def _times(spoken: Sequence[str], start: int, length: int) -> int:
    run, times = spoken[start : start + length], 1
    while spoken[start + times * length : start + (times + 1) * length] == run:
        times += 1
    return times


def has_loop(text: str, given: str = "") -> bool:
    """Whether a text repeats itself more often than the one that it was given."""
    return without_loops(text, given) != text


def _key(sentence: str) -> str:
    return " ".join(words(sentence.lower()))


def is_refusal(text: str, given: str = "") -> bool:
    """Whether the model speaks of itself in the place of an answer; who "cannot help with the move" in the given text
    does not.

    Args:
        text: the answer.
        given: the text that it was given; empty for none.
    """
    text = text.strip()
    match = (_REFUSAL if given else _REGRET).match(text)
    return match is not None and not is_said_in(text[match.end() :], given)


def is_said_in(words_of_it: str, given: str) -> bool:
    """Whether half of the telling words of a few stand in the given text; never for words that tell nothing."""
    telling = telling_words(words_of_it)
    there = set(telling_words(given))
    return bool(telling) and 2 * sum(word in there for word in telling) >= len(telling)


def echoes(text: str, template: str) -> bool:
    """Whether an answer stands in the template already: a worked example given back."""
    spoken = " ".join(words(text.lower()))
    return len(spoken) > 12 and f" {spoken} " in f" {' '.join(words(template.lower()))} "


SMALL_WORDS = frozenset(
    "a an the this that these those i you he she it we they me him her us them my your his its our their and or but "
    "nor so if then than as at by for from in into of off on onto out over to up with without about after before "
    "between through during under is am are was were be been being do does did done have has had will would can "
    "could shall should may might must not no yes there here what which who whom whose when where why how all any "
    "both each few more most other some such only own same too very just also because since "
    "until while although though however therefore thus again ever still yet already please".split()
)


def is_foreign(text: str) -> bool:
    """Whether a text is not in English, as far as its small words tell; a few words tell nothing."""
    spoken = words(text.lower())
    return len(spoken) >= LEAST_TO_TELL and sum(word in SMALL_WORDS for word in spoken) < ENGLISH * len(spoken)


def check_language(parameters: int, text: str) -> None:
    """Checks that a model of so many weights may know the language of a text.

    Raises:
        Unusable: it does not.
    """
    if parameters < ONE_LANGUAGE and is_foreign(text):
        raise Unusable(FOREIGN)


def telling_words(text: str) -> list[str]:
    """The words that carry a text's meaning, in small letters, without their commonest endings."""
    return [stem(word) for word in words(text.lower()) if word not in SMALL_WORDS]


@lru_cache(maxsize=20_000)  # a long text has each of its words many times
def stem(word: str) -> str:
    """A word without its commonest English endings, so that "meetings" and "meeting" are one."""
    return _without_ending(_without_ending(word))


def _without_ending(word: str) -> str:
    for ending in ("ing", "edly", "ed", "ies", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def overlap(text: str, source: str) -> float:
    """The share of a text's telling words that also stand in its source, 0 to 1; 1 where it has none.

    A word counts as standing there where one that is spelled much like it does.
    """
    telling = telling_words(text)
    there = set(telling_words(source))
    found = sum(word in there or bool(get_close_matches(word, there, 1, ALIKE)) for word in telling)
    return found / len(telling) if telling else 1.0


def borrows(text: str, source: str, template: str) -> bool:
    """Whether an answer has a telling word of the template that its source has not: one out of a worked example."""
    own, theirs = set(telling_words(source)), set(telling_words(template))
    return any(
        word in theirs and word not in own and not get_close_matches(word, own, 1, ALIKE)
        for word in telling_words(text)
        if len(word) > 3
    )


def circles(text: str, source: str) -> bool:
    """Whether an answer says the same words twice that its source says once: a run of some words, here or there."""
    spoken, given = _runs(text), _runs(source)
    return any(count > max(1, given[run]) for run, count in spoken.items())


def says_again(text: str, source: str) -> bool:
    """Whether an answer says a telling word twice that its source says once."""
    given = Counter(telling_words(source))
    return any(count > max(1, given[word]) for word, count in Counter(telling_words(text)).items())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    spoken = words(text.lower())
    runs = (tuple(spoken[start : start + CIRCLE_WORDS]) for start in range(len(spoken) - CIRCLE_WORDS + 1))
    return Counter(run for run in runs if sum(map(len, run)) >= CIRCLE_LETTERS)
