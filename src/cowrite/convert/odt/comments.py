"""The comments of an OpenDocument text (`office:annotation`, ODF 1.3 part 3, 14.1), as threads on the words that they
are about.

They stand in the text itself, where their words begin. What answers what, and what is settled, LibreOffice states in
attributes of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cowrite.convert.comment_threads import CommentThreads, Remark, in_threads
from cowrite.convert.file_read import Losses
from cowrite.convert.odt.changes import authorship_in
from cowrite.convert.odt.names import odf, stated
from cowrite.convert.odt.words import Words, plain_words
from cowrite.convert.values import clean
from cowrite.core.comments.comments import Placed
from cowrite.core.text.richtext import SOFT_BREAK, Line


class OdtComments(CommentThreads):
    """The comments of one document."""

    def __init__(self, losses: Losses) -> None:
        super().__init__(losses)
        self._remarks: list[Remark] = []
        self._answered: dict[int, str] = {}  # by the `id()` of a remark the name of what it answers

    def meet(self, annotation: Any) -> None:
        """Takes note of a comment that stands here."""
        name = stated(annotation, "office:name") or f"#{len(self._remarks)}"
        remark = self.remark(name, authorship_in(annotation), self._text(annotation))
        if remark is None:
            return
        remark.is_done = "true" in (stated(annotation, "loext:resolved"), stated(annotation, "office:resolved"))
        parent = stated(annotation, "loext:parent-name") or stated(annotation, "office:parent-name")
        self._answered |= {id(remark): parent} if parent else {}
        self._remarks.append(remark)
        self.begin(name)

    def meet_end(self, element: Any) -> None:
        """The words of a comment end here (`office:annotation-end`)."""
        self.end(stated(element, "office:name"))

    def settled(self, lines: Sequence[Line]) -> tuple[list[Line], tuple[Placed, ...]]:
        """The lines of the file without their pieces, and what is said about them.

        Args:
            lines: all of them, as they come in.
        """
        named: dict[str, Remark] = {}
        for remark in self._remarks:
            named.setdefault(remark.id, remark)
        to = {id: named[name] for id, name in self._answered.items() if name in named}
        threads = in_threads(self._remarks, {id_: above for id_, above in to.items() if id(above) != id_})
        for thread in threads:
            thread.answers.sort(key=lambda each: each.by.created)  # LibreOffice has an answer before what it answers
        return self.placed(lines, threads)

    def _text(self, annotation: Any) -> str:
        """What a comment says in lines, without what no format carries; its looks are none of cowrite's comments."""
        if next(annotation.iter(odf("draw:frame")), None) is not None:
            self._losses.leave_out("images in comments")
        return "\n".join(clean(line) for line in "".join(_lines(annotation)).split("\n")).strip()


def _lines(annotation: Any) -> Iterator[str]:
    for paragraph in annotation.iter(odf("text:p"), odf("text:h")):
        words = Words()
        yield "".join(plain_words(paragraph, words)).replace(SOFT_BREAK, "\n") + "\n"
