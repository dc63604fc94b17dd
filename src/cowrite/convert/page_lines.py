"""PageLines: the lines on the page of a document of another program, by what stands before each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cowrite.convert.check_boxes import with_box
from cowrite.convert.file_read import Losses
from cowrite.core.text.richtext import NO_ATTRIBUTES, Line
from cowrite.core.text.suggested_text import suggested_part
from cowrite.core.text.table import row_id


class PageLines:
    """What was read of a page up to here.

    Args:
        losses: takes note of what comes in otherwise than it was.

    Attributes:
        needs_line: whether a table that begins here has to have a line before it: nothing stands there, or a table.
        break_before: the marks of the line break before what is read next.
    """

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self.needs_line = True
        self.break_before: Mapping[str, str] = NO_ATTRIBUTES

    def with_box(self, line: Line, marks: Mapping[str, str]) -> Line:
        """A line that may begin with a check box, see `check_boxes.with_box`.

        Args:
            line: as it was read.
            marks: of its line break.
        """
        return with_box(line, marks, self.break_before, self._losses)

    def of_layout(self, line: Line) -> Line:
        """A line of a cell of a table that only lays out the page."""
        return self.with_box(line, {})

    def with_table(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines of a table; one that would have no line before it begins with an empty one."""
        is_cell = False
        for line in lines:
            is_cell = bool(row_id(line.attributes))
            if is_cell and self.needs_line:
                yield Line(())
            yield line
            self.needs_line = False
            self.break_before = {} if is_cell else suggested_part(line.attributes)
        self.needs_line = self.needs_line or is_cell
