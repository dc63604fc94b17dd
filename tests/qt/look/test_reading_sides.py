"""Words in Arabic or Hebrew stand and are read from the right in a window that is read from the left."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QLocale, QRect, Qt
from PySide6.QtGui import QAction, QFont, QImage, QPainter, QTextLayout
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cowrite.core.sessions.sessions import Phase
from cowrite.core.text.direction import begins_from_right, isolated
from cowrite.gui.board.note_editor import NoteEditor
from cowrite.gui.comments.form import CommentForm
from cowrite.gui.ideas.note_field import NoteField
from cowrite.gui.library.cards import CARD_WIDTH, CardDelegate, DocumentCard, LibraryModel
from cowrite.gui.look.reading_sides import SidedDelegate
from cowrite.gui.look.theme import named, set_look, stylesheet
from cowrite.gui.people import people_panel
from cowrite.gui.people.people_panel import PeoplePanel
from cowrite.gui.people.person import Person
from cowrite.gui.session.pad import _Line
from cowrite.gui.session.session_bar import SessionBar
from cowrite.gui.session.values import BarShown
from cowrite.gui.widgets.dialog_parts import Message
from cowrite.gui.widgets.elided_label import ElidedLabel
from cowrite.gui.widgets.painted_row import write_line
from cowrite.gui.widgets.tall_field import TallField
from cowrite.gui.window.notice_bar import Notice, NoticeBar
from cowrite.gui.window.words_label import Goals, numbered
from helpers.drafts import Clock

ARABIC, LATIN = "كيف", "how"
NAME = "مها عبد الرحمن الشريف الهاشمي"


def is_right(image: QImage) -> bool:
    """Whether what is written in black on a white picture stands in its right half."""
    columns = [x for x, _y in inked(image)]
    assert columns
    return min(columns) > image.width() // 2


def inked(image: QImage) -> list[tuple[int, int]]:
    """The dark pixels."""
    places = itertools.product(range(image.width()), range(image.height()))
    return [(x, y) for x, y in places if image.pixelColor(x, y).lightness() < 100]


def painted(width: int, height: int, paint: Callable[[QPainter, QRect], object]) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter, image.rect())
    painter.end()
    return image


def comment_field(parent: QWidget) -> QPlainTextEdit:
    form = CommentForm("Your comment", "Comment")
    form.setParent(parent)
    return form.field


@pytest.mark.parametrize(
    "make",
    [
        lambda parent: TallField("Outcome", "What was decided", parent=parent),
        lambda parent: NoteField(is_of_many_lines=True, parent=parent),
        lambda parent: NoteEditor(parent, lambda _id, _text: "", lambda _place: QRect()),
        lambda _parent: _Line(),
        comment_field,
    ],
)
def test_a_field_of_many_lines_stands_on_the_side_of_its_words(
    qtbot: QtBot, make: Callable[[QWidget], QPlainTextEdit]
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field = make(parent)
    field.setParent(parent)
    field.resize(400, 100)
    parent.resize(400, 100)
    parent.show()
    field.show()
    for text, right in ((ARABIC, True), (LATIN, False), (f"1. {ARABIC}", True), ("", False)):
        field.setPlainText(text)
        assert (field.cursorRect().center().x() > 200) == right


def test_title_and_first_words_of_a_card_stand_on_the_side_of_their_words(qtbot: QtBot) -> None:
    def card(text: str) -> QImage:
        model, delegate, option = LibraryModel(), CardDelegate(), QStyleOptionViewItem()
        model.show_cards([DocumentCard("/x", text, "", text, "")])
        option.rect = QRect(0, 0, CARD_WIDTH, 180)
        whole = painted(CARD_WIDTH, 180, lambda painter, _rect: delegate.paint(painter, option, model.index(0)))
        return whole.copy(12, 12, CARD_WIDTH - 24, 100)  # without the edge

    assert is_right(card(ARABIC))
    assert not is_right(card(LATIN))


def test_a_row_of_a_list_stands_on_the_side_of_its_words_where_it_is_to(qtbot: QtBot) -> None:
    def row(text: str, **how: bool) -> QImage:
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, 300, 30)
        return painted(300, 30, lambda painter, box: write_line(painter, box, text, QFont(), "#000000", option, **how))

    assert is_right(row(ARABIC, is_sided=True))
    assert not is_right(row(LATIN, is_sided=True))
    assert not is_right(row(ARABIC))
    ink = inked(row(f"{ARABIC}."))
    left = min(x for x, _y in ink)
    assert min(y for x, y in ink if x == left) > 15  # the full stop, which stands at the end


def test_a_note_on_the_pad_and_an_idea_in_a_ranking_stand_on_the_side_of_their_words(qtbot: QtBot) -> None:
    listed = QListWidget()
    qtbot.addWidget(listed)
    listed.setItemDelegate(SidedDelegate(listed))
    listed.setStyleSheet("background: white; color: black")
    listed.resize(300, 100)
    listed.addItems([ARABIC, LATIN])
    listed.show()
    seen = listed.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert [is_right(seen.copy(listed.visualItemRect(listed.item(row)).adjusted(4, 2, -4, -2))) for row in (0, 1)] == [
        True,
        False,
    ]
    for row in (0, 1):
        listed.item(row).setText("")
        listed.item(row).setCheckState(Qt.CheckState.Checked)
    bare = listed.grab().toImage()
    for row, text in enumerate((ARABIC, LATIN)):
        listed.item(row).setText(text)
    seen = listed.grab().toImage()
    boxes = [listed.visualItemRect(listed.item(row)).adjusted(0, 0, -listed.width() // 2, 0) for row in (0, 1)]
    assert seen.copy(boxes[0]) == bare.copy(boxes[0])  # a box to tick stays where all have it


def test_rows_from_the_right_stand_there_too_in_a_window_that_is_read_from_the_right(qtbot: QtBot) -> None:
    listed = QListWidget()
    qtbot.addWidget(listed)
    listed.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    listed.setItemDelegate(SidedDelegate(listed))
    listed.setStyleSheet("background: white; color: black")
    listed.resize(300, 100)
    listed.addItems([ARABIC, f"{LATIN}?"])
    listed.show()
    seen = listed.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert is_right(seen.copy(listed.visualItemRect(listed.item(0)).adjusted(4, 2, -4, -2)))
    option = QStyleOptionViewItem()
    listed.initViewItemOption(option)
    listed.itemDelegate().initStyleOption(option, listed.indexFromItem(listed.item(1)))
    assert option.text == f"\u2066{LATIN}?\u2069"  # so that its last sign stands behind it


def test_of_a_long_name_from_the_right_the_word_that_it_is_ones_own_is_whole(qtbot: QtBot, monkeypatch) -> None:
    written: list[str] = []
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    monkeypatch.setattr(people_panel, "QPainter", recording(written))
    panel.show_people([Person("1", NAME, "#c4314b", is_me=True)])
    for width in range(panel.sizeHint().width(), panel.sizeHint().width() + 12):
        panel.resize(width, 300)
        panel.grab()
    own = [line for line in written if "(" in line]
    assert own
    assert {line.rpartition("\u2069")[2] for line in own} == {" (you)"}


def test_a_sentence_that_begins_with_words_from_the_right_is_read_from_the_left(qtbot: QtBot) -> None:
    bar, message = NoticeBar(), Message()
    for part in (bar, message):
        qtbot.addWidget(part)
        part.setStyleSheet("background: white; color: black")
    bar.resize(900, 60)
    bar.show_notice(Notice("gone", "information", f"“{ARABIC}” is in the trash."))
    message.resize(900, 30)
    message.show_sentence(f"“{ARABIC}” is in the trash.", "success")
    bar.show()
    (label,) = [each for each in bar.findChildren(QLabel) if each.text().endswith("trash.")]
    for part in (label, message):
        assert max(x for x, _y in inked(part.grab().toImage())) < part.width() // 2


def test_a_name_from_the_right_turns_nothing_of_the_line_in_which_it_stands() -> None:
    assert isolated("Ada") == "Ada"
    for name in (NAME, f"Ada {NAME}", "\u202eadA"):
        assert isolated(name) == f"\u2068{name}\u2069"


def test_numbers_in_arabic_digits_stand_in_the_order_in_which_they_are_said(qapp: object) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("ar_EG"))
    try:
        said = Goals(500, 60, 3).told(numbered(10, "word"))
    finally:
        QLocale.setDefault(before)
    layout = QTextLayout(said, QFont())
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    at = [line.cursorToX(said.index(number))[0] for number in ("١٠", "٥٠٠", "٣", "٦٠")]
    assert at == sorted(at)


def recording(written: list[str]) -> type[QPainter]:
    """A painter that notes what it writes."""

    class Recording(QPainter):
        def drawText(self, *arguments: object) -> None:  # noqa: N802, Qt’s names
            written.append(str(arguments[-1]))

    return Recording


def test_a_tooltip_that_begins_with_words_of_people_is_read_as_the_sentence_that_it_is(qtbot: QtBot) -> None:
    panel = PeoplePanel()
    qtbot.addWidget(panel)
    panel.show_people([Person("1", NAME, "#2f5fd0", role="Editor")])
    bar = SessionBar(Clock(), QAction(), QAction())
    qtbot.addWidget(bar)
    bar.show_bar(BarShown(ARABIC, Phase.GROUP, (), Phase.GROUP))
    model = LibraryModel()
    model.show_cards([DocumentCard("/docs/plan.cowrite", ARABIC, "Today", "", "9 KB")])
    tips = [
        panel.findChildren(people_panel.PersonRow)[0].toolTip(),
        bar._phase.toolTip(),
        str(model.data(model.index(0), Qt.ItemDataRole.ToolTipRole)),
    ]
    for tip, words in zip(tips, (NAME, ARABIC, ARABIC), strict=True):
        assert words in tip
        assert not begins_from_right(tip)  # by its first letter Qt turns a tooltip, and full stops go to its front


def test_a_row_with_a_sign_to_tick_is_as_high_as_its_words_need_at_any_width(qtbot: QtBot) -> None:
    rows = QListWidget()
    qtbot.addWidget(rows)
    rows.setStyleSheet(stylesheet(named("light")))
    set_look(rows, surface="field")
    rows.setWordWrap(True)
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows.setItemDelegate(SidedDelegate(rows))
    item = QListWidgetItem("Benches with backs and a long text that has to wrap somewhere in the middle", rows)
    item.setCheckState(Qt.CheckState.Checked)
    rows.show()
    style, option = rows.style(), QStyleOptionViewItem()
    rows.initViewItemOption(option)
    rows.itemDelegate().initStyleOption(option, rows.indexFromItem(item))
    margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, rows) + 1
    for width in range(150, 500):
        rows.resize(width, 300)
        rows.doItemsLayout()
        option.rect = rows.visualItemRect(item)
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, rows)
        words = option.fontMetrics.boundingRect(
            0, 0, room.width() - 2 * margin, 9999, Qt.TextFlag.TextWordWrap, item.text()
        )
        assert room.height() >= words.height(), width


def test_a_line_that_is_read_from_the_right_and_cut_goes_on_at_its_left_end(qtbot):
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.show_text("محمد عبد الرحمن بن عبد العزيز آل سعود")
    label.setFixedSize(120, 30)
    image = label.grab().toImage()
    ground = image.pixel(0, 0)
    columns = [[y for y in range(image.height()) if image.pixel(x, y) != ground] for x in range(image.width())]
    first = next(x for x, inked in enumerate(columns) if inked)
    assert all(len(inked) < 4 for inked in columns[first : first + 6])  # dots, and no letter


def test_a_word_that_is_longer_than_its_row_takes_several_lines(qtbot: QtBot) -> None:
    rows = QListWidget()
    qtbot.addWidget(rows)
    rows.setWordWrap(True)
    rows.setItemDelegate(SidedDelegate(rows))
    rows.addItems(["short", "Rindfleischetikettierung" * 4])
    rows.resize(200, 300)
    rows.show()
    rows.doItemsLayout()
    short, long = (rows.visualItemRect(rows.item(row)) for row in (0, 1))
    assert long.height() >= 3 * short.height()
    assert rows.item(1).text() == "Rindfleischetikettierung" * 4
