"""The formatting buttons above the page.

Runs on the GUI thread. FormatToolbar shows the shared actions as buttons and what holds at the caret; it emits the
colours that were picked. What does not fit a narrow window moves, group by group from the right, into a menu.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from cowrite.core.writing.lines import STYLES
from cowrite.gui.commands.actions import IN_FOOTNOTE, Actions, FormatState
from cowrite.gui.commands.menus import plain
from cowrite.gui.look.icons import icon, marked_icon
from cowrite.gui.look.swatches import INKS, WASHES
from cowrite.gui.look.theme import CLOSE, MARGIN, TIGHT, Theme
from cowrite.gui.widgets.popup_place import open_at, open_below

if TYPE_CHECKING:
    from cowrite.gui.window.colour_popup import ColourPopup
    from cowrite.gui.window.table_popup import TablePopup

COLOURS = {"text_color": ("Text colour", "baseline"), "highlight": ("Highlight", "highlighter")}
AROUND = 10  # device-independent pixels above and below the words of a button
ALIGN_ICONS = {"left": "start", "center": "center", "right": "end", "justify": "justify"}


class FormatToolbar(QWidget):
    """Emits `colour_chosen` and `highlight_chosen` with a stored colour "#rrggbb" or None for none, `table_chosen` with
    the rows and columns of a new table, and `left` when Escape gives the keyboard back to the page."""

    colour_chosen = Signal(object)
    highlight_chosen = Signal(object)
    table_chosen = Signal(int, int)
    left = Signal()

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._theme = theme
        self._state = FormatState()
        self._read_only = ""  # why the person may not write
        self.setProperty("surface", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Formatting")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._style = self._style_button()
        self._align = self._menu_button("Alignment")
        self._colours = {id_: self._colour_button(id_) for id_ in COLOURS}
        self._more = self._menu_button("More formatting")
        self._more.setIcon(icon("ellipsis"))
        self._align.setMenu(self._menu_of(("align_left", "align_center", "align_right", "align_justify"), self._align))
        self._more.setMenu(QMenu(self._more))
        self._more.menu().aboutToShow.connect(self._fill_more)
        self._groups = [
            self._group("undo", "redo"),
            self._group(self._style),
            self._group("bold", "italic", "underline", "strike", "code"),
            self._group(*self._colours.values()),
            self._group("bullet_list", "ordered_list", "check_list", "outdent", "indent"),
            self._group("link", "image", "table", "divider", "comment"),
            self._group(self._align, "clear_format"),
            self._group("suggest_changes", "history", "show_assistant"),
        ]
        row = self._row = QHBoxLayout(self)
        metrics = theme.metrics
        around = MARGIN - (metrics.button - metrics.icon) // 2  # the first drawing is in line with words
        row.setContentsMargins(around, TIGHT, around, TIGHT)
        row.setSpacing(0)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        for group in self._groups:
            row.addWidget(group)
        row.addWidget(self._more)
        row.addStretch(1)
        self.show_theme(theme)

    def show_theme(self, theme: Theme) -> None:
        """Takes the colours of `theme`."""
        self._theme = theme
        before = self._style.menu()
        self._style.setMenu(self._style_menu())
        if before is not None:
            before.deleteLater()
        self.show_state(self._state)

    def show_state(self, state: FormatState) -> None:
        """Shows what holds at the caret; the actions show it already."""
        if state.in_footnote != self._state.in_footnote:
            self._explain(self._read_only or (IN_FOOTNOTE if state.in_footnote else ""))
        self._state = state
        is_off = state.read_only or state.in_footnote
        current = next((id_ for id_ in STYLES if self._actions[id_].isChecked()), "paragraph")
        self._style.setText(plain(self._actions[current].text()))
        self._style.setAccessibleDescription(plain(self._actions[current].text()))
        self._style.setDisabled(is_off)
        self._align.setIcon(icon(f"text-align-{ALIGN_ICONS[state.side]}"))
        self._align.setDisabled(is_off)
        shown = {"text_color": state.color, "highlight": state.background}
        for id_, button in self._colours.items():
            stored = shown[id_]
            draw = self._theme.ink if id_ == "text_color" else self._theme.wash
            button.setIcon(marked_icon(COLOURS[id_][1], draw(stored) if stored else None))
            button.setDisabled(is_off)

    def show_read_only(self, reason: str) -> None:
        """Says in the tooltips why the buttons are disabled; an empty reason says again what they do."""
        self._read_only = reason
        self._explain(reason)

    def _explain(self, reason: str) -> None:
        for button in (self._style, self._align):
            button.setToolTip(f"{button.accessibleName()}\n{reason}".strip())
        for id_, button in self._colours.items():
            button.setToolTip(self._actions[id_].toolTip())

    def open_colours(self, id_: str) -> ColourPopup:
        """Opens the palette of "text_color" or "highlight" below its button."""
        from cowrite.gui.window.colour_popup import ColourPopup

        behind = id_ == "highlight"
        if behind:
            swatches, stored, told = WASHES, self._state.background, self.highlight_chosen
        else:
            swatches, stored, told = INKS, self._state.color, self.colour_chosen
        popup = ColourPopup(COLOURS[id_][0], swatches, stored, told.emit, self, behind=behind)
        button = self._colours[id_] if self._colours[id_].isVisible() else self._more
        open_below(popup, button)
        return popup

    def open_table(self, caret: QPoint) -> TablePopup:
        """Opens the squares from which the size of a table is picked: below their button if that was pressed.

        Args:
            caret: where on the screen they open for a key, a menu or a slash.
        """
        from cowrite.gui.window.table_popup import TablePopup

        popup = TablePopup(self.table_chosen.emit, self.window())
        action = self._actions["table"]
        buttons = [each for each in self.findChildren(QToolButton) if each.defaultAction() is action]
        pressed = next((each for each in buttons if each.underMouse() or each.hasFocus()), None)
        if pressed is None:
            open_at(popup, caret)
        else:
            open_below(popup, pressed)
        return popup

    def minimumSizeHint(self) -> QSize:
        """The window may be as narrow as it likes."""
        margins = self._row.contentsMargins()
        around = margins.left() + margins.right()
        return QSize(self._more.sizeHint().width() + around, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Move what does not fit into the menu."""
        super().resizeEvent(event)
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        widths = [group.sizeHint().width() for group in self._groups]
        fitting = len(widths)
        if sum(widths) > room:
            room -= self._more.sizeHint().width()
            while fitting and sum(widths[:fitting]) > room:
                fitting -= 1
        for place, group in enumerate(self._groups):
            group.setVisible(place < fitting)
        self._more.setVisible(fitting < len(widths))

    def take_key(self, key: int) -> bool:
        """Arrow keys walk along the buttons, Escape leaves them; says whether a key was one of these."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        forward = 1 if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else -1
        if key in steps:
            self._walk(steps[Qt.Key(key)] * forward)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            return False
        return True

    def _walk(self, step: int) -> None:
        buttons = [button for button in self.findChildren(QToolButton) if button.isVisible() and button.isEnabled()]
        buttons.sort(key=lambda button: button.mapTo(self, QPoint(0, 0)).x())
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), -step)
        if buttons:
            buttons[(here + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    def _group(self, *members: str | QToolButton) -> _Group:
        buttons = [member if isinstance(member, QToolButton) else self._button(member) for member in members]
        return _Group(buttons, 0 if members[0] == "undo" else self._theme.metrics.icon)

    def _button(self, id_: str) -> QToolButton:
        button = self._bare_button(plain(self._actions[id_].text()))
        button.setDefaultAction(self._actions[id_])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        return button

    def _bare_button(self, name: str) -> QToolButton:
        button = _Button(self)
        metrics = self._theme.metrics
        button.setIconSize(QSize(metrics.icon, metrics.icon))
        button.setFixedSize(metrics.button, metrics.button)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    def _menu_button(self, name: str) -> QToolButton:
        button = self._bare_button(name)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _style_button(self) -> QToolButton:
        button = self._menu_button("Paragraph style")
        button.setProperty("picker", True)
        # Qt centres a text without an icon; beside one, were it a single clear pixel, it begins at the edge.
        nothing = QPixmap(1, 1)
        nothing.fill(Qt.GlobalColor.transparent)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIcon(QIcon(nothing))
        button.setIconSize(nothing.size())
        longest = max(button.fontMetrics().horizontalAdvance(plain(self._actions[id_].text())) for id_ in STYLES)
        metrics = self._theme.metrics
        height = max(metrics.button, button.fontMetrics().height() + AROUND)
        button.setFixedSize(longest + 30 + metrics.arrow, height)
        return button

    def _colour_button(self, id_: str) -> QToolButton:
        button = self._bare_button(COLOURS[id_][0])
        button.setToolTip(self._actions[id_].toolTip())
        button.setObjectName(id_)
        button.clicked.connect(lambda: self.open_colours(id_))
        return button

    def _style_menu(self) -> QMenu:
        """The styles in their own looks; the entries press the shared actions, whose menu stays plain."""
        menu = QMenu("Paragraph style", self._style)
        menu.setToolTipsVisible(True)
        type_ = self._theme.typography
        for id_ in STYLES:
            action = self._actions[id_]
            entry = menu.addAction(plain(action.text()))
            entry.setToolTip(action.toolTip())
            entry.setCheckable(True)
            entry.setChecked(action.isChecked())
            font = QFont(menu.font())
            if id_.startswith("heading_"):
                look = type_.heading(int(id_[-1]))
                font.setPointSizeF(font.pointSizeF() * (1 + (look.scale - 1) * 0.6))
                font.setWeight(QFont.Weight(look.weight))
            elif id_ == "code_block":
                font.setFamilies(list(type_.code_families))
            font.setItalic(id_ == "blockquote")
            entry.setFont(font)
            entry.triggered.connect(action.trigger)
            action.toggled.connect(entry.setChecked)
        return menu

    def _menu_of(self, ids: Sequence[str], parent: QWidget) -> QMenu:
        menu = QMenu(parent)
        for id_ in ids:
            menu.addAction(self._actions[id_])
        return menu

    def _fill_more(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for group in self._groups:
            if group.isHidden():
                menu.addSeparator()
                for member in group.members:
                    self._add_member(menu, member)

    def _add_member(self, menu: QMenu, member: QToolButton) -> None:
        if member.menu() is not None:
            entry = menu.addMenu(member.menu())
            entry.setText(f"&{member.accessibleName()}")
        else:
            menu.addAction(self._actions[member.objectName()] if member.objectName() else member.defaultAction())


class _Button(QToolButton):
    """A button that asks its toolbar about keys; an event filter would be asked about every event of every button."""

    def __init__(self, toolbar: FormatToolbar) -> None:
        super().__init__(toolbar)
        self._toolbar = toolbar

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the toolbar does not take is the button's own."""
        if not self._toolbar.take_key(event.key()):
            super().keyPressEvent(event)


class _Group(QWidget):
    """Buttons that belong together, set off from the group before by a thin line.

    Args:
        members: the buttons.
        line_height: of the line, in device-independent pixels; 0 where no group is before.
    """

    def __init__(self, members: list[QToolButton], line_height: int) -> None:
        super().__init__()
        self.members = members
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(CLOSE)
        if line_height:
            line = QFrame()
            line.setProperty("role", "line")
            line.setFixedSize(1, line_height)
            row.addSpacing(TIGHT)
            row.addWidget(line)
            row.addSpacing(TIGHT)
        for member in members:
            row.addWidget(member)
