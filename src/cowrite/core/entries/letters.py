"""Letters of a text in which several people type, replaced so that the others' stay.

Runs on the document's thread.
"""

from __future__ import annotations

from pycrdt import Text


def write(text: Text, wanted: str, caret: int | None) -> None:
    """Makes a text what is wanted by the smallest replacement, so that teammates' letters around it stay.

    Args:
        caret: where the caret stands behind what was typed, in characters; see `Entries.change`.
    """
    now = str(text)
    if now == wanted:
        return
    shorter = min(len(now), len(wanted))
    behind = 0 if caret is None else min(shorter, max(0, len(wanted) - caret))
    stop = _alike(now[::-1], wanted[::-1], behind)
    start = _alike(now, wanted, shorter - stop)
    stop += _alike(now[: len(now) - stop][::-1], wanted[: len(wanted) - stop][::-1], shorter - start - stop)
    at = len(now[:start].encode())  # pycrdt counts bytes
    gone = len(now[start : len(now) - stop].encode())
    if gone:
        del text[at : at + gone]
    if start < len(wanted) - stop:
        text.insert(at, wanted[start : len(wanted) - stop])


def _alike(one: str, other: str, most: int) -> int:
    """How many characters, at most so many, two texts begin with alike."""
    count = 0
    while count < most and one[count] == other[count]:
        count += 1
    return count
