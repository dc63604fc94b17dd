"""Mentions in comments: names that are offered while one writes, set off where one reads, and told to who is meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from cowrite.app.draft.draft import Draft
from cowrite.core.comments.mentions import Names
from cowrite.core.entries.authors import Author
from cowrite.gui.comments.name_list import NameList
from cowrite.gui.comments.row import MENTIONS_YOU
from cowrite.gui.comments.said import SaidLabel
from cowrite.gui.look.theme import named
from helpers.commenting import TEXT, by_bo, commented_on, panel, press, rows, said, select
from helpers.desk import Desk, notices

ANNA = Author("Anna Lee", "#1d7a45", "a3")


@pytest.fixture
def draft(desk: Desk) -> Draft:
    """A draft of Ada's on which Bo and Anna Lee have commented."""
    draft = commented_on(desk)
    id = by_bo(draft, "thyme")
    draft.comments.flow.comments.reply(id, "Because.", ANNA)
    return draft


def field_of_comment(desk: Desk, draft: Draft) -> QWidget:
    """The field for a new comment, with the keyboard in it."""
    select(draft, "Basil")
    press(draft.window, "Ctrl+Alt+M")
    desk.until(panel(draft).form.field.hasFocus)
    return panel(draft).form.field


def offered(field: QWidget) -> list[str]:
    """The names that are offered and seen in a field."""
    names = field.naming.list
    return names.names if names is not None and names.isVisible() else []


def key(field: QWidget, *keys: Qt.Key) -> None:
    for each in keys:
        QTest.keyClick(field, each)


def test_a_sign_offers_the_people_and_letters_and_keys_choose_among_them(desk, draft, monkeypatch):
    field = field_of_comment(desk, draft)
    announced: list[str] = []
    monkeypatch.setattr(field.naming, "announce", announced.append)
    QTest.keyClicks(field, "Well, bo@")
    assert offered(field) == [], "an address"
    QTest.keyClicks(field, " (@")
    assert offered(field) == ["Anna Lee", "Bo"], "and not Ada, who writes"
    key(field, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
    assert field.naming.list.chosen == "Bo"
    assert announced == ["2 people to mention. Anna Lee, 1 of 2", "Bo, 2 of 2", "Anna Lee, 1 of 2", "Bo, 2 of 2"]
    QTest.keyClicks(field, "l")
    assert offered(field) == ["Anna Lee"]
    QTest.keyClicks(field, "x")
    assert offered(field) == []
    key(field, Qt.Key.Key_Backspace, Qt.Key.Key_Return)
    assert field.toPlainText() == "Well, bo@ (@Anna Lee "
    QTest.keyClicks(field, "and @")
    key(field, Qt.Key.Key_Up, Qt.Key.Key_Tab)
    assert field.toPlainText() == "Well, bo@ (@Anna Lee and @Bo "
    assert field.hasFocus()
    key(field, Qt.Key.Key_Return)
    assert field.toPlainText().endswith("@Bo \n"), "no names are offered"
    QTest.keyClicks(field, "@b")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert said(rows(draft)[0]) == ["Well, bo@ (@Anna Lee and @Bo \n@b"]


def test_escape_takes_the_names_away_and_leaves_the_words(desk, draft):
    field = field_of_comment(desk, draft)
    field.insertPlainText("👍 ")
    QTest.keyClicks(field, "@an")
    key(field, Qt.Key.Key_Escape)
    assert (offered(field), field.toPlainText(), field.isVisible()) == ([], "👍 @an", True)
    QTest.keyClicks(field, "n")
    assert offered(field) == []
    QTest.keyClicks(field, " @an")
    assert offered(field) == ["Anna Lee"]
    key(field, Qt.Key.Key_Home)
    assert offered(field) == [], "the caret is elsewhere"
    key(field, Qt.Key.Key_End, Qt.Key.Key_Backspace)
    names = field.naming.list
    QTest.mouseClick(names.viewport(), Qt.MouseButton.LeftButton, pos=names.visualItemRect(names.item(0)).center())
    assert field.toPlainText() == "👍 @ann @Anna Lee "
    assert field.hasFocus()
    QTest.keyClicks(field, "@")
    draft.editor.setFocus()
    assert offered(field) == []
    key(field, Qt.Key.Key_Escape)
    assert not field.isVisible()


def test_names_are_offered_in_replies_and_other_wordings_and_stand_beside_the_line(desk, draft):
    draft.window.actions_["show_comments"].trigger()
    (row,) = rows(draft)
    draft.comments.flow.comments.reply(row.thread_.id, "Hm.", draft.author)
    remark = list(row.remarks)[-1]
    remark.more.menu().actions()[0].trigger()
    row.reply.click()
    for field in (remark.form.field, row.form.field):
        field.setFocus()
        desk.until(lambda field=field: not field.visibleRegion().isEmpty())
        field.selectAll()
        QTest.keyClicks(field, "@b")
        assert offered(field) == ["Bo"]
        names, line = field.naming.list, field.cursorRect()
        at = field.viewport().mapTo(draft.window, line.bottomLeft())
        assert draft.window.rect().contains(names.geometry())
        assert not names.geometry().contains(at)
        assert abs(names.y() - at.y()) < 12 or abs(names.geometry().bottom() - at.y() + line.height()) < 12
        key(field, Qt.Key.Key_Tab)
        assert field.toPlainText() == "@Bo "


def test_names_stand_at_a_line_that_is_in_sight_and_go_with_it(desk, draft):
    draft.window.resize(1000, 480)
    id = by_bo(draft, "herbs", "Why?\n" * 40)
    draft.window.actions_["show_comments"].trigger()
    panel(draft).row(id).reply.click()
    field, bar = panel(draft).row(id).form.field, panel(draft)._area.verticalScrollBar()
    desk.until(lambda: bar.maximum() > 400 and field.hasFocus())
    bar.setValue(0)
    assert field.visibleRegion().isEmpty()
    QTest.keyClicks(field, "@b")
    assert offered(field) == ["Bo"]
    desk.until(lambda: field.visibleRegion().boundingRect().height() > 40)  # and stays in sight below
    before = field.naming.list.y()
    bar.setValue(bar.value() - 20)
    desk.until(lambda: field.naming.list.y() == before + 20)
    bar.setValue(0)
    desk.until(lambda: offered(field) == [])
    key(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "@b\n"


def test_names_go_with_the_thread_in_which_one_writes_them_and_with_the_window(desk, draft):
    id = by_bo(draft, "herbs")
    draft.window.actions_["show_comments"].trigger()
    for end in (lambda: draft.comments.flow.comments.remove(id), draft.window.close):
        row = panel(draft).row(id) or rows(draft)[0]
        row.reply.click()
        QTest.keyClicks(row.form.field, "@b")
        assert draft.window.findChildren(NameList)
        end()
        desk.until(lambda: draft.is_closed or not draft.window.findChildren(NameList))
    assert draft.is_closed


WORDS = "@Ada <img src=x>\n\n  and\t@Anna Lee’s &amp; <b>@ADA</b>, 👍 @Bo"


@pytest.mark.parametrize("theme", [named("light"), named("dark")], ids=["light", "dark"])
@pytest.mark.parametrize("link", ["", "https://example.org/" + "o" * 150], ids=["short", "with a long link"])
def test_names_are_set_off_and_no_word_is_taken_for_markup(qtbot, theme, link):
    label = SaidLabel()
    qtbot.addWidget(label)
    words = WORDS + link
    label.show_words(words, Names(["Anna Lee", "Bo"], "Ada").mentions(words), theme)
    assert label.text() == words
    shown = QTextDocument()
    shown.setHtml(QLabel.text(label))
    assert shown.toPlainText() == words
    assert QAccessible.queryAccessibleInterface(label).text(QAccessible.Text.Name) == words
    label.resize(240, label.heightForWidth(240))
    label.setStyleSheet(f"background: {theme.raised}; color: {theme.text}")
    picture = label.grab().toImage()
    colours = {theme.accent_text: False, theme.accent_soft: False}
    for colour in colours:
        assert holds(picture, QColor(colour)), colour
    plain = SaidLabel()
    qtbot.addWidget(plain)
    plain.show_words(words, (), theme)
    assert QLabel.text(plain) == words
    assert plain.textFormat() is Qt.TextFormat.PlainText


def holds(picture: QImage, colour: QColor) -> bool:
    """Whether a picture has a dot of a colour."""
    return any(picture.pixelColor(x, y) == colour for x in range(picture.width()) for y in range(picture.height()))


def test_a_thread_that_mentions_who_reads_says_so_also_when_it_is_read_out(desk, draft):
    id = by_bo(draft, "herbs", "Ask @ada.")
    comments = draft.comments.flow.comments
    comments.reply(comments.all()[1].thread.id, "I, @Ada?", draft.author)
    draft.window.actions_["show_comments"].trigger()
    first, second = rows(draft)
    assert first.thread_.id == id
    signs = [
        any(MENTIONS_YOU in each.text() and each.isVisible() for each in row.findChildren(QLabel))
        for row in (first, second)
    ]
    assert signs == [True, False], "nobody mentions themselves"
    assert first.quote.accessibleName().startswith(f"{MENTIONS_YOU}. ")
    assert MENTIONS_YOU not in second.quote.accessibleName()
    draft.window.show_theme(named("dark"))
    assert named("dark").accent_text in QLabel.text(next(iter(first.remarks)).text)
    desk.application.choices.set_me("Augusta", "")
    assert MENTIONS_YOU not in first.quote.accessibleName()


def test_who_is_mentioned_is_told_before_all_else_and_led_from_one_to_the_next(desk, draft, monkeypatch):
    pointed_at = []
    monkeypatch.setattr(QApplication, "alert", pointed_at.append)
    assert "Anna Lee has commented" in notices(draft)
    first = by_bo(draft, "herbs", "What does @Ada\nsay?" + "\nPlease." * 60)
    assert "Bo mentions you: “What does @Ada say? Please." in notices(draft)
    assert pointed_at == [draft.window]
    assert "commented" not in notices(draft)
    comments = draft.comments.flow.comments
    newest = comments.reply(first, "And @ADA?", ANNA)
    assert "2 comments mention you. In the newest, Anna Lee mentions you: “And @ADA?”" in notices(draft)
    comments.reply(first, "And @Bo?", ANNA)
    assert "2 comments mention you" in notices(draft)
    draft.window.resize(1000, 600)
    draft.editor.set_caret(0)
    draft.window.notices.answered.emit("commented", "show_mention")
    desk.until(lambda: panel(draft).in_sight >= {newest})
    assert panel(draft).row(first).isAncestorOf(draft.window.focusWidget())
    assert draft.editor.caret()[1] == TEXT.encode("utf-16-le").index("herbs".encode("utf-16-le")) // 2
    desk.until(lambda: "Bo mentions you" in notices(draft))
    assert pointed_at == [draft.window] * 2, "there is nothing new"
    draft.window.notices.answered.emit("commented", "show_mention")
    desk.until(lambda: not draft.comments.flow._telling._mentions)
    assert first in panel(draft).in_sight
    assert "mention" not in notices(draft)
    draft.window.actions_["show_comments"].trigger()
    comments.reply(first, "I, @Ada, say no.", draft.author)
    assert "mention" not in notices(draft)


def test_a_mention_is_told_until_it_is_in_sight_or_settled_or_not_wanted(desk, draft):
    draft.window.resize(1000, 1400)  # nothing is scrolled
    by_bo(draft, "herbs", "@Ada?")
    comments = draft.comments.flow.comments
    comments.resolve(comments.all()[0].thread)
    assert "mentions you" not in notices(draft)
    assert "Anna Lee has commented" in notices(draft), "what was said last besides"
    comments.reopen(comments.all()[0].thread.id)
    assert "Bo mentions you" in notices(draft)
    draft.window.notices.dismissed.emit("commented")
    assert "mentions" not in notices(draft)
    draft.comments.flow.refresh()
    assert "mentions" not in notices(draft)
    draft.window.actions_["show_comments"].trigger()
    id = by_bo(draft, "plant", "And here, Ada?")
    desk.until(lambda: id in panel(draft).in_sight)
    draft.window.views.show_view("board")
    comments.change(id, "And here, @Ada?")
    assert "Bo mentions you: “And here, @Ada?”" in notices(draft)
    desk.until(lambda: not draft.comments.flow._sight_timer.isActive())
    assert "mentions" in notices(draft)
    draft.window.views.show_view("draft")
    desk.until(lambda: "mentions" not in notices(draft))
    id = by_bo(draft, "Basil", "Shown at once, @Ada.")
    desk.until(lambda: id in draft.comments.flow._telling._seen)
    assert "mentions" not in notices(draft)


def test_what_was_said_while_one_was_away_is_told_and_what_was_seen_is_not_told_again(desk, draft, tmp_path):
    by_bo(draft, "herbs", "@Ada?")
    again = reopened(desk, draft)
    desk.until(lambda: "Bo mentions you: “@Ada?”" in notices(again))
    again.window.notices.dismissed.emit("commented")
    by_bo(again, "plant", "And @Ada?")
    third = reopened(desk, again)
    desk.until(lambda: "Bo mentions you: “And @Ada?”" in notices(third))
    third.window.actions_["show_comments"].trigger()
    desk.until(lambda: "mention" not in notices(third))
    copies: list[Path] = []
    third.save_copy(copy := tmp_path / "Copy.cowrite", lambda: copies.append(copy))
    desk.until(lambda: copies)
    last = reopened(desk, third)
    desk.until(lambda: last.comments._flow is not None)
    assert "mention" not in notices(last)
    assert last.window.close()
    given_away = desk.open(shutil.copy(copy, tmp_path / "Given away.cowrite"))
    desk.until(lambda: "2 comments mention you" in notices(given_away))


def reopened(desk: Desk, draft: Draft) -> Draft:
    """The same document, closed and opened again."""
    path = draft.path
    assert draft.window.close()
    return desk.open(path)


def test_where_several_documents_mention_somebody_the_desktop_points_to_one_until_they_come(desk, draft, monkeypatch):
    pointed_at = []
    monkeypatch.setattr(QApplication, "alert", pointed_at.append)
    other = commented_on(desk)
    by_bo(draft, "herbs", "@Ada?")
    by_bo(other, "herbs", "@Ada?")
    desk.until(lambda: "Bo mentions you" in notices(other))
    assert pointed_at == [draft.window]
    draft.come_to_front()
    desk.until(draft.window.isActiveWindow)
    by_bo(other, "herbs", "@Ada, again?")
    assert pointed_at == [draft.window, other.window]
    other.come_to_front()
    desk.until(other.window.isActiveWindow)
    by_bo(other, "herbs", "@Ada, here?")  # which she reads at once, before she goes to another program
    by_bo(draft, "herbs", "@Ada, there?")
    assert pointed_at[3:] == [draft.window]
