"""Whether a session runs in a document, found out without loading what sessions, boards and polls need.

Runs on the document's thread. Opening a document does not wait for all that; whoever follows a session loads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cowrite.core.document.document import Document


def when_running(document: Document, callback: Callable[[], None]) -> Callable[[], None]:
    """Calls back when a session that is not over is there, now or once it arrives; perhaps more than once.

    Returns:
        The function that ends it.
    """
    entries = document.entries("board")  # the root that `core.board` names, which is not loaded for this

    def look(ids: Iterable[str]) -> None:
        sessions = (entries.get(id) for id in ids if id.startswith("session:"))
        if any(fields is not None and not fields.get("is_over") for fields in sessions):
            callback()

    end = entries.observe(lambda change: look(change.ids))
    look(entries.ids("session"))
    return end
