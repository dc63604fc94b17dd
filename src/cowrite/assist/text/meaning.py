"""Whether another version of a sentence still says the same, as far as its words show it.

Runs anywhere. By form and by English words: what it notices is reason enough to ask a small model again, what it does
not notice may be wrong all the same.
"""

from __future__ import annotations

import re

from cowrite.assist.text.guards import overlap, stem, telling_words
from cowrite.assist.text.sentences import sentences, words

_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nor|neither|without|cannot|unable|fail(?:s|ed)?|refus\w+|"
    r"lies?|lying|false(?:ly)?|untrue|wrong(?:ly)?|fake|myth|"
    r"(?:is|are|was|were|do|does|did|has|have|had|ca|wo|would|could|should|must)n['’]?t)\b",
    re.IGNORECASE,
)

_OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in (
        "old/new more/less most/least many/few before/after always/never first/last early/late earlier/later "
        "open/closed opens/closes opened/closed high/low higher/lower big/small bigger/smaller large/small "
        "larger/smaller long/short longer/shorter good/bad better/worse best/worst cheap/expensive cheaper/dearer "
        "fast/slow faster/slower hot/cold warm/cold wet/dry full/empty left/right up/down over/under above/below "
        "inside/outside north/south east/west buy/sell buys/sells bought/sold win/lose wins/loses won/lost "
        "rise/fall rises/falls rose/fell risen/fallen increase/decrease increases/decreases increased/decreased "
        "accept/reject accepts/rejects accepted/rejected begin/end begins/ends began/ended start/stop starts/stops "
        "started/stopped come/go comes/goes came/went allowed/forbidden possible/impossible likely/unlikely "
        "true/false public/private strong/weak easy/difficult yesterday/tomorrow "
        "yesterday/today today/tomorrow tonight/tomorrow morning/evening morning/afternoon day/night minutes/hours "
        "hours/days days/weeks weeks/months months/years "
        "summer/winter spring/autumn"
    ).split()
)

_AMOUNTS = tuple(
    (re.compile(rf"\b(?:{amount})\b", re.IGNORECASE), re.compile(rf"\b(?:{amount}|{other})\b", re.IGNORECASE))
    for amount, other in (
        ("half|halves", "50"),
        ("thirds?", "3"),
        ("quarters?", "4"),
        ("twice|doubles?|doubled", "two times"),
        ("at least", "minimum|or more|no less"),
        ("at most", "up to|maximum|no more|or less|limit"),
        ("(?<!at )last|previous", "past|recent|latest|final|former|ago|before"),
        ("most of|the majority of", "most|majority|mostly"),
        ("(?:less|fewer) than|under (?=\\d)", "less|fewer|below|smaller|lower"),
        ("more than|over (?=\\d)", "more|above|exceed(?:s|ed|ing)?|beyond"),
        ("less|fewer", "lower|smaller|reduced?|reduces|saves?|under|below"),
        ("only|merely|solely", "just|alone|but|except|exclusively|no more|limited"),
        ("every|each", "all|always|any|per|daily|weekly|monthly|yearly|everybody|everyone"),
        ("almost|nearly", "about|around|close|roughly|approximately|practically|virtually|some"),
        ("until|till", "before|by|up to|not|soon|when|once|as soon as"),
        ("unless", "if not|except|without"),
        ("except", "but|besides|apart|excluding|other than|without|not"),
        ("might|perhaps|maybe|possibly|probably", "may|can|could|can|likely|chance|possib\\w+|probab\\w+|think|hope"),
    )
)
_DUTIES = tuple(
    re.compile(rf"\b(?:{words})\b|{more}", re.IGNORECASE if is_any_case else re.NOFLAG)
    for words, more, is_any_case in (
        ("will|shall|(?:am|is|are) going to|won['’]t", "['’]ll\\b", True),
        ("must|ha(?:ve|s|d) to|needs? to|needed to|required|obliged", "['’]ve to\\b", True),
        ("should|ought to", "shouldn['’]t", True),
        ("may|might|could", "couldn['’]t", False),  # May is a month, and at the head of a sentence a question
    )
)
"""What is sure, what is a duty, what is advice, and what is only possible."""
_DONE_TO = re.compile(
    r"\b(\w+) (?:is|are|was|were|(?:has|have|had|will be|to be) ?been|will be|being|gets?|got) (?:\w+ly )?(\w+ed)\b",
    re.IGNORECASE,
)
_ALSO_DOES = r"(?:(?:will|would|has|have|had|can|could|should|must|may|might|also|always|often|usually|now)\s+)*(\w+)"
_GROUND = re.compile(
    r"\b(?:because|due to|owing to|provided|as long as|in case|"
    r"(?<!as )(?<!even )if(?! (?:possible|necessary|needed|any|you (?:can|could|like|want|wish|would))\b))\b"
    r"([^,;.:!?]*)",
    re.IGNORECASE,
)
"""Why something is so, or on what it hangs."""
_ALSO_GROUND = re.compile(
    r"\b(?:because|since|as|due|owing|thanks|hence|therefore|reasons?|causes?|caused|if|should|when|whenever|where|once|"
    r"upon|until|unless|without|provided|assuming|in case|in the event)\b",
    re.IGNORECASE,
)
_IF_NOT = re.compile(
    r"\bif\b[^,;.!?]*\b(?:not|never|\w+n['’]t|no|nobody|nothing)\b(?! (?:possible|sure|only)\b)", re.IGNORECASE
)
_ALSO_IF_NOT = re.compile(
    r"\b(?:if|unless|without|otherwise|should|in case|provided|fail\w*|unanswered|or (?:else|I|we|they|he|she))\b",
    re.IGNORECASE,
)
"""On what something hangs that is not so: "If I hear nothing, I write" is not "I do not write until I hear"."""
_REQUEST = re.compile(r"\b(?:please|kindly|(?:could|can|would|will) you)\b", re.IGNORECASE)
_PROMISE = re.compile(r"\b(?:I|we)(?:['’](?:ll|m|re)| (?:will|shall|am|are))\b", re.IGNORECASE)
_QUESTION = re.compile(r"\?[\s\"'”’)]*$")
_PARTS = re.compile(
    r";|\s[–—]\s|,\s(?:and|but|so|while|whereas|which|where|because|as|since)\b"
    r"|\s(?:and|but|so)\s(?=(?:it|he|she|they|we|I|there|this|that)\b)"
)
_LEAST_TOLD = 2  # telling words of a part that says something of its own


def turns_round(old: str, new: str) -> bool:
    """Whether one of two versions denies something and the other does not, or says the opposite of a word."""
    if bool(_NEGATIONS.search(old)) != bool(_NEGATIONS.search(new)):
        return True
    gone, come = set(words(old.lower())), set(words(new.lower()))
    gone, come = gone - come, come - gone
    return any((one in gone and other in come) or (other in gone and one in come) for one, other in _OPPOSITES)


def turns_part_round(text: str, name: str) -> bool:
    """Whether a name for a text denies what the part of it says that the name is about, or says what that denies."""
    shares = [(overlap(name, part), part) for part in _parts(text)]
    most = max((share for share, _ in shares), default=0.0)
    return bool(shares) and all(turns_round(part, name) for share, part in shares if share == most)


def loses_amount(old: str, new: str) -> bool:
    """Whether a version lacks what says how much or how often: "the team" for "half of it"."""
    return any(amount.search(old) and not like.search(new) for amount, like in _AMOUNTS)


def changes_amount(old: str, new: str) -> bool:
    """Whether only one of two versions says how much or how often."""
    return loses_amount(old, new) or loses_amount(new, old)


def loses_ground(old: str, new: str) -> bool:
    """Whether a version lacks why something is so, or on what it hangs: "We water" for "We water if it is dry"."""
    if _IF_NOT.search(old) and not _ALSO_IF_NOT.search(new):
        return True
    if _ALSO_GROUND.search(new):
        return False
    for ground in _GROUND.finditer(old):
        beside = set(telling_words(old[: ground.start()] + old[ground.end() :]))
        told = " ".join(word for word in telling_words(ground[1]) if word not in beside)
        if told and not overlap(told, new):
            return True
    return False


def changes_duty(old: str, new: str) -> bool:
    """Whether what somebody will do is in the other version advice, a duty or only possible: "should" for "will"."""
    old, new = (_REQUEST.sub(" ", text) for text in (old, new))
    gone = [duty for duty in _DUTIES if duty.search(old) and not duty.search(new)]
    come = [duty for duty in _DUTIES if duty.search(new) and not duty.search(old)]
    return bool(gone and come)


def suffers(old: str, new: str) -> bool:
    """Whether to somebody is done in a version what they do in the text: "Ada is watered" for "Ada waters it"."""
    for done in _DONE_TO.finditer(new):
        who, what = done.groups()
        does = re.compile(rf"\b{re.escape(who)}\s+{_ALSO_DOES}", re.IGNORECASE)
        if any(stem(verb.lower()) == stem(what.lower()) for verb in does.findall(old)):
            return True
    return False


def answers(old: str, new: str) -> bool:
    """Whether a version answers a question, or promises what is asked for, in the place of saying it in other words."""
    if _REQUEST.search(old):
        return bool(_PROMISE.search(new)) and not _PROMISE.search(old)
    return bool(_QUESTION.search(old)) and "?" not in new


def adds_part(old: str, new: str) -> bool:
    """Whether a version goes on with what is mostly not in the text: "They meet, and it is a weekly event"."""
    parts = _parts(new)
    if len(parts) <= len(_parts(old)):
        return False
    return any(len(telling_words(part)) >= _LEAST_TOLD and overlap(part, old) < 0.5 for part in parts)


def _parts(text: str) -> list[str]:
    return [part for sentence in sentences(text) for part in _PARTS.split(sentence.text) if telling_words(part)]
