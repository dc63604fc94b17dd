"""E-mail threads: who wrote which part, and in which order, where the newest message stands first.

Runs anywhere. Mail programs put an answer above what it answers, mark that with ">" or a line "Anna wrote:", and some
repeat its head, "From: …", instead. What a message quotes up to its end was written before it, and is read before it;
what is answered passage by passage stays between its answers. Positions are code points and stay those of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cowrite.assist.text.sentences import Piece

MOST_DEEP = 200  # messages, each in another, that are told apart
MOST_FIELDS = 12  # lines of a head

_QUOTED = re.compile(r"(?:>[ \t]?)+")
_NAME = r"(?P<name>[^\d,<>@:]{2,60}?)\s*(?:<[^>]*>\s*)?"
_WROTE = (
    re.compile(
        rf"(?:on|at|am|den)\b.*?[,\d]\s*(?:at [\d:.]+\s*)?(?:[ap]\.?m\.?,?\s*)?{_NAME}wrote\s*:$", re.IGNORECASE
    ),
    re.compile(rf"(?:am|den)\b.*?\bschrieb\s+{_NAME}:$", re.IGNORECASE),
    re.compile(r"(?P<name>[A-ZÄÖÜ][\w'’.-]+(?: [A-ZÄÖÜ][\w'’.-]*){0,3}) (?:wrote|schrieb)\s*:$"),
)
_WROTE_BEGINS = re.compile(r"(?:on|am) \S.*[^:]$", re.IGNORECASE)
_NOBODY = frozenset("he she they we i it you who er sie wir ich".split())
_FIELD = re.compile(
    r"\*?(?P<name>from|to|cc|bcc|subject|date|sent|reply-to|von|an|betreff|datum|gesendet)\s*:\*?(?:\s+(?P<value>.*))?$",
    re.IGNORECASE,
)
_LONE = re.compile(r"\*?(?:[Ff]rom|[Vv]on)\s*:\*?\s+[^\W\d_a-z][\w'’.-]*(?: [^\W\d_a-z][\w'’.-]*){0,3}(?:\s*<[^>]*>)?$")
"""The whole head of a later message, where somebody has copied a thread by hand."""
_ADDRESS = re.compile(r"\s*(?:<[^>]*>|\[[^\]]*\]|\([^)]*@[^)]*\))\s*$")
_FROM, _WHEN = frozenset(("from", "von")), frozenset(("date", "sent", "datum", "gesendet"))
_BELOW = re.compile(r"-{2,}\s*(?:original|forwarded|ursprüngliche|weitergeleitete)\b.*", re.IGNORECASE)
_FOOT = re.compile(r"(?:--|_{5,})$")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec mär mrz mai okt dez".split()
_NUMBERS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 3, 3, 5, 10, 12)
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"),
    re.compile(r"(?P<d>\d{1,2})\.? (?P<m>[^\W\d_]{3})[^\W\d_]*\.?,? (?P<y>\d{4})"),
    re.compile(r"(?P<m>[^\W\d_]{3})[^\W\d_]*\.? (?P<d>\d{1,2}),? (?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
)
_CLOCK = re.compile(r"\b(?P<h>\d{1,2}):(?P<min>\d\d)(?::\d\d)?(?:\s*(?P<half>[ap])\.?m)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that somebody wrote.

    Attributes:
        piece: it, with the marks of what is quoted.
        writer: who wrote it, or empty.
        message: a number that the lines of one message share.
        depth: how many messages quote it.
    """

    piece: Piece
    writer: str
    message: int
    depth: int


def thread_of(lines: Sequence[Piece]) -> list[Line]:
    """What was written in an e-mail thread, the oldest message first, without heads and feet; empty where it is none.

    Args:
        lines: those of the text that say something, without the white space around them.
    """
    reading = _Reading(lines)
    written = reading.written()
    return _ordered(written) if reading.is_thread else []


def _ordered(lines: Sequence[Line]) -> list[Line]:
    """Each message behind what it quotes up to its end."""
    found: list[Line] = []
    depth = min((line.depth for line in lines), default=0)
    for message in _messages(lines, depth):
        end = len(message)
        while end and message[end - 1].depth > depth:
            end -= 1
        found += _ordered(message[end:]) if end < len(message) else []
        found += message[:end]
    return found


def _messages(lines: Sequence[Line], depth: int) -> list[list[Line]]:
    """Lines in parts, where another message of some depth begins."""
    found: list[list[Line]] = []
    number = -1
    for line in lines:
        if not found or (line.depth == depth and number not in (line.message, -1)):
            found.append([])
        number = line.message if line.depth == depth else number
        found[-1].append(line)
    return found


class _Reading:
    """Goes through the lines of a text that may be a thread."""

    def __init__(self, lines: Sequence[Piece]) -> None:
        self._lines = lines
        self._texts = [_QUOTED.sub("", line.text, count=1) if line.text[:1] == ">" else line.text for line in lines]
        self._marks = [
            len(line.text[: len(line.text) - len(text)].replace(" ", "").replace("\t", ""))
            for line, text in zip(lines, self._texts, strict=True)
        ]
        self._deeper: list[int] = []  # with how many marks each message begins that is below another without more
        self._writers: dict[int, tuple[str, int]] = {}  # by depth: who writes, and the number of the message
        self._last: tuple[int, ...] = ()  # when the message was written whose head was read last
        self._count = 0
        self.is_thread = False

    def written(self) -> list[Line]:
        """The lines of messages, in the order in which they stand."""
        found: list[Line] = []
        at, foot, is_below = 0, -1, False
        while at < len(self._lines):
            marks, text = self._marks[at], self._texts[at]
            while self._deeper and marks < self._deeper[-1]:
                self._deeper.pop()
            if marks != foot:
                foot = -1
            if _BELOW.match(text):
                is_below, at, foot = True, at + 1, -1
            elif end := self._head(at):
                self._begin_head(at, end, is_below=is_below or bool(found))
                is_below, at, foot = False, end, -1
            elif wrote := self._wrote(at):
                self._begin_quote(at, *wrote, is_first=not found)
                at, foot = wrote[1], -1
            else:
                foot = marks if _FOOT.match(text) else foot
                if foot != marks and text:
                    depth = min(marks + len(self._deeper), MOST_DEEP)
                    found.append(Line(self._lines[at], *self._writers.get(depth, ("", -1)), depth))
                at += 1
        return found

    def _head(self, at: int) -> int:
        """Behind the head of a message, which has its writer and something else; 0 where none begins. In a thread it
        may have its writer alone."""
        names: set[str] = set()
        end = at
        for end in range(at, min(at + MOST_FIELDS, len(self._lines)) + 1):
            match = _FIELD.match(self._texts[end]) if end < len(self._lines) else None
            if match is None or self._marks[end] != self._marks[at]:
                break
            names.add(match["name"].lower())
        is_lone = self.is_thread and len(names) == 1 and _LONE.match(self._texts[at]) is not None
        return end if (len(names) > 1 and names & _FROM) or is_lone else 0

    def _begin_head(self, at: int, end: int, *, is_below: bool) -> None:
        fields = {}
        for text in self._texts[at:end]:
            if match := _FIELD.match(text):
                fields[match["name"].lower()] = match["value"] or ""
        when = next((moment for name in fields.keys() & _WHEN if (moment := _moment(fields[name]))), ())
        # Mail programs put the time into each head, and what is older below; people copy one message after the other.
        is_later = bool(when and self._last and when >= self._last) or len(fields) == 1
        if is_below and not is_later:
            self._deeper.append(self._marks[at])
        self._last = when or self._last
        writer = next(fields[name] for name in fields if name in _FROM)
        self._begin(self._marks[at], _ADDRESS.sub("", writer).strip(" \"“”'*"))

    def _wrote(self, at: int) -> tuple[str, int] | None:
        """Who wrote what is quoted from a line on, and where it begins; None where the line does not say so."""
        text, end = self._texts[at], at + 1
        if end < len(self._lines) and _WROTE_BEGINS.match(text) and len(self._texts[end]) < 80:
            joined = f"{text} {self._texts[end]}"
            text, end = (joined, end + 1) if re.search(r"\b(?:wrote|schrieb\b.*)\s*:$", joined) else (text, end)
        match = next((match for pattern in _WROTE if (match := pattern.match(text))), None)
        if match is None or end == len(self._lines) or match["name"].strip().lower() in _NOBODY:
            return None
        if match.re is _WROTE[-1] and self._marks[end] <= self._marks[at]:
            return None  # prose
        return match["name"].strip(" \"“”'"), end

    def _begin_quote(self, at: int, writer: str, end: int, *, is_first: bool) -> None:
        marks = self._marks[end]
        if marks <= self._marks[at] and not is_first:
            self._deeper.append(marks)
        self._begin(marks, writer)

    def _begin(self, marks: int, writer: str) -> None:
        self._count += 1
        self._writers[min(marks + len(self._deeper), MOST_DEEP)] = (writer, self._count)
        self.is_thread = True


def _moment(text: str) -> tuple[int, ...]:
    """When something was, to compare; empty where it cannot be told."""
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["m"].lower()
            if month.isdigit() or month in _MONTHS:
                number = int(month) if month.isdigit() else _NUMBERS[_MONTHS.index(month)]
                return (int(match["y"]), number, int(match["d"]), *_clock(text[match.end() :]))
    return ()


def _clock(text: str) -> tuple[int, int]:
    match = _CLOCK.search(text)
    if match is None:
        return (0, 0)
    hour = int(match["h"]) % 12 + 12 * (match["half"].lower() == "p") if match["half"] else int(match["h"])
    return (hour, int(match["min"]))
