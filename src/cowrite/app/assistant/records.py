"""How text from a language model gets into a draft: with a record of where it came from, as one step.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from cowrite.clock import milliseconds_now
from cowrite.core.document.assists import Act, AssistRecord, new_id
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import NO_ATTRIBUTES, Span, joined, lines_of, utf16_length
from cowrite.core.text.table import row_id
from cowrite.core.writing.line import LineHere, heading_level, line_at
from cowrite.core.writing.passages import Passage, Rewrite
from cowrite.core.writing.tables import below_table

if TYPE_CHECKING:
    from cowrite.assist.requests import Model
    from cowrite.assist.tasks.outcomes import Made


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from.

    Attributes:
        task: the name of the task.
        act: generated, rewritten, proofread or idea.
        model: what it is called.
        sha256: of its file; empty for one that runs elsewhere.
        place: the address to which the text went; empty for this computer.
        template: name, version and hash of the template.
        seed: of the draw.
        raw: SHA-256 of all that the model wrote.
    """

    task: str
    act: str
    model: str
    sha256: str
    place: str
    template: str
    seed: int
    raw: str

    @classmethod
    def of(cls, task: str, made: Made, model: Model) -> Self:
        """Where what a job has made came from."""
        return cls(task, made.act, model.name, model.sha256, model.place, made.template, made.seed, made.raw_digest)

    def record(self, document: Document, by: str) -> AssistRecord:
        """A record of accepting it now.

        Args:
            document: into which it comes.
            by: who accepts it.
        """
        return AssistRecord(
            new_id(),
            task=self.task,
            act=Act(self.act),
            model=self.model,
            model_sha256=self.sha256,
            template=self.template,
            seed=self.seed,
            time=milliseconds_now(),
            output_sha256=self.raw,
            by=by,
            client=document.client_id,
            place=self.place,
        )


def accept_lines(document: Document, at: int, spans: Sequence[Span], source: Source, by: str) -> int:
    """Puts rich text in as lines of their own behind the line of a position, below the table where that is in one, as
    one undo step; gives the position behind it.

    Neither what stands behind the position in its line nor how that line looks becomes a part of it.
    """
    line = line_at(document, at)
    needs_line = False
    if row_id(line.attributes):
        line = line_at(document, below_table(document, at))
        needs_line = not line.is_empty
        line = LineHere(line.start, line.start, NO_ATTRIBUTES) if needs_line else line
    pieces: list[Span] = []
    look = line.attributes  # of the line that the next break ends
    for number, each in enumerate(lines_of(spans)):
        if number or not line.is_empty:
            pieces.append(Span("\n", look))
        pieces += each.spans
        look = each.attributes
    with document.steps.apart(), document.edit(Origin.ASSIST, record=source.record(document, by)) as edit:
        if needs_line:
            edit.insert(line.start, "\n")
        at = edit.insert_spans(line.end, joined(pieces))
        edit.format_lines(at, 0, dict.fromkeys(line.attributes) | dict(look))
    return at


def accept_title(document: Document, title: str, source: Source, by: str) -> int:
    """Makes a title the document's first heading, in the place of the one that it has; gives the position behind it.

    A title stands in the text like all that is accepted, marked and undone in one step; a document without a name of
    its own is called by it.
    """
    first = line_at(document, 0)
    if heading_level(first.attributes) != 1:
        with document.steps.apart(), document.edit(Origin.ASSIST, record=source.record(document, by)) as edit:
            edit.insert(0, title)
            edit.insert(utf16_length(title), "\n", {"header": 1})
        return utf16_length(title)
    place = Passage(document, first.start, first.end)
    place.accept([Rewrite(0, first.end - first.start, title)], source.record(document, by))
    end = place.place
    place.close()
    return end[1] if end is not None else first.start
