"""What stands alone on its line, such as a divider: keys beside it write on lines of their own, and take it out whole.

Runs on the document's thread; positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.table import row_id
from cowrite.core.writing.line import LineHere, line_at


def stands_alone(embed: Mapping[str, Any] | None) -> bool:
    """Whether an embed has its line for itself, and is not written beside."""
    return bool(embed) and not {"divider", "decision"}.isdisjoint(embed or ())


def _is_alone(document: Document, line: LineHere) -> bool:
    """Whether such an embed is all that a line has. A cell has words beside it: other lines would leave its row."""
    is_one = line.end - line.start == 1 and not row_id(line.attributes)
    return is_one and any(stands_alone(each.embed) for each in document.spans(line.start, line.end))


def line_beside(document: Document, at: int) -> int:
    """Begins a line above or below what stands alone on the line at `at`, for what is written there.

    Returns:
        Where the caret goes: `at` where nothing stands alone.
    """
    line = line_at(document, at)
    if not _is_alone(document, line):
        return at
    with document.edit(Origin.LOCAL) as edit:
        if at == line.start:
            edit.insert(at, "\n")
            return at
        edit.insert(line.end, "\n" if line.end < document.length else "\n\n", line.attributes)
    return line.end + 1


def press_backspace(document: Document, at: int) -> int | None:
    """What Backspace does at the start of a line below what stands alone: it takes that out.

    Before such a thing itself it goes on to the line above, unless that is empty.

    Returns:
        Where the caret goes, or None where Backspace does something else (nothing is changed then).
    """
    line = line_at(document, at)
    if at == 0 or line.start != at:
        return None
    above = line_at(document, at - 1)
    if _is_alone(document, above):
        return _take_out(document, above)
    return above.end if _is_alone(document, line) and not above.is_empty else None


def press_delete(document: Document, at: int) -> int | None:
    """What Delete does at the end of a line of words above what stands alone on its line: it takes that out.

    Behind such a thing itself it goes on to the next line, unless that is empty.

    Returns:
        Where the caret goes, or None where Delete deletes as usual (nothing is changed then).
    """
    line = line_at(document, at)
    if at != line.end or at + 1 >= document.length:
        return None
    below = line_at(document, at + 1)
    if _is_alone(document, line):
        return None if below.is_empty else below.start
    if line.is_empty or not _is_alone(document, below):
        return None
    _take_out(document, below)
    return at


def _take_out(document: Document, line: LineHere) -> int:
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(line.start, min(line.end + 1, document.length) - line.start)
    return line.start
