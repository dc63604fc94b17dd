"""Where paragraphs, sentences and words of a text begin and end.

Runs anywhere. All positions are code points. What is found covers the text without gaps, so that whatever is put in
the place of one piece leaves the white space around it as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

IDEOGRAPH = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters of scripts that set no spaces between words, for a class of a regular expression."""

# A number with its separators, a word with its apostrophes and hyphens, an ideograph, white space, any other sign.
WORD = rf"\d+(?:[.,:/]\d+)*|[^\W\d_{IDEOGRAPH}]+(?:[’'\-][^\W\d_{IDEOGRAPH}]+)*"
_PIECE = re.compile(rf"{WORD}|[{IDEOGRAPH}]|[ \t]+|\s|\w+?|.", re.DOTALL)
_WORD = re.compile(rf"{WORD}|[{IDEOGRAPH}]")
_IDEOGRAPHS = re.compile(rf"[{IDEOGRAPH}]+")

_CLOSERS = r"[\"”’»')\]]*"
_END = re.compile(rf"[.!?…]+{_CLOSERS}(?=\s|$)|[。！？]+[」』”’）]*|(?=\n)")
SENTENCE_END = rf"[.!?…]{_CLOSERS}(?=\s)|[。！？]|\n"
"""A regular expression that matches where a sentence that is being written has ended."""

_BEHIND = re.compile(r"[ \t\r]*(\s*\S*)")
"""What comes behind the end of a sentence: the next word, with the line breaks before it."""

HEADING_WORDS = 9  # at most
LAST_LETTERS = 100  # before a full stop, among which its word is looked for

_AROUND_LETTER = re.compile(
    r"(?:(?:hi|hello|hey|dear|hallo|liebe[rs]?|sehr geehrte[rs]?|bonjour|chère?s?|hola|querid[oa]s?|estimad[oa]s?)"
    r"(?: [^\s,.!?|]+){0,4} ?[,!]"
    r"|(?:(?:best|kind|warm|many|all the)(?: (?:best|kind|warm))? (?:wishes|regards|best)|regards|cheers|"
    r"yours(?: \w+)?|(?:viele|liebe|beste|herzliche) grüße|mit freundlichen grüßen|cordialement|bien à vous|"
    r"(?:un )?saludos?)(?:,\s[^,.!?|\n]{0,40})?,?)\s*",
    re.IGNORECASE,
)
"""Greeting and farewell of a letter."""
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st sr jr vs e.g i.e cf etc no fig figs vol pp p ca approx inc ltd co jan feb mar apr jun jul "
    "aug sep sept oct nov dec u.s u.k a.m p.m bzw z.b d.h u.a evtl ggf nr bspw usw".split()
)
_MONTHS = frozenset("januar februar märz april mai juni juli august september oktober november dezember".split())
_NEVER_LAST = frozenset("mr mrs ms dr prof st vs e.g i.e cf no fig figs vol pp p ca approx bzw z.b d.h nr bspw".split())


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text.

    Attributes:
        start, end: where it stands; code points.
        text: what stands there.
    """

    start: int
    end: int
    text: str


def paragraphs(text: str) -> list[Piece]:
    """The paragraphs that say something, each from its first to its last line: blank lines separate them."""
    found = re.finditer(r"[^\s](?:[^\n]|\n(?![ \t\r]*(?:\n|$)))*", text)
    return [Piece(m.start(), m.end() - m.group().endswith("\r"), m.group().removesuffix("\r")) for m in found]


def lines(text: str) -> list[Piece]:
    """The lines that say something, without the white space around them."""
    return [_stripped(text, m.start(), m.end()) for m in re.finditer(r"\S[^\n]*", text)]


def is_heading(text: str) -> bool:
    """Whether a paragraph is a heading by its look: a few words in one line, without the sign that ends a sentence."""
    return "\n" not in text and len(words(text)) <= HEADING_WORDS and text[-1:] not in tuple(".!?…:;,。！？")


def is_around_letter(line: str) -> bool:
    """Whether a line is greeting or farewell of a letter."""
    return bool(_AROUND_LETTER.fullmatch(line))


def sentences(text: str) -> list[Piece]:
    """The sentences, without the white space between them. A line break ends a sentence too."""
    found: list[Piece] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() > start and (not match.group() or _ends_here(text, start, match)):
            _add(found, text, start, match.end())
            start = match.end()
    _add(found, text, start, len(text))
    return found


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a full stop is one: not that of an abbreviation or an initial, nor one before a small letter."""
    if match.group()[0] in "。！？!?":
        return True
    found = _BEHIND.match(text, match.end())
    behind = found[1] if found else ""
    if match.group().rstrip("\"”’»')]") != ".":
        return not (behind and behind[0].islower())
    before = text[max(start, match.start() - LAST_LETTERS) : match.start()].rsplit(maxsplit=1)
    last = before[-1].lstrip("(\"“‘['").lower() if before else ""
    if last in _NEVER_LAST or (len(last) == 1 and last.isalpha() and last != "i"):
        return not behind or behind[0] == "\n"
    if behind and (behind[0].islower() or (last in _ABBREVIATIONS and behind[0].isdigit())):
        return False
    if last.isdecimal() and not _MONTHS.isdisjoint(words(behind.lower())):
        return False  # "am 14. Juni"
    return not last.isdecimal() or len(before) > 1  # "2." at the head of a line numbers it


def _add(found: list[Piece], text: str, start: int, end: int) -> None:
    piece = _stripped(text, start, end)
    if piece.text:
        found.append(piece)


def _stripped(text: str, start: int, end: int) -> Piece:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return Piece(start, start + len(inner.strip()), inner.strip())


def pieces(text: str) -> list[str]:
    """A text cut into words, ideographs, runs of spaces and single signs; put together they are the text."""
    return _PIECE.findall(text)


def straight(sentence: str) -> str:
    """A sentence without space around it, with apostrophes as they are typed."""
    return sentence.strip().replace("’", "'")


def words(text: str) -> list[str]:
    """The words and numbers, as they are written; ideographs one by one."""
    return _WORD.findall(text)


def has_words(text: str) -> bool:
    """Whether there is a word or number in a text."""
    return _WORD.search(text) is not None


def is_ideographs(word: str) -> bool:
    """Whether a word is of ideographs only."""
    return _IDEOGRAPHS.fullmatch(word) is not None


def ideograph_pairs(text: str) -> list[str]:
    """The ideographs of a text in pairs of neighbours, one that stands alone by itself: about what a word is there."""
    return [run[at : at + 2] for run in _IDEOGRAPHS.findall(text) for at in range(max(1, len(run) - 1))]


def word_places(text: str) -> list[tuple[int, str]]:
    """The same with the code point at which each begins."""
    return [(match.start(), match.group()) for match in _WORD.finditer(text)]
