"""BoardPresence: where teammates point on a board and what they have selected, and where this person does.

Runs on the GUI thread. In a silent phase, and in a session without names, nothing of it is told or shown: a pointer
would say whose note it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.gui.board.board_view import BoardView
from cowrite.gui.board.others import Other
from cowrite.gui.people.person import NOBODY

if TYPE_CHECKING:
    from cowrite.bridge.shared.document import SharedDocument
    from cowrite.bridge.shared.presence import Teammate

TELL_DELAY = 50  # milliseconds in which movements of the mouse are gathered
MOST_SELECTED = 50  # ids of notes and groups that are told
FARTHEST = 100_000  # board units from its origin, beyond which a mouse is nowhere


class BoardPresence(QObject):
    """Tells the others of a room where this person is on the board, and shows where they are.

    Args:
        brainstorm: whose board it is.
        view: it.
        shared: gives the document's life on a server, if it has one now.
        parent: Qt parent.
    """

    def __init__(
        self,
        brainstorm: Brainstorm,
        view: BoardView,
        shared: Callable[[], SharedDocument | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._brainstorm = brainstorm
        self._view = view
        self._shared = shared
        self._mine: tuple[tuple[float, float] | None, list[str]] = (None, [])
        self._is_here = True
        self.is_shown = True
        """Whether the person wants to see where the others are."""
        self._is_hushed = self._hushes()
        self._timer = single_shot(self, self.tell, TELL_DELAY)
        view.presence_changed.connect(self._on_mine)
        end = brainstorm.observe(lambda _ids: self._look_again())
        self.destroyed.connect(lambda _=None, end=end: end())

    def set_here(self, on: bool) -> None:
        """The person looks at the board, or at something else."""
        self._is_here = on
        self.tell()

    def set_shown(self, on: bool) -> None:
        """Whether the person wants to see where the others are."""
        self.is_shown = on
        self.show()

    def tell(self) -> None:
        """Tells the others where this person is now."""
        shared = self._shared()
        if shared is None:
            return
        pointer, selected = self._mine
        is_told = self._is_here and not self._is_hushed
        shared.presence.show_board(
            {"pointer": pointer and list(pointer), "selected": selected[:MOST_SELECTED]} if is_told else None
        )

    def show(self) -> None:
        """Shows where the others are now."""
        shared = self._shared()
        if shared is None or not self.is_shown or self._is_hushed:
            self._view.others.show([])
            return
        others = (_other(mate) for mate in shared.presence.teammates())
        self._view.others.show([other for other in others if other is not None])

    def _on_mine(self, pointer: tuple[float, float] | None, selected: list[str]) -> None:
        self._mine = (pointer, list(selected))
        if not self._timer.isActive():
            self._timer.start()

    def _hushes(self) -> bool:
        session = self._brainstorm.session
        return session is not None and (session.defaults.is_silent or session.is_anonymous)

    def _look_again(self) -> None:
        is_hushed = self._hushes()
        if is_hushed != self._is_hushed:
            self._is_hushed = is_hushed
            self.tell()
            self.show()


def _other(mate: Teammate) -> Other | None:
    """A teammate at the board; None for one who is not. What they say was written by a stranger."""
    board = mate.board
    if not isinstance(board, Mapping):
        return None
    selected = board.get("selected")
    ids = selected[:MOST_SELECTED] if isinstance(selected, list) else []
    return Other(
        mate.client,
        mate.name or NOBODY,
        mate.colour,
        _point(board.get("pointer")),
        tuple(id for id in ids if isinstance(id, str)),
    )


def _point(told: Any) -> tuple[float, float] | None:
    if not isinstance(told, list) or len(told) != 2 or not all(map(_is_place, told)):
        return None
    return float(told[0]), float(told[1])


def _is_place(told: Any) -> bool:
    # Looked at before it is a float: JSON has whole numbers that are too large for one.
    return isinstance(told, int | float) and abs(told) <= FARTHEST
