"""What the model saw of a draft, paragraph by paragraph, as the panel lists it.

Runs on the GUI thread; knows no widgets.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.assist.requests import Usage
from cowrite.core.text.richtext import EMBED_CHARACTER, utf16_length
from cowrite.gui.assistant.values import Context, Paragraph

BEGINNING = 90  # characters of a paragraph that stand for it


def context_of(
    text: str,
    place: Callable[[int], int],
    is_seen: Callable[[int, int], bool],
    usage: Usage,
    *,
    is_suggestion: bool = False,
) -> Context:
    """What the model saw of a text.

    Args:
        text: the draft's, or that of a stretch of it.
        place: where a position in it stands in the draft; UTF-16 units.
        is_seen: whether the model saw anything of a paragraph, by its beginning and end; code points of the text.
        usage: what reading took.
        is_suggestion: whether it was seen for a suggestion at the caret.
    """
    at = start = 0
    paragraphs = []
    for line in text.split("\n"):
        if line.strip():
            beginning = line[:BEGINNING].replace(EMBED_CHARACTER, "")
            paragraphs.append(Paragraph(place(start), beginning, is_seen(at, at + len(line))))
        at += len(line) + 1
        start += utf16_length(line) + 1
    return Context(tuple(paragraphs), usage.prompt_tokens, usage.reused, is_suggestion=is_suggestion)
