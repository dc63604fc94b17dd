"""Fields for words to look for: one knows them by the same signs wherever they stand."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit, QListWidget
from pytestqt.qtbot import QtBot

from cowrite.convert.guide import Guide
from cowrite.gui.commands.own_keys import by_command
from cowrite.gui.decisions.log import DecisionLog
from cowrite.gui.guide.window import GuideWindow
from cowrite.gui.ideas.find_row import FindRow
from cowrite.gui.library.window import LibraryWindow
from cowrite.gui.look.theme import named
from cowrite.gui.widgets.list_search import ListSearch
from cowrite.paths import resources


@pytest.mark.parametrize("make", [
    LibraryWindow,
    DecisionLog,
    FindRow,
    lambda: GuideWindow(named("light"), Guide(resources() / "guide"), by_command({})),
    lambda: ListSearch(QListWidget(), "Find a sign", "Find a sign", "Find a sign"),
], ids=["library", "decisions", "ideas", "guide", "list"])  # fmt: skip
def test_a_search_field_has_a_loupe_and_while_it_holds_something_a_cross_that_empties_it(qtbot: QtBot, make) -> None:
    part = make()
    qtbot.addWidget(part)
    fields = [part] if isinstance(part, QLineEdit) else part.findChildren(QLineEdit)
    (field,) = [each for each in fields if each.accessibleName().startswith("Find")]
    (loupe,) = [action for action in field.actions() if action.isVisible()]
    loupe.trigger()
    assert (loupe.text(), part.focusWidget() or part) == ("Find", field)
    field.setText("herbs")
    (cross,) = [action for action in field.actions() if action.isVisible() and action.text() != "Find"]
    cross.trigger()
    assert field.text() == ""
