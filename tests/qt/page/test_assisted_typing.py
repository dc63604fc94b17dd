"""A person at a page on which there is text of the assistant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.bridge.page.text_formats import INLINE
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.writing.passages import Passage, Rewrite
from helpers.assisted import amounts, record, shown_marks
from helpers.drafts import draft
from helpers.seats import Seat

Sit = Callable[..., Seat]

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def seat(sit: Sit) -> Seat:
    """Before "Once upon a time", of which "upon" is the assistant's."""
    seat = sit("Once upon a time")
    with seat.document.edit(Origin.ASSIST, record=record()) as edit:
        edit.delete(5, 4)
        edit.insert(5, "upon")
    seat.document.steps.begin()
    return seat


def looks_marked(seat: Seat, at: int) -> bool:
    """Whether the widget has a character for the assistant's."""
    cursor = seat.editor.textCursor()
    cursor.setPosition(at + 1)
    return bool(cursor.charFormat().intProperty(INLINE))


@pytest.mark.parametrize("at", [5, 7, 9])
def test_what_is_typed_within_or_beside_the_assistants_text_is_a_persons(seat: Seat, at: int) -> None:
    seat.editor.set_caret(at)
    seat.type("me too")
    assert seat.document.text() == "Once upon a time\n"[:at] + "me too" + "Once upon a time\n"[at:]
    assert amounts(seat.document) == {"r1": 4}
    assert "me too" in shown_marks(seat.document)
    assert not any(looks_marked(seat, place) for place in range(at, at + 6))
    assert looks_marked(seat, 5 if at > 5 else 11)


@pytest.mark.parametrize("text", ["né", "字", "🙂"])
def test_what_an_input_method_makes_is_a_persons_too(seat: Seat, text: str) -> None:
    seat.editor.set_caret(7)
    seat.compose(text[:1])
    seat.commit(text)
    assert f"r1[up]{text}r1[on]" in shown_marks(seat.document)
    assert not looks_marked(seat, 7)


def test_typing_over_a_part_of_it_is_a_persons(seat: Seat) -> None:
    seat.editor.set_caret(8, 6)
    seat.type("X")
    assert shown_marks(seat.document) == "Once r1[u]Xr1[n] a time\n"


@pytest.mark.parametrize(
    ("selected", "typed"),
    [
        ((9, 5), "up"),  # which the assistant's word begins with
        ((9, 5), "n"),
        ((9, 5), "upon"),
        ((8, 3), "o"),
        ((16, 0), "On"),
        ((11, 7), "n a"),
    ],
)
@pytest.mark.parametrize("by_input_method", [False, True])
def test_typing_over_it_what_it_said_is_a_persons(
    seat: Seat, selected: tuple[int, int], typed: str, by_input_method: bool
) -> None:
    head, anchor = selected
    before = seat.document.text()
    seat.editor.set_caret(head, anchor)
    if by_input_method:
        seat.commit(typed)
    else:
        seat.type(typed)
    assert seat.document.text() == before[: min(selected)] + typed + before[max(selected) :]
    at = min(selected)
    assert all("ai" not in span.attributes for span in seat.document.spans(at, at + len(typed)))
    assert not any(looks_marked(seat, place) for place in range(at, at + len(typed)))


def test_undoing_what_was_typed_over_it_brings_it_back_as_the_assistants(seat: Seat) -> None:
    seat.editor.set_caret(9, 5)
    seat.type("u")
    seat.editor.undo_own()
    assert shown_marks(seat.document) == "Once r1[upon] a time\n"
    assert looks_marked(seat, 5)


def test_a_command_leaves_it_selected(seat: Seat) -> None:
    seat.editor.set_caret(9, 5)
    for modifiers in (CONTROL, CONTROL | Qt.KeyboardModifier.ShiftModifier):
        QTest.keyClick(seat.editor, Qt.Key.Key_C, modifiers)
        QTest.sendKeyEvent(QTest.KeyAction.Click, seat.editor, Qt.Key.Key_1, "1", modifiers)
    seat.press(Qt.Key.Key_Escape)
    assert shown_marks(seat.document) == "Once r1[upon] a time\n"
    assert seat.editor.caret() == (5, 9)


def test_a_letter_that_is_kept_looks_as_whose_it_is_whatever_look_qt_gave_it(seat: Seat) -> None:
    seat.editor.set_caret(3, 6)
    seat.editor.textCursor().insertText("u")
    assert shown_marks(seat.document) == "Oncr1[upon] a time\n"
    assert looks_marked(seat, 3)


def test_letters_typed_at_once_beyond_it_are_one_edit(seat: Seat) -> None:
    sent: list[object] = []
    seat.document.observe_updates(sent.append)
    seat.editor.set_caret(2)
    seat.type("xyz")
    seat.document.settle()
    assert shown_marks(seat.document) == "Onxyzce r1[upon] a time\n"
    assert len(sent) == 1


def test_a_line_begun_after_it_is_a_persons(seat: Seat) -> None:
    seat.editor.set_caret(9)
    seat.press(Qt.Key.Key_Return)
    seat.type("New")
    assert shown_marks(seat.document) == "Once r1[upon]\nNew a time\n"


def test_bold_within_it_keeps_the_mark_and_bold_typed_there_has_none(seat: Seat) -> None:
    seat.editor.set_caret(9, 5)
    seat.editor.formatting.toggle_inline("bold")
    seat.editor.set_caret(7)
    seat.type("x")
    assert shown_marks(seat.document) == "Once r1[up]xr1[on] a time\n"
    assert all(span.attributes.get("bold") for span in seat.document.spans(5, 10))


def test_finding_and_replacing_is_a_persons_work(seat: Seat) -> None:
    seat.editor.edits.replace_range(5, 9, "before")
    assert shown_marks(seat.document) == "Once before a time\n"


def test_copied_text_takes_its_record_into_another_document(seat: Seat, sit: Sit) -> None:
    other = sit("There")
    seat.editor.set_caret(11, 3)
    seat.editor.copy()
    other.editor.set_caret(5)
    other.editor.paste()
    assert shown_marks(other.document) == "Theree r1[upon] a\n"
    assert other.document.assists.record("r1") == record()
    other.editor.undo_own()
    assert shown_marks(other.document) == "There\n"


def test_cut_text_comes_back_marked_into_its_own_document(seat: Seat) -> None:
    seat.editor.set_caret(11, 3)
    seat.editor.cut()
    seat.editor.set_caret(0)
    seat.editor.paste()
    assert shown_marks(seat.document) == "e r1[upon] aOnc time\n"


def test_pasted_without_formatting_it_loses_its_looks_and_stays_the_assistants(seat: Seat, sit: Sit) -> None:
    with seat.document.edit(Origin.LOCAL) as edit:
        edit.format(5, 4, {"bold": True})
        edit.format_lines(0, 0, {"list": "bullet"})
    other = sit("There")
    seat.editor.set_caret(16, 0)
    seat.editor.cut()
    other.editor.set_caret(5)
    other.editor.paste_plain()
    assert shown_marks(other.document) == "There• Once r1[upon] a time\n"
    assert all(span.attributes.keys() <= {"ai"} for span in other.document.spans())
    assert other.document.assists.record("r1") == record()
    other.editor.undo_own()
    assert shown_marks(other.document) == "There\n"


def test_copied_as_markdown_and_pasted_into_code_it_is_still_the_assistants(seat: Seat, sit: Sit) -> None:
    code = sit("")
    with code.document.edit(Origin.LOCAL) as edit:
        edit.format_lines(0, 0, {"code-block": True})
    seat.editor.set_caret(16, 0)
    seat.editor.copying.copy_markdown()
    code.editor.paste()
    assert shown_marks(code.document) == "Once r1[upon] a time\n"


@pytest.mark.parametrize("records", [b"[]", b"5", b'{"r1": 5}', b"\xff", b'{"": {}}'])
def test_a_clipboard_that_another_program_spoiled_leaves_the_mark(sit: Sit, records: bytes) -> None:
    seat = sit("There")
    spans = b'[["upon", {"ai": "r1"}, null], ["x", {"ai": {"a": 1}}, null]]'
    seat.paste(**{"application/x-cowrite-spans+json": spans, "application/x-cowrite-assists+json": records})
    assert shown_marks(seat.document) == "Therer1[upon]unknown[x]\n"
    assert not seat.document.assists.record("r1").model


def test_an_accepted_change_is_seen_on_the_page_and_undone_at_once(seat: Seat) -> None:
    here = Passage(seat.document, 0, 16)
    here.accept((Rewrite(10, 16, "some day"), Rewrite(0, 4, "There")), record("r2"))
    assert seat.shown() == "There upon some day"
    seat.editor.undo_own()
    assert seat.shown() == "Once upon a time"
    assert shown_marks(seat.document) == "Once r1[upon] a time\n"


def test_the_page_of_a_document_without_the_assistant_is_not_asked_about_marks(sit: Sit) -> None:
    document: Document = draft("Once")
    assert not document._body.marks.are_there
    seat = sit("Once")
    seat.type("more")
    assert not seat.editor.formats.has_marks
