"""The comments of a file that is being read, as threads on the words that they are about.

An answer to an answer is one in the same thread. What cowrite has exported without words to be on comes back so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cowrite.convert.comment_pieces import Extents, without_pieces
from cowrite.convert.file_read import Losses
from cowrite.convert.values import clean
from cowrite.core.comments.comments import MOST_QUOTE, MOST_WORDS, Placed, Reply, Thread
from cowrite.core.entries.authors import MOST_NAME, Author, Authorship
from cowrite.core.text.richtext import PIECE, Line

MOST_COMMENTS = 5_000
"""Threads and answers that come in; a window with many more would stand still."""

GONE = "This comment was on words that are gone: “{}”"
"""The first line of a comment whose words are gone, which stands at the end of the text and on none of its words."""
_ON_GONE = re.compile(f"{GONE.format('(.*)')}(?:\n|$)")


@dataclass(slots=True)
class Remark:
    """A comment as other programs have it: one that begins a thread, or an answer.

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
    answers: list[Remark] = field(default_factory=list)
    is_done: bool = False


class CommentThreads:
    """The comments of one file, whose text is read in its order.

    Args:
        losses: takes note of what comes in otherwise than it was, or not at all.
    """

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._count = 0
        self._piece = 0
        self._begins: dict[str, int] = {}  # the pieces of the text in which each comment begins and has ended
        self._ends: dict[str, int] = {}
        self._references: dict[str, int] = {}

    def mark(self) -> dict[str, int]:
        """The attribute of what is being read: in which piece it stands."""
        return {PIECE: self._piece} if self._piece else {}

    def begin(self, id: str) -> None:
        """A comment's words begin here."""
        self._meet(self._begins, id)

    def end(self, id: str) -> None:
        """A comment's words end here."""
        self._meet(self._ends, id)

    def refer(self, id: str) -> None:
        """The sign of a comment stands here."""
        self._meet(self._references, id)

    def remark(self, id: str, by: Authorship, text: str) -> Remark | None:
        """What a comment says, as much as a thread holds; None for one beyond those that come in."""
        if self._count == MOST_COMMENTS:
            self._losses.leave_out(f"comments beyond the first {MOST_COMMENTS:,}")
            return None
        self._count += 1
        if len(text) > MOST_WORDS:
            self._losses.change("long comments")
        by = Authorship(Author(clean(by.author.name)[:MOST_NAME]), by.created)
        return Remark(id, by, text[:MOST_WORDS])

    def placed(self, lines: Sequence[Line], threads: Sequence[Remark]) -> tuple[list[Line], tuple[Placed, ...]]:
        """The lines of the file without their pieces, and what is said about them.

        Args:
            lines: all of them, as they come in.
            threads: in the order of the file.
        """
        if not threads:
            return without_pieces(lines) if self._piece else list(lines), ()
        extents = Extents(lines)
        places = [self._place(thread.id, extents) for thread in threads]
        units = extents.in_units(position for place in places if place is not None for position in place)
        found = []
        for number, (thread, place) in enumerate(zip(threads, places, strict=True)):
            if not self._has_range(thread.id) and (gone := _ON_GONE.match(thread.text)):
                thread.text = thread.text[gone.end() :]
                found.append(Placed(_thread(number, thread, gone[1][:MOST_QUOTE]), None))
            elif place is None:
                self._losses.change("comments elsewhere")
                found.append(Placed(_thread(number, thread, ""), None))
            else:
                quote = extents.quote(place[0], min(place[1], place[0] + MOST_QUOTE))
                found.append(Placed(_thread(number, thread, quote), (units[place[0]], units[place[1]])))
        return without_pieces(lines), tuple(found)

    def _meet(self, where: dict[str, int], id: str) -> None:
        self._piece += 1
        where.setdefault(id, self._piece)

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


def in_threads(remarks: Sequence[Remark], answered: Mapping[int, Remark]) -> list[Remark]:
    """Those that begin threads, with all that is said to them; answers that go round in a ring each begin one.

    Args:
        remarks: all of them, in the order of the file.
        answered: what each answers, by the `id()` of who answers.
    """
    to = dict(answered)
    begins: dict[int, Remark] = {}
    for remark in remarks:
        way = [remark]
        on_way = {id(remark)}
        while id(way[-1]) not in begins and (above := to.get(id(way[-1]))) is not None:
            if id(above) in on_way:
                for each in way:
                    to.pop(id(each), None)
                way = [remark]
                break
            way.append(above)
            on_way.add(id(above))
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


def _thread(number: int, remark: Remark, quote: str) -> Thread:
    thread = f"thread:{number:08}"  # in the order of the file, which counts where moments are equal
    replies = (
        Reply(f"reply:{number:08}-{at:08}", each.text, each.by.author, each.by.created)
        for at, each in enumerate(remark.answers)
    )
    return Thread(
        thread, quote, remark.text, remark.by.author, remark.by.created,
        is_resolved=remark.is_done, replies=tuple(replies),
    )  # fmt: skip
