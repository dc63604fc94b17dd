"""The comments of a Word document (ECMA-376 part 1, 17.13.4), as threads on the words that they are about.

The parts in which all this is: `comment_parts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cowrite.convert.comment_threads import CommentThreads, Remark, in_threads
from cowrite.convert.docx.comment_parts import (
    COMMENTS,
    DONE,
    ENTRY,
    EXTENDED,
    EXTENDED_ID,
    PARAGRAPH_ID,
    PARENT_ID,
    moments_of,
    roots_of,
)
from cowrite.convert.docx.names import qn
from cowrite.convert.docx.symbols import character
from cowrite.convert.docx.tracked_changes import authorship_in
from cowrite.convert.file_read import Losses
from cowrite.convert.values import clean
from cowrite.core.comments.comments import Placed
from cowrite.core.text.richtext import Line

_BEGINS, _ENDS = qn("w:commentRangeStart"), qn("w:commentRangeEnd")
EDGES = (_BEGINS, _ENDS)
_PARAGRAPH = qn("w:p")
_GONE = frozenset({qn("w:del"), qn("w:moveFrom")})
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}
_PICTURES = frozenset({qn("w:drawing"), qn("w:pict"), qn("w:object")})


class WordComments(CommentThreads):
    """The comments of one document.

    Args:
        part: that with the text.
        losses: takes note of what comes in otherwise than it was, or not at all.
    """

    def __init__(self, part: Any, losses: Losses) -> None:
        super().__init__(losses)
        self._ids: set[str] = set()  # of all that are in the file
        self._threads = self._read(part)

    def meet(self, element: Any) -> None:
        """Takes note of where a comment begins, ends or is referred to."""
        id = element.get(qn("w:id"), "")
        if element.tag == _BEGINS:
            self.begin(id)
        elif element.tag == _ENDS:
            self.end(id)
        else:
            self.refer(id)

    def settled(self, lines: Sequence[Line]) -> tuple[list[Line], tuple[Placed, ...]]:
        """The lines of the file without their pieces, and what is said about them.

        Args:
            lines: all of them, as they come in.
        """
        if not self._references.keys() <= self._ids:
            self._losses.leave_out("signs of comments that are not in the file")
        return self.placed(lines, self._threads)

    # What is said

    def _read(self, part: Any) -> list[Remark]:
        """The threads in the order of the file."""
        remarks: list[Remark] = []
        by_paragraph: dict[str, Remark] = {}
        moments = moments_of(part)
        for root in roots_of(part, COMMENTS):
            for element in root.iter(qn("w:comment")):
                self._ids.add(element.get(qn("w:id"), ""))
                paragraphs = list(element.iter(_PARAGRAPH))
                name = paragraphs[-1].get(PARAGRAPH_ID, "").upper() if paragraphs else ""
                by = authorship_in(element, moments.get(name, ""))
                remark = self.remark(element.get(qn("w:id"), ""), by, self._text(element))
                if remark is None:
                    continue
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
                self._losses.leave_out("images in comments")
            else:
                yield _BREAKS.get(child.tag, "")


def _in_threads(remarks: list[Remark], by_paragraph: dict[str, Remark], entries: Sequence[Any]) -> list[Remark]:
    """Those that begin threads, with all that is said to them."""
    to: dict[int, Remark] = {}
    for entry in entries:
        remark = by_paragraph.get(entry.get(EXTENDED_ID, "").upper())
        answered = by_paragraph.get(entry.get(PARENT_ID, "").upper())
        if remark is not None:
            remark.is_done = entry.get(DONE, "0") in ("1", "true", "on")
            if answered is not None and answered is not remark:
                to.setdefault(id(remark), answered)
    return in_threads(remarks, to)
