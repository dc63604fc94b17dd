"""TemplatesDialog: the templates from which a document can be made, each with its page.

Runs on the GUI thread. Shows what it is told and says what is wanted; whoever opens it reads and writes the files.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QDialog, QMenu, QStackedWidget, QVBoxLayout, QWidget

from cowrite.core.document.document import Document
from cowrite.core.document.earlier import Earlier
from cowrite.core.text.search import compiled, has_all
from cowrite.gui.history.earlier_page import EarlierPage
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, TIGHT, Theme, set_look
from cowrite.gui.page.embeds import ImageFiles
from cowrite.gui.templates.template_list import TemplateList
from cowrite.gui.widgets.dialog_parts import (
    AROUND,
    Message,
    button,
    dialog_column,
    last_row,
    note,
    plain_label,
    resize_for_letters,
)
from cowrite.gui.widgets.list_search import ListSearch
from cowrite.gui.widgets.wrapping_row import FRAMELESS, WrappingRow, reaching
from cowrite.storage.document_templates import MARKDOWN, DocumentTemplate

LIST_WIDTH = 250  # device-independent pixels
LETTERS = 20  # that have room in a line of the list, also where they are large
LEAST_PAGE = 240  # device-independent pixels of a page beside the list; where it has less, it stands below
ZOOM = 0.85  # of the letters on a page here


class TemplatesDialog(QDialog):
    """Lists the templates and shows the page of the marked one.

    Args:
        theme: how it looks.
        images: gives the images in the templates.
        parent: the window in front.
    """

    looked_at = Signal(object)
    """DocumentTemplate: its page is wanted."""
    use_wanted = Signal(object)
    """DocumentTemplate: a document is to begin with it."""
    edit_wanted = Signal(object)
    """DocumentTemplate: it is to be opened itself."""
    rename_wanted = Signal(object)
    trash_wanted = Signal(object)
    folder_wanted = Signal()
    """The folder of the person's own is to be shown."""
    activated = Signal()
    """The person comes to the dialog, perhaps from that folder."""

    def __init__(self, theme: Theme, images: ImageFiles, parent: QWidget) -> None:
        super().__init__(parent)
        self._templates: tuple[DocumentTemplate, ...] = ()
        self._chosen: DocumentTemplate | None = None
        self._is_below = False
        self.setWindowTitle("New from a template")
        self.setMinimumSize(340, 380)
        resize_for_letters(self, QSize(940, 680))
        self.list = TemplateList()
        tip = "Type a word of its name; Up and Down choose one, Enter uses it"
        self.search = _Search(self.list, "Find a template", "Find a template", tip)
        self._title, self._description = plain_label(""), note("")
        set_look(self._title, role="title")
        self._stack = QStackedWidget()
        set_look(self._stack, surface="card")
        self.page = _Page(theme, images, self._stack)
        self._why_not = note("")
        self._why_not.setContentsMargins(MARGIN, LOOSE, MARGIN, LOOSE)
        self._why_not.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.message = Message()
        self._edit = button("Edit", "Open this template itself, to change it", "quiet")
        self._rename = button("Rename…", "Give this template of yours another name (F2)", "quiet")
        self._trash = button("Delete", "Move this template of yours to the trash", "quiet")
        self._folder = button("Show folder", "Show the folder in which your own templates are", "quiet")
        self._use = button("&Use", "Begin a document with this text (Enter)", "primary")
        self._use.setDefault(True)
        self._cancel = button("Cancel", "Close without beginning a document (Esc)")
        self._own_tips = {each: each.toolTip() for each in (self._edit, self._rename, self._trash)}
        self._actions = self._make_actions()
        self._lay_out()
        self._connect()
        self.show_theme(theme)
        self._show_chosen(None)
        self.search.setFocus()

    def show_templates(self, templates: Sequence[DocumentTemplate], marked: DocumentTemplate | None = None) -> None:
        """Shows these, one of them marked: this one, else the one that was, else the first."""
        if marked is None and tuple(templates) == self._templates:
            return
        self._templates, self._chosen = tuple(templates), None
        has_own = any(each.is_own for each in templates)
        for each in self._own_tips:
            each.setVisible(has_own)
        self._fill(marked or self.list.template)

    def show_page(self, document: Document) -> None:
        """Shows what the marked template has in it."""
        self.page.show_earlier(Earlier(document, ()), ())
        self.page.moveCursor(QTextCursor.MoveOperation.Start)  # there one reads by keys, too
        self.page.verticalScrollBar().setValue(0)
        self._stack.setCurrentWidget(self.page)
        self._use.setEnabled(True)
        self._show_what_can_be_done()

    def show_unreadable(self, sentence: str) -> None:
        """Says in the place of the page why there is none."""
        self._why_not.setText(sentence)
        self._stack.setCurrentWidget(self._why_not)
        self._use.setEnabled(False)
        self._show_what_can_be_done()

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self.page.show_theme(_close(theme))

    def changeEvent(self, event: QEvent) -> None:
        """The person may come from where they have added, renamed or deleted files."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()
        elif event.type() == QEvent.Type.FontChange and self.isVisible():
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the page goes below the list."""
        super().resizeEvent(event)
        self._fit()

    # Inside

    def _make_actions(self) -> list[QAction]:
        made = []
        for text, key, act in (
            ("&Use", "", self._tell_use),
            ("&Edit", "", self._edit.click),
            ("&Rename…", "F2", self._rename.click),
            ("&Delete", "Delete", self._trash.click),
        ):
            action = QAction(text, self.list)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # the search field has a Delete of its own
            action.triggered.connect(act)
            self.list.addAction(action)
            made.append(action)
        return made

    def _show_what_can_be_done(self) -> None:
        for action, each in zip(self._actions, (self._use, *self._own_tips), strict=True):
            action.setEnabled(each.isEnabled())

    def _lay_out(self) -> None:
        self._stack.addWidget(self.page)
        self._stack.addWidget(self._why_not)
        own = WrappingRow(0)
        for each in (self._edit, self._rename, self._trash):
            own.addWidget(each)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(SPACING)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addLayout(own)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(TIGHT)
        right.addWidget(self._title)
        right.addWidget(self._description)
        right.addSpacing(TIGHT)
        right.addWidget(self._stack, 1)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.setSpacing(MARGIN)
        self._parts.addLayout(reaching(self._left))
        self._parts.addWidget(self._right, 1)
        column = dialog_column(self)
        column.addLayout(self._parts, 1)
        column.addWidget(self.message)
        column.addLayout(last_row(self._cancel, self._use, first=self._folder))

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._fill(self.list.template))
        self.list.typed.connect(self._look_for)
        self.list.chosen.connect(self._show_chosen)
        self.list.doubleClicked.connect(lambda _index: self._tell_use())
        self.list.customContextMenuRequested.connect(self._show_menu)
        self._use.clicked.connect(self._tell_use)
        self._edit.clicked.connect(lambda: self.edit_wanted.emit(self.list.template))
        self._rename.clicked.connect(lambda: self.rename_wanted.emit(self.list.template))
        self._trash.clicked.connect(lambda: self.trash_wanted.emit(self.list.template))
        self._folder.clicked.connect(self.folder_wanted)
        self._cancel.clicked.connect(self.reject)

    def _fit(self) -> None:
        width = max(LIST_WIDTH, LETTERS * self.fontMetrics().averageCharWidth())
        beside = width + LEAST_PAGE + AROUND[0] + AROUND[2] + self._parts.spacing()
        self._stand_below(self.width() < max(beside, 2 * width), width)

    def _show_words(self) -> None:
        """The title is in the list, too, and there is little room below it."""
        self._title.setVisible(bool(self._title.text()) and not self._is_below)
        self._description.setVisible(bool(self._description.text()))

    def _stand_below(self, on: bool, list_width: int) -> None:
        self._is_below = on
        self._show_words()
        across = QBoxLayout.Direction.TopToBottom if on else QBoxLayout.Direction.LeftToRight
        self._parts.setDirection(across)
        self._parts.setStretch(0, 1 if on else 0)
        self._left.setMaximumWidth(16_777_215 if on else list_width + 2 * FRAMELESS)
        self._left.setMinimumWidth(0 if on else list_width + 2 * FRAMELESS)

    def _fill(self, marked: DocumentTemplate | None) -> None:
        """Shows those in whose title or description each of the words is that are looked for."""
        words = [compiled(word) for word in self.search.text().split()]
        found = [each for each in self._templates if has_all(words, each.title, each.description)]
        self.list.show_templates(found, marked, are_all=not words)
        if not found and words:
            self.show_unreadable(f"No template has “{self.search.text().strip()}” in its name or description.")

    def _look_for(self, text: str) -> None:
        self.search.setFocus()
        self.search.insert(text)

    def _show_chosen(self, template: DocumentTemplate | None) -> None:
        if template is not None and template == self._chosen:
            return
        self._chosen = template
        self._title.setText(template.title if template is not None else "")
        self._description.setText(template.description if template is not None else "")
        self._show_words()
        is_own = template is not None and template.is_own
        for each, tip in self._own_tips.items():
            each.setEnabled(is_own)
            each.setToolTip(tip if is_own else "Only templates of your own can be changed; save a document as one")
        if template is not None and template.path.suffix.lower() == MARKDOWN and is_own:
            self._edit.setEnabled(False)
            self._edit.setToolTip("This one is a Markdown file: change it in a text editor")
        self._use.setEnabled(False)
        self._show_what_can_be_done()
        if template is not None:
            self.looked_at.emit(template)

    def _tell_use(self) -> None:
        if self._use.isEnabled() and self.list.template is not None:
            self.use_wanted.emit(self.list.template)

    def _show_menu(self, at: QPoint) -> None:
        if self.list.template is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self._actions)
        menu.popup(self.list.viewport().mapToGlobal(at))


class _Page(EarlierPage):
    """The page of a template, for reading by keys too; its frame says when it has them."""

    def __init__(self, theme: Theme, images: ImageFiles, frame: QWidget) -> None:
        super().__init__(_close(theme), ZOOM, images)
        self._frame = frame
        self.setAccessibleName("Page of the template")
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows that the keys go here."""
        super().focusInEvent(event)
        set_look(self._frame, current=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shows that they go elsewhere."""
        super().focusOutEvent(event)
        set_look(self._frame, current=False)


class _Search(ListSearch):
    """What is looked for."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the field first."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


def _close(theme: Theme) -> Theme:
    """The theme with a page that begins near its top."""
    return theme._replace(metrics=theme.metrics._replace(page_top=MARGIN, page_bottom=MARGIN))
