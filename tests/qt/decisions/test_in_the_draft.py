"""A decision that stands in the draft: shown as a card, read out, opened, live."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cowrite.core.decisions.cards import Card
from cowrite.core.text.richtext import EMBED_CHARACTER, lines_of
from cowrite.gui.look.theme import named
from cowrite.gui.page.clipboard import markdown_mime
from cowrite.gui.page.references import CARDS_TYPE
from helpers.copies import copy_of
from helpers.drafts import lines
from helpers.seats import Seat

CARD = Card("What do we plant?", "Herbs, because they need little water.", "Accepted", ("Owner: Ada",))


class Cards:
    """Decisions by their ids."""

    def __init__(self, **cards: Card) -> None:
        self.cards = {f"decision:{name}": card for name, card in cards.items()}

    def __call__(self, id: str) -> Card | None:
        return self.cards.get(id)


@pytest.fixture
def seat(sit) -> Seat:
    seat = sit("before", "after")
    seat.editor.decisions.show_cards(Cards(one=CARD))
    seat.editor.set_caret(6)
    seat.editor.edits.insert_alone({"decision": "decision:one"})
    return seat


def height(seat: Seat) -> float:
    document = seat.editor.document()
    return document.documentLayout().blockBoundingRect(document.findBlockByNumber(1)).height()


def test_it_stands_on_a_line_of_its_own_and_the_caret_below(seat):
    assert lines(seat.document) == ["before", "\ufffc", "", "after"]
    assert seat.editor.caret() == (9, 9)


@pytest.mark.parametrize("caret", [(9, 9), (8, 12), (12, 8), (13, 13)])
def test_it_comes_below_the_line_at_the_caret_and_nothing_of_it_is_divided_or_replaced(sit, caret):
    seat = sit("before", "middle", "after")
    seat.editor.set_caret(caret[1], caret[0])
    seat.editor.edits.insert_below({"decision": "decision:one"})
    assert lines(seat.document) == ["before", "middle", "\ufffc", "after"]
    assert seat.editor.caret() == (16, 16)
    seat.editor.undo_own()
    assert lines(seat.document) == ["before", "middle", "after"]


@pytest.mark.parametrize(
    ("texts", "expected"), [(("one", ""), ["one", "\ufffc", ""]), (("one", "two"), ["one", "two", "\ufffc", ""])]
)
def test_at_the_end_of_the_text_it_leaves_a_line_to_go_on_in(sit, texts, expected):
    seat = sit(*texts)
    seat.editor.set_caret(seat.document.length - 1)
    seat.editor.edits.insert_below({"decision": "decision:one"})
    assert lines(seat.document) == expected


def test_undo_takes_it_away_again(seat):
    seat.editor.undo_own()
    assert lines(seat.document) == ["before", "after"]


def test_it_takes_the_room_that_its_words_need(seat):
    low = height(seat)
    seat.editor.decisions.show_cards(Cards(one=Card(CARD.question, CARD.outcome * 20, "Accepted")))

    assert low > 60
    assert height(seat) > low + 60


def test_however_much_somebody_wrote_the_card_stays_of_a_size(seat):
    seat.editor.decisions.show_cards(Cards(one=Card("What?", "word " * 2_000, "Accepted")))
    high = height(seat)
    seat.editor.decisions.show_cards(Cards(one=Card("What?", "word " * 20_000, "Accepted")))

    assert height(seat) == high


def test_a_changed_decision_is_painted_anew(seat):
    cards = Cards(one=CARD)
    seat.editor.decisions.show_cards(cards)
    before = seat.editor.grab().toImage()
    seat.editor.decisions.refresh()
    assert seat.editor.grab().toImage() == before

    cards.cards["decision:one"] = Card("What do we plant?", "Roses.", "Superseded")
    seat.editor.decisions.refresh()
    assert seat.editor.grab().toImage() != before


def test_a_changed_decision_is_laid_out_anew_and_nothing_else(seat, monkeypatch):
    seat.editor.set_caret(seat.document.length - 1)
    seat.editor.edits.insert_embed({"image": f"sha256:{64 * 'a'}"})
    places = []
    monkeypatch.setattr(QTextDocument, "markContentsDirty", lambda _text, *place: places.append(place))
    seat.editor.decisions.show_cards(Cards(one=CARD._replace(outcome="Roses.")))
    assert places == [(seat.document.text().index(EMBED_CHARACTER), 1)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_in_the_colours_of_the_theme(seat, theme):
    seat.editor.show_theme(named(theme))
    seat.editor.set_caret(0)
    image = seat.editor.viewport().grab().toImage()
    place = seat.place(7)

    assert image.pixelColor(int(place.x()) + 2, int(place.y()) - 20).name() == named(theme).success


@pytest.mark.parametrize(("words", "is_mirrored"), [("ماذا نزرع؟", True), ("What do we plant?", False)])
def test_it_is_turned_to_the_side_from_which_its_words_are_read(seat, words, is_mirrored):
    seat.editor.decisions.show_cards(Cards(one=Card(words, "Herbs.", "Accepted")))
    seat.editor.set_caret(0)
    image = seat.editor.viewport().grab().toImage()
    place, middle = seat.place(7), image.width() // 2
    row = [image.pixelColor(x, int(place.y()) - 20).name() for x in range(image.width())]
    edge = row.index(named("light").success)

    assert (edge > middle) is is_mirrored


def test_enter_opens_the_one_that_stands_behind_the_caret(seat, qtbot):
    seat.editor.set_caret(7)
    with qtbot.waitSignal(seat.editor.decisions.opened) as opened:
        QTest.keyClick(seat.editor, Qt.Key.Key_Return)

    assert opened.args == ["decision:one"]
    assert lines(seat.document) == ["before", "\ufffc", "", "after"]


def test_enter_opens_the_one_that_is_selected_also_for_a_reader(seat, qtbot):
    seat.editor.setReadOnly(True)
    seat.editor.set_caret(8, 7)
    with qtbot.waitSignal(seat.editor.decisions.opened):
        QTest.keyClick(seat.editor, Qt.Key.Key_Enter)


def test_enter_beside_it_makes_a_line(seat, qtbot):
    seat.editor.set_caret(8)
    with qtbot.assertNotEmitted(seat.editor.decisions.opened):
        QTest.keyClick(seat.editor, Qt.Key.Key_Return)

    assert lines(seat.document) == ["before", "\ufffc", "", "", "after"]


def test_a_double_click_opens_it(seat, qtbot):
    seat.editor.set_caret(0)
    place = QPointF(seat.place(7)) + QPointF(40, -20)
    with qtbot.waitSignal(seat.editor.decisions.opened) as opened:
        for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick):
            viewport = seat.editor.viewport()
            event = QMouseEvent(
                kind, place, viewport.mapToGlobal(place), Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QApplication.sendEvent(viewport, event)

    assert opened.args == ["decision:one"]


def test_it_is_read_out_when_the_caret_comes_to_it(seat, heard):
    seat.editor.set_caret(6)
    QTest.keyClick(seat.editor, Qt.Key.Key_Right)
    QTest.keyClick(seat.editor, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)

    assert heard == [
        "Decision: What do we plant? Herbs, because they need little water. Accepted. Owner: Ada."
    ]  # fmt: skip


def test_one_that_is_gone_says_so(seat, heard):
    seat.editor.decisions.show_cards(Cards())
    seat.editor.set_caret(7)

    assert heard == ["A decision that is no longer here"]
    assert height(seat) > 20


def test_a_teammate_has_it_at_the_same_place(seat):
    other = copy_of(seat.document)

    assert [span.embed for span in other.spans() if span.embed] == [{"decision": "decision:one"}]


def test_a_page_without_decisions_listens_to_nothing(sit):
    assert not sit("plain").editor.decisions.are_shown


QUOTE = {"blockquote": True}
IN_WORDS = [("Decision: What do we plant?", QUOTE), ("Herbs, because they need little water.", QUOTE)]
DETAILS = ("Accepted · Owner: Ada", QUOTE)


def test_copied_into_a_document_that_does_not_have_it_a_decision_is_in_words(sit, seat):
    other = sit("mine ")
    other.editor.decisions.show_cards(Cards(two=CARD))
    for copy in (seat.editor.copy, lambda: QApplication.clipboard().setMimeData(markdown(seat))):
        seat.editor.selectAll()
        copy()
        other.editor.selectAll()
        other.editor.paste()
        assert "\ufffc" not in other.document.text()
        written = [(text, dict(style)) for text, style in styled_lines(other)]
        assert written[0] == ("before", {})
        assert written[1:3] == IN_WORDS
        assert written[-1] == ("after", {})


def test_a_decision_alone_that_is_copied_elsewhere_is_in_words_too(sit, seat):
    other = sit("")
    seat.editor.set_caret(8, 7)
    seat.editor.copy()
    other.editor.paste()
    assert styled_lines(other)[:3] == [*IN_WORDS, DETAILS]


def test_copied_where_it_is_known_a_decision_stays_live(sit, seat):
    other = sit("")
    other.editor.decisions.show_cards(Cards(one=CARD))
    seat.editor.selectAll()
    seat.editor.copy()
    other.editor.paste()
    assert lines(other.document)[1] == "\ufffc"


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"decision:one": 1}', b'{"decision:one": ["a"]}'])
def test_cards_that_make_no_sense_leave_what_is_pasted_as_it_is(sit, seat, content):
    other = sit("")
    seat.editor.selectAll()
    data = seat.editor.createMimeDataFromSelection()
    data.setData(CARDS_TYPE, content)
    other.editor.insertFromMimeData(data)
    assert lines(other.document)[:2] == ["before", "\ufffc"]


def markdown(seat: Seat) -> QMimeData:
    """What "Copy as Markdown" offers of the whole page."""
    spans = list(seat.document.spans())
    return markdown_mime(spans, (), seat.editor.decisions.cards)


def styled_lines(seat: Seat) -> list[tuple[str, dict[str, object]]]:
    """The lines of a draft with their styles."""
    found = lines_of(seat.document.spans())
    return [("".join(span.text for span in line.spans), dict(line.attributes)) for line in found]
