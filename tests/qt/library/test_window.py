"""The library: documents to open, find and tidy, by mouse and by keyboard."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import Random

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyleOptionViewItem,
)
from pytestqt.qtbot import QtBot

from cowrite.gui.library.cards import CARD_ROLE, CARD_WIDTH, CardDelegate, DocumentCard, LibraryModel
from cowrite.gui.library.window import LibraryWindow, _Blank
from cowrite.gui.look.theme import named
from helpers.colours import colours
from helpers.letters import set_letters
from helpers.seeds import seeds

PLAN = DocumentCard("/docs/plan.cowrite", "Plan", "Today at 14:05", "Three days in May", "24 KB", shared=True)
NOTES = DocumentCard("/docs/notes.cowrite", "Notes", "Yesterday", "We lost a day each week", "9 KB")


@pytest.fixture
def window(qtbot: QtBot) -> LibraryWindow:
    window = LibraryWindow()
    qtbot.addWidget(window)
    window.show_cards([PLAN, NOTES])
    window.show()
    return window


def documents(window: LibraryWindow) -> QListView:
    (found,) = window.findChildren(QListView)
    return found


def search(window: LibraryWindow) -> QLineEdit:
    (found,) = [each for each in window.findChildren(QLineEdit) if "Find" in each.accessibleName()]
    return found


def button(window: LibraryWindow, name: str) -> QAbstractButton:
    return next(each for each in window.findChildren(QAbstractButton) if each.accessibleName() == name)


def texts(window: LibraryWindow) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def entry(window: LibraryWindow, text: str) -> object:
    (found,) = [action for action in window.menu().actions() if action.text().replace("&", "") == text]
    return found


def test_a_document_says_its_facts_to_a_screen_reader(window: LibraryWindow) -> None:
    index = window.model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Plan, Today at 14:05, 24 KB, shared"
    assert "/docs/plan.cowrite" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_documents_with_one_title_say_how_their_files_are_called(window: LibraryWindow) -> None:
    window.show_cards([PLAN, replace(PLAN, path="/docs/plan copy.cowrite"), NOTES])
    shown = [window.model.index(row).data(CARD_ROLE).facts[0] for row in range(3)]
    assert shown == ["plan", "plan copy", "Yesterday"]


def test_enter_opens_the_chosen_document(window: LibraryWindow, qtbot: QtBot) -> None:
    documents(window).setCurrentIndex(window.model.index(1))
    with qtbot.waitSignal(window.open_requested) as opened:
        qtbot.keyClick(documents(window), Qt.Key.Key_Return)
    assert opened.args == ["/docs/notes.cowrite"]


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("New document", "new_requested"),
        ("Open file", "open_file_requested"),
        ("Join with a link", "join_requested"),
        ("From a template", "template_requested"),
    ],
)
def test_the_buttons_ask_for_what_they_say(window: LibraryWindow, qtbot: QtBot, name: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(window, signal)):
        button(window, name).click()


def test_the_context_menu_acts_on_the_chosen_document(window: LibraryWindow, qtbot: QtBot) -> None:
    for text, signal in {
        "Open": window.open_requested,
        "Duplicate": window.duplicate_requested,
        "Show in its folder": window.reveal_requested,
        "Move to trash": window.trash_requested,
    }.items():
        documents(window).setCurrentIndex(window.model.index(1))
        with qtbot.waitSignal(signal) as asked:
            entry(window, text).trigger()
        assert asked.args == ["/docs/notes.cowrite"], text


def test_where_no_document_is_the_menu_begins_one(window: LibraryWindow, qtbot: QtBot) -> None:
    begun: list[str] = []
    for name in ("new", "template", "open_file", "join"):
        getattr(window, f"{name}_requested").connect(partial(begun.append, name))
    below = documents(window).viewport().rect().bottomRight() - QPoint(5, 5)
    documents(window).customContextMenuRequested.emit(below)
    for entry in open_menu().actions():
        entry.trigger()
    assert begun == ["new", "template", "open_file", "join"]
    open_menu().close()
    window.show_cards([])
    (blank,) = [each for each in window.findChildren(_Blank) if each.isVisible()]
    blank.customContextMenuRequested.emit(QPoint(5, 5))
    assert open_menu().actions()[0].text() == "&New document"
    open_menu().close()


def open_menu() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_a_context_menu_goes_when_it_is_closed(window: LibraryWindow) -> None:
    menu = window.menu()
    menu.popup(QPoint())
    menu.close()
    QCoreApplication.sendPostedEvents(menu, QEvent.Type.DeferredDelete)
    assert window.findChildren(QMenu) == []


@pytest.mark.parametrize(("key", "text"), [("F2", "Rename"), ("Ctrl+D", "Duplicate"), ("Del", "Move to trash")])
def test_the_menu_names_the_keys(window: LibraryWindow, key: str, text: str) -> None:
    assert entry(window, text).shortcut().toString() == key


def test_a_document_goes_to_the_trash_by_the_key_that_a_mac_has(window: LibraryWindow, qtbot: QtBot) -> None:
    documents(window).setCurrentIndex(window.model.index(0))
    documents(window).setFocus()
    with qtbot.waitSignal(window.trash_requested):
        qtbot.keyClick(documents(window), Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)


def test_a_document_is_renamed_in_place(window: LibraryWindow, qtbot: QtBot) -> None:
    documents(window).setCurrentIndex(window.model.index(0))
    entry(window, "Rename").trigger()
    (editor,) = documents(window).viewport().findChildren(QLineEdit)
    assert editor.text() == "Plan"
    editor.setText("  Retreat ")
    with qtbot.waitSignal(window.rename_requested) as renamed:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert renamed.args == ["/docs/plan.cowrite", "Retreat"]


@pytest.mark.parametrize("typed", ["", "   ", "Plan"])
def test_an_empty_or_unchanged_title_renames_nothing(qtbot: QtBot, typed: str) -> None:
    model = LibraryModel()
    model.show_cards([PLAN])
    with qtbot.assertNotEmitted(model.renamed):
        model.setData(model.index(0), typed)
    assert model.index(0).data() == "Plan"


def test_what_is_typed_into_the_search_is_passed_on(window: LibraryWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.search_changed) as changed:
        search(window).setText("may")
    assert changed.args == ["may"]


def test_a_search_without_result_says_so_and_can_be_emptied(window: LibraryWindow) -> None:
    search(window).setText("zebra")
    window.show_cards([])
    assert "No document contains “zebra”." in texts(window)
    assert window._nothing.sentence.textFormat() is Qt.TextFormat.PlainText
    button(window, "Show all documents").click()
    assert search(window).text() == ""


def test_a_cross_empties_the_search_while_it_holds_something(window: LibraryWindow) -> None:
    (cross,) = [each for each in search(window).findChildren(QAbstractButton) if each.text().startswith("Empty")]
    assert not cross.isVisible()
    search(window).setText("zebra")
    assert cross.isVisible()
    cross.click()
    assert (search(window).text(), cross.isVisible()) == ("", False)


def test_the_library_does_not_say_that_it_is_empty_before_it_has_been_looked(qtbot: QtBot) -> None:
    window = LibraryWindow()
    qtbot.addWidget(window)
    window.show()
    assert "Nothing here yet" not in texts(window)
    assert "Looking for your documents…" in texts(window)
    window.show_cards([])
    assert "Nothing here yet" in texts(window)


def test_an_empty_library_says_how_to_begin(window: LibraryWindow, qtbot: QtBot) -> None:
    window.show_cards([])
    assert "Nothing here yet" in texts(window)
    first = [
        each
        for each in window.findChildren(QAbstractButton)
        if each.accessibleName() == "New document" and each.isVisible()
    ]
    assert len(first) == 2
    with qtbot.waitSignal(window.new_requested):
        first[-1].click()


def test_the_same_document_stays_chosen_when_the_list_changes(window: LibraryWindow) -> None:
    documents(window).setCurrentIndex(window.model.index(1))
    window.show_cards([DocumentCard("/docs/new.cowrite", "New", "Now"), PLAN, NOTES])
    assert documents(window).currentIndex().data() == "Notes"


def test_down_leads_from_the_search_into_the_documents_and_escape_empties_it(
    window: LibraryWindow, qtbot: QtBot
) -> None:
    search(window).setFocus()
    search(window).setText("n")
    qtbot.keyClick(search(window), Qt.Key.Key_Escape)
    assert search(window).text() == ""
    qtbot.keyClick(search(window), Qt.Key.Key_Down)
    assert documents(window).hasFocus()


def test_what_went_into_the_trash_can_be_taken_back(window: LibraryWindow, qtbot: QtBot) -> None:
    window.show_trashed(["Plan"])
    assert "“Plan” is in the trash." in texts(window)
    with qtbot.waitSignal(window.restore_requested):
        button(window, "Bring it back").click()
    window.show_trashed([])
    assert "“Plan” is in the trash." not in texts(window)


def test_what_went_into_the_trash_is_said_in_one_line(window: LibraryWindow, qtbot: QtBot) -> None:
    for titles in (["Plan"], ["Plan", "Notes"], ["Plan", "Notes", "Minutes"]):
        window.show_trashed(titles)
    assert [text for text in texts(window) if "trash" in text] == ["3 documents are in the trash."]
    with qtbot.waitSignal(window.restore_requested):
        button(window, "Bring them back").click()


def many(window: LibraryWindow) -> list[DocumentCard]:
    cards = [DocumentCard(f"/docs/{number}.cowrite", f"Draft {number}", "Today") for number in range(300)]
    window.show_cards(cards)
    return cards


def test_the_document_behind_one_that_goes_is_chosen_where_the_list_stands(window: LibraryWindow) -> None:
    cards, view = many(window), documents(window)
    view.setCurrentIndex(window.model.index(150))
    top = view.verticalScrollBar().value()
    window.show_cards(cards[:150] + cards[151:])
    assert (view.currentIndex().data(), view.verticalScrollBar().value()) == ("Draft 151", top)
    assert top > 0
    window.show_cards(cards[:150])
    assert view.currentIndex().data() == "Draft 149"


def test_a_title_that_is_being_typed_stays_while_the_list_changes(window: LibraryWindow, qtbot: QtBot) -> None:
    cards, view = many(window), documents(window)
    view.setCurrentIndex(window.model.index(100))
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QCoreApplication.processEvents()  # the cards are laid out
    qtbot.keyClick(view, Qt.Key.Key_F2)
    (field,) = [each for each in view.findChildren(QLineEdit) if each.accessibleName() == "Title"]
    qtbot.keyClicks(field, "Herbs")
    window.show_cards([cards[250], *cards[:50], *cards[60:250], *cards[251:]])
    with qtbot.waitSignal(window.rename_requested) as renamed:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert renamed.args == ["/docs/100.cowrite", "Herbs"]


def test_of_what_is_found_otherwise_the_first_is_chosen(window: LibraryWindow) -> None:
    cards, view = many(window), documents(window)
    view.setCurrentIndex(window.model.index(100))
    search(window).setText("2")
    window.show_cards(cards[200:])
    assert view.currentIndex().data() == "Draft 200"


def test_the_list_is_made_anew_when_the_person_comes_to_the_window(window: LibraryWindow, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    with qtbot.waitSignal(window.activated):
        window.activateWindow()


def test_the_list_is_what_was_shown_last_whatever_it_was_before(window: LibraryWindow) -> None:
    chance = Random(0)
    for _ in seeds(30):
        shown = [
            DocumentCard(f"/{number}", f"{number} {chance.random()}", "Today")
            for number in chance.sample(range(12), chance.randrange(12))
        ]
        window.show_cards(shown)
        rows = [window.model.index(row).data(CARD_ROLE) for row in range(window.model.rowCount())]
        assert rows == shown


@pytest.mark.parametrize("count", [6, 20])
def test_the_cards_fill_a_window_of_any_width(window: LibraryWindow, qtbot: QtBot, count: int) -> None:
    window.show_cards([DocumentCard(f"/docs/{number}.cowrite", f"{number}", "Today") for number in range(count)])
    view = documents(window)
    bar = view.verticalScrollBar().sizeHint().width()

    def columns() -> list[int]:
        rects = [view.visualRect(window.model.index(row)) for row in range(count)]
        return [rect.right() for rect in rects if rect.top() == rects[0].top()]

    for width in (500, 1500, 683, 1080, 900):
        window.resize(width, 600)
        assert window.width() == width
        qtbot.waitUntil(lambda: 0 <= view.viewport().width() - columns()[-1] < bar + 12)
        room = view.viewport().width() - (0 if view.verticalScrollBar().isVisible() else bar)
        assert len(columns()) == (room - 1) // CARD_WIDTH, width


def paint(card: DocumentCard, *, selected: bool = False, focused: bool = False) -> QImage:
    model = LibraryModel()
    model.show_cards([card])
    delegate = CardDelegate()
    option = QStyleOptionViewItem()
    option.rect.setSize(delegate.sizeHint(option, model.index(0)))
    option.rect.moveTopLeft(QPoint(0, 0))
    if selected:
        option.state |= QStyle.StateFlag.State_Selected
    if focused:
        option.state |= QStyle.StateFlag.State_HasFocus
    image = QImage(option.rect.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(0))
    painter.end()
    return image


def test_a_chosen_card_wears_the_focus_ring_where_the_keyboard_is(qtbot: QtBot) -> None:
    assert named("light").focus in colours(paint(NOTES, selected=True, focused=True))
    assert named("light").focus not in colours(paint(NOTES, selected=True))
    assert named("light").control in colours(paint(NOTES, selected=True))
    assert named("light").focus not in colours(paint(NOTES))


def test_a_shared_card_shows_it(qtbot: QtBot) -> None:
    assert named("light").accent_text in colours(paint(PLAN))
    assert named("light").accent_text not in colours(paint(NOTES))


def test_long_titles_and_texts_stay_inside_their_card(qtbot: QtBot) -> None:
    long = DocumentCard("/x", "Interviews " * 20, "Today " * 20, "word " * 500, "24 KB", shared=True)
    image = paint(long)
    white = "#ffffff"
    edge = [image.pixelColor(x, y).name() for y in range(image.height()) for x in (*range(7), *range(250, 256))]
    assert set(edge) == {white}
    foot = {image.pixelColor(x, y).name() for y in range(image.height() - 7, image.height()) for x in range(256)}
    assert foot == {white}


def test_with_large_letters_no_button_above_the_documents_is_cut(window: LibraryWindow, qtbot: QtBot) -> None:
    set_letters(window, 20)
    above = [button(window, name) for name in ("Open file", "Join with a link", "New document")]
    for width in (480, 760, 1100):
        window.resize(width, 700)
        qtbot.waitUntil(lambda: all(each.width() >= each.sizeHint().width() for each in above))
        assert window.width() == width
        assert all(window.rect().contains(each.geometry()) for each in (*above, search(window))), width
