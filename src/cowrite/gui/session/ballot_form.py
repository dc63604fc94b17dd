"""BallotForm: what one person fills in, for any kind of poll.

Runs on the GUI thread. A form is told a poll and the ballot that lies sealed so far; it says at each change what the
ballot is now. It never knows another person's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cowrite.core.sessions.polls import Ballot

Within = Mapping[str, Sequence[str]]
"""What the notes of options that are groups say, by the ids of the options."""


class BallotForm(QWidget):
    """A form for one poll. Each kind of poll has its own."""

    changed = Signal(object)
    """Ballot, without voter: the person has changed what they say."""

    def keep(self) -> None:
        """Takes what is being written for said."""

    def ballot(self) -> Ballot:
        """What the person says now."""
        raise NotImplementedError  # each kind of poll says it; Qt's metaclass leaves no place for an abstract class
