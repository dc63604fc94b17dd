"""What was said, by whom, and where it stands: a text as sentences that know their speaker.

Runs anywhere. Positions are code points. A transcript has lines `Speaker: text`, and a line without a speaker goes on
with what was said last; any other text is a transcript in which nobody is named and each paragraph, or item of a list,
is a turn. What is in brackets behind a name, as the minutes of parliaments have office and party there, and threads of
comments when they were made, is no part of it. What stands before a text as Markdown's front matter, and the times of
subtitles, nobody said. A recording that a program wrote down may have no full stops: what goes on for longer than
anybody speaks in one breath is cut.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from cowrite.assist.sentences import Piece, lines, paragraphs, sentences, word_places, words

LEAST_LINES = 2  # with a speaker, for a text to be a transcript
LEAST_SHARE = 0.4  # of its lines, where somebody speaks twice
SURE_SHARE = 0.75  # where nobody need
MOST_NAME_WORDS = 5  # of somebody who speaks once; what stands before several lines may be longer, with a capital
MOST_WORDS = 80  # of a sentence; one in five hundred that people say in meetings has more than 60
LEAST_PART, MOST_PART = 10, 30  # words of a part of what is longer
_OPENERS = frozenset("and but so then because well okay yeah now und aber dann also weil".split())
_SPEAKER = re.compile(
    r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?\s+)?"
    r"(?P<name>[^\W\d_][^:\n]{0,80}?)(?:\s*\((?P<office>(?:[^:\n]|(?<=\d):(?=\d)){1,120})\))?\s*:(?:\s+|$)"
)
_WHEN = re.compile(r"\b(?:ago|just now|yesterday|today|edited|am|pm|vor|gestern|heute)\b|\d[:.]\d\d", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:[^\n]*\n)*?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)")
_SUBTITLE = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d\d[.,]\d{3} --> |WEBVTT\b|\d+$")  # its times, number and head
_SIGNS = re.compile(r"(?:>[ \t]?)*(?:[-*•][ \t]+)?")  # before what an e-mail answers, and before an item of a list
_ITEM = re.compile(r"^[ \t]*(?:[-*•]|\d{1,2}[.)])[ \t]+(?=\S)", re.MULTILINE)
_NOT_SAID = re.compile(r"\{[^{}\n]{0,60}\}|\[(?:laugh|noise|pause|inaudible|crosstalk)[^\]\n]{0,40}\]", re.IGNORECASE)
_HESITATION = re.compile(r"(?<![\w'])(?:uh|um|erm|hmm|mm|ah|mm - hmm|uh - huh)(?![\w'])[ ]?,?", re.IGNORECASE)
_DETACHED = re.compile(r"\s+(?=[.,;:?!]|n't\b|['’](?:s|m|re|ve|ll|d|t)\b)")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a text.

    Attributes:
        piece: as it stands there.
        turn: which turn it belongs to, from 0.
        speaker: who said it, or empty.
        plain: it, without hesitations and what a transcriber noted.
        length: words of it.
    """

    piece: Piece
    turn: int
    speaker: str
    plain: str
    length: int


def said(text: str) -> list[Said]:
    """The sentences that say something, in their order."""
    found: list[Said] = []
    for number, (speaker, piece) in enumerate(_turns(text)):
        for one in (part for sentence in sentences(piece.text) for part in _breaths(sentence)):
            signs = _SIGNS.match(one.text)
            start = signs.end() if signs else 0
            plain = plainly(one.text[start:])
            length = len(words(plain))
            if length:
                at = Piece(piece.start + one.start + start, piece.start + one.end, one.text[start:])
                found.append(Said(at, number, speaker, plain, length))
    return found


def _breaths(sentence: Piece) -> list[Piece]:
    """A sentence; in parts where it is longer than one, at a comma or before a word that opens a clause if need be."""
    found = word_places(sentence.text)
    if len(found) <= MOST_WORDS:
        return [sentence]
    starts = [0]
    for number, (place, word) in enumerate(found):
        length = number - starts[-1]
        opens = word.lower() in _OPENERS or sentence.text[max(0, place - 3) : place].rstrip()[-1:] in tuple(",;:，、；")
        if length >= MOST_PART or (length >= LEAST_PART and opens):
            starts.append(number)
    cuts = [0, *(found[number][0] for number in starts[1:]), len(sentence.text)]
    parts = [(start, sentence.text[start:end].rstrip()) for start, end in pairwise(cuts)]
    return [Piece(sentence.start + start, sentence.start + start + len(part), part) for start, part in parts]


def speakers(text: str) -> frozenset[str]:
    """Who speaks in a transcript; nobody where the text is none."""
    return frozenset(speaker for speaker, _ in _turns(text) if speaker)


def plainly(text: str) -> str:
    """A sentence without hesitations and what a transcriber noted, with its marks where they belong."""
    text = _HESITATION.sub(" ", _NOT_SAID.sub(" ", text))
    text = _DETACHED.sub("", " ".join(text.split()))
    return re.sub(r"(?:\s*,){2,}", ",", text).strip(" ,-")


def in_lines(some: list[Said]) -> str:
    """Sentences as a transcript: one line for each run of the same speaker."""
    rows: list[tuple[str, list[str]]] = []
    for one in some:
        if not rows or rows[-1][0] != one.speaker:
            rows.append((one.speaker, []))
        rows[-1][1].append(one.plain)
    return "\n".join(f"{speaker}: {' '.join(parts)}" if speaker else " ".join(parts) for speaker, parts in rows)


def _turns(text: str) -> list[tuple[str, Piece]]:
    front = _FRONT_MATTER.match(text)
    if front:  # the positions stay
        text = f"{' ' * front.end()}{text[front.end() :]}"
    found = lines(text)
    if any("-->" in piece.text for piece in found):
        found = [piece for piece in found if not _SUBTITLE.match(piece.text)]
    heads = _heads(found)
    names = Counter(name for name, _ in heads if name)
    known = {name for name, times in names.items() if _is_known(name, times)}
    named = sum(1 for name, _ in heads if name in known)
    share = named / len(found) if found else 0.0
    is_transcript = named >= LEAST_LINES and (share >= SURE_SHARE or (share >= LEAST_SHARE and max(names.values()) > 1))
    if not is_transcript:
        return [("", part) for piece in paragraphs(text) for part in _items(piece)]
    turns: list[tuple[str, Piece]] = []
    speaker = ""
    for piece, (name, behind) in zip(found, heads, strict=True):
        start = piece.start
        if name in known:
            speaker, start = name, piece.start + behind
        turns.append((speaker, Piece(start, piece.end, text[start : piece.end])))
    return turns


def _items(paragraph: Piece) -> list[Piece]:
    """A paragraph; where it is a list, its items."""
    cuts = [0, *(match.start() for match in _ITEM.finditer(paragraph.text) if match.start()), len(paragraph.text)]
    return [
        Piece(paragraph.start + start, paragraph.start + end, paragraph.text[start:end])
        for start, end in pairwise(cuts)
    ]


def _heads(found: list[Piece]) -> list[tuple[str, int]]:
    """Who may speak by the head of each line, empty where nobody does, and where the head ends."""
    heads = [_SPEAKER.match(piece.text) for piece in found]
    offices: dict[str, set[str]] = {}
    for head in heads:
        if head and head["office"] and not _WHEN.search(head["office"]):
            offices.setdefault(head["name"], set()).add(head["office"])

    def name(head: re.Match[str]) -> str:
        found, office = str(head["name"]), head["office"]
        if not words(found) or found.lower().startswith(("http", "note", "ps")):
            return ""
        # What is no word, or tells two of one name apart, belongs to the name: figure (1), Member (Ann Lee).
        is_apart = (
            office
            and not _WHEN.search(office)
            and (len(offices[found]) > 1 or not any(len(word) > 1 for word in words(office)))
        )
        return f"{found} ({office})" if is_apart else found

    return [(name(head), head.end()) if head else ("", 0) for head in heads]


def _is_known(name: str, times: int) -> bool:
    is_short, is_capital = len(words(name)) <= MOST_NAME_WORDS, name[0].isupper()
    return (is_short and is_capital) or (times > 1 and (is_short or is_capital))
