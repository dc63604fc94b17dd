"""Ballots and results to the eye: what belongs together stands together, and rows are evenly far from each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QListWidget, QRadioButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from cowrite.core.sessions.polls import POSITIONS, Ballot, Option, Poll, PollKind
from cowrite.gui.look.contrast import CONTROL_CONTRAST, contrast
from cowrite.gui.look.theme import Theme, named
from cowrite.gui.session.ballot_form import BallotForm
from cowrite.gui.session.ballot_forms import make_form
from cowrite.gui.session.poll_dialog import PollDialog
from cowrite.gui.session.poll_words import POSITION_WORDS
from cowrite.gui.session.results import ResultBar, Results
from helpers.called import the

NAMES = ("Trees", "Benches", "Ponds", "Paths")
OPTIONS = tuple(Option(f"note:{at}", name) for at, name in enumerate(NAMES))
WITHIN = {"note:1": ("Oaks", "Elms"), "note:2": ("Deep ones " * 5, "Flat ones " * 5, "Round ones " * 5)}


@pytest.fixture(autouse=True)
def dressed(dress: Callable[[Theme], None]) -> None:
    dress(named("light"))


def poll(kind: PollKind, *ballots: Ballot, options: Sequence[Option] = OPTIONS) -> Poll:
    return Poll("poll:1", kind, "Which?", tuple(options), 5, 3, ballots=ballots, is_closed=bool(ballots))


def shown(qtbot: QtBot, part: QWidget) -> None:
    qtbot.addWidget(part)
    part.resize(560, 100)
    part.show()
    part.resize(560, part.heightForWidth(560))
    QApplication.processEvents()


def ballot(qtbot: QtBot, kind: PollKind, options: Sequence[Option] = OPTIONS) -> BallotForm:
    form = make_form(poll(kind, options=options), Ballot(), WITHIN)
    shown(qtbot, form)
    return form


def place(part: QWidget, inside: QWidget) -> QRect:
    """Where the words of a label are, or a control."""
    rect = inside.contentsRect() if isinstance(inside, QLabel) else inside.rect()
    return rect.translated(inside.mapTo(part, QPoint()))


def label(part: QWidget, text: str) -> QRect:
    (found,) = [each for each in part.findChildren(QLabel) if each.text().startswith(text)]
    return place(part, found)


@pytest.mark.parametrize("kind", [PollKind.DOTS, PollKind.SCORES])
def test_rows_of_a_ballot_are_equally_far_apart_whether_something_is_in_them_or_not(qtbot: QtBot, kind) -> None:
    form = ballot(qtbot, kind)
    boxes = [place(form, box) for box in form.findChildren(QSpinBox)]
    inside = {1: label(form, "Oaks"), 2: label(form, "Deep ones")}
    ends = [max(box.bottom(), inside[at].bottom() if at in inside else 0) for at, box in enumerate(boxes)]
    assert len({below.top() - end for end, below in zip(ends, boxes[1:], strict=False)}) == 1
    for name, box in zip(NAMES, boxes, strict=False):
        assert abs(label(form, name).center().y() - box.center().y()) <= 4, name


@pytest.mark.parametrize("kind", [PollKind.DOTS, PollKind.SCORES])
def test_what_is_in_an_option_stands_nearer_to_its_name_than_to_the_next_one(qtbot: QtBot, kind) -> None:
    form = ballot(qtbot, kind)
    for name, inside, following in (("Benches", "Oaks", "Ponds"), ("Ponds", "Deep ones", "Paths")):
        above, here, below = label(form, name), label(form, inside), label(form, following)
        assert 2 * (here.top() - above.bottom()) < below.top() - here.bottom()
        assert here.left() == above.left()


def test_a_long_word_of_an_option_is_seen_whole_on_its_ballot(qtbot: QtBot) -> None:
    form = ballot(qtbot, PollKind.DOTS, [Option("note:1", "Rindfleischetikettierung" * 3)])
    (words,) = [each for each in form.findChildren(QLabel) if each.text().startswith("Rind")]
    assert words.height() >= 2 * words.fontMetrics().height()


@pytest.mark.parametrize("kind", [PollKind.DOTS, PollKind.SCORES])
def test_a_long_ballot_has_at_once_what_is_in_sight_and_then_the_rest_in_the_order_of_tab(qtbot: QtBot, kind) -> None:
    names = [f"Idea {number}" for number in range(60)]
    form = ballot(qtbot, kind, [Option(name, name) for name in names])
    assert len(form.findChildren(QSpinBox)) < 50
    qtbot.waitUntil(lambda: len(form.findChildren(QSpinBox)) == 60)
    at: QWidget = form.findChildren(QSpinBox)[0]
    reached = []
    while len(reached) < 60:
        reached += [at.accessibleName().rpartition("for " if kind is PollKind.DOTS else "of ")[2]]
        at = at.nextInFocusChain()
        while not isinstance(at, QSpinBox):
            at = at.nextInFocusChain()
    assert reached == names


def test_a_ranking_is_as_high_as_its_rows(qtbot: QtBot) -> None:
    for letters in (9, 18):
        form = make_form(poll(PollKind.RANKED), Ballot(), {"note:1": ("Oaks",)})
        font = QFont(form.font())
        font.setPointSizeF(letters)
        (rows,) = form.findChildren(QListWidget)
        rows.setFont(font)
        shown(qtbot, form)
        last = rows.visualItemRect(rows.item(rows.count() - 1))
        assert 0 <= rows.viewport().height() - last.bottom() - 1 < last.height() / 2
        assert rows.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("points", [9.0, 18.0])
def test_what_a_position_means_begins_where_its_name_does(
    qtbot: QtBot, qapp: QApplication, dress: Callable[[Theme], None], points: float
) -> None:
    theme = named("light")
    letters = QFont(qapp.font())
    letters.setPointSizeF(points)
    qapp.setFont(letters)
    dress(theme._replace(metrics=theme.metrics.beside_letters(points)))
    form = ballot(qtbot, PollKind.CONSENT, OPTIONS[:1])
    choices = form.findChildren(QRadioButton)
    for choice, position in zip(choices, POSITIONS[PollKind.CONSENT], strict=True):
        name, means = POSITION_WORDS[position]
        begins = choice.sizeHint().width() - choice.fontMetrics().horizontalAdvance(name)
        meaning = label(form, means)
        assert abs(meaning.left() - begins) <= 4
        assert meaning.top() - place(form, choice).bottom() < 4


def test_below_each_bar_of_a_result_is_one_line_with_who_said_what_and_how_far_apart_they_are(qtbot: QtBot) -> None:
    said = [Ballot(dots={"note:0": 3, "note:1": 2}, voter="Ada"), Ballot(dots={"note:1": 2, "note:2": 1}, voter="Ben")]
    result = Results(poll(PollKind.DOTS, *said))
    shown(qtbot, result)
    bars = [place(result, bar) for bar in result.findChildren(ResultBar)]
    for words in ("far apart", "of one mind"):
        (apart, *_) = [place(result, each) for each in result.findChildren(QLabel) if each.text() == words]
        bar = next(each for each in reversed(bars) if each.bottom() < apart.top())
        (who,) = [
            place(result, each)
            for each in result.findChildren(QLabel)
            if each.text().startswith(("Ada", "Ben")) and place(result, each).top() == apart.top()
        ]
        assert who.left() == bar.left()
        assert apart.right() == bar.right()


def test_how_long_a_bar_is_stands_out_in_each_look(qtbot: QtBot, dress: Callable[[Theme], None], theme: Theme) -> None:
    dress(theme)
    said = [Ballot(dots={"note:0": 2, "note:1": 1}, voter="Ada"), Ballot(dots={"note:0": 1, "note:2": 1}, voter="Ben")]
    result = Results(poll(PollKind.DOTS, *said))
    shown(qtbot, result)
    for bar in result.findChildren(ResultBar)[1:]:
        image = bar.grab().toImage()
        edge = [image.pixelColor(x, 3).name() for x in (3, bar.width() - 4)]
        if edge[0] != edge[1]:
            assert contrast(*edge) >= CONTROL_CONTRAST
    for colour in (theme.accent, theme.control):
        assert contrast(colour, theme.page) >= CONTROL_CONTRAST


def test_what_is_said_of_a_field_of_a_poll_stands_equally_close_below_each(qtbot: QtBot) -> None:
    above = QWidget()
    qtbot.addWidget(above)
    dialog = PollDialog(OPTIONS, PollKind.DOTS, parent=above)
    dialog.show()
    QApplication.processEvents()
    kind, dots = (the(dialog, *each) for each in ((QComboBox, "Kind of poll"), (QSpinBox, "Dots for each person")))
    gaps = {
        label(dialog, words).top() - place(dialog, field).bottom()
        for words, field in (("A number of dots", kind), ("Suggested for", dots))
    }
    (gap,) = gaps
    following = place(dialog, the(dialog, QSpinBox, "Most for one idea")).top()
    assert following - label(dialog, "Suggested for").bottom() > gap
