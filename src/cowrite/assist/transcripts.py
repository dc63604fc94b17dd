"""What was said, by whom, and where it stands: a text as sentences that know their speaker.

Runs anywhere. Positions are code points. A transcript has lines `Speaker: text`, and a line without a speaker goes on
with what was said last; any other text is a transcript in which nobody is named and each paragraph is a turn. What
is in brackets behind a name, as the minutes of parliaments have office and party there, is no part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from cowrite.assist.sentences import Piece, lines, paragraphs, sentences, words

LEAST_LINES = 2  # with a speaker, for a text to be a transcript
LEAST_SHARE = 0.4  # of its lines, where somebody speaks twice
SURE_SHARE = 0.75  # where nobody need
MOST_NAME_WORDS = 5  # of somebody who speaks once; what stands before many lines may be longer
_SPEAKER = re.compile(
    r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?\s+)?"
    r"(?P<name>[^\W\d_][^:\n]{0,80}?)(?:\s*\([^:\n]{1,120}\))?\s*:(?:\s+|$)"
)
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
        for one in sentences(piece.text):
            plain = plainly(one.text)
            length = len(words(plain))
            if length:
                at = Piece(piece.start + one.start, piece.start + one.end, one.text)
                found.append(Said(at, number, speaker, plain, length))
    return found


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
    found = lines(text)
    heads = [(_name(head), head.end()) if (head := _SPEAKER.match(piece.text)) else ("", 0) for piece in found]
    names = Counter(name for name, _ in heads if name)
    known = {
        name
        for name, times in names.items()
        if times > 1 or (name[0].isupper() and len(words(name)) <= MOST_NAME_WORDS)
    }
    named = sum(1 for name, _ in heads if name in known)
    share = named / len(found) if found else 0.0
    is_transcript = named >= LEAST_LINES and (share >= SURE_SHARE or (share >= LEAST_SHARE and max(names.values()) > 1))
    if not is_transcript:
        return [("", piece) for piece in paragraphs(text)]
    turns: list[tuple[str, Piece]] = []
    speaker = ""
    for piece, (name, behind) in zip(found, heads, strict=True):
        start = piece.start
        if name in known:
            speaker, start = name, piece.start + behind
        turns.append((speaker, Piece(start, piece.end, text[start : piece.end])))
    return turns


def _name(head: re.Match[str]) -> str:
    """Who speaks by the head of a line; empty where it is no name."""
    name = str(head["name"])
    return name if words(name) and not name.lower().startswith(("http", "note", "ps")) else ""
