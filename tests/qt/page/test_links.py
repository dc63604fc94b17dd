"""Links on a page: where they lead, how they are opened and changed."""

from __future__ import annotations

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip

from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Utf16, lines_of
from cowrite.core.writing.heading_links import names
from cowrite.core.writing.headings import Heading
from cowrite.gui.widgets.line_dialog import LineDialog
from helpers.desk import notices, write


def ask(draft: Draft) -> LineDialog:
    """Asks for the address of a link."""
    draft.window.actions_["link"].trigger()
    (dialog,) = [each for each in draft.window.findChildren(LineDialog) if each.isVisible()]
    return dialog


def test_only_a_link_that_is_safe_to_open_is_offered_for_opening(draft):
    offered = {}
    for address in ("https://example.org", "file:///etc/passwd", "javascript:alert(1)", 7):
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.insert(0, "link", {"link": address})
        draft.editor.set_caret(2)
        entries = [action.text() for action in draft.window.page_menu.made().actions()]
        offered[address] = "Open lin&k" in entries
    assert [address for address, is_offered in offered.items() if is_offered] == ["https://example.org"]


def test_a_link_is_opened_by_click_and_by_key_and_says_where_it_leads(draft, monkeypatch, qtbot):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "see here, or here", {})
        edit.format(4, 4, {"link": "https://example.org/a"})
        edit.format(13, 4, {"link": "javascript:alert(1)"})
    editor, view = draft.editor, draft.editor.viewport()
    draft.window.words.begin()

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
    assert "Open lin&k" in [each.text() for each in asked_for_menu(draft, 20).actions()]
    assert draft.editor.caret() == (20, 20)
    draft.editor.set_caret(11, 6)
    asked_for_menu(draft, 8)
    assert draft.editor.caret() == (6, 11)


def test_where_a_link_leads_that_cannot_be_opened_here_is_said_and_kept(draft):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "link", {"link": "docs/guide.md"})
    draft.editor.set_caret(2)
    (said,) = [each for each in draft.window.page_menu.made().actions() if "docs/guide.md" in each.text()]
    assert not said.isEnabled()
    QTest.keyClick(ask(draft).line, Qt.Key.Key_Return)
    assert draft.editor.formatting.state().link == "docs/guide.md"


def test_an_address_that_is_typed_without_its_scheme_gets_it(draft):
    links = {
        "example.org/page": "https://example.org/page",
        "example.org:8080/a?b=c#d": "https://example.org:8080/a?b=c#d",
        "ada@example.org": "mailto:ada@example.org",
        "ada.l@example.org?subject=Hi": "mailto:ada.l@example.org?subject=Hi",
    }
    given = {}
    for typed in links:
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.insert(0, "link", {"link": "https://example.org"})
        draft.editor.set_caret(2)
        dialog = ask(draft)
        QTest.keyClicks(dialog.line, typed)
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        given[typed] = draft.editor.formatting.state().link
        assert not dialog.isVisible(), typed
    assert given == links


def test_an_address_that_no_link_can_have_is_told_of_where_it_is_typed(draft):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "link", {"link": "https://example.org"})
    draft.editor.set_caret(2)
    dialog = ask(draft)
    for typed in (
        "javascript:alert(1)",
        "javascript:a.b",
        "C:\\Users\\Ada\\plan.docx",
        "C:/Users/ada@example/plan.docx",
        "\\\\server\\share\\plan.docx",
        "file:///home/ada/plan.docx",
        "../plan.md",
        "here",
        "#version-1.2",
    ):
        dialog.line.selectAll()
        QTest.keyClicks(dialog.line, typed)
        assert not dialog.message.isVisible(), typed
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        assert draft.editor.formatting.state().link == "https://example.org", typed
        assert dialog.isVisible(), typed
        assert "begin it with https://" in dialog.message.text(), typed
        QTest.keyClick(dialog.line, Qt.Key.Key_Backspace)
        assert not dialog.message.isVisible(), typed


def test_a_link_that_is_answered_for_when_the_document_may_only_be_read_is_not_set(draft):
    write(draft, "words")
    draft.editor.selectAll()
    dialog = ask(draft)
    draft.window.show_read_only("You may only read this document.")
    dialog.line.setText("https://example.org")
    dialog.give.click()
    assert draft.editor.formatting.state().link is None


def test_where_nothing_is_selected_words_for_a_new_link_are_asked_for_too(draft):
    write(draft, "See ")
    dialog = ask(draft)
    QTest.keyClicks(dialog.line, "example.org")
    assert dialog.also is not None
    QApplication.clipboard().setText("our\npage")  # in a cell a break would end the row
    dialog.also.paste()
    QTest.keyClick(dialog.also, Qt.Key.Key_Return)
    write(draft, ".")
    spans = [(span.text, span.attributes) for span in draft.document.spans()]
    assert spans == [("See ", {}), ("our page", {"link": "https://example.org"}), (".\n", {})]


def test_a_link_is_taken_away_in_its_question_and_in_its_menu_which_also_copies_its_address(draft):
    def link_again() -> None:
        draft.editor.selectAll()
        draft.editor.formatting.set_link("https://example.org")
        draft.editor.set_caret(2)

    write(draft, "words")
    link_again()
    dialog = ask(draft)
    dialog.line.clear()
    assert not dialog.give.isEnabled()
    assert dialog.take is not None
    dialog.take.click()
    assert draft.editor.formatting.state().link is None
    link_again()
    entries = {action.text().replace("&", ""): action for action in draft.window.page_menu.made().actions()}
    entries["Copy address"].trigger()
    assert QApplication.clipboard().text() == "https://example.org"
    entries["Remove link"].trigger()
    assert draft.editor.formatting.state().link is None
    link_again()
    draft.window.show_read_only("You may only read this document.")
    entries = {action.text().replace("&", ""): action for action in draft.window.page_menu.made().actions()}
    assert "Copy address" in entries
    assert "Remove link" not in entries


def test_the_menu_of_the_page_offers_to_cut_and_to_copy_what_is_selected_alone(draft):
    def offered() -> set[str]:
        return {action.text().replace("&", "") for action in draft.window.page_menu.made().actions()}

    write(draft, "words")
    assert offered().isdisjoint({"Cut", "Copy", "Copy as Markdown"})
    assert {"Paste", "Select all"} <= offered()
    draft.editor.selectAll()
    assert {"Cut", "Copy", "Copy as Markdown"} <= offered()


# To a heading of the text


@pytest.fixture
def headed(draft: Draft) -> Draft:
    """A long text with two headings."""
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Contents\nWhat for\n" + 60 * "words\n" + "What we need\nwords\n")
        for line in ("What for", "What we need"):
            at = draft.document.rope.text(0, draft.document.length).index(line)
            edit.format_lines(at, 0, {"header": 2})
    draft.editor.set_caret(0)
    return draft


def test_a_link_leads_to_a_heading_that_is_chosen_by_a_part_of_its_words(headed, qtbot):
    dialog = ask(headed)
    qtbot.waitUntil(dialog.line.hasFocus)
    QTest.keyClicks(dialog.line, "we n")
    popup = dialog.line.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    assert [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())] == ["What we need"]
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert dialog.line.text() == "What we need"
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    first = next(iter(headed.document.spans()))
    assert (first.text, first.attributes) == ("What we need", {"link": "#what-we-need"})
    headed.editor.set_caret(4)
    headed.window.actions_["open_link"].trigger()
    there = headed.document.text().rindex("What we need")
    assert headed.editor.caret() == (there, there)
    assert headed.editor.verticalScrollBar().value() > 0


def test_a_link_to_a_heading_says_where_it_leads_and_stays_when_its_question_is_only_looked_at_or_says_that_it_is_gone(
    headed,
):
    with headed.document.edit(Origin.LOCAL) as edit:
        edit.format_text(0, 8, {"link": "#what-we-need"})
    headed.editor.set_caret(2)
    assert "&Go to “What we need”" in [each.text() for each in headed.window.page_menu.made().actions()]
    dialog = ask(headed)
    assert dialog.line.text() == "What we need"
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    assert headed.editor.formatting.state().link == "#what-we-need"
    place, view = headed.editor.cursorRect().center(), headed.editor.viewport()
    headed.window.words.begin()
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    assert QToolTip.text() == "What we need\nCtrl+click or Alt+Enter leads there"

    with headed.document.edit(Origin.REMOTE) as edit:
        edit.format_text(0, 8, {"link": "#no-such-heading"})
    headed.editor.set_caret(2)
    (said,) = [each for each in headed.window.page_menu.made().actions() if "No heading" in each.text()]
    assert not said.isEnabled()
    headed.window.actions_["open_link"].trigger()
    assert headed.editor.caret() == (2, 2)
    dialog = ask(headed)
    dialog.line.setText("nothing of this")
    dialog.give.click()
    assert dialog.message.text() == "No heading is called that, and an address begins with https:// or mailto:."


def test_a_link_leads_to_a_heading_for_which_other_words_are_only_suggested(headed):
    with headed.document.edit(Origin.LOCAL) as edit:
        edit.format_text(0, 8, {"link": "#what-for"})
        edit.insert(len("Contents\nWhat for"), " now", {"insertion": "change:1"})
    headed.editor.set_caret(2)
    headed.window.actions_["open_link"].trigger()
    assert headed.editor.caret() == (len("Contents\n"),) * 2


@pytest.mark.parametrize("is_empty", [True, False])
def test_contents_are_a_list_of_the_headings_above_the_line_each_of_which_leads_to_its_own(headed, is_empty):
    with headed.document.edit(Origin.LOCAL) as edit:
        if is_empty:
            edit.delete(0, len("Contents"))
        at = headed.document.text().index("What we need")
        edit.format_lines(at, 0, {"header": 3})
    headed.editor.set_caret(0 if is_empty else 4)
    headed.window.actions_["contents"].trigger()
    first, second, behind = lines_of(headed.document.spans())[:3]
    assert (first.spans[0].text, first.spans[0].attributes) == ("What for", {"link": "#what-for"})
    assert (second.spans[0].text, second.attributes) == ("What we need", {"list": "bullet", "indent": 1})
    assert "".join(span.text for span in behind.spans) == ("What for" if is_empty else "Contents")
    headed.editor.set_caret(12)
    headed.window.actions_["open_link"].trigger()
    assert headed.editor.caret()[1] == headed.document.text().rindex("What we need")
    headed.editor.undo_own()
    assert headed.document.text().startswith("\n" if is_empty else "Contents\nWhat for\n")


def test_contents_of_one_heading_become_no_part_of_the_line_or_cell_below_them(draft):
    for style in ({}, {"table": "row"}):
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.delete(0, draft.document.length - 1)
            edit.insert(0, "Plan\nwords")
            edit.format_lines(0, 0, {"header": 1})
            edit.format_lines(5, 0, style)
        draft.editor.set_caret(7)
        draft.window.actions_["contents"].trigger()
        assert draft.document.text().splitlines()[1:] == ["Plan", "words"], style


def test_contents_stand_below_the_title_of_a_text_and_do_not_list_it(draft):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Report\nCosts\nBeds\nwords")
        for at, level in ((0, 1), (7, 2), (13, 3)):
            edit.format_lines(at, 0, {"header": level})
    draft.editor.set_caret(3)
    draft.window.actions_["contents"].trigger()
    lines = lines_of(draft.document.spans())
    listed = [("".join(span.text for span in each.spans), dict(each.attributes)) for each in lines[:4]]
    assert listed == [
        ("Report", {"header": 1}), ("Costs", {"list": "bullet"}), ("Beds", {"list": "bullet", "indent": 1}),
        ("Costs", {"header": 2}),
    ]  # fmt: skip
    assert draft.editor.caret() == (3, 3)
    draft.editor.undo_own()
    assert draft.document.text() == "Report\nCosts\nBeds\nwords\n"


def test_contents_below_a_title_are_no_part_of_the_list_that_follows_it(draft):
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Minutes\nTook part: Ada\nIdeas")
        for at, style in ((0, {"header": 2}), (8, {"list": "bullet"}), (23, {"header": 3})):
            edit.format_lines(at, 0, style)
    draft.editor.set_caret(0)
    draft.window.actions_["contents"].trigger()
    assert draft.document.text() == "Minutes\nIdeas\n\nTook part: Ada\nIdeas\n"
    assert not lines_of(draft.document.spans())[2].attributes


def test_contents_of_a_text_without_headings_say_how_to_make_one(draft):
    write(draft, "words")
    draft.window.actions_["contents"].trigger()
    assert draft.document.text() == "words\n"
    assert "There is no heading yet" in notices(draft)
    draft.window.actions_["heading_1"].trigger()
    draft.window.actions_["contents"].trigger()
    assert "There is no heading yet" not in notices(draft)


def test_a_link_to_a_heading_follows_while_that_is_written_and_comes_back_with_undo(headed):
    editor, document = headed.editor, headed.document
    with document.edit(Origin.REMOTE) as edit:
        edit.format_text(0, 8, {"link": "#what-for"})

    def leads_to() -> tuple[str, str]:
        """Where the link leads, in the document and on the page."""
        document.settle()
        cursor = editor.textCursor()
        cursor.setPosition(3)
        return next(iter(document.spans())).attributes["link"], cursor.charFormat().anchorHref()

    editor.set_caret(len("Contents\nWhat for"))
    QTest.keyClicks(editor, " now")
    assert leads_to() == ("#what-for-now",) * 2
    editor.set_caret(len("Contents\n"))
    for _ in range(5):
        QTest.keyClick(editor, Qt.Key.Key_Delete)
    assert leads_to() == ("#for-now",) * 2
    editor.undo_own()
    assert leads_to() == ("#what-for-now",) * 2
    editor.undo_own()
    assert leads_to() == ("#what-for",) * 2
    assert document.text().startswith("Contents\nWhat for\n")


def test_a_heading_that_looks_like_markup_is_none_under_the_pointer(draft):
    for words in ("<img src='//elsewhere/a.png'>", "a < b and c > d", "&lt;b&gt;"):
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.insert(0, "there\n", {"link": f"#{names([Heading(Utf16(0), 1, words)])[0]}"})
            edit.insert(6, words)
            edit.insert(6 + len(words), "\n", {"header": 1})
        draft.editor.set_caret(2)
        draft.window.words.begin()
        view, place = draft.editor.viewport(), draft.editor.cursorRect().center()
        QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
        assert QToolTip.text().replace("\u2060", "").startswith(f"{words}\nCtrl+click")
        assert not QtGui.Qt.mightBeRichText(QToolTip.text()), words


def test_an_invitation_on_the_clipboard_is_not_offered_as_the_address_of_a_link(draft):
    write(draft, "the plan")
    draft.editor.selectAll()
    for copied, proposed in (
        ("https://example.org/plan", "https://example.org/plan"),
        ("cowrite://192.0.2.2:5578/7ac9#UaYg66ARsfGG", "https://"),
        ("Cowrites://example.org/7ac9#UaYg66ARsfGG", "https://"),
    ):
        QtGui.QGuiApplication.clipboard().setText(copied)
        dialog = ask(draft)
        assert dialog.findChild(QLineEdit).text() == proposed
        dialog.reject()
