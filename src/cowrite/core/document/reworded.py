"""Reworded: what the person here has made of footnotes, by the steps of undo.

Runs on the document's thread. Undo knows embeds alone. Where somebody else has written in a footnote since, this says
what of its words an undo is to take out, or a redo to bring (`core.mending.joined_footnotes`).
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.text.footnotes import Rewording

LONG = 4096
"""Bytes of the state of a footnote that is long."""

MOST_TAKEN_BACK = 500
"""So much of what was taken back is known."""


class Reworded:
    """What was made of the footnotes of one document.

    Args:
        steps: how many steps can be taken back.

    Attributes:
        turned: what of it the last undo or redo has turned, in the order in which it does.
        taken_back: what was taken back, in the order in which that was. It stays taken back where something else is
            done then, and it cannot be brought back any more.
    """

    def __init__(self, steps: Callable[[], int]) -> None:
        self.turned: list[Rewording] = []
        self.taken_back: list[Rewording] = []
        self._steps = steps
        # Of the steps that can be taken back, and of those that can be brought back, by their place among them.
        self._noted: dict[bool, dict[int, list[Rewording]]] = {False: {}, True: {}}

    def note(self, written: Rewording, *, is_again: bool = False) -> None:
        """Notes what the newest step has made of a footnote; what goes on in a long one, as one.

        Args:
            written: it.
            is_again: whether the last redo has brought it, which has a step of its own below that.
        """
        if is_again:
            self.turned[:] = [each for each in self.turned if each.id != written.id]
        kept = self._noted[False].setdefault(self._steps(), [])
        if kept and len(written.state) > LONG and kept[-1].is_before(written):
            written = written._replace(before=kept.pop().before)
        kept.append(written)

    def turn(self, place: int, *, is_redo: bool) -> None:
        """The step at a place is taken back, or brought back where that is a redo."""
        self.turned += reversed(self._noted[is_redo].pop(place, []))

    def note_turned(self, place: int | None, *, is_redo: bool) -> None:
        """Notes what was turned, for the reverse of that.

        Args:
            place: of the step that is the reverse; None where there is none.
            is_redo: whether it was a redo.
        """
        if place is not None:
            self._noted[not is_redo][place] = self.turned
        if self.turned:
            others = [each for each in self.taken_back if each not in self.turned]
            self.taken_back = (others if is_redo else others + self.turned)[-MOST_TAKEN_BACK:]

    def forget(self) -> None:
        """Forgets what was made, and what was taken back."""
        self.taken_back.clear()
        for noted in self._noted.values():
            noted.clear()
