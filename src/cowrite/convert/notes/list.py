"""Notes of a board as a list, in plain text or Markdown; as a table see `csv`.

Runs anywhere, without I/O. What is written is read back as the same notes; what other authors write comes out as
follows.

- Markdown: a heading names the group of what follows it, each item and each paragraph is a note, an item in an item
  too. Markup inside a note is dropped, and so are pictures that no document has by name ("sha256:…").
- Plain text: each line is a note, without the bullet or number before it.

What else is known of a note, such as its votes and who wrote it, stands below the line, as Markdown's readers show
`<sub>`; see `marks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cowrite.convert.errors import ConvertError
from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.markdown.writer import to_markdown
from cowrite.convert.normal import image_of, normal_lines
from cowrite.convert.notes.marks import NO_RESULTS, Marks, Results, read_marks
from cowrite.core.board.items import Hand
from cowrite.core.board.jottings import Jotting
from cowrite.core.text.model_words import is_of_model
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, lines_of
from cowrite.core.text.table import in_rows

MOST_NOTES = 5000
"""More are no list of ideas; a board of so many can be read by nobody."""

LONGEST_NOTE = 20_000
"""Characters; a longer one is a document."""

BELOW = {"script": "sub"}
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"(?:[-*+•–—◦▪‣]|\(?\d{1,4}[.)]|\[[ xX]\])\s+")
_BELOW_HEAD = r"\|?(?: *:?-+:? *\|)+(?: *:?-+:?)?\s*$"
"""What stands below the head of a table."""
_MARKDOWN = re.compile(rf"^(?:#{{1,6}} \S| *[-*+] \S|{_BELOW_HEAD})", re.MULTILINE)


class NotNotes(ConvertError):
    """A text cannot be taken in as notes.

    Attributes:
        line: where, from 1; 0 for the whole.
    """

    def __init__(self, reason: str, line: int = 0) -> None:
        self.line = line
        super().__init__(reason)


def too_many(count: int) -> NotNotes:
    """Why so many notes are not taken in."""
    return NotNotes(f"These are {count:,} notes; a board takes in at most {MOST_NOTES:,} at once.")


def too_long(text: str) -> NotNotes:
    """Why a note with such a text is not taken in."""
    return NotNotes(f"The note that begins “{text[:40]}” is longer than {LONGEST_NOTE:,} characters.")


@dataclass(frozen=True, slots=True)
class ListedNote(Jotting):
    """One note in a list: a jotting, and what polls say of it. Its text has no blank lines around it.

    Attributes:
        stands_for: the notes that were merged into it.
        results: what polls say of it.
        group_results: what they say of its group.
        model_text: as in every jotting, in one line; see `with_model_text`.
    """

    stands_for: tuple[ListedNote, ...] = ()
    results: Results = NO_RESULTS
    group_results: Results = NO_RESULTS

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be seen of it."""
        return not self.text and not self.picture

    def within(self) -> ListedNote:
        """It as one that another stands for: group and frame are that one's."""
        return replace(self, group="", group_results=NO_RESULTS, group_model_text="", frame="")


def plain(text: str) -> str:
    """A note's text as lists hold it: one kind of line end, nothing that cannot be seen, no blank lines around it."""
    lines = normal_lines(Line((Span(line),)) for line in _LINE_END.sub("\n", text).split("\n"))
    return "\n".join("".join(span.text for span in line.spans).rstrip() for line in lines).strip()


def checked(notes: Sequence[ListedNote]) -> list[ListedNote]:
    """Notes as they may be taken in; those without a letter or picture are left out.

    Raises:
        NotNotes: there are none, too many, or one that is too long. What notes stand for counts, too.
    """
    kept = [note for note in notes if not note.is_empty]
    if not kept:
        raise NotNotes("There are no ideas in it: no line has text.")
    every = [each for note in kept for each in (note, *note.stands_for)]
    if len(every) > MOST_NOTES:
        raise too_many(len(every))
    for note in every:
        for text in (note.text, note.model_text, note.group_model_text):
            if len(text) > LONGEST_NOTE:
                raise too_long(text)
    return kept


def with_model_text(note: ListedNote) -> ListedNote:
    """A note of which who wrote it fits what the model wrote of it.

    Where nothing says what the model wrote, it is all that its note says. One that says something else than that has
    been adopted by whoever worded it. One that is said to be a person's, with what the model wrote beside it, is a
    person's only where no two words of that in a row are in it.
    """
    before, now = (" ".join(plain(text).split()) for text in (note.model_text, note.text))
    hand, of_group = note.hand, " ".join(plain(note.group_model_text).split())
    note = replace(note, group_model_text=of_group if is_of_model(note.group, of_group) else "")
    if hand is Hand.PERSON and not is_of_model(now, before):
        return replace(note, model_text="")
    if hand is Hand.PERSON or (hand is Hand.MODEL and before not in ("", now)):
        hand = Hand.ADOPTED
    return replace(note, hand=hand, model_text=before or now)


def with_merged(note: ListedNote, merged: ListedNote) -> ListedNote:
    """A note that stands for another one more.

    Raises:
        NotNotes: these are more than are taken in; said at once, for each costs as much as all before it.
    """
    if len(note.stands_for) == MOST_NOTES:
        raise NotNotes(f"One note stands for more than {MOST_NOTES:,}; a board takes in no more at once.")
    return replace(note, stands_for=(*note.stands_for, merged.within()))


def with_line(note: ListedNote, words: str) -> ListedNote:
    """A note with one line more.

    Raises:
        NotNotes: it is too long; said at once, for each line costs as much as all before it.
    """
    if len(note.text) > LONGEST_NOTE:
        checked([note])
    return replace(note, text=f"{note.text}\n{words}")


def from_list(text: str) -> list[ListedNote]:
    """Each line of a plain text as a note.

    Raises:
        NotNotes: see `checked`.
    """
    lines = _LINE_END.sub("\n", text).split("\n")
    return checked([ListedNote(plain(_without_bullets(line))) for line in lines])


def from_markdown_list(text: str) -> list[ListedNote]:
    """The notes of a Markdown text; a row of a table is one.

    Raises:
        NotNotes: see `checked`.
    """
    found: list[ListedNote] = []
    group, of_group = "", Marks()
    depth = 0
    for line in in_rows(lines_of(from_markdown(text))):
        words, picture, marks = _parts(line)
        if "header" in line.attributes:
            group, of_group = " ".join(words.split()), marks
            continue
        is_item = "list" in line.attributes
        if found and not is_item and 0 < depth <= line.attributes.get("indent", 0):
            last = found[-1]
            if last.stands_for and depth == 2:
                *others, inner = last.stands_for
                found[-1] = replace(last, stands_for=(*others, with_line(inner, words)))
            else:
                found[-1] = with_line(last, words)
            continue
        depth = line.attributes.get("indent", 0) + 1 if is_item else 0
        note = ListedNote(
            *(words, group, "", marks.author),
            results=marks.results,
            group_results=of_group.results,
            group_model_text=of_group.model_text or (group if of_group.hand is not Hand.PERSON else ""),
            is_late=marks.is_late,
            frame=marks.frame,
            picture=picture,
            number=marks.number,
            links=marks.links,
            hand=marks.hand,
            model_text=marks.model_text,
        )
        if marks.is_merged and found:
            found[-1] = with_merged(found[-1], note)
            depth = 2
        else:
            found.append(note)
    return checked([_whole(note) for note in found])


def from_markdown_or_list(text: str) -> list[ListedNote]:
    """The notes of a text that somebody pasted: of Markdown where it has headings, items or a table, else of each line.

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
            below = _of_group(members[0]).words
            lines.append(_line([Span(group)], below, {"header": 2}))
        for note in members:
            lines += _item(note, 0)
            for each in note.stands_for:
                lines += _item(each, 1)
    return to_markdown(lines, lambda name: name)


def _of_group(member: ListedNote) -> Marks:
    """What stands below the title of a group, of which one member is given."""
    wrote = member.group_model_text
    hand = Hand.ADOPTED if wrote else Hand.PERSON
    return Marks(member.group_results, hand=hand, model_text="" if wrote == member.group else wrote)


def _item(note: ListedNote, depth: int) -> list[Line]:
    first, *rest = note.text.split("\n")
    below = Marks(
        *(note.results, note.author, note.is_late, note.number, note.links),
        is_merged=bool(depth),
        frame=note.frame,
        hand=note.hand,
        # Beside words that are the model's as they stand it would be there twice for whoever reads the list.
        model_text="" if note.model_text == " ".join(note.text.split()) else note.model_text,
    ).words
    spans = [Span(first)] if first else []
    if note.picture:
        spans += [Span(" "), _picture(note.picture)] if first else [_picture(note.picture)]
    lines = [_line(spans, below, {"list": "bullet", "indent": depth})]
    return lines + [_line([Span(line)], "", {"indent": depth + 1}) for line in rest]


def _picture(name: str) -> Span:
    return Span(EMBED_CHARACTER, {"alt": "Image"}, {"image": name})


def _line(spans: Sequence[Span], below: str, attributes: dict[str, object]) -> Line:
    return Line((*spans, Span(" "), Span(below, BELOW)) if below else tuple(spans), attributes)


def _parts(line: Line) -> tuple[str, str, Marks]:
    """The words of a line, its picture's name, and what stands below it at its end."""
    spans = list(line.spans)
    marks = Marks()
    if is_marked := bool(spans) and spans[-1].embed is None and spans[-1].attributes == BELOW:
        marks = read_marks(spans.pop().text)
    picture = next((name for span in spans if (name := image_of(span))), "")
    words = "".join(span.text for span in spans if span.embed is None)
    return (words.rstrip() if is_marked or picture else words), picture, marks


def _whole(note: ListedNote) -> ListedNote:
    within = tuple(whole for each in note.stands_for if not (whole := _whole(each)).is_empty)
    return with_model_text(replace(note, text=plain(note.text), stands_for=within))


def _without_bullets(line: str) -> str:
    line = line.strip()
    while (found := _BULLET.match(line)) is not None:
        line = line[found.end() :]
    return line
