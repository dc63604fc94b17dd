"""The comments of a Word document (ECMA-376 part 1, 17.13.4), as threads on the words that they are about.

An answer to an answer is one in the same thread. What cowrite has exported without words to be on comes back so. The
parts in which all this is: `docx_comment_parts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from cowrite.convert.comment_pieces import Extents, without_pieces
from cowrite.convert.docx_comment_parts import (
    COMMENTS,
    DONE,
    ENTRY,
    EXTENDED,
    EXTENDED_ID,
    GONE,
    PARAGRAPH_ID,
    PARENT_ID,
    moments_of,
    roots_of,
)
from cowrite.convert.docx_symbols import character
from cowrite.convert.tracked_changes import authorship_in
from cowrite.convert.values import clean
from cowrite.core.authors import MOST_NAME, Author, Authorship
from cowrite.core.comments import MOST_QUOTE, MOST_WORDS, Placed, Reply, Thread
from cowrite.core.richtext import PIECE, Line

MOST_COMMENTS = 5_000
"""Threads and answers that come in; a window with many more would stand still."""

_BEGINS, _ENDS = qn("w:commentRangeStart"), qn("w:commentRangeEnd")
EDGES = (_BEGINS, _ENDS)
_PARAGRAPH = qn("w:p")
_ON_GONE = re.compile(f"{GONE.format('(.*)')}(?:\n|$)")
_GONE = frozenset({qn("w:del"), qn("w:moveFrom")})
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}
_PICTURES = frozenset({qn("w:drawing"), qn("w:pict"), qn("w:object")})


@dataclass(slots=True)
class _Remark:
    """A comment as Word has it: one that begins a thread, or an answer.

    Attributes:
        id: by which its place in the text names it.
        by: whose it is.
        text: what it says.
        answers: what is said to it.
        is_done: whether it is settled.
    """

    id: str
    by: Authorship
    text: str
    answers: list[_Remark] = field(default_factory=list)
    is_done: bool = False


class WordComments:
    """The comments of one document.

    Args:
        part: that with the text.
        change: is told what comes in otherwise than it was, by a name.
        leave_out: is told what is left out, in words.
    """

    def __init__(self, part: Any, change: Callable[[str], None], leave_out: Callable[[str], None]) -> None:
        self._change = change
        self._leave_out = leave_out
        self._piece = 0
        self._begins: dict[str, int] = {}  # the pieces of the text in which each comment begins and has ended
        self._ends: dict[str, int] = {}
        self._references: dict[str, int] = {}
        self._ids: set[str] = set()  # of all that are in the file
        self._threads = self._read(part)

    def mark(self) -> dict[str, int]:
        """The attribute of what is being read: in which piece it stands."""
        return {PIECE: self._piece} if self._piece else {}

    def meet(self, element: Any) -> None:
        """Takes note of where a comment begins, ends or is referred to."""
        id = element.get(qn("w:id"), "")
        self._piece += 1
        if element.tag == _BEGINS:
            self._begins.setdefault(id, self._piece)
        elif element.tag == _ENDS:
            self._ends.setdefault(id, self._piece)
        else:
            self._references.setdefault(id, self._piece)

    def settled(self, lines: Sequence[Line]) -> tuple[list[Line], tuple[Placed, ...]]:
        """The lines of the file without their pieces, and what is said about them.

        Args:
            lines: all of them, as they come in.
        """
        if not self._references.keys() <= self._ids:
            self._leave_out("signs of comments that are not in the file")
        if not self._threads:
            return without_pieces(lines) if self._piece else list(lines), ()
        extents = Extents(lines)
        places = [self._place(thread.id, extents) for thread in self._threads]
        units = extents.in_units(position for place in places if place is not None for position in place)
        found = []
        for number, (thread, place) in enumerate(zip(self._threads, places, strict=True)):
            if not self._has_range(thread.id) and (gone := _ON_GONE.match(thread.text)):
                thread.text = thread.text[gone.end() :]
                found.append(Placed(_thread(number, thread, gone[1][:MOST_QUOTE]), None))
            elif place is None:
                self._change("comments elsewhere")
                found.append(Placed(_thread(number, thread, ""), None))
            else:
                quote = extents.quote(place[0], min(place[1], place[0] + MOST_QUOTE))
                found.append(Placed(_thread(number, thread, quote), (units[place[0]], units[place[1]])))
        return without_pieces(lines), tuple(found)

    def _has_range(self, id: str) -> bool:
        return id in self._begins or id in self._ends

    def _place(self, id: str, extents: Extents) -> tuple[int, int] | None:
        """Where a thread stands, in characters; None where nothing in the text says it, or there is no text."""
        point = self._ends.get(id, self._references.get(id))
        first = self._begins.get(id, point)
        if first is None:
            return None
        start, stop = extents.place(first, max(first, first if point is None else point))
        return (start, stop) if start < stop else None

    # What is said

    def _read(self, part: Any) -> list[_Remark]:
        """The threads in the order of the file."""
        remarks: list[_Remark] = []
        by_paragraph: dict[str, _Remark] = {}
        moments = moments_of(part)
        for root in roots_of(part, COMMENTS):
            for element in root.iter(qn("w:comment")):
                self._ids.add(element.get(qn("w:id"), ""))
                if len(remarks) == MOST_COMMENTS:
                    self._leave_out(f"comments beyond the first {MOST_COMMENTS:,}")
                    continue
                text = self._text(element)
                if len(text) > MOST_WORDS:
                    self._change("long comments")
                paragraphs = list(element.iter(_PARAGRAPH))
                name = paragraphs[-1].get(PARAGRAPH_ID, "").upper() if paragraphs else ""
                by = authorship_in(element, moments.get(name, ""))
                by = Authorship(Author(clean(by.author.name)[:MOST_NAME]), by.created)
                remark = _Remark(element.get(qn("w:id"), ""), by, text[:MOST_WORDS])
                remarks.append(remark)
                if name:
                    by_paragraph.setdefault(name, remark)
        return _in_threads(
            remarks, by_paragraph, [each for root in roots_of(part, EXTENDED) for each in root.iter(ENTRY)]
        )

    def _text(self, comment: Any) -> str:
        """What a comment says in lines, without what no format carries; its looks are none of cowrite's comments."""
        parts: list[str] = []
        for each in comment.iter(_PARAGRAPH, qn("w:r")):
            parts += "\n" if each.tag == _PARAGRAPH else self._words(each)
        return "\n".join(clean(line) for line in "".join(parts).split("\n")).strip()

    def _words(self, run: Any) -> Iterator[str]:
        if any(each.tag in _GONE for each in run.iterancestors()):
            return
        for child in run:
            if child.tag == qn("w:t"):
                yield child.text or ""
            elif child.tag == qn("w:sym"):
                yield character(child.get(qn("w:font"), ""), child.get(qn("w:char"), ""))
            elif child.tag in _PICTURES:
                self._leave_out("pictures in comments")
            else:
                yield _BREAKS.get(child.tag, "")


def _in_threads(remarks: list[_Remark], by_paragraph: dict[str, _Remark], entries: Sequence[Any]) -> list[_Remark]:
    """Those that begin threads, with all that is said to them; answers that go round in a ring each begin one."""
    to: dict[int, _Remark] = {}
    for entry in entries:
        remark = by_paragraph.get(entry.get(EXTENDED_ID, "").upper())
        answered = by_paragraph.get(entry.get(PARENT_ID, "").upper())
        if remark is not None:
            remark.is_done = entry.get(DONE, "0") in ("1", "true", "on")
            if answered is not None and answered is not remark:
                to.setdefault(id(remark), answered)
    begins: dict[int, _Remark] = {}
    for remark in remarks:
        way = [remark]
        on_way = {id(remark)}
        while id(way[-1]) not in begins and (answered := to.get(id(way[-1]))) is not None:
            if id(answered) in on_way:
                for each in way:
                    to.pop(id(each), None)
                way = [remark]
                break
            way.append(answered)
            on_way.add(id(answered))
        first = begins.get(id(way[-1]), way[-1])
        begins |= {id(each): first for each in way}
    threads = []
    for remark in remarks:
        first = begins[id(remark)]
        if first is remark:
            threads.append(remark)
        else:
            first.answers.append(remark)
    return threads


def _thread(number: int, remark: _Remark, quote: str) -> Thread:
    thread = f"thread:{number:08}"  # in the order of the file, which counts where moments are equal
    replies = (
        Reply(f"reply:{number:08}-{at:08}", each.text, each.by.author, each.by.created)
        for at, each in enumerate(remark.answers)
    )
    return Thread(
        thread, quote, remark.text, remark.by.author, remark.by.created,
        is_resolved=remark.is_done, replies=tuple(replies),
    )  # fmt: skip
