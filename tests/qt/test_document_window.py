"""The window of a draft: every command does something, finding and replacing, zoom, themes, readers, people, status."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QDesktopServices, QHelpEvent, QImage
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPushButton,
    QToolTip,
    QWidget,
)

from cowrite.app.draft.draft import Draft
from cowrite.app.export import export, print_document
from cowrite.core.origin import Origin
from cowrite.gui import inserting, page_images
from cowrite.gui.actions import Actions, plain
from cowrite.gui.clipboard import png_of
from cowrite.gui.document_window import ZOOMS
from cowrite.gui.page_frame import text_width
from cowrite.gui.people.people_panel import Person
from cowrite.gui.theme import named
from cowrite.gui.toolbar import FormatToolbar
from helpers.desk import Desk, here, notices, server, write


@pytest.fixture
def draft(desk: Desk) -> Draft:
    return desk.new()


def texts(widget: QWidget) -> list[str]:
    """What the labels of a widget say."""
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


def receivers(action: QAction) -> int:
    return sum(action.receivers(signal) for signal in ("2triggered(bool)", "2triggered()", "2toggled(bool)"))


def test_every_command_of_the_menus_is_answered(draft, qtbot):
    theme = named("light")
    window = QMainWindow()
    qtbot.addWidget(window)
    unanswered = Actions(theme, window)
    toolbar = FormatToolbar(unanswered, theme, window)
    window.setMenuBar(unanswered.menu_bar(window))
    window.addActions(unanswered.all())
    answered = draft.window.actions_
    dead = [name for name in answered if receivers(answered[name]) <= receivers(unanswered[name])]
    assert dead == []
    assert toolbar is not None


@pytest.mark.parametrize("name", ["bold", "italic", "underline", "strike", "code"])
def test_an_inline_command_formats_and_its_menu_entry_is_ticked(draft, qtbot, name):
    write(draft, "word")
    draft.editor.selectAll()
    draft.window.actions_[name].trigger()
    assert next(draft.document.spans()).attributes == {name: True}
    qtbot.waitUntil(draft.window.actions_[name].isChecked)


def test_styles_exclude_each_other_in_the_menu(draft, qtbot):
    write(draft, "word")
    actions = draft.window.actions_
    actions["heading_2"].trigger()
    qtbot.waitUntil(lambda: actions["heading_2"].isChecked() and not actions["paragraph"].isChecked())
    actions["blockquote"].trigger()
    qtbot.waitUntil(lambda: actions["blockquote"].isChecked() and not actions["heading_2"].isChecked())


def test_undo_is_offered_only_when_there_is_something_of_ones_own(draft, qtbot):
    undo, redo = draft.window.actions_["undo"], draft.window.actions_["redo"]
    assert not undo.isEnabled()
    write(draft, "word")
    qtbot.waitUntil(undo.isEnabled)
    undo.trigger()
    qtbot.waitUntil(lambda: redo.isEnabled() and not undo.isEnabled())


# Finding


def find(draft: Draft, words: str, *, replace: str | None = None) -> None:
    draft.window.actions_["find" if replace is None else "replace"].trigger()
    fields = draft.window.find_bar.findChildren(QLineEdit)
    fields[0].setText(words)
    if replace is not None:
        fields[1].setText(replace)


def test_places_are_counted_anew_when_the_text_changes(draft, qtbot):
    write(draft, "one one")
    find(draft, "one")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.delete(0, 4)
    qtbot.waitUntil(lambda: "1 of 1" in texts(draft.window.find_bar))


def test_finding_goes_from_place_to_place_and_around(draft):
    write(draft, "one two One 😀 one")
    draft.editor.set_caret(0)
    find(draft, "one")
    places = [(0, 3), (8, 11), (15, 18)]
    assert draft.editor.caret() == places[0]
    for place in (*places[1:], places[0]):
        draft.window.actions_["find_next"].trigger()
        assert draft.editor.caret() == place
    draft.window.actions_["find_previous"].trigger()
    assert draft.editor.caret() == places[2]


def test_nothing_found_is_said_and_the_caret_stays(draft):
    write(draft, "one")
    find(draft, "zwei")
    assert draft.editor.caret() == (3, 3)
    assert "No results" in [
        label.text() for label in draft.window.find_bar.findChildren(type(draft.window.find_bar._count))
    ]


def press_button(draft: Draft, text: str) -> None:
    (button,) = [each for each in draft.window.find_bar.findChildren(QPushButton) if each.text() == text]
    button.click()


def test_replacing_one_goes_to_the_next_and_keeps_the_format(draft):
    write(draft, "a **b** a")
    draft.editor.set_caret(0)
    find(draft, "a", replace="xyz")
    press_button(draft, "Replace")
    assert draft.document.text() == "xyz b a\n"
    assert draft.editor.caret() == (6, 7)
    find(draft, "b", replace="c")
    press_button(draft, "Replace")
    assert [span.text for span in draft.document.spans() if span.attributes == {"bold": True}] == ["c"]


def test_replacing_all_is_one_step_to_undo(draft):
    write(draft, "aXaXa")
    find(draft, "a", replace="")
    press_button(draft, "Replace all")
    assert draft.document.text() == "XX\n"
    draft.editor.undo_own()
    assert draft.document.text() == "aXaXa\n"


def test_replacing_with_what_was_looked_for_ends(draft):
    write(draft, "aa")
    find(draft, "a", replace="aa")
    press_button(draft, "Replace all")
    assert draft.document.text() == "aaaa\n"


def test_escape_closes_the_bar_and_goes_back_to_the_page(draft, qtbot):
    write(draft, "one")
    find(draft, "one")
    QTest.keyClick(draft.window.find_bar.findChildren(QLineEdit)[0], Qt.Key.Key_Escape)
    assert draft.window.find_bar.isHidden()
    assert draft.editor.extraSelections() == []


# Looks


def test_zooming_changes_the_size_of_the_text_and_goes_back(draft):
    write(draft, "word")
    actions = draft.window.actions_
    size = draft.editor.document().defaultFont().pointSizeF()
    actions["zoom_in"].trigger()
    assert draft.editor.document().defaultFont().pointSizeF() == pytest.approx(size * 1.1)
    for _ in ZOOMS:
        actions["zoom_out"].trigger()
    assert draft.editor.document().defaultFont().pointSizeF() == pytest.approx(size * ZOOMS[0])
    actions["zoom_reset"].trigger()
    assert draft.editor.document().defaultFont().pointSizeF() == pytest.approx(size)
    assert draft.document.text() == "word\n"


def test_the_theme_is_switched_in_all_windows_and_kept_for_the_next_start(desk, draft, tmp_path, qtbot):
    other = desk.new()
    draft.window.actions_["theme_dark"].trigger()
    assert {draft.window.theme.name, other.window.theme.name} == {"dark"}
    assert other.window.actions_["theme_dark"].isChecked()
    desk.leave()
    again = Desk(tmp_path / "home", qtbot)
    assert again.new().window.theme.name == "dark"
    again.leave()


def test_a_reader_sees_that_it_may_only_read_and_finds_every_command_that_writes_off(draft):
    write(draft, "word")
    draft.window.show_read_only("You may read this document and not change it")
    actions = draft.window.actions_
    assert not any(
        actions[name].isEnabled() for name in ("bold", "paste", "cut", "undo", "heading_1", "divider", "replace")
    )
    assert all(actions[name].isEnabled() for name in ("copy", "find", "export_pdf", "print", "select_all"))
    assert any(
        label.text() == "View only" and not label.isHidden()
        for label in draft.window.status.findChildren(type(draft.window.status._words))
    )
    QTest.keyClicks(draft.editor, "more")
    assert draft.document.text() == "word\n"
    draft.window.show_read_only("")
    QTest.keyClicks(draft.editor, "more")
    assert "more" in draft.document.text()


def test_focus_shows_the_page_alone_and_everything_comes_back(draft):
    window = draft.window
    window.actions_["focus_mode"].trigger()
    assert not any(part.isVisible() for part in (window.toolbar, window.people, window.menuBar()))
    window.actions_["focus_mode"].trigger()
    assert all(part.isVisible() for part in (window.toolbar, window.people, window.menuBar()))


# People and status


def test_in_a_narrow_window_the_people_give_way_to_the_page_unless_they_are_asked_for(draft, qtbot):
    window, show_people = draft.window, draft.window.actions_["show_people"]
    window.resize(560, 600)
    qtbot.waitUntil(lambda: not window.people.isVisible())
    show_people.setChecked(False)
    show_people.setChecked(True)
    assert window.people.isVisible()
    window.resize(1000, 600)
    qtbot.waitUntil(window.people.isVisible)
    window.resize(560, 600)
    qtbot.waitUntil(lambda: not window.people.isVisible())


def test_the_panel_invites_while_nobody_else_is_here(draft):
    panel = draft.window.people
    assert not panel._share.isHidden()
    panel.show_people([Person("me", "Ada", "#c4314b", is_me=True), Person("7", "Bo", "#2f5fd0")])
    assert panel._share.isHidden()


def test_the_strip_says_that_everything_is_saved_here_and_nothing_of_a_server(desk, draft):
    write(draft, "word")
    desk.until(lambda: here(draft) == "Saved on this computer")
    assert server(draft) == ""


def test_the_words_are_counted_while_writing_goes_on(desk, draft):
    write(draft, "one two three")
    desk.until(lambda: draft.window.status._words.text() == "3 words")


def test_the_title_follows_the_first_words_until_the_person_gives_one(desk, draft):
    write(draft, "First words\nmore")
    desk.until(lambda: draft.window.windowTitle() == "First words — cowrite")
    draft.rename("Minutes")
    write(draft, "\nend")
    assert draft.window.windowTitle() == "Minutes — cowrite"


# Exporting and printing


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], list[str]]:
    """Answers every question for a file name; gives the names that were proposed."""
    proposed: list[str] = []

    def answer(_parent: object, _title: str, name: str, *_: object) -> tuple[str, str]:
        proposed.append(name)
        return str(tmp_path / f"answer{Path(name).suffix}"), ""

    monkeypatch.setattr("cowrite.app.draft.dialogs.QtWidgets.QFileDialog.getSaveFileName", answer)
    return lambda: proposed


@pytest.mark.parametrize("kind", ["markdown", "odt", "html", "pdf", "text"])
def test_a_draft_with_a_title_that_no_file_can_have_is_exported(draft, asked, tmp_path, kind):
    write(draft, "Either/or: what?\n- item")
    draft.window.actions_[f"export_{kind}"].trigger()
    (proposed,) = asked()
    assert Path(proposed).stem == "Either or what"
    assert (tmp_path / f"answer{Path(proposed).suffix}").stat().st_size > 10
    assert "Written to" in notices(draft)


def test_a_copy_is_saved(desk, draft, asked, tmp_path):
    write(draft, "a/b")
    draft.window.actions_["save_copy"].trigger()
    desk.until(lambda: "A copy is in" in notices(draft))
    assert desk.open(tmp_path / "answer.cowrite").document.text() == "a/b\n"


def test_a_long_draft_takes_several_pages_of_a_pdf(draft, tmp_path):
    with draft.document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "A paragraph of words, and of more words, that takes about a line of a page.\n" * 200)
    export(draft.document, draft.images.image, draft.decisions.card, "pdf", tmp_path / "long.pdf", "Long")
    assert 4 <= (tmp_path / "long.pdf").read_bytes().count(b"/Type /Page\n") <= 10


def test_printing_asks_for_a_printer_and_prints_the_draft(draft, tmp_path, qtbot):
    write(draft, "printed")
    draft.window.actions_["print"].trigger()
    (dialog,) = draft.window.findChildren(QPrintDialog)
    dialog.printer().setOutputFileName(str(tmp_path / "printed.pdf"))
    print_document(draft.document, draft.images.image, draft.decisions.card, dialog.printer())
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")
    dialog.reject()


# Keyboard


def test_one_key_leads_from_the_page_through_all_parts_of_the_window_and_back(draft, qtbot):
    window = draft.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.actions_["show_comments"].setChecked(True)
    draft.editor.setFocus()
    seen = []

    def press(keys: Qt.KeyboardModifier) -> QWidget:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6, keys)
        return window.focusWidget()

    for _ in range(9):
        seen.append(press(Qt.KeyboardModifier.NoModifier))
        if seen[-1] is draft.editor:
            break
    for part in (window.toolbar, window.comments, window.people, window.views.head):
        assert any(part is each or part.isAncestorOf(each) for each in seen)
    assert seen[-1] is draft.editor
    assert press(Qt.KeyboardModifier.ShiftModifier) is not draft.editor
    assert press(Qt.KeyboardModifier.NoModifier) is draft.editor


# Links


@pytest.mark.parametrize(
    ("address", "offered"),
    [("https://example.org", True), ("file:///etc/passwd", False), ("javascript:alert(1)", False), (7, False)],
)
def test_only_a_link_that_is_safe_to_open_is_offered_for_opening(draft, address, offered):
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "link", {"link": address})
    draft.editor.set_caret(2)
    assert ("Open link" in [action.text() for action in draft.window.context_menu().actions()]) is offered


def test_a_link_is_opened_by_click_and_by_key_and_says_where_it_leads(draft, monkeypatch, qtbot):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "see here, or here", {})
        edit.format(4, 4, {"link": "https://example.org/a"})
        edit.format(13, 4, {"link": "javascript:alert(1)"})
    editor, view = draft.editor, draft.editor.viewport()
    draft.window._count_words()

    def place(at: int) -> QPoint:
        cursor = editor.textCursor()
        cursor.setPosition(at)
        return editor.cursorRect(cursor).center()

    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(6))
    assert opened == []
    for at in (6, 15, 1):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place(at))
    assert opened == ["https://example.org/a"]
    editor.set_caret(6)
    draft.window.actions_["open_link"].trigger()
    assert opened == ["https://example.org/a"] * 2
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place(6), view.mapToGlobal(place(6))))
    assert QToolTip.text().startswith("https://example.org/a\nCtrl+click")


def asked_for_menu(draft, at: int) -> QMenu:
    """The menu that comes up where a position is clicked with the right button."""
    editor, cursor = draft.editor, draft.editor.textCursor()
    cursor.setPosition(at)
    place = editor.cursorRect(cursor).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, editor.viewport().mapToGlobal(place))
    QApplication.sendEvent(editor.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
    return menu


def test_the_menu_is_about_where_it_is_asked_for_and_leaves_what_is_selected_there(draft):
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "plain words and a link", {})
        edit.format(18, 4, {"link": "https://example.org"})
    draft.editor.set_caret(2)
    assert "Open link" in [each.text() for each in asked_for_menu(draft, 20).actions()]
    assert draft.editor.caret() == (20, 20)
    draft.editor.set_caret(11, 6)
    asked_for_menu(draft, 8)
    assert draft.editor.caret() == (6, 11)


def test_an_image_is_made_smaller_and_described_from_the_menu(draft, monkeypatch):
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    draft.editor.insert_embed({"image": draft.images.put(png_of(image), "image/png")})

    def act(name: str) -> QAction:
        menu = draft.window.context_menu()
        (sizes,) = [each.menu() for each in menu.actions() if each.menu() and "Image" in each.text()]
        return next(each for each in (*menu.actions(), *sizes.actions()) if name in plain(each.text()))

    def shown() -> dict:
        return dict(next(span for span in draft.document.spans() if span.embed).attributes)

    act("Half").trigger()
    assert shown() == {"width": round(text_width(draft.editor) / 2)}
    monkeypatch.setattr(page_images, "ask_line", lambda *_: "A blue field")
    act("Describe").trigger()
    assert shown()["alt"] == "A blue field"
    act("own size").trigger()
    assert shown() == {"alt": "A blue field"}
    draft.editor.undo_own()
    assert "width" in shown()


def test_where_a_link_leads_that_cannot_be_opened_here_is_said_and_kept(draft, monkeypatch):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "link", {"link": "docs/guide.md"})
    draft.editor.set_caret(2)
    (said,) = [each for each in draft.window.context_menu().actions() if "docs/guide.md" in each.text()]
    assert not said.isEnabled()
    monkeypatch.setattr(inserting, "ask_line", lambda *arguments: arguments[-1])
    draft.window.actions_["link"].trigger()
    assert draft.editor.formatting.state().link == "docs/guide.md"


@pytest.mark.parametrize(
    ("typed", "link", "told"),
    [
        ("example.org/page", "https://example.org/page", ""),
        ("ada@example.org", "mailto:ada@example.org", ""),
        ("", None, ""),
        ("javascript:alert(1)", "https://example.org", "“javascript:alert(1)” is no address for a link"),
        ("here", "https://example.org", "“here” is no address for a link"),
    ],
)
def test_an_address_that_no_link_can_have_leaves_the_link_and_is_told_of(draft, monkeypatch, typed, link, told):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "link", {"link": "https://example.org"})
    draft.editor.set_caret(2)
    monkeypatch.setattr(inserting, "ask_line", lambda *_: typed)
    draft.window.actions_["link"].trigger()
    assert draft.editor.formatting.state().link == link
    assert told in notices(draft)
    assert bool(told) is bool(notices(draft))


def test_a_file_that_is_no_image_is_told_of(draft, monkeypatch, tmp_path):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "broken.png"), ""))
    draft.window.actions_["image"].trigger()
    assert "could not be read" in notices(draft)


def test_a_box_is_ticked_from_the_keyboard(draft, qtbot):
    write(draft, "[] buy milk")
    draft.window.activateWindow()
    qtbot.waitUntil(draft.window.isActiveWindow)
    QTest.keyClick(
        draft.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    assert draft.editor.formatting.state().list == "checked"
    assert draft.document.text() == "buy milk\n"


def test_keys_reach_the_commands_of_the_window(draft, qtbot):
    write(draft, "word")
    draft.editor.selectAll()
    draft.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(draft.editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert next(draft.document.spans()).attributes == {"bold": True}


def test_the_place_that_one_goes_to_stands_out_while_the_keyboard_is_in_the_find_bar(draft, qtbot):
    write(draft, "one two")
    draft.window.activateWindow()
    qtbot.waitUntil(draft.window.isActiveWindow)
    theme = named("light")

    def colours() -> set[str]:
        page = draft.editor.viewport().grab(draft.editor.cursorRect().adjusted(-60, -4, 10, 4)).toImage()
        return {page.pixelColor(x, y).name() for x in range(page.width()) for y in range(page.height())}

    find(draft, "two")
    assert draft.editor.caret() == (4, 7)
    assert theme.find_current in colours()
    draft.editor.setFocus()
    assert theme.find_current not in colours()


@pytest.mark.parametrize(("name", "question"), [("link", "Address"), ("rename", "Title of the document")])
def test_one_line_is_asked_for_with_room_for_an_address(draft, name, question):
    seen: list[tuple[str, int]] = []

    def look() -> None:
        (dialog,) = draft.window.findChildren(QInputDialog)
        seen.append((dialog.labelText(), dialog.findChild(QLineEdit).width()))
        dialog.reject()

    QTimer.singleShot(0, look)
    draft.window.actions_[name].trigger()
    ((asked, width),) = seen
    assert asked == question
    assert width >= 400


@pytest.mark.parametrize("attributes", [{"link": "https://example.org"}, {"code": True}, {"color": "#b04a00"}])
def test_what_is_found_is_written_in_the_colour_that_is_readable_there(draft, attributes):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "one one")
        edit.format_text(0, 7, attributes)
    find(draft, "one")
    marks = draft.editor.extraSelections()
    assert [mark.format.foreground().color().name() for mark in marks] == [named("light").text] * 2
