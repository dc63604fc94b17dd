"""Notes of a board as a list, in plain text or Markdown; as a table see `notes_csv`.

Runs anywhere, without I/O. What is written is read back as the same notes; what other authors write comes out as
follows.

- Markdown: a heading names the group of what follows it, each item and each paragraph is a note, an item in an item
  too. Markup inside a note is dropped, pictures as well.
- Plain text: each line is a note, without the bullet or number before it.

How many votes a note got and who wrote it stands below the line, as Markdown's readers show `<sub>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cowrite.convert.errors import ConvertError
from cowrite.convert.markdown_reader import from_markdown
from cowrite.convert.markdown_writer import to_markdown
from cowrite.convert.normal import normal_lines
from cowrite.core.richtext import Line, Span, lines_of

MOST_NOTES = 5000
"""More are no list of ideas; a board of so many can be read by nobody."""

LONGEST_NOTE = 20_000
"""Characters; a longer one is a document."""

BELOW = {"script": "sub"}
MERGED = "merged"
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"(?:[-*+•–—◦▪‣]|\(?\d{1,4}[.)]|\[[ xX]\])\s+")
_MARKDOWN = re.compile(r"^(?:#{1,6} \S| *[-*+] \S)", re.MULTILINE)
_VOTES = re.compile(r"(\d+(?:\.\d+)?) votes?")


class NotNotes(ConvertError):
    """A text cannot be taken in as notes.

    Attributes:
        line: where, from 1; 0 for the whole.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        self.line = line
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class ListedNote:
    """One note in a list.

    Attributes:
        text: what it says, without blank lines around it.
        group: the title of its group, or empty.
        colour: one of `core.board.COLOURS`, or empty for none in particular.
        author: the name of who wrote it, or empty.
        votes: the dots that it got in the newest poll that is closed; None where it was not asked about.
        group_votes: the same for its group.
        stands_for: the notes that were merged into it.
    """

    text: str
    group: str = ""
    colour: str = ""
    author: str = ""
    votes: float | None = None
    group_votes: float | None = None
    stands_for: tuple[ListedNote, ...] = ()


def plain(text: str) -> str:
    """A note's text as lists hold it: one kind of line end, nothing that cannot be seen, no blank lines around it."""
    lines = normal_lines(Line((Span(line),)) for line in _LINE_END.sub("\n", text).split("\n"))
    return "\n".join("".join(span.text for span in line.spans).rstrip() for line in lines).strip()


def checked(notes: Sequence[ListedNote]) -> list[ListedNote]:
    """Notes as they may be taken in; those without a letter are left out.

    Raises:
        NotNotes: there are none, too many, or one that is too long.
    """
    kept = [note for note in notes if note.text]
    if not kept:
        raise NotNotes("There is no idea in it: no line with text.")
    if len(kept) > MOST_NOTES:
        raise NotNotes(f"These are {len(kept):,} notes; a board takes in at most {MOST_NOTES:,} at once.")
    longest = max(kept, key=lambda note: len(note.text))
    if len(longest.text) > LONGEST_NOTE:
        raise NotNotes(f"The note that begins “{longest.text[:40]}” is longer than {LONGEST_NOTE:,} characters.")
    return kept


def from_list(text: str) -> list[ListedNote]:
    """Each line of a plain text as a note.

    Raises:
        NotNotes: see `checked`.
    """
    lines = _LINE_END.sub("\n", text).split("\n")
    return checked([ListedNote(plain(_without_bullets(line))) for line in lines])


def from_markdown_list(text: str) -> list[ListedNote]:
    """The notes of a Markdown text.

    Raises:
        NotNotes: see `checked`.
    """
    found: list[ListedNote] = []
    group, group_votes = "", None
    depth = 0
    for line in lines_of(from_markdown(text)):
        words, below = _parts(line)
        if "header" in line.attributes:
            group, group_votes = " ".join(words.split()), _votes(below)
            continue
        is_item = "list" in line.attributes
        if found and not is_item and 0 < depth <= line.attributes.get("indent", 0):
            last = found[-1]
            if last.stands_for and depth == 2:
                *others, inner = last.stands_for
                inner = replace(inner, text=f"{inner.text}\n{words}")
                found[-1] = replace(last, stands_for=(*others, inner))
            else:
                found[-1] = replace(last, text=f"{last.text}\n{words}")
            continue
        depth = line.attributes.get("indent", 0) + 1 if is_item else 0
        note = ListedNote(words, group, "", _author(below), _votes(below), group_votes)
        if MERGED in below and found:
            within = replace(note, group="", group_votes=None)
            found[-1] = replace(found[-1], stands_for=(*found[-1].stands_for, within))
            depth = 2
        else:
            found.append(note)
    return checked([_whole(note) for note in found])


def from_markdown_or_list(text: str) -> list[ListedNote]:
    """The notes of a text that somebody pasted: of Markdown where it has headings or items, else each line as a note.

    Raises:
        NotNotes: see `checked`.
    """
    return from_markdown_list(text) if _MARKDOWN.search(text) else from_list(text)


def to_markdown_list(notes: Iterable[ListedNote]) -> str:
    """A list under a heading for each group, those of no group first; what a note stands for is indented below it."""
    lines: list[Line] = []
    by_group: dict[str, list[ListedNote]] = {"": []}
    for note in notes:
        by_group.setdefault(note.group, []).append(note)
    for group, members in by_group.items():
        if group:
            lines.append(_line(group, _below(members[0].group_votes), {"header": 2}))
        for note in members:
            lines += _item(note, 0)
            for each in note.stands_for:
                lines += _item(each, 1)
    return to_markdown(lines, lambda name: name)


def _item(note: ListedNote, depth: int) -> list[Line]:
    first, *rest = note.text.split("\n")
    below = _below(note.votes, note.author, *((MERGED,) if depth else ()))
    lines = [_line(first, below, {"list": "bullet", "indent": depth})]
    return lines + [_line(line, "", {"indent": depth + 1}) for line in rest]


def _line(words: str, below: str, attributes: dict[str, object]) -> Line:
    spans = (Span(f"{words} "), Span(below, BELOW)) if below else (Span(words),)
    return Line(spans, attributes)


def _below(votes: float | None, *words: str) -> str:
    counted = [] if votes is None else [f"{votes:g} vote{'' if votes == 1 else 's'}"]
    return "; ".join([*counted, *(word for word in words if word)])


def _parts(line: Line) -> tuple[str, list[str]]:
    """The words of a line, and what stands below it at its end."""
    spans = [span for span in line.spans if span.embed is None]
    below: list[str] = []
    if spans and spans[-1].attributes == BELOW:
        below = spans.pop().text.split("; ")
    words = "".join(span.text for span in spans)
    return (words.rstrip() if below else words), below


def _votes(below: Sequence[str]) -> float | None:
    return next((float(found[1]) for each in below if (found := _VOTES.fullmatch(each))), None)


def _author(below: Sequence[str]) -> str:
    return next((each for each in below if each != MERGED and not _VOTES.fullmatch(each)), "")


def _whole(note: ListedNote) -> ListedNote:
    within = tuple(_whole(each) for each in note.stands_for if plain(each.text))
    return replace(note, text=plain(note.text), stands_for=within)


def _without_bullets(line: str) -> str:
    line = line.strip()
    while (found := _BULLET.match(line)) is not None:
        line = line[found.end() :]
    return line
