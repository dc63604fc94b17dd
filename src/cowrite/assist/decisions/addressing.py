"""To whom a sentence gives a task by addressing them: "Bob, you order samples by Friday".

Runs anywhere. Judged by form alone, in English and German. What stands before a comma at the beginning of a sentence is
seldom a name ("Well, you order samples"), so only those count who speak in the text or are named there as present; and
what somebody is told of themselves is no task ("Bob, you said so").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from cowrite.assist.text.transcripts import Said

_LISTS = (
    r"(?:present|attendees?|attending|participants?|in attendance|anwesend|anwesende|teilnehmer(?:innen)?|"
    r"présents?|présentes|asistentes|presentes)"
)
_LISTED = re.compile(rf"^{_LISTS}\s*:\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;]|\band\b|\bund\b|\bet\b|\by\b|&)\s*")
_NAME = r"(?P<name>[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,3})"
_TO_SAY = (
    "said|say|says|told|tell|mention|thought|think|know|knew|mean|meant|see|saw|hear|heard|remember|explain|repeat|"
    "agree|are|were|was|have|had|did|do|don't|didn't|won't|can't|cannot|couldn't|shouldn't|needn't|aren't|haven't|"
    "not|never|always|guys|want|wanted|like|asked|ask|got|made|wrote|went|took|gave|found|came|brought|sent|left|"
    "seem|look|sound|feel|felt|believe|guess|suggest|propose|bet|understand|hast|bist|warst|weißt|meinst|sagst|siehst|"
    "denkst|glaubst|kennst|willst"
)
"""What one is told of oneself, or asked, and does not do afterwards."""
_DO = rf"(?!(?:{_TO_SAY})\b)(?!\w+ed\b)\w+"
_BID = (
    r"(?:please |bitte )?(?:"
    r"(?:do|get|have|send|post|order|book|buy|bring|finish|print|write|fix|pay|make|ship|publish|submit|check|collect|"
    r"draft|prepare|update|review|test|call|ring|ask|tell|invite|rent|hire|clean|repair|pick up|set up) "
    r"(?:it|that|this|them|these|those|him|her|us|the|an?|our|your|all|some|two|three)"
    r"|(?:mach|erledige?|schick|bestelle?|bring|kauf|hol|schreibe?|druck|prüfe?|buche?|besorge?|ruf|frage?|miete?|"
    r"reserviere?|repariere?) (?:bitte )?(?:es|das|sie|ihn|den|die|dem|der|ein|eine|einen|uns|unsere?n?|alle)"
    r")"
)
"""What somebody is told to do in so many words: "order the chairs"."""
_MAY = r"(?:can|could|will|would|kannst|könntest|wirst)"
_TASK = (
    r"(?:you|du)(?:'ll| will| should| shall| must| need to| have to| are going to|'re going to| are to|'re to| own|"
    rf" can| could| sollst| musst| kannst)?(?: please| then| just| also| bitte)* {_DO}"
    rf"|{_MAY} (?:you|du)(?: please| then| just| also| bitte)* {_DO}"
    rf"|(?:please|bitte) {_DO}"
    rf"|{_BID}"
    r"|you're responsible|you are responsible|that's (?:yours|for you|on you)"
)
_ASKED = (
    rf"{_MAY} (?:you|du)(?: please| then| just| also| bitte)* "
    r"(?!(?:see|hear|explain|repeat|remember|believe|say|think|know|understand|tell (?:me|us)|imagine|guess)\b)\w+"
    r"|(?!(?:hast|bist|warst|weißt|meinst|sagst du(?! (?:dem|der|den|ihm|ihr|ihnen|bitte|allen)\b)|siehst|denkst|"
    r"glaubst|kennst|willst|findest|kommst|brauchst|möchtest)\b)\w+st du"
)
"""As a question: "Ben can you call them?", "Carla, kümmerst du dich darum?"."""
_BEFORE = r"(?:(?:^|[,;.] )(?:so|okay|ok|and|then|right|well|alright|now|but|also|good|great|und|dann|also|gut),? |^)"
_ADDRESSED = re.compile(rf"{_BEFORE}{_NAME}(?:, (?:{_TASK})|,? (?:{_ASKED}))(?![\w'])", re.IGNORECASE)
_BIDDEN = re.compile(rf"(?-i:[A-ZÄÖÜÉÁÓÍÚ]\w+(?: [A-ZÄÖÜÉÁÓÍÚ]\w+)?), (?:{_TASK})(?![\w'])", re.IGNORECASE)
_ADDRESSED_LAST = re.compile(rf"{_BEFORE}(?:{_TASK})\b[^,]*, {_NAME}[.?!]*$", re.IGNORECASE)


def people_in(some: Iterable[Said]) -> frozenset[str]:
    """Who speaks in a text, or is named there in a line "Present: …"."""
    found: set[str] = set()
    for one in some:
        line = f"{one.speaker}: {one.plain}" if one.speaker else one.plain
        if listed := _LISTED.match(line):
            found |= {name for name in _BETWEEN.split(line[listed.end() :].rstrip(".")) if name}
        elif one.speaker:
            found.add(one.speaker)
    return frozenset(found)


def addressee_of(speaker: str, sentence: str, people: Collection[str]) -> tuple[str, int] | None:
    """Whom a sentence gives a task, and where it names them (characters); None where it gives nobody one.

    Args:
        speaker: who says it, or empty; nobody gives themselves one by their name.
        sentence: it, with straight apostrophes.
        people: see `people_in`; they may be addressed by one of their names.
    """
    for pattern in (_ADDRESSED, _ADDRESSED_LAST):
        match = pattern.search(sentence)
        name = _known(match["name"], people) if match else ""
        if match and name and name != speaker:
            return name, match.start("name")
    return None


def gives_by_name(sentence: str) -> bool:
    """Whether a sentence has the form of one that gives somebody a task by their name at its beginning, whoever that
    is: "Tim, order the chairs"."""
    return bool(_BIDDEN.match(sentence))


def is_known(called: str, people: Collection[str]) -> bool:
    """Whether one of some people is called so."""
    return bool(_known(called, people))


def _known(called: str, people: Collection[str]) -> str:
    """The person who is called so; as they are called where several are, and empty where nobody is."""
    words = called.casefold().split()
    found = [name for name in people if set(words) <= set(name.casefold().split())]
    exact = [name for name in found if name.casefold().split() == words]
    if len(exact or found) == 1:
        return (exact or found)[0]
    return called if found else ""
