"""The board of a draft: its view, the images of its notes, who else is at it, and its export.

Runs on the GUI thread. Loaded when somebody looks at a board.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.app.board.presence import BoardPresence
from cowrite.app.files.asking_place import ask_place
from cowrite.gui.board.board_view import BoardView
from cowrite.storage.names import safe_name

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft

BOARD = "board"
KINDS = {"png": "PNG image", "pdf": "PDF"}


def make(draft: Draft) -> BoardView:
    """Makes the view of a draft's board and joins it to all that it needs."""
    brainstorm, window = draft.brainstorming.brainstorm, draft.window
    images = draft.images
    view = BoardView(
        brainstorm, window.theme, images.image, images.put, images.original, images.take, parent=window.views
    )
    draft.images.changed.connect(view.scene.show_image)
    view.session_wanted.connect(window.actions_["session_begin"].trigger)
    presence = BoardPresence(brainstorm, view, lambda: draft.shared, view)
    presence.set_shown(window.actions_["show_pointers"].isChecked())
    window.actions_["show_pointers"].toggled.connect(presence.set_shown)
    window.views.shown.connect(lambda name: presence.set_here(name == BOARD))

    def follow() -> None:
        if draft.shared is not None:
            draft.shared.presence.changed.connect(presence.show)
            presence.tell()
        presence.show()

    draft.connection.changed.connect(follow)
    follow()
    view.refused.connect(lambda why: draft.say("paste", "warning", why))
    view.expand_wanted.connect(lambda _id: window.actions_["expand_ideas"].trigger())
    return view


def ask_picture(draft: Draft, kind: str) -> None:
    """Asks where the board goes as a picture, and writes it: what is selected on it, or all."""
    offered = draft.path.with_name(f"{safe_name(draft.title)} board.{kind}")
    path = ask_place(draft.window, "Export the board", offered, KINDS[kind])
    if path is not None:
        export_picture(draft, kind, path)


def export_picture(draft: Draft, kind: str, path: Path) -> None:
    """Writes the board as it is now as a picture: what is selected on it, or all. One can go on meanwhile."""
    from cowrite.app.board.picture import NothingToExport, drawn_board

    view = draft.window.views.current
    only = view.scene.selected() if isinstance(view, BoardView) else []
    try:
        content = drawn_board(draft.brainstorming.brainstorm, kind, draft.title, only, draft.images.image_now)
    except NothingToExport as error:
        draft.say("export", "problem", str(error))
        return
    told = f"{'What is selected on the board' if only else 'The board'} is written to “{path}”."
    draft.exporting.begin_picture(content, path, told)
