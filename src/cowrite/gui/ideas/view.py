"""IdeasView: the notes of a document as a list, equal to the board, all of it by keys.

Runs on the GUI thread. It shows what `Visibility` lets whoever sits here see, and writes through `Ideas`. What is
alike it is told, see `bridge.likeness`; nothing of it is applied unless the person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cowrite.bridge.file.image_files import StoreImage
from cowrite.bridge.file.pictures import Picture
from cowrite.core.board.proposals import Dismissals, Proposal
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.gui.ideas.acting import Acting
from cowrite.gui.ideas.clipboard import IdeasClipboard
from cowrite.gui.ideas.commands import KEYS
from cowrite.gui.ideas.idea_list import IdeaList
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.picture_files import PictureFiles
from cowrite.gui.window.views import View


class IdeasView(View):
    """The list, and what its commands do.

    Args:
        brainstorm: what it shows.
        theme: how it looks.
        offer, from_list: see `IdeasClipboard`.
        store_image: keeps an image and gives its name.
        take_picture: keeps an image that was read elsewhere.
        parent: where it is shown.
    """

    decision_wanted = Signal(list)
    """The ids of notes that are to be decided on."""
    expand_wanted = Signal(str)
    """The id of the note that the model is to find ideas for, or empty for the question."""
    open_wanted = Signal(str)
    """The id of something that is not a note, to be shown elsewhere."""
    read_only_shown = Signal(str)
    """The person may only read, and why; or they may write, where that is empty."""

    def __init__(
        self,
        brainstorm: Brainstorm,
        theme: Theme,
        *,
        offer: Callable[[Sequence[str]], QMimeData | None],
        from_list: Callable[[str, QMimeData | None], list[str]],
        store_image: StoreImage,
        take_picture: Callable[[Picture], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, brainstorm)
        self.setAccessibleName("Ideas")
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        ideas, dismissals = Ideas(brainstorm), Dismissals(brainstorm.document)
        self.list = IdeaList(brainstorm, ideas, dismissals, theme, self)
        column.addWidget(self.list)
        self._files = PictureFiles(take_picture, self)
        self.clipboard = IdeasClipboard(self.list, ideas, offer, from_list, store_image, self._files)
        self.acting = Acting(self.list, self.clipboard, brainstorm, ideas, dismissals)
        self._connect()
        self.show_theme(theme)

    def close_view(self) -> None:
        """Listens no longer."""
        self.list.end()

    # What the window asks of a view

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self._theme = theme
        self.list.show_look(theme, self.zoom)

    def show_zoom(self, zoom: float) -> None:
        """Shows the list larger or smaller."""
        super().show_zoom(zoom)
        self.list.show_look(self._theme, zoom)

    def show_read_only(self, reason: str) -> None:
        """Lets the person read only."""
        super().show_read_only(reason)
        self.list.show_read_only(reason)
        if reason:
            self._files.finish()  # what was pasted until then is taken in
        self.read_only_shown.emit(reason)

    def enter(self) -> None:
        """Begins in the line above an empty list, otherwise in the list."""
        self.list.enter()

    def keep(self) -> None:
        """Keeps the idea in the line, the note that is being changed, and images that are being read."""
        self.list.keep()
        self._files.finish()

    def can_undo(self) -> bool:
        """Whether there is an own act to take back, or what is being typed."""
        return super().can_undo() or (self._typed_in() is not None and not self.read_only)

    def undo(self) -> None:
        """Takes back one's own newest act; what is being typed comes first."""
        if (field := self._typed_in()) is not None:
            field.undo()
        else:
            super().undo()

    def cut_selected(self) -> None:
        """Copies the selected notes and takes them away, those of a selected group with it."""
        self.acting.cut()

    def copy_selected(self) -> None:
        """Copies the selected notes as a Markdown list."""
        self.clipboard.copy()

    def paste_here(self) -> None:
        """Takes in the list or the pictures on the clipboard."""
        if not self.clipboard.paste_pictures(self.acting.group_of_current()):
            self.clipboard.take_list(QGuiApplication.clipboard().text())

    def select_everything(self) -> None:
        """Selects all that is shown."""
        self.list.tree.selectAll()

    def open_find(self) -> None:
        """Lets the person say which notes to show."""
        self.list.finding.begin()

    def find_step(self, step: int) -> None:
        """Goes to the next note that is shown."""
        self.list.tree.go_on(step)

    def selected_notes(self) -> list[str]:
        """The ids of the notes that are selected."""
        return self.list.tree.selected_notes()

    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys of the list."""
        return KEYS

    def go_to(self, id: str) -> None:
        """Brings a note or group into sight and selects it."""
        self.list.go_to(id)

    def bring_into_sight(self, ids: Sequence[str]) -> None:
        """Has the first of these at the top, and makes it the current one."""
        self.list.show_from(ids)

    # What others put in

    def set_side(self, widget: QWidget | None) -> None:
        """Puts something beside the list, such as the ballot of an open poll, or takes it away."""
        self.list.set_side(widget)

    def show_alike(self, similar: Mapping[str, Sequence[str]], proposals: Sequence[Proposal]) -> None:
        """Hints at notes that are alike, and at groups that they might make."""
        self.list.show_alike(similar, proposals)

    # Inside

    def _connect(self) -> None:
        shown, acting = self.list, self.acting
        shown.changed.connect(self.state_changed)
        shown.open_wanted.connect(self.open_wanted)
        shown.input.written.connect(acting.write)
        shown.input.list_pasted.connect(self.clipboard.take_list)
        shown.input.other_pasted.connect(lambda: self.clipboard.paste_pictures(shown.input.group))
        shown.commands.clicked.connect(
            lambda: acting.show_menu(shown.commands.mapToGlobal(shown.commands.rect().bottomLeft()))
        )
        shown.model.dropped.connect(acting.drop)
        shown.tree.asked.connect(acting.do)
        shown.tree.customContextMenuRequested.connect(lambda at: acting.show_menu(shown.tree.menu_place(at)))
        shown.coverage.next.clicked.connect(lambda: acting.do("next_unseen"))
        shown.strip.group_wanted.connect(acting.accept)
        shown.strip.dismissed.connect(acting.dismiss)
        acting.copy_wanted.connect(self.copy)
        acting.paste_wanted.connect(self.paste)
        acting.decision_wanted.connect(self.decision_wanted)
        acting.expand_wanted.connect(self.expand_wanted)

    def _typed_in(self) -> QLineEdit | QPlainTextEdit | None:
        """The field that has the keyboard, where something was typed into it."""
        field = self._field()
        if isinstance(field, QPlainTextEdit):
            return field if field.document().isUndoAvailable() else None
        return field if field is not None and field.text() and field.isUndoAvailable() else None
