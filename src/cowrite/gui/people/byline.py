"""Byline: who has written or suggested something, and when.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cowrite.core.text.direction import isolated
from cowrite.core.text.first_words import shortened
from cowrite.gui.look.mirroring import leading
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import SPACING, set_look, worn
from cowrite.gui.people.avatar import Avatar
from cowrite.gui.people.person import NOBODY, Person
from cowrite.gui.widgets.dialog_parts import note, plain_label

AVATAR = 6  # device-independent pixels by which it is larger than what else stands among words
NO_COLOUR = PEOPLE[9].light
MOST_SHOWN = 80  # characters of a name, as of those who are here


class Byline(QHBoxLayout):
    """Somebody's avatar, and beside it their name above the time; it shows nobody at first."""

    def __init__(self) -> None:
        super().__init__()
        self._avatar = Avatar(worn().metrics.sign + AVATAR)
        self.name = plain_label("")
        set_look(self.name, role="heading")
        self._when = note("")
        for part in (self.name, self._when):
            part.setAlignment(leading(part))  # beside the avatar, whichever way a name is read
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self.name)
        who.addWidget(self._when)
        self.setSpacing(SPACING)
        self.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        self.addLayout(who, 1)

    def show_author(self, id: str, name: str, colour: str, source: str, when: str, moment: str) -> None:
        """Shows who it was and when.

        Args:
            id: of what they have written.
            name: theirs; may be empty.
            colour: theirs; may be empty.
            source: on whose word that is; their colour is not shown then. Empty where nothing else is known.
            when: how long ago.
            moment: the date and time, as a tooltip.
        """
        self._avatar.show_person(Person(id, name, NO_COLOUR if source else colour or NO_COLOUR))
        self.name.setText(by_whom(name, source))
        self._when.setText(when)
        self._when.setToolTip(moment)


def by_whom(name: str, source: str) -> str:
    """Whose something is, and on whose word; see `Byline.show_author`."""
    who = isolated(shortened(name, MOST_SHOWN) or NOBODY)
    return f"{who}, {source}" if source else who
