"""A suggestion at the caret: in the line, never in the text, and never stale."""

from __future__ import annotations

from collections.abc import Callable
from ctypes.util import find_library

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QInputMethodEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextEdit

from cowrite.core.text.origin import Origin
from cowrite.gui.assistant.ghost import GhostText, first_word
from cowrite.gui.assistant.reaction import REACTION
from cowrite.gui.look.swatches import PEOPLE
from cowrite.gui.look.theme import named
from cowrite.gui.page.others import RemoteCaret
from cowrite.gui.page.places import caret_rect
from helpers.colours import colours
from helpers.drafts import lines
from helpers.seats import CTRL, SHIFT, Seat, Teammate
from helpers.tables import with_table

Sit = Callable[..., Seat]


class Suggested:
    """A seat with a suggestion, and what came of it."""

    def __init__(self, seat: Seat, text: str, *, by_itself: bool = False) -> None:
        self.seat = seat
        self.time = 100.0
        self.ghost = GhostText(seat.editor, named("light").ghost, lambda: self.time)
        self.accepted: list[tuple[str, bool]] = []
        self.ghost.accepted.connect(lambda text, whole: self.accepted.append((text, whole)))
        assert self.ghost.show(text, by_itself=by_itself)

    def put_in(self) -> None:
        """Puts what is accepted into the draft, as whoever wires it does."""
        self.ghost.accepted.connect(self._insert)

    def _insert(self, text: str, _whole: bool) -> None:
        with self.seat.document.edit(Origin.ASSIST) as edit:
            edit.insert(self.ghost.at, text)


@pytest.fixture
def suggest(sit: Sit, qapp: QApplication) -> Callable[..., Suggested]:
    def suggest(text: str, *content: str, caret: int | None = None, by_itself: bool = False) -> Suggested:
        seat = sit(*content)
        front(seat.editor)
        if caret is not None:
            seat.editor.set_caret(caret)
        return Suggested(seat, text, by_itself=by_itself)

    return suggest


def front(page: QTextEdit) -> None:
    """Makes a page the one that has the keyboard."""
    page.activateWindow()
    QTest.qWaitForWindowActive(page)


def painted(seat: Seat) -> QPixmap:
    return seat.editor.viewport().grab()


def ghost_pixels(seat: Seat) -> int:
    return colours(painted(seat).toImage())[QColor(named("light").ghost).name()]


def test_a_suggestion_is_seen_and_is_not_in_the_text(suggest) -> None:
    given = suggest(" over the wall", "The fox jumps")
    assert ghost_pixels(given.seat) > 0
    assert given.seat.shown() == "The fox jumps"
    assert lines(given.seat.document) == ["The fox jumps"]
    given.ghost.hide()
    assert ghost_pixels(given.seat) == 0


def test_a_long_suggestion_wraps_and_moves_what_is_below(suggest) -> None:
    given = suggest(" which is a long sentence that goes on" * 4, "The fox", "Below", caret=7)
    layout = given.seat.editor.document().documentLayout()
    below = given.seat.editor.document().findBlockByNumber(1)
    shown = layout.blockBoundingRect(below).top()
    assert given.seat.editor.document().firstBlock().layout().lineCount() > 2
    given.ghost.hide()
    assert layout.blockBoundingRect(below).top() < shown


def test_tab_takes_all_of_it(suggest) -> None:
    given = suggest(" over the wall", "The fox jumps")
    given.put_in()
    given.seat.press(Qt.Key.Key_Tab)
    assert given.accepted == [(" over the wall", True)]
    assert given.seat.shown() == "The fox jumps over the wall"
    assert given.seat.editor.caret() == (27, 27)
    assert not given.ghost.text


def test_ctrl_right_takes_a_word_and_the_rest_stays(suggest) -> None:
    given = suggest(" over the wall", "The fox jumps")
    given.put_in()
    given.seat.press(Qt.Key.Key_Right, CTRL)
    assert given.seat.shown() == "The fox jumps over"
    assert given.ghost.text == " the wall"
    given.seat.press(Qt.Key.Key_Right, CTRL)
    given.seat.press(Qt.Key.Key_Right, CTRL)
    assert given.accepted == [(" over", False), (" the", False), (" wall", True)]
    assert given.seat.shown() == "The fox jumps over the wall"
    assert not given.ghost.text


def test_where_a_line_is_read_from_right_to_left_ctrl_left_takes_a_word(suggest) -> None:
    given = suggest(" וזה המשך", "שלום")
    given.seat.press(Qt.Key.Key_Left, CTRL)
    assert given.accepted == [(" וזה", False)]
    given.seat.press(Qt.Key.Key_Right, CTRL)
    assert given.accepted == [(" וזה", False)]
    assert not given.ghost.text


def test_escape_turns_it_down(suggest) -> None:
    given = suggest(" over the wall", "The fox jumps")
    given.seat.press(Qt.Key.Key_Escape)
    assert not given.ghost.text
    assert given.accepted == []
    assert lines(given.seat.document) == ["The fox jumps"]


def test_without_a_suggestion_tab_ctrl_right_and_escape_mean_what_they_always_mean(suggest) -> None:
    given = suggest(" more", "one two")
    given.ghost.hide()
    given.seat.editor.set_caret(0)
    given.seat.press(Qt.Key.Key_Right, CTRL)
    assert given.seat.editor.caret() == (4, 4)
    given.seat.press(Qt.Key.Key_Tab)
    assert given.seat.shown() == "one \ttwo"
    given.seat.press(Qt.Key.Key_Escape)
    assert given.seat.shown() == "one \ttwo"


@pytest.mark.parametrize("key", ["Tab", "Ctrl+Right"])
def test_a_key_that_is_pressed_as_a_suggestion_comes_up_by_itself_means_what_it_always_means(suggest, key: str) -> None:
    given = suggest(" more", "one two", by_itself=True)
    given.time += REACTION / 2
    if key == "Tab":
        given.seat.press(Qt.Key.Key_Tab)
        assert given.seat.shown() == "one two\t"
        assert not given.ghost.text
    else:
        given.seat.press(Qt.Key.Key_Right, CTRL)
    assert given.accepted == []

    given = suggest(" more", "one two", by_itself=True)
    given.time += REACTION / 2
    given.seat.press(Qt.Key.Key_Escape)
    assert not given.ghost.text

    given = suggest(" more", "one two", by_itself=True)
    given.time += REACTION
    given.seat.press(Qt.Key.Key_Tab)
    assert given.accepted == [(" more", True)]


@pytest.mark.parametrize("by_itself", [True, False])
def test_in_a_table_tab_goes_to_the_next_cell_unless_the_suggestion_was_asked_for(
    sit_at: Callable[..., Seat], *, by_itself: bool
) -> None:
    seat = sit_at(with_table("one two"))
    front(seat.editor)
    first, second = (seat.document.text().index(word) + 3 for word in ("one", "two"))
    seat.editor.set_caret(first)
    given = Suggested(seat, " more", by_itself=by_itself)
    given.time += 2 * REACTION
    seat.press(Qt.Key.Key_Tab)
    assert given.accepted == ([] if by_itself else [(" more", True)])
    assert (seat.editor.caret()[1] == second) is by_itself
    given.ghost.hide()


def test_typing_its_own_beginning_shrinks_it(suggest) -> None:
    given = suggest(" over the wall", "The fox jumps")
    given.seat.type(" ov")
    assert given.ghost.text == "er the wall"
    assert given.seat.shown() == "The fox jumps ov"
    assert given.ghost.at == 16
    given.seat.type("er the wall")
    assert not given.ghost.text
    assert lines(given.seat.document) == ["The fox jumps over the wall"]


def test_typing_it_in_letters_beyond_the_first_plane_shrinks_it(suggest) -> None:
    given = suggest("𝒜bc", "😀 ")
    given.seat.type("𝒜")
    assert given.ghost.text == "bc"
    assert given.ghost.at == 5


CONTRADICTIONS = {
    "another letter": lambda seat: seat.type("x"),
    "backspace": lambda seat: seat.press(Qt.Key.Key_Backspace),
    "a new line": lambda seat: seat.type("\n"),
    "the caret moves": lambda seat: seat.press(Qt.Key.Key_Left),
    "something is selected": lambda seat: seat.press(Qt.Key.Key_Left, SHIFT),
    "undo": lambda seat: seat.editor.undo_own(),
    "pasting": lambda seat: seat.paste(text="pasted"),
    "a teammate writes in the line": lambda seat: Teammate(seat).insert(10, "red "),
    "a teammate deletes in the line": lambda seat: Teammate(seat).delete(6, 4),
    "a teammate writes at the caret": lambda seat: Teammate(seat).insert(seat.editor.caret()[1], "!"),
    "a teammate breaks the line": lambda seat: Teammate(seat).insert(10, "\n"),
    "an input method composes": lambda seat: seat.compose("に"),
    "reading only": lambda seat: seat.editor.setReadOnly(True),
    "the focus goes": lambda seat: seat.editor.clearFocus(),
    "another look": lambda seat: seat.editor.show_theme(named("dark")),
    "a click": lambda seat: QTest.mouseClick(seat.editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(70, 70)),
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_it_goes_with_whatever_contradicts_it(suggest, what: str) -> None:
    given = suggest(" over the wall", "Above", "The fox jumps")
    given.seat.type(" h")  # what undo takes back
    assert not given.ghost.text
    assert given.ghost.show("igh over the wall")
    CONTRADICTIONS[what](given.seat)
    assert not given.ghost.text
    assert given.seat.editor.textCursor().block().layout().preeditAreaText() in ("", "に")
    before, after = painted(given.seat), painted(given.seat)
    assert before.toImage() == after.toImage()


def test_a_teammate_in_another_paragraph_leaves_it_where_its_text_has_gone(suggest) -> None:
    given = suggest(" over the wall", "Above", "The fox jumps")
    Teammate(given.seat).insert(0, "Far ")
    assert given.ghost.text == " over the wall"
    assert given.ghost.at == given.seat.editor.caret()[1] == 23
    given.put_in()
    given.seat.press(Qt.Key.Key_Tab)
    assert given.seat.shown() == "Far Above\nThe fox jumps over the wall"


def test_it_is_not_shown_where_it_could_not_be_taken(sit: Sit, qapp: QApplication) -> None:
    seat = sit("one two")
    front(seat.editor)
    ghost = GhostText(seat.editor, "#808080")
    seat.editor.set_caret(7, 4)
    assert not ghost.show(" three")
    seat.editor.set_caret(7)
    seat.editor.setReadOnly(True)
    assert not ghost.show(" three")
    seat.editor.setReadOnly(False)
    seat.compose("x")
    assert not ghost.show(" three")
    seat.commit("")
    assert ghost.show(" three")


def test_what_an_input_method_commits_counts_as_typed(suggest) -> None:
    given = suggest(" over the wall", "The fox jumps")
    event = QInputMethodEvent()
    event.setCommitString(" over")
    QApplication.sendEvent(given.seat.editor, event)
    assert given.ghost.text == " the wall"


def test_an_input_method_that_says_nothing_leaves_it_in_sight(suggest) -> None:
    suggested = suggest("is here", "She ")
    suggested.seat.compose("")
    assert ghost_pixels(suggested.seat) > 0
    assert suggested.ghost.text == "is here"


def test_an_input_method_that_puts_a_word_in_the_place_of_letters_takes_them_away(suggest) -> None:
    given = suggest(" nam", "viet")
    replaced = QInputMethodEvent("", [])
    replaced.setCommitString("", -2, 2)  # some say first what goes, and by itself what comes
    QCoreApplication.sendEvent(given.seat.editor, replaced)
    given.seat.commit("ệt")
    assert lines(given.seat.document) == ["việt"]
    assert given.ghost.text == ""


def test_a_suggestion_is_of_one_line(suggest) -> None:
    given = suggest(" over\nthe wall", "The fox jumps")
    assert given.ghost.text == " over"


def test_a_teammates_caret_behind_it_stands_where_its_text_is(suggest) -> None:
    given = suggest(" big", "The fox", caret=3)
    page = given.seat.editor
    page.marks.show_carets([RemoteCaret("1", "Jo", PEOPLE[1].light, 7, 7)])
    behind = caret_rect(page, 7)
    given.ghost.hide()
    assert behind.left() > caret_rect(page, 7).left() + 20
    assert behind.top() == pytest.approx(caret_rect(page, 7).top(), abs=2)


def test_what_stands_beside_the_text_stays_while_a_long_one_reaches_beyond_the_page(sit: Sit) -> None:
    seat = sit(("done", {"list": "checked"}), "between", ("a quote", {"blockquote": True}), "the end", width=600)
    editor = seat.editor
    editor.resize(600, editor.cursorRect().bottom() + 12)
    editor.verticalScrollBar().setValue(0)
    front(editor)
    Suggested(seat, " and on it goes" * 20)
    assert [line for _, _, line in editor._painter.styled_lines(editor.viewport().rect())] == [
        {"list": "checked"},
        {"blockquote": True},
    ]


def test_while_none_is_shown_nothing_is_listened_to(sit: Sit, qapp: QApplication) -> None:
    seat = sit("one")
    front(seat.editor)
    ghost = GhostText(seat.editor, "#808080")
    seen: list[QEvent.Type] = []
    ghost.eventFilter = lambda watched, event: bool(seen.append(event.type()))  # type: ignore[method-assign]
    seat.type("a")
    assert seen == []
    assert ghost.show(" b")
    seat.type("x")
    assert not ghost.text
    heard = len(seen)
    seat.type("y")
    assert len(seen) == heard


def test_a_word_is_taken_with_the_space_before_it() -> None:
    assert first_word(" over the wall") == " over"
    assert first_word("over the") == "over"
    assert first_word("  ") == "  "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("今天很好，我们去。", ["今", "天", "很", "好，", "我", "们", "去。"]),
        ("日は天気がいいので、カメラを買いました。", ["日は", "天", "気がいいので、", "カメラを", "買いました。"]),
        pytest.param(
            *("ภาษาไทย", ["ภาษา", "ไทย"]),
            marks=pytest.mark.skipif(not find_library("thai"), reason="Qt knows no words of Thai without libthai"),
        ),
        ("iPhone手机 𠮷野", ["iPhone", "手", "机", " 𠮷", "野"]),
        ("über-haupt, “so”", ["über-haupt,", " “so”"]),
    ],
)
def test_word_by_word_is_taken_also_where_no_spaces_are_between_words(text, words):
    taken = []
    while text:
        taken.append(first_word(text))
        text = text.removeprefix(taken[-1])
    assert taken == words


def test_it_works_on_any_page(qapp: QApplication) -> None:
    page = QTextEdit("One")
    ghost = GhostText(page, "#808080")
    page.show()
    page.setFocus()
    front(page)
    page.moveCursor(page.textCursor().MoveOperation.End)
    assert ghost.show(" two")
    assert page.toPlainText() == "One"
    page.close()
