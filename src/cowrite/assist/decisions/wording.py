"""What a decision that was found in a transcript says: what was talked about, what was said, how it ended.

Runs anywhere. The topic is in the question's own words, and so is the name of those who decide; what was said is
reported by rule (`assist.decisions.minutes`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cowrite.assist.decisions.minutes import reported
from cowrite.assist.text.sentences import words
from cowrite.assist.text.transcripts import Said
from cowrite.core.decisions.found import Standing

MOST_TOPIC_WORDS = 16
ENDS = {
    Standing.DECIDED: "agreed on it",
    Standing.LEANING: "tended towards it",
    Standing.OPEN: "left it open",
}
_GROUP = re.compile(r"\b(group|team|board|committee|council|panel|jury|commission|cabinet)\b", re.IGNORECASE)
_WHO = r"(?:the )?(?:group|team|board|committee|council|members?|they|we|everyone)"
_BETWEEN = rf"(?:,? (?:that|was|were|is|did|do|made|make|reached|reach|taken|take|come|came|by|to|{_WHO})\b){{0,5}}"
_TOPIC = re.compile(
    r"\b(?:decid\w*|decisions?|conclu\w+|discuss\w*|agree\w*|talk\w*|think|thought|opinions?|views?|done|do|said|say)\b"
    rf"{_BETWEEN} (?:about|of|on|over|for|regarding|concerning|against)\s+",
    re.IGNORECASE,
)
_HOW = re.compile(
    r"(?:.*?,\s)?(?P<how>what|which|who|where|when|how|why)\b(?P<kind>.*?) "
    r"(?:did|do|does|have|has|had|should|will|would) "
    r".*?\b(?:decid\w+|agree\w*|resolv\w+|conclud\w+|plan\w*)(?: not)? to (?P<do>.+)",
    re.IGNORECASE,
)
_TOWARDS = re.compile(
    r"\b(?:opinions?|views?|attitudes?|feelings?|disagreements?|agreements?|debates?)\b.*? "
    r"(?:towards?|concerning|regarding|on|about|over)\s+(?P<topic>.+)",
    re.IGNORECASE,
)
_SUMMED_UP = re.compile(r"^(?:please )?(?:summari[sz]e|describe)\s+(?P<topic>.+)", re.IGNORECASE)
_ASIDE = re.compile(
    r"\b(?:discuss(?:ing|ed)|(?:talk(?:ing|ed)|spoke|speaking) (?:about|over|of))\s+(?P<topic>.+)", re.IGNORECASE
)
_BEHIND = re.compile(
    r",?\s+(?:\b(?:when|while|during|connected with|linked|and (?:why|what|how|who))\b|at the (?:meeting|end)).*$"
    r"|[?.!]+$",
    re.IGNORECASE,
)


def wording(question: str, said: Sequence[Said], ended: Standing | None) -> str:
    """What is shown of a place.

    Args:
        question: by which it was found.
        said: its most telling sentences, in their order.
        ended: how far things are there, by what somebody says; None where nobody does.
    """
    group, topic = group_of(question), topic_of(question)
    parts = [f"The {group} discussed {topic}." if topic else ""]
    parts += _told(said)
    parts.append(f"The {group} {ENDS[ended]}." if ended else "")
    return " ".join(part for part in parts if part)


def _told(said: Sequence[Said]) -> list[str]:
    """What was said as sentences: what one person said in a row is one of them."""
    told: list[str] = []
    for text in (reported(one.speaker, one.plain) for one in said):
        opening, that, rest = text.partition(" that ")
        if told and that and told[-1].startswith(opening + that) and told[-1].endswith("."):
            told[-1] = f"{told[-1][:-1]}, and that {rest}"
        else:
            told.append(text)
    return told


def group_of(question: str) -> str:
    """What a question calls those who decide."""
    match = _GROUP.search(question)
    return match.group().lower() if match else "group"


def topic_of(question: str) -> str:
    """What a question asks about, in its own words, else what it says was talked about when that came up; empty where
    neither can be told."""
    whole, question = question.rstrip("?.! "), _BEHIND.sub("", question)
    if match := _HOW.match(question):  # "why" takes for granted that they did
        how = "whether" if match["how"].lower() == "why" else match["how"].lower() + match["kind"]
        topic = f"{how} to {match['do']}"
    else:
        found = list(_TOPIC.finditer(question))
        topic = question[found[-1].end() :].strip() if found else _otherwise(question, whole)
    return topic if 0 < len(words(topic)) <= MOST_TOPIC_WORDS else ""


def _otherwise(question: str, whole: str) -> str:
    """The topic of a question that says in no usual words what was decided or discussed."""
    match = _TOWARDS.search(question) or _SUMMED_UP.match(question) or _ASIDE.search(whole)
    return match["topic"].strip() if match else ""
