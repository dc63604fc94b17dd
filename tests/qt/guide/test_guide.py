"""The guide in its window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app import guide_places
from cowrite.convert.guide import Guide
from cowrite.gui.commands.action_specs import MenuSpec
from cowrite.gui.commands.menus import MENUS, plain, shortcuts, specs
from cowrite.gui.commands.own_keys import by_command
from cowrite.gui.commands.shortcuts_dialog import ShortcutsDialog
from cowrite.gui.guide.window import GuideWindow
from cowrite.gui.library.window import LibraryWindow
from cowrite.gui.look.theme import named
from cowrite.gui.widgets.line_dialog import LineDialog
from cowrite.paths import HOME_VARIABLE, Paths, resources
from helpers.desk import Desk

Shown = TypeVar("Shown", bound=QWidget)

COMMAND = re.compile(r"\*([A-Z]\w+) → ([^*]+)\*(?: \((Ctrl\+[A-Za-z+]*[A-Za-z0-9])[,;)])?")


@pytest.fixture
def window(qtbot: QtBot) -> GuideWindow:
    window = GuideWindow(named("light"), Guide(resources() / "guide"), by_command({}))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def lines(window: GuideWindow) -> list[str]:
    """What the contents list, page by page."""

    def below(item: QTreeWidgetItem) -> list[str]:
        return [item.text(0), *(item.child(row).text(0) for row in range(item.childCount()))]

    tree = window.contents
    return [each for row in range(tree.topLevelItemCount()) for each in below(tree.topLevelItem(row))]


def title(window: GuideWindow) -> str:
    assert window.view.page is not None
    return window.view.page.title


def follow(window: GuideWindow, address: str) -> None:
    window.view.anchorClicked.emit(QUrl(address))


def shown(kind: type[Shown]) -> list[Shown]:
    """The windows of a kind that are open; those of tests before this one may be there, and are not."""
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]


def test_f1_shows_one_guide_wherever_one_is(desk: Desk, qtbot: QtBot) -> None:
    drafts = (desk.new(), desk.new())
    desk.application.show_library()
    (library,) = shown(LibraryWindow)
    for whose in (*(draft.window for draft in drafts), library):
        whose.activateWindow()
        qtbot.waitUntil(whose.isActiveWindow)
        QTest.keyClick(whose.focusWidget() or whose, Qt.Key.Key_F1)
        (window,) = shown(GuideWindow)
        assert not window.isMinimized()
        qtbot.waitUntil(window.isActiveWindow)
        window.showMinimized()
    window.close()
    library.showMinimized()
    desk.application.show_library()
    assert not library.isMinimized()


def test_f1_in_a_dialog_leads_to_what_it_is_about_and_closing_the_guide_back_there(desk: Desk, qtbot: QtBot) -> None:
    draft = desk.new()

    def press(whose: QWidget) -> GuideWindow:
        whose.activateWindow()
        qtbot.waitUntil(whose.isActiveWindow)
        QTest.keyClick(whose.focusWidget() or whose, Qt.Key.Key_F1)
        (window,) = shown(GuideWindow)
        qtbot.waitUntil(window.isActiveWindow)
        return window

    def where(window: GuideWindow) -> str:
        return window.contents.currentItem().text(0)

    history = desk.application.show_history(draft)
    assert where(press(history)) == "Look back"
    draft.window.actions_["rename"].trigger()
    (asked,) = shown(LineDialog)
    window = press(asked)
    assert where(window) == "Look back"  # where one has left it: of the whole document
    window.close()
    qtbot.waitUntil(asked.isActiveWindow)
    asked.reject()
    draft.window.actions_["view_board"].trigger()
    window.search.setText("no such words")
    assert where(press(draft.window)) == "The board"
    draft.window.actions_["shortcuts"].trigger()
    (keys,) = shown(ShortcutsDialog)
    assert where(press(keys)) == "Keyboard"
    keys.close()
    box = QMessageBox(QMessageBox.Icon.Information, "cowrite", "Nobody else is served.")
    box.setWindowModality(Qt.WindowModality.ApplicationModal)
    box.show()
    window = press(box)
    window.contents.scrollToTop()
    first = window.contents.visualItemRect(window.contents.topLevelItem(0)).center()
    place = window.contents.viewport().mapTo(window, first)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(lambda: where(window) == "First steps")
    box.close()
    assert window.isVisible()
    window.close()


def test_the_guide_has_a_place_for_every_dialog(window: GuideWindow) -> None:
    gui = Path(guide_places.__file__).parents[1] / "gui"
    dialogs = {
        name for file in gui.rglob("*.py") for name in re.findall(r"class (\w+)\(QDialog\)", file.read_text("utf-8"))
    }
    assert dialogs - {"LineDialog"} == set(guide_places.PLACES) - {"HistoryWindow"}  # it is about what is below it
    for place in (*guide_places.PLACES.values(), *guide_places.VIEWS.values()):
        window.show_place(place)
        assert window.contents.currentItem() is not None, place


def test_the_keyboard_goes_through_the_contents_and_the_page_follows(window: GuideWindow) -> None:
    assert title(window) == "First steps"
    QTest.keyClick(window.contents, Qt.Key.Key_Down)
    assert title(window) == "Write together"
    above = window.view.verticalScrollBar().value()
    for _ in range(3):
        QTest.keyClick(window.contents, Qt.Key.Key_Down)
    assert title(window) == "Write together"
    assert window.view.verticalScrollBar().value() > above == 0


def test_what_is_looked_for_is_listed_marked_and_gone_to(window: GuideWindow) -> None:
    QTest.keySequence(window, QKeySequence.StandardKey.Find)
    QTest.keyClicks(window.search, "ballot sealed")
    found = lines(window)
    assert "Sessions" in found
    assert "Formats" not in found
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    marked = {selection.cursor.selectedText().lower() for selection in window.view.extraSelections()}
    assert marked == {"ballot", "sealed"}
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert "Formats" in lines(window)
    assert window.view.extraSelections() == []
    assert window.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_an_apostrophe_that_is_typed_finds_the_one_that_is_printed(window: GuideWindow) -> None:
    window.search.setText("I'm done")
    assert "Sessions" in lines(window)
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    marked = {selection.cursor.selectedText() for selection in window.view.extraSelections()}
    assert "I’m" in marked


def test_what_is_found_is_read_out_and_down_leads_into_it(window: GuideWindow, heard: list[str]) -> None:
    QTest.keySequence(window, QKeySequence.StandardKey.Find)
    QTest.keyClicks(window.search, "ballot sealed")
    assert heard[-1] == f"{len(lines(window))} found"
    QTest.keyClick(window.search, Qt.Key.Key_Down)
    assert window.contents.hasFocus()
    assert window.contents.currentItem() is not None


def test_what_is_nowhere_is_said(window: GuideWindow, heard: list[str]) -> None:
    window.search.setFocus()
    window.search.setText("zeppelin")
    assert heard == ["The guide says nothing about “zeppelin”."]
    assert lines(window) == []
    assert not window.contents.isVisible()
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert title(window) == "First steps"


def test_links_lead_to_other_pages_and_one_goes_back_and_forward_again(window: GuideWindow) -> None:
    assert not window.back.isEnabled()
    follow(window, "brainstorming.md#decisions")
    assert window.contents.currentItem().text(0) == "Decisions"
    follow(window, "../templates/README.md")
    assert window.contents.currentItem() is None
    QTest.keySequence(window, QKeySequence.StandardKey.Back)
    assert title(window) == "Brainstorm and decide"
    assert window.contents.currentItem().text(0) == "Decisions"
    window.back.click()
    assert title(window) == "First steps"
    assert not window.back.isEnabled()
    window.forward.click()
    window.forward.click()
    assert title(window) not in ("First steps", "Brainstorm and decide")
    assert not window.forward.isEnabled()


def test_what_leads_out_of_the_guide_is_asked_for_and_what_is_gone_is_said(qtbot: QtBot, window: GuideWindow) -> None:
    with qtbot.waitSignal(window.outside_wanted) as outside:
        follow(window, "https://example.org/")
    assert outside.args == [QUrl("https://example.org/")]
    with qtbot.waitSignal(window.failed) as failed:
        follow(window, "gone.md")
    assert "gone.md of the guide cannot be read" in failed.args[0]
    assert title(window) == "First steps"


def test_no_line_is_wider_than_its_room_from_the_first_on_and_a_narrow_window_keeps_some_for_them(
    qtbot: QtBot, window: GuideWindow
) -> None:
    view = window.view
    assert view.document().textWidth() == view.viewport().width()
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: window.width() == 420)
    assert view.width() >= 240


def test_no_picture_is_wider_than_the_text(qtbot: QtBot, window: GuideWindow) -> None:
    follow(window, "brainstorming.md")
    for width in (1100, 500):
        window.resize(width, 700)
        qtbot.waitUntil(lambda: window.view.horizontalScrollBar().maximum() == 0)


def test_the_page_stays_where_it_is_in_another_theme(window: GuideWindow) -> None:
    follow(window, "writing.md#tables")
    above = window.view.verticalScrollBar().value()
    window.show_theme(named("dark"))
    assert window.view.verticalScrollBar().value() == above > 0


@pytest.mark.usefixtures("qapp")  # without it Qt ends the process where it is asked for its keys
@pytest.mark.parametrize("page", Guide(resources() / "guide").pages, ids=lambda page: page.path.stem)
def test_every_command_that_the_guide_names_is_in_its_menu_with_its_key(page) -> None:
    menus = {plain(menu.title): menu for menu in MENUS}
    wrong = []
    for menu, named_, key in COMMAND.findall(Path(page.path).read_text(encoding="utf-8")):
        if menu not in menus:
            continue  # of the preferences, or of a menu of its own
        inside = {plain(entry.title): () for entry in menus[menu].entries if isinstance(entry, MenuSpec)}
        inside |= {plain(spec.text): [each.toString() for each in shortcuts(spec)] for spec in specs((menus[menu],))}
        name = named_.removesuffix("…")
        if name not in inside or (key and key not in inside[name]):
            wrong.append((menu, named_, key, inside.get(name)))
    assert wrong == []


@pytest.mark.usefixtures("qapp")
def test_the_page_about_the_keyboard_has_every_command_that_has_a_key() -> None:
    page = (resources() / "guide" / "keyboard.md").read_text(encoding="utf-8").replace("\\\\", "\\")
    cells = [line.removeprefix("| ").split(" | ")[0] for line in page.splitlines() if line.startswith("| ")]
    said = {key.replace("Page ", "Pg") for cell in cells for key in re.split(r", | or | \(", cell)}
    for keys, first, last in re.findall(r"(\S+\+)(\d) to (\d)", " ".join(cells)):
        said |= {f"{keys}{digit}" for digit in range(int(first), int(last) + 1)}
    keys = {spec.id: [key.toString().replace("Return", "Enter") for key in shortcuts(spec)] for spec in specs()}
    assert [id for id, of in keys.items() if of and not said & set(of)] == []


def test_the_guide_says_where_all_is_that_must_not_be_lost() -> None:
    paths = Paths.of({HOME_VARIABLE: "home"})
    said = (resources() / "guide" / "saving.md").read_text(encoding="utf-8")
    kept = (
        *(paths.quick_logs, paths.histories, paths.sealed, paths.half_notes, paths.decided_changes),
        paths.models,
    )
    assert [folder.name for folder in kept if f"`~/.local/share/cowrite/{folder.name}`" not in said] == []
