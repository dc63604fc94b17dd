"""The numbers, names and links of a text: what must not get lost when it is said in other words.

Runs anywhere. Judged by form alone, so it serves as a check, not as knowledge: a name at the head of a sentence is seen
where it also stands within one, or where the words behind it show that somebody is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from cowrite.assist.text.languages import is_small
from cowrite.assist.text.sentences import sentences

_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"”)\]]*[^\s<>\"”)\].,;:!?]|\b[\w.+-]{1,64}@[\w-]+\.[\w.-]*\w")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W\d_][\w’'&-]*")
_GERMAN = re.compile(
    r"\b(?:der|die|das|und|ist|nicht|ein|eine|wir|mit|auf|den|dem|von|zu|am|im|zum|zur|es|sie|sind|wird|bei)\b",
    re.IGNORECASE,
)
_ACTS = r"(?:says?|said|thinks?|thought|wants?|wanted|asks?|asked|tells?|told|writes?|wrote|and (?=[A-Z]))"
_DID = (
    r"(?:[a-z]{2,}ed|gave|took|brought|went|made|got|had|has|came|saw|met|found|left|kept|sent|built|bought|paid|ran)"
)
_HEAD_NAME = re.compile(
    rf"[^\w]*(?:([^\W\d_]+)(?:['’]s\b|\s+{_ACTS}\b)|([^\W\d_]*[^\W\d_s])\s+{_DID}\b"  # no plural did it
    r"|([^\W\d_]+)\s+[A-Z])"
)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_POWERS = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_VALUES = (
    {word: value for value, word in enumerate(_SMALL.split())}
    | {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
    | _POWERS
    | {f"{word}s": value for word, value in _POWERS.items()}
    | {"dozen": 12, "dozens": 12, "both": 2, "couple": 2, "pair": 2}
)
_MOST_DIGITS = 12  # of a number that is said in words
_NO_NUMBERS = frozenset(("zero", "one", "both", "couple", "pair"))  # said also where nobody counts
_NO_NAMES = frozenset("i i'm i've i'll i'd".split())


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text names.

    Attributes:
        numbers: as they are written, without thousands' separators.
        names: words with a capital that a sentence does not begin with.
        links: addresses of pages and mail.
    """

    numbers: frozenset[str]
    names: frozenset[str]
    links: frozenset[str]


def facts_of(text: str) -> Facts:
    """The numbers, names and links of a text."""
    links = frozenset(_LINK.findall(text))
    bare = _LINK.sub(" ", text)
    names: set[str] = set()
    has_capital_nouns = len(_GERMAN.findall(bare)) > 1
    for sentence in sentences(bare):
        if head := _head_name(sentence.text):
            names.add(head)
        for number, match in enumerate(_WORD.finditer(sentence.text)):
            word = re.sub(r"['’]s$", "", match.group())
            is_name = word[0].isupper() and number > 0 and not has_capital_nouns
            if (is_name or _is_marked(word)) and word.lower() not in _NO_NAMES:
                names.add(word)
    return Facts(frozenset(_normal(number) for number in _NUMBER.findall(bare)), frozenset(names), links)


_HEADS = frozenset(
    "the a an this that these those it he she we you they i his her our your their its my there here what who when "
    "where why how if as in on at by for from with to of and but or so because although while since after before "
    "all some many most each every no not one two three only also then please dear hello hi thanks thank nobody "
    "everybody somebody everyone someone another other both either neither such which whoever people finally let "
    "moreover however yesterday today tomorrow now later soon again still perhaps maybe usually often sometimes "
    "recently therefore thus hence meanwhile instead otherwise furthermore additionally first last never".split()
)
_ASKING = frozenset("can could will would shall should may might must do does did is are was were has have had".split())
"""What stands before a name where somebody asks: "Will Ada come?"; where Will says something, he is meant."""


def _head_name(sentence: str) -> str:
    """The name with which a sentence begins, where the words behind it show that somebody is meant; empty for none."""
    match = _HEAD_NAME.match(sentence)
    if match is None:
        return ""
    *acting, before_name = match.groups("")
    name = "".join(acting) or ("" if _is_no_first_name(before_name.lower()) else before_name)
    return name if name[:1].isupper() and name.lower() not in _HEADS else ""


def _is_no_first_name(word: str) -> bool:
    return word in _ASKING or is_small(word)


def _is_marked(word: str) -> bool:
    """Whether a word is a name by its letters alone: NASA, McKay, iPad."""
    return sum(letter.isupper() for letter in word) > 1 and len(word) > 1


def _is_there(number: str, text: str) -> bool:
    """Whether a number stands in a text as another language writes it: 2.300 or 2 300 for 2300, 16h40 for 16:40."""
    if number.isdecimal():
        signs = r"[.,'’ \u00a0\u202f]?".join(re.findall(r"\d{1,3}(?=(?:\d{3})*$)", number))
    else:
        signs = r"(?:\W{1,2}|h| h )".join(re.split(r"\D", number))
    return bool(re.search(rf"(?<!\d){signs}(?!\d)", text))


def _normal(number: str) -> str:
    return re.sub(r"(?<=\d)[,](?=\d{3}\b)", "", number)


def lost_facts(before: str, after: str) -> tuple[str, ...]:
    """The facts of a text that another version of it does not have, in their order; numbers also as words."""
    facts = facts_of(before)
    known = _known_numbers(after)
    low = after.lower()
    lost = [number for number in facts.numbers if number not in known and not _is_there(number, after)]
    lost += [word for word in _number_words(before) if str(_VALUES[word.lower()]) not in known]
    lost += [name for name in facts.names if not re.search(rf"(?<!\w){re.escape(name.lower())}", low)]
    lost += [link for link in facts.links if link not in after]
    return tuple(sorted(dict.fromkeys(lost), key=before.find))


def new_facts(before: str, after: str) -> tuple[str, ...]:
    """The numbers, names and links that a version has and the text itself has not: made up, as far as can be seen."""
    return lost_facts(after, before)


def _number_words(text: str) -> list[str]:
    found = re.findall(r"[^\W\d_]+", text)
    return [word for word in found if word.lower() in _VALUES and word.lower() not in _NO_NUMBERS]


def _known_numbers(text: str) -> set[str]:
    """The numbers that a text says in digits or words, "four hundred" and 400 each also as the other."""
    known = {_normal(number) for number in _NUMBER.findall(text)}
    for number in [int(number) for number in known if number.isdecimal() and len(number) <= _MOST_DIGITS]:
        for power in _POWERS.values():
            if number and number % power == 0:
                known |= {str(number // power), str(power)}
    spoken = [_VALUES[word] for word in re.findall(r"\w+", text.lower()) if word in _VALUES]
    known |= {str(value) for value in spoken}
    known |= {str(value * power) for value, power in pairwise(spoken) if power in _POWERS.values()}
    return known


def changes_parts(before: str, after: str) -> bool:
    """Whether somebody who does something in a text has it done to them in a version of it: "The book went to Ada."."""
    for sentence in sentences(before):
        if head := _head_name(sentence.text):
            towards = re.compile(rf"\b(?:to|for)\s+{re.escape(head)}\b")
            if towards.search(after) and not towards.search(before):
                return True
    return False


def repeated_facts(before: str, after: str) -> tuple[str, ...]:
    """The numbers and names that a version says more often than the text itself: it goes in circles."""
    facts = facts_of(before)
    return tuple(
        fact
        for fact in (facts.numbers | facts.names)
        if after.lower().count(fact.lower()) > before.lower().count(fact.lower())
    )
