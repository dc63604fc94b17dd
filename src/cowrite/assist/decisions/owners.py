"""Whose a task is that a text gives, and until when.

Runs anywhere. Judged by form alone, in English and German. A wrong owner or day is worse than none: what somebody will
not do is no task of theirs, and the day on which something was decided is not the one on which it is due.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from cowrite.assist.decisions.addressing import addressee_of, is_known
from cowrite.assist.text.decision_words import SETTLED, WE
from cowrite.assist.text.sentences import words

_MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|ma[yi]|june?|juni|july?|juli|aug(?:ust)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\.?"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
_DATE = (
    rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|(?:the )?\d{{1,2}}(?:st|nd|rd|th|\.)? (?:of )?{_MONTH}"
    rf"(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
)
_TIME = (
    rf"(?:{_DATE})|(?:next |this |nächsten |kommenden )?(?:{_DAY})(?: (?:morning|afternoon|evening|week))?|tomorrow|"
    rf"morgen|tonight|(?:the )?(?:end|beginning|middle) of (?:the |this |next )?(?:week|month|quarter|year|{_MONTH})|"
    rf"next (?:week|month|quarter|year|meeting|time|{_MONTH})|(?:the )?(?:next|following) meeting|noon|"
    rf"{_MONTH}(?: \d{{4}})?|ende (?:der woche|des monats)|nächste woche"
)
_DUE = re.compile(
    rf"\b(?:by|until|till|before|due(?: on| by|:)?|no later than|deadline(?: is|:)?|bis(?: zum| spätestens)?)\s+"
    rf"(?P<due>{_TIME})(?![\w-])"
    rf"|\b(?:on|for|am|at) (?P<on>{_DATE}|(?:next |this )?(?:{_DAY}))(?![\w-])",
    re.IGNORECASE,
)
_NO_DAY = re.compile(
    r"(?:\b(?:not|never|nobody|no one|cancel\w*|call(?:ed|s)? off|skips?|nicht|nie|niemand|kein\w*)\b|n't\b)[^;]*$",
    re.IGNORECASE,
)
_THEN_SETTLED = re.compile(rf",?\s*(?:{WE}|(?:the|our) (?:\w+ ){{0,2}}\w+) (?:\w+ ){{0,2}}{SETTLED}\b", re.IGNORECASE)
_SETTLED_THEN = re.compile(rf"\b{SETTLED}\s*$", re.IGNORECASE)
_NAME = r"[A-ZÄÖÜ][\w'’-]+(?: [A-ZÄÖÜ][\w'’-]+){0,2}"
_TASK = (
    r"(?:will|'ll|shall|is going to|is to|takes? care of|takes? (?:over|on)|is responsible for|has to|needs to|"
    r"should|agreed to|promised to|volunteered to|owns?|wird|übernimmt|kümmert sich|soll)"
)
_UNDONE = r"(?!\s+(?:not|never|have|nicht|nie|kein\w*)\b)(?!\s+be\b(?!\s+(?:responsible|in charge|\w+ing)\b))"
"""What makes no task of "will" and the like: "Tom will not come", "Tom should have come", "Monday will be busy"."""
_OWNER = re.compile(rf"(?<![\w.])(?P<name>{_NAME}),?\s*(?:{_TASK}(?![\w]){_UNDONE}|agreed to(?= be\b))")
_TO_DO = re.compile(
    rf"(?:^|[Aa]ction(?: item)?\s*[:–—-]\s*|→\s*)(?P<name>{_NAME}) to (?!(?:the|a|an|all|everyone|everybody)\b)[a-z]+"
)
_UNTIL = re.compile(rf"(?<![\w.])(?P<name>{_NAME}) [a-zäöüß]+t (?=bis\b)")
_DOES = re.compile(r"(?:and |but )?(?P<name>[A-ZÄÖÜ][\w'-]+) (?!(?:is|was|has|takes)\b)[a-z]+s\b")
_OWNER_AFTER = re.compile(
    rf"\b(?:[Oo]wner|[Rr]esponsible|[Aa]ssigned to|[Aa]ction(?: item)? (?:for|on)|[Vv]erantwortlich)\s*(?:is|:)?\s*"
    rf"(?P<name>{_NAME})"
)
_I = re.compile(
    rf"\b(?:i'll|i will|i'm going to|i am going to|i can do|let me (?:do|take)|i take)\b{_UNDONE}", re.IGNORECASE
)
_NO_NAMES = frozenset(
    "we they it this that he she you i there what who which everyone everybody nobody one the a an our their so then "
    "and but if when where maybe perhaps okay yes no nothing something well right now alright great good sure fine "
    "please also someone somebody anyone anybody no-one neither none wir sie das es man er ich jemand niemand "
    "monday tuesday wednesday thursday friday saturday sunday january february march july august september october "
    "november december montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
)


def due_in(sentences: Iterable[str]) -> str:
    """Until when, as the first of some sentences says that has it, else on which day; empty where none does."""
    found = [match for sentence in sentences for match in _DUE.finditer(sentence)]
    dues = [match["due"] for match in found if match["due"]] or [match["on"] for match in found if _is_day_of_it(match)]
    return str(dues[0]).rstrip(".") if dues else ""


def _is_day_of_it(match: re.Match[str]) -> bool:
    """Whether what was decided is to be on a day; else that is when it was decided, or when it shall not be."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    if _NO_DAY.search(before):
        return False
    if len(words(before)) < 2:
        return not _THEN_SETTLED.match(behind)
    return not (_SETTLED_THEN.search(before) and re.match(r"\s*,?\s*(?:to|that|not)\b", behind, re.IGNORECASE))


def owner_in(sentences: Iterable[tuple[str, str]], people: Collection[str] = ()) -> str:
    """Whose it is, as the first of some sentences says that tells.

    Args:
        sentences: each with who says it, or empty; "I will" is the speaker's.
        people: who is known to be there; one of them can be given it by their name.
    """
    for speaker, sentence in sentences:
        sentence = sentence.replace("’", "'")
        stated, doer = _named(_OWNER_AFTER, sentence), _named(_OWNER, sentence) or _named(_UNTIL, sentence)
        to_do = _named(_TO_DO, sentence)
        doer = doer or (to_do if to_do and (to_do[1] or _DUE.search(sentence) or is_known(to_do[0], people)) else None)
        addressed = addressee_of(speaker, sentence, people)
        if stated or doer or addressed:
            return (stated or min(filter(None, (addressed, doer)), key=lambda found: found[1]))[0]
        if speaker and _I.search(sentence):
            return speaker
    return ""


def _named(pattern: re.Pattern[str], sentence: str) -> tuple[str, int] | None:
    """The name that a pattern finds in a sentence, and where it stands."""
    match = pattern.search(sentence)
    if match is None or match["name"].split()[0].lower() in _NO_NAMES:
        return None
    return match["name"], match.start("name")


def is_of_another(sentence: str) -> bool:
    """Whether a sentence tells what somebody named does, and gives nobody a task: "Bob pays by Friday"."""
    sentence = sentence.strip().replace("’", "'")
    match = _DOES.match(sentence)
    return match is not None and match["name"].lower() not in _NO_NAMES and not _OWNER.search(sentence)
