"""Person: somebody in a document, as the window shows them, and what is said of them.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from cowrite.core.text.direction import isolated

NOBODY = "Somebody"
"""Who says nothing of who they are."""


class Person(NamedTuple):
    """Somebody in the document. `role` and `activity` are words to show, such as "Editor" and "idle"; `own_name` is
    what they call themselves where the server calls them otherwise."""

    id: str
    name: str
    colour: str
    is_me: bool = False
    role: str = ""
    activity: str = ""
    own_name: str = ""


def shown_name(person: Person, metrics: QFontMetrics, width: int) -> str:
    """A name as far as there is room for it; that it is one's own is said in any case.

    Args:
        person: whose.
        metrics: of the font.
        width: of the place for it, in device-independent pixels.
    """
    own = " (you)" if person.is_me else ""
    for room in range(width - metrics.horizontalAdvance(own), 0, -1):
        shown = isolated(metrics.elidedText(person.name, Qt.TextElideMode.ElideRight, room)) + own
        if metrics.horizontalAdvance(shown) <= width:  # letters that join are wider where their word is cut
            return shown
    return own.strip()


def shown_facts(person: Person) -> str:
    """What stands below a name: the role, and what its bearer does."""
    return " · ".join(fact for fact in (person.role, person.activity) if fact)
