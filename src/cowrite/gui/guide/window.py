"""GuideWindow: the guide, with its contents and what is looked for beside the page.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cowrite.convert.errors import UnreadableGuide
from cowrite.convert.guide import Guide, GuidePage
from cowrite.gui.guide.page import GuideView, path_of
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.keyboard.window_keys import KeysByCommand, WindowKeys
from cowrite.gui.look.icons import icon_button
from cowrite.gui.look.key_names import and_key
from cowrite.gui.look.theme import LOOSE, SPACING, TIGHT, Theme, set_look
from cowrite.gui.widgets.dialog_parts import note, resize_for_letters
from cowrite.gui.widgets.search_field import as_search_field
from cowrite.gui.widgets.tips import tip_of

STEP = 14  # device-independent pixels by which a part stands further in than its page
CONTENTS = 250  # the same of the contents beside the page
PAGE = 240  # the same that the page keeps in a narrow window
PLACE = Qt.ItemDataRole.UserRole
"""The `_Place` of a line of the contents."""


class _Place(NamedTuple):
    """A place in the guide: a page, and where in it one reads."""

    page: GuidePage
    anchor: str


class GuideWindow(QWidget):
    """The window.

    Args:
        theme: how it looks.
        guide: the pages.
        keys: those of all commands.
    """

    outside_wanted = Signal(QUrl)
    """A link leads out of the guide."""
    failed = Signal(str)
    """A page cannot be shown; the sentence says why."""
    closed = Signal()

    def __init__(self, theme: Theme, guide: Guide, keys: KeysByCommand) -> None:
        super().__init__()
        self._guide = guide
        self._been: list[_Place] = []
        self._ahead: list[_Place] = []
        self._items: dict[_Place, QTreeWidgetItem] = {}
        self._told = ""  # of what was looked for
        self.setWindowTitle("Guide")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # whoever has closed all documents is done
        set_look(self, surface="window")
        self.setMinimumSize(420, 320)
        resize_for_letters(self, QSize(1040, 760))
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find in the guide")
        self.search.setAccessibleName("Find in the guide")
        as_search_field(self.search)
        back, forward = map(_words_of, (QKeySequence.StandardKey.Back, QKeySequence.StandardKey.Forward))
        self.back = icon_button("chevron-left", f"Back to where you were ({back})")
        self.forward = icon_button("chevron-right", f"Forward again ({forward})")
        self.contents = self._make_contents()
        self._nothing = note("")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self._nothing.hide()
        self.view = GuideView(theme)
        self._lay_out()
        self._connect()
        self.show_keys(keys)
        self.show_theme(theme)
        self._fill()
        self._go(_Place(guide.pages[0], ""))
        self.contents.setFocus()

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self.view.show_theme(theme)

    def show_keys(self, keys: KeysByCommand) -> None:
        """Takes the keys of commands that hold from now on."""
        self._keys.show(keys)

    def show_place(self, address: str) -> None:
        """Shows the place to which a link within the guide leads, such as `together.md#join`, among all others."""
        self.search.clear()
        path, _, anchor = address.partition("#")
        link = QUrl.fromLocalFile(str(self._guide.pages[0].path.with_name(path)))
        link.setFragment(anchor)
        self._follow(link)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Says that the window goes."""
        super().closeEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape shows all again, and closes the window where nothing is looked for. Down leads from the search into
        what was found."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self._first_found()
        elif event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.search.text():
            self.search.clear()
        else:
            self.close()

    # Inside

    def _make_contents(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("headings")
        tree.setAccessibleName("Contents")
        tree.setHeaderHidden(True)
        tree.setIndentation(STEP)
        tree.setRootIsDecorated(False)
        tree.setItemsExpandable(False)
        tree.setExpandsOnDoubleClick(False)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return tree

    def _lay_out(self) -> None:
        title = QLabel("Guide")
        set_look(title, role="heading")
        above = QHBoxLayout()
        above.setSpacing(TIGHT)
        above.addWidget(title, 1)
        above.addWidget(self.back)
        above.addWidget(self.forward)
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(LOOSE, LOOSE, LOOSE, LOOSE)
        column.setSpacing(SPACING)
        column.addLayout(above)
        column.addWidget(self.search)
        column.addWidget(self._nothing)
        column.addWidget(self.contents, 1)
        parts = QSplitter()
        parts.setChildrenCollapsible(False)
        parts.addWidget(beside)
        self.view.setMinimumWidth(PAGE)
        parts.addWidget(self.view)
        parts.setStretchFactor(1, 1)
        parts.setSizes([max(CONTENTS, 24 * self.fontMetrics().averageCharWidth()), self.width() - CONTENTS])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._first_found)
        self.contents.currentItemChanged.connect(lambda item, _before: self._choose(item))
        self.view.followed.connect(self._follow)
        self.back.clicked.connect(self._go_back)
        self.forward.clicked.connect(self._go_forward)
        QShortcut(QKeySequence.StandardKey.Back, self, self.back.click)
        QShortcut(QKeySequence.StandardKey.Forward, self, self.forward.click)
        acts = {"find": self._look, "zoom_in": self.view.zoomIn, "zoom_out": self.view.zoomOut, "close": self.close}
        self._keys = WindowKeys(self, acts)
        self._keys.name("find", lambda key: self.search.setToolTip(and_key("Find in the guide", key)))

    def _fill(self) -> None:
        """Lists what is looked for, or all."""
        found = self._guide.found(_printed(self.search.text()))
        with QSignalBlocker(self.contents):
            self.contents.clear()
            self._items = {}
            for page, parts in found:
                above = self._add(self.contents, page.title, _Place(page, ""))
                for part in parts:
                    if part.level > 1:
                        self._add(above, part.title, _Place(page, part.anchor))
            self.contents.expandAll()
        self._nothing.setText("" if found else f"The guide says nothing about “{self.search.text().strip()}”.")
        self._nothing.setVisible(not found)
        self.contents.setVisible(bool(found))

    def _add(self, above: QTreeWidget | QTreeWidgetItem, title: str, place: _Place) -> QTreeWidgetItem:
        item = self._items[place] = QTreeWidgetItem(above, [title])
        item.setToolTip(0, tip_of(title))
        item.setData(0, PLACE, place)
        return item

    def _look(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _find(self, words: str) -> None:
        self._fill()
        self._say_found()
        self.view.mark(tuple(_printed(words).split()))
        self._show_where()

    def _say_found(self) -> None:
        before, self._told = self._told, self._nothing.text() or f"{len(self._items)} found"
        if self._told != before and self.search.text() and self.search.hasFocus():
            say(self.search, self._told)

    def _first_found(self) -> None:
        first = self.contents.topLevelItem(0)
        if first is None:
            return
        self.contents.setFocus()
        self.contents.setCurrentItem(first.child(0) or first)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self._visit(item.data(0, PLACE))

    def _follow(self, link: QUrl) -> None:
        path = path_of(link)
        if path is None or path.suffix != ".md":
            self.outside_wanted.emit(link)
            return
        try:
            page = self._guide.page(path)
        except UnreadableGuide as error:
            self.failed.emit(str(error))
            return
        self._visit(_Place(page, link.fragment()))

    def _visit(self, place: _Place) -> None:
        if self._been and place == self._been[-1]:
            self.view.show_page(*place)
            return
        self._ahead.clear()
        self._go(place)

    def _go(self, place: _Place) -> None:
        """Shows a place; the last one of those where one has been is where one is."""
        self._been.append(place)
        self.view.show_page(*place)
        self._show_where()

    def _go_back(self) -> None:
        self._ahead.append(self._been.pop())
        self._go(self._been.pop())

    def _go_forward(self) -> None:
        self._go(self._ahead.pop())

    def _show_where(self) -> None:
        """Marks in the contents where one is, and says which way one can go."""
        self.back.setEnabled(len(self._been) > 1)
        self.forward.setEnabled(bool(self._ahead))
        item = self._items.get(self._been[-1])
        with QSignalBlocker(self.contents):
            if item is None:
                self.contents.setCurrentIndex(QModelIndex())
            else:
                self.contents.setCurrentItem(item)


def _words_of(key: QKeySequence.StandardKey) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _printed(words: str) -> str:
    """Words with the apostrophe that the guide has, whichever was typed."""
    return words.replace("'", "’")
