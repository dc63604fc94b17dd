"""Threads of comments as those of a Word document, for which python-docx has no words that fit.

Each comment is one with its place in the text, and so is each answer, at the same place; what answers what, and what is
settled, is said in parts of their own (`comment_parts`). A thread whose words are gone stands at the end of the
text, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from cowrite.convert.comment_pieces import edges_of
from cowrite.convert.comment_threads import GONE
from cowrite.convert.docx.comment_parts import (
    COMMENTS,
    DONE,
    DURABLE_ID,
    ENTRY,
    EXTENDED,
    EXTENDED_ID,
    IDS,
    MOMENT,
    MOMENT_ID,
    MOMENTS,
    NAMED,
    NAMED_ID,
    PARAGRAPH_ID,
    PARENT_ID,
    UTC,
    WORD_2010,
    WORD_2012,
    WORD_IDS,
    WORD_MOMENTS,
    Kind,
)
from cowrite.convert.docx.tracked_changes import put_authorship
from cowrite.convert.values import in_xml
from cowrite.core.comments.comments import Placed, Remark
from cowrite.core.entries.authors import Authorship
from cowrite.core.text.richtext import EMBED_CHARACTER, beginning

NO_WORDS = "…"
MOST_INITIALS = 9  # UTF-16 units, likewise as `LONGEST_NAME`
_NAMES = (
    f'{nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:w14="{WORD_2010}" '
    f'xmlns:w15="{WORD_2012}" xmlns:w16cid="{WORD_IDS}" xmlns:w16cex="{WORD_MOMENTS}" '
    'mc:Ignorable="w14 w15 w16cid w16cex"'
)
_KINDS = (COMMENTS, EXTENDED, IDS, MOMENTS)


class WordCommentsWriter:
    """Puts threads into one Word document.

    Args:
        word: it.
        threads: in any order; `comment_pieces.in_pieces` has cut the text at the edges of their places.
    """

    def __init__(self, word: WordDocument, threads: Sequence[Placed]) -> None:
        self._word = word
        self._threads = threads
        self._edges = edges_of(each.place for each in threads)
        self._passed = 0
        self._firsts: list[int] = []  # the number of each thread's first comment; its answers follow
        count = 0
        for each in threads:
            self._firsts.append(count)
            count += 1 + len(each.thread.replies)

    def pass_edges(self, paragraph: Paragraph, piece: int) -> None:
        """Writes at the end of a paragraph which comments begin and end before a piece of the text."""
        for edge in self._edges[self._passed : piece]:
            for number in self._numbers(edge.comment):
                if edge.begins:
                    _append(paragraph, "w:commentRangeStart", number)
                else:
                    _append(paragraph, "w:commentRangeEnd", number)
                    _refer(paragraph, number)
        self._passed = max(self._passed, piece)

    def finish(self, paragraph: Paragraph) -> None:
        """Writes what is left behind the last paragraph's words, and what is said."""
        self.pass_edges(paragraph, len(self._edges))
        for at, each in enumerate(self._threads):
            if each.place is None:
                for number in self._numbers(at):
                    _refer(paragraph, number)
        if self._threads:
            self._write_parts()

    def _numbers(self, at: int) -> range:
        first = self._firsts[at]
        return range(first, first + 1 + len(self._threads[at].thread.replies))

    def _write_parts(self) -> None:
        roots: dict[Kind, Any] = {kind: parse_xml(f"<{kind.root} {_NAMES}/>") for kind in _KINDS}
        for at, placed in enumerate(self._threads):
            thread, numbers = placed.thread, self._numbers(at)
            for number, remark in zip(numbers, thread.remarks, strict=True):
                comment, name = _comment(number, remark, list(_rows(remark, placed))), _paragraph_id(number)
                roots[COMMENTS].append(comment)
                answers = {PARENT_ID: _paragraph_id(numbers[0])} if number != numbers[0] else {}
                _add(roots[EXTENDED], ENTRY, {EXTENDED_ID: name, **answers, DONE: f"{int(thread.is_resolved)}"})
                _add(roots[IDS], NAMED, {NAMED_ID: name, DURABLE_ID: name})
                if moment := comment.get(qn("w:date")):
                    _add(roots[MOMENTS], MOMENT, {MOMENT_ID: name, UTC: moment})
        part: Any = self._word.part
        for kind, root in roots.items():
            place = PackURI(f"/word/{kind.name}.xml")
            part.relate_to(Part(place, kind.content_type, serialize_part_xml(root), part.package), kind.relation)


def _add(root: Any, name: str, attributes: Mapping[str, str]) -> None:
    root.append(root.makeelement(name, attributes))


def _rows(remark: Remark, placed: Placed) -> Iterator[str]:
    """What a comment says, line by line."""
    if placed.place is None and remark is placed.thread:
        quote = " ".join(placed.thread.quote.replace(EMBED_CHARACTER, " ").split())
        yield GONE.format(quote or NO_WORDS)
    yield from remark.text.split("\n")


def _comment(number: int, remark: Remark, rows: Sequence[str]) -> Any:
    comment = _element("w:comment", number)
    put_authorship(comment, Authorship(remark.author, remark.created))
    initials = in_xml("".join(word[0] for word in remark.author.name.split()))
    comment.set(qn("w:initials"), beginning(initials, MOST_INITIALS))
    for row in rows:
        comment.append(paragraph := OxmlElement("w:p"))
        Paragraph(paragraph, comment).add_run(in_xml(row))
    comment[-1].set(PARAGRAPH_ID, _paragraph_id(number))
    return comment


def _paragraph_id(number: int) -> str:
    return f"{number + 1:08X}"


def _append(paragraph: Paragraph, name: str, number: int) -> None:
    paragraph._p.append(_element(name, number))


def _refer(paragraph: Paragraph, number: int) -> None:
    """Writes the sign of a comment, behind its words."""
    run: Any = OxmlElement("w:r")
    run.append(_element("w:commentReference", number))
    paragraph._p.append(run)


def _element(name: str, number: int) -> Any:
    element: Any = OxmlElement(name)
    element.set(qn("w:id"), str(number))
    return element
