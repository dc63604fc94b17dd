"""The page of polls: what is being filled in stays, and what lies sealed is shown again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.tally import tally
from cowrite.gui.session.poll_page import PollPage
from cowrite.gui.session.poll_words import rounds_in_words
from cowrite.gui.session.values import PollsShown
from helpers.called import called

OPTIONS = (Option("note:1", "Trees"), Option("note:2", "Benches"))
OPEN = Poll("poll:1", PollKind.DOTS, "Which one?", OPTIONS, budget=3, most=2)
CLOSED = replace(OPEN, id="poll:0", question="Which before?", is_closed=True, ballots=(Ballot(dots={"note:1": 1}),))


@pytest.fixture
def page(qtbot: QtBot) -> PollPage:
    page = PollPage()
    qtbot.addWidget(page)
    page.show()
    return page


def dots(page: PollPage) -> QSpinBox:
    QApplication.processEvents()  # what was just put into a layout is shown by an event
    (found,) = [
        each
        for each in page.findChildren(QSpinBox)
        if each.accessibleName() == "Dots for Trees" and each.isVisibleTo(page)
    ]
    return found


def buttons(page: PollPage) -> list[str]:
    return [each.accessibleName() for each in page.findChildren(QAbstractButton) if each.isVisible()]


def test_a_ballot_that_is_found_later_is_shown_unless_somebody_fills_it_in(page: PollPage) -> None:
    page.show_polls(PollsShown("?", (OPEN,)))
    assert dots(page).value() == 0
    page.show_polls(PollsShown("?", (OPEN,), {"poll:1": Ballot(dots={"note:1": 2}, voter="Ada")}))
    assert dots(page).value() == 2


def test_what_somebody_has_just_said_is_not_asked_anew(page: PollPage) -> None:
    page.show_polls(PollsShown("?", (OPEN,)))
    box = dots(page)
    QTest.keyClick(box, Qt.Key.Key_Up)
    page.show_polls(PollsShown("?", (OPEN,), {"poll:1": Ballot(dots={"note:1": 1}, voter="Ada")}))
    assert dots(page) is box


def test_what_is_in_a_group_is_shown_as_it_changes_unless_somebody_fills_the_ballot_in(page: PollPage) -> None:
    def inside() -> list[str]:
        labels = [each for each in page.findChildren(QLabel) if called(each) == "In Trees"]
        return [each.text() for each in labels if each.isVisibleTo(page)]

    page.show_polls(PollsShown("?", (OPEN,), within={"note:1": ("Oaks",)}))
    assert inside() == ["Oaks"]
    page.show_polls(PollsShown("?", (OPEN,), within={"note:1": ("Oaks", "Elms")}))
    assert inside() == ["Oaks; Elms"]

    box = dots(page)
    box.setFocus()
    page.show_polls(PollsShown("?", (OPEN,), within={"note:1": ("Oaks",)}))
    assert dots(page) is box
    assert inside() == ["Oaks; Elms"]


def test_a_new_poll_comes_to_the_front_and_earlier_ones_can_be_chosen(page: PollPage) -> None:
    page.show_polls(PollsShown("?", (CLOSED,)))
    assert not page.findChild(QComboBox).isVisible()
    page.show_polls(PollsShown("?", (OPEN, CLOSED)))
    assert dots(page).isVisible()
    page.findChild(QComboBox).setCurrentIndex(1)
    QApplication.processEvents()
    (result,) = [each for each in page.findChildren(QLabel) if called(each) == "Result" and each.isVisible()]
    assert result.text() == "“Trees” is at the top."
    page.show_polls(PollsShown("?", (OPEN, CLOSED), voters={"poll:1": 2}))
    assert page.findChild(QComboBox).currentIndex() == 1


def test_a_poll_that_was_asked_once_more_is_told_from_the_first(page: PollPage) -> None:
    again = replace(CLOSED, id="poll:2", revote_of=CLOSED.id)
    page.show_polls(PollsShown("?", (again, CLOSED)))
    box = page.findChild(QComboBox)
    assert [box.itemText(at) for at in range(box.count())] == ["Once more: Which before?", "Which before?"]


def test_whoever_fills_a_ballot_in_is_not_taken_to_a_newer_poll(page: PollPage) -> None:
    page.show_polls(PollsShown("?", (OPEN,)))
    box = dots(page)
    box.setFocus()
    page.show_polls(PollsShown("?", (replace(OPEN, id="poll:2", question="And now?"), OPEN)))
    assert dots(page) is box
    assert page.findChild(QComboBox).currentText() == f"Open: {OPEN.question}"


def test_only_whoever_leads_opens_closes_and_asks_again(page: PollPage) -> None:
    page.show_polls(PollsShown("?", (OPEN,), may_lead=False, offers=""))
    assert buttons(page) == []
    page.show_polls(PollsShown("?", (OPEN,)))
    assert buttons(page) == ["Close the poll", "Open a poll"]
    page.show_polls(PollsShown("?", (replace(CLOSED, id="poll:1"),)))
    assert "Vote once more" in buttons(page)
    page.show_polls(PollsShown("?", (CLOSED,), may_lead=False, offers="", decided=frozenset({CLOSED.id})))
    assert buttons(page) == ["Go to the decision"]


def test_it_says_what_becomes_of_ones_name_and_that_one_can_change_ones_mind(page: PollPage) -> None:
    nameless = replace(OPEN, is_anonymous=True)
    page.show_polls(PollsShown("?", (nameless,), {"poll:1": Ballot(dots={"note:1": 1})}, {"poll:1": 2}, people=3))
    (status,) = [each for each in page.findChildren(QLabel) if called(each) == "How many have voted"]
    assert status.text() == (
        "2 of 3 have voted. Your ballot lies sealed; you can change it until the poll is closed. "
        "Nobody will learn who voted how."
    )


def test_a_screen_reader_hears_of_a_kept_ballot_of_what_came_of_a_poll_and_of_a_new_one(page: PollPage, heard) -> None:
    ballots = {"poll:1": Ballot(dots={"note:1": 2}, voter="Ada")}
    page.show_polls(PollsShown("?", (OPEN,)))
    page.show_polls(PollsShown("?", (OPEN,), ballots))
    page.show_polls(PollsShown("?", (OPEN,), ballots))
    assert heard == ["Your ballot lies sealed; you can change it until the poll is closed."]
    page.show_polls(PollsShown("?", (replace(OPEN, is_closed=True, ballots=tuple(ballots.values())),), ballots))
    assert heard[1:] == ["The poll is closed. “Trees” is at the top."]
    page.show_polls(PollsShown("?", (replace(OPEN, id="poll:2", question="And then?"), CLOSED)))
    assert heard[2:] == ["A poll is asked: And then?"]


def test_a_problem_of_the_box_is_shown(page: PollPage) -> None:
    page.show_polls(PollsShown("?", (OPEN,), problems={OPEN.id: "Your ballot lies only on this computer."}))
    assert "Your ballot lies only on this computer." in [label.text() for label in page.findChildren(QLabel)]


def test_whoever_may_not_vote_has_no_dots_left(page: PollPage) -> None:
    page.show_polls(PollsShown("?", (OPEN,)))
    for reason in ("You may only read.", ""):
        page.show_read_only(reason)
        (left,) = [each for each in page.findChildren(QLabel) if called(each) == "Dots left"]
        assert left.isHidden() is bool(reason)


def test_a_round_names_each_option_as_one_and_of_a_long_one_the_beginning():
    options = (Option("note:1", "Trees, benches\nand a pond"), Option("note:2", "A roof " * 40))
    poll = Poll("poll:2", PollKind.RANKED, "?", options, is_closed=True, ballots=(Ballot(ranking=("note:1",)),))
    said = rounds_in_words(poll, tally(poll))
    assert said == f"Round 1: “Trees, benches and a pond” 1, “{'A roof ' * 8}A…” 0"


def test_rounds_in_which_nothing_but_what_nobody_wants_drops_out_are_one_line():
    options = tuple(Option(f"note:{name}", name) for name in "ABCDEFG")
    ballots = tuple(Ballot(ranking=tuple(f"note:{name}" for name in names)) for names in ("AB", "AC", "BA", "CB", "C"))
    poll = Poll("poll:2", PollKind.RANKED, "?", options, is_closed=True, ballots=ballots)
    assert rounds_in_words(poll, tally(poll)).splitlines() == [
        "Rounds 1 to 4: “A” 2, “B” 1, “C” 2, all others 0",
        "Round 5: “A” 2, “B” 1, “C” 2",
        "Round 6: “A” 3, “C” 2",
    ]


def test_what_is_typed_on_after_somebody_closed_the_poll_presses_no_button(page: PollPage, qtbot: QtBot) -> None:
    poll = Poll("poll:1", PollKind.CONSENT, "Trees?", OPTIONS[:1])
    page.show_polls(PollsShown("?", (poll,), may_lead=True))
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    asked: list[str] = []
    for signal in (page.close_wanted, page.revote_wanted, page.decision_wanted):
        signal.connect(asked.append)
    (reason,) = [each for each in page.findChildren(QLineEdit) if each.accessibleName() == "Reason"]
    reason.setFocus()
    QTest.keyClicks(reason, "They grow")

    with qtbot.waitSignal(page.voted) as told:  # though it came to no position yet
        page.show_polls(PollsShown("?", (replace(poll, is_closed=True),), may_lead=True))
    assert told.args == [poll.id, Ballot(reason="They grow")]
    keyboard = QApplication.focusWidget()
    assert keyboard is not None
    assert page.isAncestorOf(keyboard)
    QTest.keyClicks(keyboard, " too slowly")

    assert not asked


def test_whoever_looks_at_another_program_while_the_poll_is_closed_has_the_keyboard_on_its_question(
    page: PollPage, qtbot: QtBot
) -> None:
    page.show_polls(PollsShown("?", (OPEN,)))
    page.activateWindow()
    dots(page).setFocus()
    elsewhere = QLineEdit()
    qtbot.addWidget(elsewhere)
    elsewhere.show()
    elsewhere.activateWindow()
    qtbot.waitUntil(lambda: not page.isActiveWindow())
    page.show_polls(PollsShown("?", (replace(OPEN, is_closed=True),)))
    assert page.focusWidget() is not None
    assert called(page.focusWidget()) == "Question of the poll"
