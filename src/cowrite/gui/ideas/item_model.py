"""IdeasModel: the outline of a board as an item model.

Runs on the GUI thread. It is handed a whole outline each time, and tells Qt the fewest rows that came, went and moved,
so that what is selected, folded out or being edited stays so while teammates work. Of very many it tells at once.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cowrite.gui.ideas.outline import UNGROUPED, Branch, Kind, Row
from cowrite.gui.page.clipboard import new_mime

NOTES_TYPE = "application/x-cowrite-note-ids+json"
"""The ids of notes that are dragged."""

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The Row itself."""

MANY = 40
"""Rows that came, went or stand below another one, from which on all are laid out anew: for each that moves Qt looks at
all that is selected."""

AnyIndex = QModelIndex | QPersistentModelIndex


class _Node:
    """A row in its place. Its number is what Qt's indexes carry."""

    __slots__ = ("below", "number", "parent", "row")

    def __init__(self, number: int) -> None:
        self.number = number
        self.row: Row | None = None
        self.parent: _Node | None = None
        self.below: list[_Node] = []

    @property
    def place(self) -> int:
        return self.parent.below.index(self) if self.parent is not None else 0


class IdeasModel(QAbstractItemModel):
    """Groups, notes below them, and merged notes below these."""

    dropped = Signal(list, str)
    """The ids of notes, and of the row that they were dropped on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = _Node(0)
        self._nodes: dict[int, _Node] = {0: self._root}
        self._by_id: dict[str, _Node] = {}
        self._next = 1
        self.is_editable = True

    def show_outline(self, branches: Sequence[Branch]) -> None:
        """Shows an outline in the place of the one that is shown."""
        if not self._by_id:
            self.beginResetModel()
            self._fill(self._root, branches, {})
            self.endResetModel()
            return
        wanted = dict(_parents(branches))
        there = {id: _id(node.parent) for id, node in self._by_id.items()}
        if len(wanted.items() ^ there.items()) > MANY:
            self._lay_out_anew(branches)
            return
        for id in [id for id in self._by_id if id not in wanted]:
            self._save_kept(self._by_id[id], wanted)
        for id in [id for id in self._by_id if id not in wanted]:
            if id in self._by_id:
                self._take_out(self._by_id[id])
        self._arrange(self._root, branches)

    def index_of(self, id: str) -> QModelIndex:
        """Where what has this id stands; an invalid index where it does not."""
        node = self._by_id.get(id)
        return QModelIndex() if node is None else self.createIndex(node.place, 0, node.number)

    def row_at(self, index: AnyIndex) -> Row | None:
        """What stands at an index."""
        return self._node(index).row if index.isValid() else None

    def rows(self) -> Iterator[Row]:
        """All rows, from top to bottom."""

        def walk(node: _Node) -> Iterator[Row]:
            for each in node.below:
                if each.row is not None:
                    yield each.row
                yield from walk(each)

        return walk(self._root)

    # Qt's questions

    def index(self, row: int, column: int, parent: AnyIndex = QModelIndex()) -> QModelIndex:  # noqa: B008, Qt's
        """See QAbstractItemModel."""
        below = self._node(parent).below
        if column != 0 or not 0 <= row < len(below):
            return QModelIndex()
        return self.createIndex(row, 0, below[row].number)

    def parent(self, index: AnyIndex = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """See QAbstractItemModel."""
        above = self._node(index).parent if index.isValid() else None
        if above is None or above is self._root:
            return QModelIndex()
        return self.createIndex(above.place, 0, above.number)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """See QAbstractItemModel."""
        return len(self._node(parent).below)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        """See QAbstractItemModel."""
        return 1

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text; to screen readers all that the row shows."""
        row = self.row_at(index)
        if row is None or role == ROW_ROLE:
            return row
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.said
            case _:
                return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a screen reader calls the column; it is not shown."""
        return "Ideas" if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Notes can be dragged onto groups and notes."""
        row = self.row_at(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        return _flags(
            edits=self.is_editable and row.id != UNGROUPED and not row.is_locked,
            drags=self.is_editable and row.kind is not Kind.GROUP and not row.is_sealed,
            drops=self.is_editable and row.kind is not Kind.MERGED and not row.is_sealed,
        )

    def supportedDropActions(self) -> Qt.DropAction:
        """Notes are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """What can be dropped."""
        return [NOTES_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The ids of the notes among the rows."""
        rows = [row for row in map(self.row_at, indexes) if row is not None and row.kind is not Kind.GROUP]
        data = new_mime()
        data.setData(NOTES_TYPE, json.dumps([row.id for row in rows]).encode())
        data.setText("\n".join(row.text for row in rows))
        return data

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex) -> bool:
        """Onto a row, or between the notes of one."""
        return data.hasFormat(NOTES_TYPE) and self.row_at(parent) is not None

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex) -> bool:
        """Tells what was dropped where; the rows move when the board says so, so Qt is told that none has."""
        target = self.row_at(parent)
        if target is not None and data.hasFormat(NOTES_TYPE):
            self.dropped.emit(json.loads(bytes(data.data(NOTES_TYPE).data())), target.id)
        return False

    # Keeping what is the same

    def _node(self, index: AnyIndex) -> _Node:
        return self._nodes.get(index.internalId(), self._root) if index.isValid() else self._root

    def _index(self, node: _Node) -> QModelIndex:
        return QModelIndex() if node is self._root else self.createIndex(node.place, 0, node.number)

    def _save_kept(self, node: _Node, wanted: Container[str]) -> None:
        """Puts rows that stay, below one that goes, to the end of the list; from there they go to their places."""
        for each in list(node.below):
            if each.row is not None and each.row.id in wanted:
                self._move(each, self._root, len(self._root.below))
            else:
                self._save_kept(each, wanted)

    def _arrange(self, parent: _Node, branches: Sequence[Branch]) -> None:
        for place, branch in enumerate(branches):
            node = self._by_id.get(branch.row.id)
            if node is None:
                self._put_in(parent, place, branch.row)
            elif place >= len(parent.below) or parent.below[place] is not node:
                self._move(node, parent, place)
            node = parent.below[place]
            if node.row != branch.row:
                node.row = branch.row
                index = self._index(node)
                self.dataChanged.emit(index, index)
            self._arrange(node, branch.below)

    def _lay_out_anew(self, branches: Sequence[Branch]) -> None:
        """Shows an outline by one change of the layout; what stays are the same rows."""
        self.layoutAboutToBeChanged.emit()
        held, known = self.persistentIndexList(), self._by_id
        rows = {id: node.row for id, node in known.items()}
        self._nodes, self._by_id, self._root.below = {0: self._root}, {}, []
        self._fill(self._root, branches, known)
        nodes = [self._nodes.get(index.internalId()) for index in held]
        self.changePersistentIndexList(held, [QModelIndex() if node is None else self._index(node) for node in nodes])
        self.layoutChanged.emit()
        for id, node in self._by_id.items():
            if id in rows and rows[id] != node.row:
                index = self._index(node)
                self.dataChanged.emit(index, index)

    def _fill(self, parent: _Node, branches: Sequence[Branch], known: Mapping[str, _Node]) -> None:
        """Puts rows below one that has none, and those that are known there as the same rows."""
        for place, branch in enumerate(branches):
            self._fill(self._make(parent, place, branch.row, known.get(branch.row.id)), branch.below, known)

    def _put_in(self, parent: _Node, place: int, row: Row) -> None:
        self.beginInsertRows(self._index(parent), place, place)
        self._make(parent, place, row)
        self.endInsertRows()

    def _make(self, parent: _Node, place: int, row: Row, node: _Node | None = None) -> _Node:
        if node is None:
            node = _Node(self._next)
            self._next += 1
        node.row, node.parent, node.below = row, parent, []
        self._nodes[node.number] = self._by_id[row.id] = node
        parent.below.insert(place, node)
        return node

    def _take_out(self, node: _Node) -> None:
        parent = node.parent
        if parent is None:
            return
        self.beginRemoveRows(self._index(parent), node.place, node.place)
        parent.below.remove(node)
        waiting = [node]
        while waiting:
            gone = waiting.pop()
            waiting += gone.below
            del self._nodes[gone.number]
            if gone.row is not None:
                del self._by_id[gone.row.id]
        self.endRemoveRows()

    def _move(self, node: _Node, parent: _Node, place: int) -> None:
        above, now = node.parent, node.place
        if above is None or (above is parent and now == place):
            return
        to = place + 1 if above is parent and place > now else place
        self.beginMoveRows(self._index(above), now, now, self._index(parent), to)
        above.below.remove(node)
        parent.below.insert(place, node)
        node.parent = parent
        self.endMoveRows()


@cache
def _flags(*, edits: bool, drags: bool, drops: bool) -> Qt.ItemFlag:
    """Joined once: Qt asks for them of all rows whenever it measures these."""
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    if edits:
        flags |= Qt.ItemFlag.ItemIsEditable
    if drags:
        flags |= Qt.ItemFlag.ItemIsDragEnabled
    if drops:
        flags |= Qt.ItemFlag.ItemIsDropEnabled
    return flags


def _id(node: _Node | None) -> str | None:
    return None if node is None or node.row is None else node.row.id


def _parents(branches: Sequence[Branch], parent: str | None = None) -> Iterator[tuple[str, str | None]]:
    """The id of each row and that of the one that it stands below; None for the groups."""
    for branch in branches:
        yield branch.row.id, parent
        yield from _parents(branch.below, branch.row.id)
