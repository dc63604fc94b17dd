"""LineageList: what a decision rests on, sentence by sentence, and what rests on it; each line leads there.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cowrite.core.decisions.grounds import sentences_of
from cowrite.core.decisions.lineage import Strand
from cowrite.gui.decisions.parts import heading, words
from cowrite.gui.decisions.values import Sheet
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.look.theme import LOOSE, MARGIN, SPACING, set_look, worn
from cowrite.gui.widgets.card_parts import act_button
from cowrite.gui.widgets.dialog_parts import scroll_past, scrolling
from cowrite.gui.widgets.elided_box import ElidedBox
from cowrite.gui.widgets.tips import tip_of
from cowrite.gui.widgets.wrapping_row import row_of

NOT_HERE = "(not here any more)"
STRAND_ROLE = Qt.ItemDataRole.UserRole
SENTENCE_ROLE = Qt.ItemDataRole.UserRole + 1
LONGEST = 70  # characters of an idea in a box to choose from
LINES = 4  # of the lineage that have room at least
AIR = 6  # above and below the words of a line together, in device-independent pixels


class LineageList(QWidget):
    """The side list of one decision."""

    jumped = Signal(str)
    """The id of what the person wants to see."""
    grounded = Signal(str, str)
    """A sentence of the outcome and the id that it rests on, as the person has said."""
    loosened = Signal(str, str)
    """A sentence of the outcome and the id that it does not rest on any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._offered: tuple[str, Mapping[str, str], tuple[str, ...]] | None = None
        self._is_read_only = False
        inside = self._inside = QWidget(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(inside, "Lineage"))  # before anything is in it, which would be dressed anew
        inside.setAutoFillBackground(False)  # what is around it has the colour
        self.tree = _Lines(inside)
        self.tree.setObjectName("lineage")
        self.tree.setAccessibleName("Where the decision comes from and what rests on it")
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setItemDelegate(_Wrapped(self.tree))
        self.tree.setUniformRowHeights(False)
        self.tree.setIndentation(worn().metrics.arrow)
        self.tree.itemActivated.connect(self._on_activated)
        self.nothing = words("Nothing is linked yet.", role="muted")
        self.linking = QWidget(inside)
        self.sentence = _box(self.linking, "Sentence of the outcome")
        self.sentence.currentIndexChanged.connect(lambda _at: self._show_ideas())
        self.idea = _box(self.linking, "Idea, group or vote that it rests on")
        self.link = act_button("Link", "Link the sentence to the idea on which it rests", self._on_link)
        set_look(self.link, kind="choice")
        rows = QVBoxLayout(self.linking)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(words("Which idea does a sentence rest on?", role="muted"))
        rows.addWidget(self.sentence)
        self.idea.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        rows.addLayout(row_of(self.idea, self.link, spacing=SPACING))
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, LOOSE, MARGIN, LOOSE)
        column.addWidget(heading("Lineage"))
        column.addWidget(self.nothing)
        column.addWidget(self.tree, 1)
        column.addWidget(self.linking)
        column.addStretch()  # below what is there while the tree is not

    def show_sheet(self, sheet: Sheet) -> None:
        """Shows the lineage of a decision; emits nothing."""
        before, self._sheet = self._sheet, sheet
        if before is None or (before.lineage, before.decision.id) != (sheet.lineage, sheet.decision.id):
            self._fill(sheet)
        sentences = sentences_of(sheet.decision.outcome)
        if [self.sentence.itemText(at) for at in range(self.sentence.count())] != sentences:
            at, here = self.sentence.currentIndex(), self.sentence.currentText()
            with QSignalBlocker(self.sentence):  # the idea that is chosen stays with its sentence
                self.sentence.clear()
                self.sentence.addItems(sentences)
                kept = sentences.index(here) if here in sentences else min(max(at, 0), len(sentences) - 1)
                self.sentence.setCurrentIndex(kept)
        self._show_ideas()
        self._show_linking()

    def show_read_only(self, on: bool) -> None:
        """Lets the person link nothing."""
        self._is_read_only = on
        self._show_linking()

    def needed_height(self) -> int:
        """How high it is with all that it has to show, in device-independent pixels."""
        layout = self._inside.layout()
        assert layout is not None
        layout.activate()
        width = max(self.width(), layout.minimumSize().width())
        least = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        return least + (0 if self.tree.isHidden() else self.tree.height_of_lines() - self.tree.sizeHint().height())

    def lines(self) -> list[str]:
        """The words of the lines, headings included, from top to bottom."""
        tops = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        return [
            item.text(0)
            for top in tops
            if top is not None
            for item in (top, *(top.child(below) for below in range(top.childCount())))
            if item is not None
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the link of a sentence away."""
        item = self.tree.currentItem()
        strand = item.data(0, STRAND_ROLE) if item is not None else None
        sentence = item.data(0, SENTENCE_ROLE) if item is not None else ""
        if event.key() == Qt.Key.Key_Delete and strand and sentence and not self._is_read_only:
            self.loosened.emit(sentence, strand)
        else:
            super().keyPressEvent(event)

    def _fill(self, sheet: Sheet) -> None:
        self.tree.clear()
        sentences = dict.fromkeys(each.sentence for each in sheet.lineage.rests_on if each.sentence)
        here = set(sentences_of(sheet.decision.outcome))
        for sentence in sentences:
            changed = "" if sentence in here else " (the sentence has changed)"
            mine = [each for each in sheet.lineage.rests_on if each.sentence == sentence]
            self._add(f"“{sentence}” rests on{changed}", mine)
        self._add("The decision rests on", [each for each in sheet.lineage.rests_on if not each.sentence])
        self._add("What rests on it", sheet.lineage.carries)
        self.tree.expandAll()
        self.tree.setHidden(not self.tree.topLevelItemCount())
        self.nothing.setHidden(bool(self.tree.topLevelItemCount()))

    def _add(self, title: str, strands: Iterable[Strand]) -> None:
        strands = list(strands)
        if not strands:
            return
        top = QTreeWidgetItem(self.tree, [title])
        top.setFlags(Qt.ItemFlag.ItemIsEnabled)
        for strand in strands:
            said = " ".join(strand.words.split()) or NOT_HERE
            kind = strand.id.partition(":")[0].capitalize()
            relation = "" if strand.sentence else f" ({strand.relation})"
            item = QTreeWidgetItem(top, [f"{kind}: {said}{relation}"])
            item.setData(0, STRAND_ROLE, strand.id)
            item.setData(0, SENTENCE_ROLE, strand.sentence)
            item.setToolTip(0, tip_of(item.text(0)))

    def _show_ideas(self) -> None:
        """Offers the ideas, those first that share words with the sentence."""
        if self._sheet is None:
            return
        here, sentence = self.idea.currentData(), self.sentence.currentText()
        likely = self._sheet.proposals.get(sentence, ())
        before, self._offered = self._offered, (sentence, self._sheet.ideas, likely)
        if before is not None and before[1:] == self._offered[1:]:
            return
        is_same = before is not None and before[0] == sentence
        order = [*likely, *(id for id in self._sheet.ideas if id not in likely)]
        self.idea.clear()
        for id in order:
            said = " ".join(self._sheet.ideas[id].split())[:LONGEST]
            self.idea.addItem(f"Likely: {said}" if id in likely else said, id)
        if here in order and (is_same or not likely):  # a teammate's new note takes no choice away
            self.idea.setCurrentIndex(order.index(here))

    def _show_linking(self) -> None:
        can = bool(self.sentence.count() and self.idea.count()) and not self._is_read_only
        self.linking.setHidden(not can)

    def _on_link(self) -> None:
        if self.sentence.currentText() and self.idea.currentData():
            self.grounded.emit(self.sentence.currentText(), self.idea.currentData())

    def _on_activated(self, item: QTreeWidgetItem, _column: int) -> None:
        id = item.data(0, STRAND_ROLE)
        if id:
            self.jumped.emit(id)


class _Lines(QTreeWidget):
    """Lines that wrap."""

    def sizeHint(self) -> QSize:
        """A few of them; it takes the room that there is."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def height_of_lines(self) -> int:
        """The height in which all lines are seen, and no fewer than a few."""
        high = 2 * self.frameWidth()
        index = self.model().index(0, 0)
        while index.isValid():
            high += self.visualRect(index).height()
            index = self.indexBelow(index)
        return max(high, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """No fewer: what is around it scrolls."""
        high = LINES * _height(self.fontMetrics(), "x", 60) + 2 * self.frameWidth()
        return QSize(super().minimumSizeHint().width(), high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, such as without a scroll bar, means other lines."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()


class _Wrapped(QStyledItemDelegate):
    """Lines as high as their words need; Qt asks for their height before it knows how wide they are."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """At the width that the list has now."""
        room = self._tree.viewport().width() - (2 if index.parent().isValid() else 1) * self._tree.indentation() - 12
        return QSize(room, _height(option.fontMetrics, str(index.data()), max(room, 60)))


def _height(metrics: QFontMetrics, words: str, room: int) -> int:
    """The height of words of the list in so much room; a single line can be higher than the font says of itself."""
    return metrics.boundingRect(0, 0, room, 10_000, Qt.TextFlag.TextWordWrap, words).height() + AIR


def _box(parent: QWidget, name: str) -> ElidedBox:
    box = ElidedBox(parent)
    called(box, name)
    scroll_past(box)
    return box
