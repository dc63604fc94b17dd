"""SlashList: the commands that a slash offers, at the line in which it is typed.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QTextEdit

from cowrite.gui.commands.command_finder import ROW_ROLE, Command, CommandRow
from cowrite.gui.commands.draft_actions import FORMAT, INSERT
from cowrite.gui.commands.menus import specs
from cowrite.gui.look.icons import icon
from cowrite.gui.page.line_list import LineList

MOST_ROWS = 8  # that are seen at once


class SlashList(LineList):
    """Commands, each with its drawing and its keys.

    Args:
        page: where the slash is.
    """

    taken = Signal(object)
    """The Command on which the person has clicked."""

    def __init__(self, page: QTextEdit) -> None:
        super().__init__(page, "What can be put in here", MOST_ROWS)
        self.setItemDelegate(CommandRow(self))
        self.setMouseTracking(True)
        self.itemClicked.connect(lambda item: self.taken.emit(item.data(ROW_ROLE)))

    @property
    def shown(self) -> list[Command]:
        """What it shows."""
        return [self.item(row).data(ROW_ROLE) for row in range(self.count())]

    @property
    def chosen(self) -> Command:
        """The command that a key takes."""
        command: Command = self.currentItem().data(ROW_ROLE)
        return command

    def show_commands(self, commands: list[Command], at: int) -> None:
        """Shows these, the first one chosen.

        Args:
            commands: at least one.
            at: where the slash stands (UTF-16 units).
        """
        if commands != self.shown:
            names = {spec.id: spec.icon for spec in specs((INSERT, FORMAT))}
            self.clear()
            for command in commands:
                item = QListWidgetItem(command.text, self)
                item.setData(ROW_ROLE, command)
                item.setData(Qt.ItemDataRole.DecorationRole, icon(names[command.id]))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, command.spoken)
            self.setCurrentRow(0)
        self.show_at(at)
