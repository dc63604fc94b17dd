"""Who is here: the panel beside the page.

Runs on the GUI thread. PeoplePanel is told the people as values and says whom to go to, whom to follow and what the
person changed about themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.direction import from_left
from cowrite.gui.keyboard.control_names import called
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.look.icons import icon_button, show_icon
from cowrite.gui.look.key_names import with_keys
from cowrite.gui.look.mirroring import leading, mirrored
from cowrite.gui.look.theme import BORDER, CLOSE, LOOSE, MARGIN, SPACING, TIGHT, set_look, worn
from cowrite.gui.people.avatar import draw_avatar
from cowrite.gui.people.person import Person, shown_facts, shown_name
from cowrite.gui.widgets.dialog_parts import scrolling
from cowrite.gui.widgets.rows import Rows
from cowrite.gui.widgets.tips import tip_of

if TYPE_CHECKING:
    from cowrite.gui.people.me_editor import MeEditor


MOST_ROWS = 200  # people that have one; so many a server lets into a document, unless its host wants more
NAME = 22  # letters of a name, at their average width, for which the panel has room
AVATAR, BUTTON = 18, 12  # device-independent pixels beside the avatar, and beside the small button
SETTLED = 2000  # milliseconds in which those are gathered who come, go and come back

ALONE = "Only you are here. Share the document to invite teammates."
ALONE_IN_SHARED = "Nobody else is here now. Teammates appear while they and you are connected."
NOT_CONNECTED = "You are not connected, so you do not see who else is here."


class PeoplePanel(QFrame):
    """`person_activated(id)`: go to where they write. `follow_toggled(id, on)`. `me_changed(name, colour)`.
    `share_requested()`: the button of the empty state. `manage_requested()`: who may do what. `left()` when Escape
    gives the keyboard back to the page."""

    person_activated = Signal(str)
    follow_toggled = Signal(str, bool)
    me_changed = Signal(str, str)
    share_requested = Signal()
    manage_requested = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._here: dict[str, str] = {}  # the names of the others by their ids
        self._told: dict[str, str] = {}  # those of whom whoever reads by ear knows
        self._settled = single_shot(self, self._tell, SETTLED)
        self.setAccessibleName("People")
        set_look(self, surface="panel")
        self.setMinimumWidth(220)
        self._heading = QLabel("People")
        set_look(self._heading, role="heading")
        self._people = QVBoxLayout()
        self._people.setSpacing(CLOSE)
        self.rows: Rows[str, PersonRow] = Rows(self._people)
        self._me: MeEditor | None = None  # most people never open it
        self._alone = QLabel()
        self._alone.setWordWrap(True)
        set_look(self._alone, role="muted")
        self._share = QPushButton("Share…")
        show_icon(self._share, "user-plus")
        called(self._share, "Share the document", with_keys("Invite others to write in this document (Ctrl+Alt+S)"))
        self._share.clicked.connect(self.share_requested)
        self._manage = icon_button("settings", "People and links")
        self._manage.setToolTip(with_keys("People and links: who may do what (Ctrl+Alt+P)"))
        self._manage.clicked.connect(self.manage_requested)
        self._lay_out()

    def sizeHint(self) -> QSize:
        """Wide enough for a name and what its bearer does."""
        metrics = worn().metrics
        beside = metrics.avatar + AVATAR + metrics.row_button + BUTTON + 2 * SPACING
        return QSize(max(264, beside + NAME * self.fontMetrics().averageCharWidth()), 400)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def show_people(
        self, people: Sequence[Person], following: str | None = None, *, shared: bool = False, away: bool = False
    ) -> None:
        """Shows these, in this order.

        Args:
            people: who is here; of very many, the first have a row.
            following: the id of the person whose place the page keeps in view.
            shared: whether others have a link to the document, which they are told of who see nobody else.
            away: whether nobody here knows who else is there, since the server of the document is out of reach.
        """
        known = {person.id: person for person in people[:MOST_ROWS]}
        rows = self.rows.place(list(known), lambda id: self._new_row(known[id]))
        for row, person in zip(rows, known.values(), strict=True):
            row.show_person(person, followed=person.id == following)
            if person.is_me and self._me:
                self._me.show_me(person.own_name or person.name, person.colour)
        self._here = {person.id: person.name for person in people if not person.is_me}
        if self._here.keys() != self._told.keys() and not self._settled.isActive():
            self._settled.start()
        others = len(self._here)
        self._heading.setText(f"People · {len(people)}" if others else "People")
        in_shared = NOT_CONNECTED if away else ALONE_IN_SHARED
        self._alone.setText(in_shared if shared else ALONE)
        self._alone.setVisible(not others)
        self._share.setVisible(not others)

    def _lay_out(self) -> None:
        inside = QWidget()
        area = self._area = scrolling(inside, "People here")
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACING, 0, SPACING, LOOSE)
        column.setSpacing(SPACING)
        column.addLayout(self._people)
        empty = QVBoxLayout()
        empty.setContentsMargins(SPACING, TIGHT, SPACING, 0)
        empty.setSpacing(SPACING)
        empty.addWidget(self._alone)
        empty.addWidget(self._share, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(empty)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(BORDER, LOOSE, 0, 0)  # the border on the left
        whole.setSpacing(SPACING)
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN, 0, SPACING, 0)
        top.addWidget(self._heading)
        top.addStretch(1)
        top.addWidget(self._manage)
        whole.addLayout(top)
        whole.addWidget(area, 1)
        self._last = QVBoxLayout()
        self._last.setContentsMargins(SPACING, 0, SPACING, SPACING)
        whole.addLayout(self._last)

    def _tell(self) -> None:
        """Says who has come and who has gone since it was said last, to whoever sees no rows come and go."""
        come = [name for id, name in self._here.items() if id not in self._told]
        gone = [name for id, name in self._told.items() if id not in self._here]
        self._told = self._here
        said = ((come, "here now"), (gone, "no longer here"))
        words = (f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} {what}" for names, what in said if names)
        say(self, ". ".join(words))

    def _new_row(self, person: Person) -> PersonRow:
        row = PersonRow(person)
        row.clicked.connect(lambda: self._activate(row))
        row.stepped.connect(lambda step: self._step_from(row, step))
        row.follow.toggled.connect(lambda on: self.follow_toggled.emit(row.person.id, on))
        row.edit.toggled.connect(lambda on: self._change_me(row, on))
        return row

    def _change_me(self, row: PersonRow, on: bool) -> None:
        if self._me is None:
            from cowrite.gui.people.me_editor import MeEditor

            self._me = MeEditor()
            self._me.hide()
            self._me.changed.connect(self.me_changed)
            self._me.closed.connect(lambda: row.edit.setChecked(False))
            self._me.show_me(row.person.own_name or row.person.name, row.person.colour)
            self._last.addWidget(self._me)
        focus = self.window().focusWidget()
        if not on and focus and self._me.isAncestorOf(focus):
            row.edit.setFocus(Qt.FocusReason.OtherFocusReason)  # else Qt gives the keyboard to the window's first part
        self._me.setVisible(on)

    def _step_from(self, row: PersonRow, step: int) -> None:
        rows = list(self.rows)
        there = rows[min(max(rows.index(row) + step, 0), len(rows) - 1)]
        there.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(there)

    def _activate(self, row: PersonRow) -> None:
        if row.person.is_me:
            row.edit.toggle()
        else:
            self.person_activated.emit(row.person.id)


class PersonRow(QAbstractButton):
    """One person: pressing it goes to them; `follow` or, on one's own row, `edit` is the small button beside."""

    stepped = Signal(int)

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person
        self._hovered = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.follow = icon_button("eye", "Follow", checkable=True)
        self.edit = icon_button("pencil", "Change your name and colour", checkable=True)
        side = worn().metrics.row_button
        for button in (self.follow, self.edit):
            button.setParent(self)
            button.setFixedSize(side, side)
        self.show_person(person, followed=False)

    def sizeHint(self) -> QSize:
        """Two lines of text beside the avatar."""
        return QSize(200, max(52, worn().metrics.avatar + 20, 2 * self.fontMetrics().height() + 18))

    def show_person(self, person: Person, *, followed: bool) -> None:
        """Shows this person in the row; emits nothing."""
        self.person = person
        with QSignalBlocker(self.follow):  # what is shown was not pressed
            self.follow.setChecked(followed)
        self.follow.setHidden(person.is_me)
        self.edit.setVisible(person.is_me)
        verb = "Stop following" if followed else "Follow"
        called(
            self.follow, f"{verb} {person.name}", tip_of(f"{verb} {person.name}: the page keeps to where they write")
        )
        facts = ", ".join(fact for fact in (person.role, person.activity) if fact)
        who = f"{person.name} (you)" if person.is_me else person.name
        self.setAccessibleName(f"{who}, {facts}" if facts else who)
        aim = "Change your name and colour" if person.is_me else f"Go to where {person.name} is"
        self.setToolTip(tip_of(from_left(f"{who}\n{facts}\n{aim}" if facts else f"{who}\n{aim}")))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down step to the next person; Qt would step to the small button beside."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What the row and its small button do."""
        from cowrite.gui.widgets.button_menu import open_button_menu  # most rows are never asked for theirs

        own = (("&Change your name and colour", self.edit),)
        others = (("&Go to where they write", self), ("&Follow", self.follow))
        open_button_menu(own if self.person.is_me else others, self, event.globalPos())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Shows that the row can be pressed."""
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        self._hovered = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the small button at the end of the row."""
        side = worn().metrics.row_button
        for button in (self.follow, self.edit):
            place = QRect(self.width() - side - 8, (self.height() - side) // 2, side, side)
            button.setGeometry(mirrored(place, self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Avatar, name, and below it role and activity."""
        theme, person = worn(), self.person
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.hover) if self._hovered or self.isDown() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, theme.metrics.radius, theme.metrics.radius)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, theme.metrics.radius, theme.metrics.radius)
        side = theme.metrics.avatar
        disc = mirrored(QRect(8, (self.height() - side) // 2, side, side), self)
        draw_avatar(painter, QRectF(disc), person)
        if self.follow.isChecked():
            painter.setPen(QPen(QColor(theme.person(person.colour)), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(disc).adjusted(-3, -3, 3, 3))
        line = self.fontMetrics().height()
        width = self.width() - side - AVATAR - theme.metrics.row_button - BUTTON
        facts = shown_facts(person)
        top = (self.height() - (2 * line + 2 if facts else line)) // 2
        name_box = QRect(side + AVATAR, top, width, line)
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        who = shown_name(person, QFontMetrics(strong), name_box.width())
        self._text(painter, name_box, who, strong, theme.text)
        self._text(painter, name_box.translated(0, line + 2), facts, self.font(), theme.muted)

    def _text(self, painter: QPainter, box: QRect, text: str, font: QFont, colour: str) -> None:
        """Write one line, cut where there is no room."""
        metrics, shown = QFontMetrics(font), text
        if metrics.horizontalAdvance(text) > box.width():  # Qt would also cut what is a fraction of a pixel too long
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(mirrored(box, self), leading(self), shown)
