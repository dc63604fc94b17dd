"""What keys do to lines of code, besides what they do to all lines.

Runs on the document's thread; positions are UTF-16 units. Code is indented by characters, not by attributes.
"""

from __future__ import annotations

import re

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.writing import lines
from cowrite.core.writing.line import line_at

STEP = "\t"
"""What one step in is."""

_INDENT = re.compile(r"[ \t]*")
_LAST_STEP = re.compile(r"\t| {1,4}")


def press_enter(document: Document, at: int) -> int:
    """What Enter does in code: the next line stands as far in as this one; a blank last line ends the code.

    Returns:
        Where the caret goes.
    """
    line, rope = line_at(document, at), document.rope
    if not rope.text(line.start, line.end).strip(" \t"):
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(line.start, line.end - line.start)
        return lines.press_enter(document, line.start)
    found = _INDENT.match(rope.text(line.start, at))
    indent = found.group() if found else ""
    caret = lines.press_enter(document, at)
    if indent:
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(caret, indent)
    return caret + len(indent)


def shift(document: Document, start: int, stop: int, step: int) -> None:
    """Moves the lines of code that a range touches one step in (1) or out (-1); empty ones stay as they are."""
    with document.edit(Origin.LOCAL) as edit:
        for end in reversed(document.line_breaks(start, stop)):
            line = line_at(document, end)
            if step > 0 and not line.is_empty:
                edit.insert(line.start, STEP)
            elif step < 0 and (found := _LAST_STEP.match(document.rope.text(line.start, line.end))):
                edit.delete(line.start, len(found.group()))
