"""The session on a screen for a whole room: what everybody may see, and the keys of whoever leads."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QShortcut, QTextBlock, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollBar
from pytestqt.qtbot import QtBot

from cowrite.app.bare_draft.connection import DraftConnection
from cowrite.app.session.presenting import APART, BEHIND
from cowrite.bridge.shared.kept_box import KeptBox
from cowrite.core.board.items import Note, Place
from cowrite.core.decisions.decisions import Decision
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Deadline, Phase
from cowrite.gui.look.times import MINUTE
from cowrite.gui.session.presentation import Presentation, other_screen
from cowrite.gui.session.presented import PresentedGroup, PresentedNote
from cowrite.gui.session.presented_notes import COLUMN, PresentedNotes, columns_of
from cowrite.gui.session.results import ResultBar
from helpers.closed_polls import close_poll
from helpers.desk import texts
from helpers.session_table import Table


def present(table: Table) -> Presentation:
    table.draft.window.actions_["session_present"].trigger()
    table.desk.until(lambda: isinstance(table.flow.presenting.front, Presentation))
    return table.flow.presenting.front


def _blocks(text: QTextDocument) -> Iterator[QTextBlock]:
    block = text.begin()
    while block.isValid():
        yield block
        block = block.next()


def said(table: Table) -> str:
    """All that can be read on the screen."""
    table.flow.refresh()
    screens = [each for each in QApplication.topLevelWidgets() if isinstance(each, Presentation)]
    (screen,) = [each for each in screens if each.isVisible()]
    notes = [each.accessibleDescription() for each in screen.findChildren(PresentedNotes) if not each.isHidden()]
    return "\n".join([*texts(screen), *notes])


def test_it_counts_what_lies_sealed_and_shows_none_of_it_to_whoever_wrote_it_either(table: Table) -> None:
    table.begin(facilitator="Ada")
    table.write("My secret", "Another secret")
    present(table)
    shown = said(table)
    assert "How might we rest?" in shown
    assert "Write  3/12" in shown
    assert "2 notes by 1 person" in shown
    assert "Have written: Ada" in shown
    assert "secret" not in shown


def test_it_names_the_phase_with_what_that_is_for_on_one_line_and_who_is_done_and_who_is_not(table: Table) -> None:
    table.begin()
    screen = present(table)
    name, purpose = (screen.findChild(QLabel, each) for each in ("phase", "purpose"))
    assert name.fontMetrics().descent() > purpose.fontMetrics().descent()
    lines = [
        each.geometry().bottom() - each.contentsMargins().bottom() - each.fontMetrics().descent()
        for each in (name, purpose)
    ]
    assert lines[0] == lines[1]
    assert "Not done yet: Ada" in said(table)
    table.draft.window.actions_["session_done"].trigger()
    assert "✓ Done: Ada" in said(table)
    assert "Not done yet" not in said(table)


def test_a_group_stands_farther_from_the_one_above_than_notes_from_each_other(qtbot: QtBot) -> None:
    notes = PresentedNotes()
    qtbot.addWidget(notes)
    one, two = (PresentedGroup(title, (PresentedNote("A note"), PresentedNote("Another"))) for title in "AB")
    notes.show_groups([one, two])
    (column,) = notes._columns(10 * notes._letter)
    blocks = [column.documentLayout().blockBoundingRect(block) for block in _blocks(column)]
    gaps = [below.top() - above.bottom() for above, below in itertools.pairwise(blocks)]
    assert gaps[2] > 1.5 * gaps[1] > 0


def test_it_says_no_number_before_it_is_known_how_much_lies_sealed(table: Table, monkeypatch) -> None:
    monkeypatch.setattr(KeptBox, "is_counted", lambda _box: False)
    id = table.begin()
    present(table)
    assert "No notes yet" not in said(table)
    table.brainstorm.sessions.change(id, is_revealed=True)
    table.go(Phase.RATE)
    table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", (Option("note:1", "one"),), session=id))
    assert "Which?" in said(table)
    assert "voted" not in said(table)


def test_what_people_are_to_write_about_stands_above_how_much_they_have_written(table: Table) -> None:
    id = table.begin(facilitator="Ada", prompts=("Who?", "What?"))
    table.write("My secret")
    screen = present(table)
    table.brainstorm.sessions.set_deadline(id, Deadline(table.brainstorm.now + 6 * MINUTE))
    said(table)
    shown = [label.text() for label in screen._body.findChildren(QLabel)]
    assert shown.index("Who?") < shown.index("1 note by 1 person")


def test_of_an_anonymous_session_it_names_nobody_who_has_written(table: Table) -> None:
    id = table.begin(is_anonymous=True)
    table.write("A thought")
    table.brainstorm.sessions.say_contributed(id, "Bo")
    present(table)
    assert "1 note by 1 person" in said(table)
    assert "Bo" not in said(table)
    assert "written" not in said(table)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_after_the_reveal_it_shows_the_notes_below_their_groups(table: Table, is_anonymous: bool) -> None:
    table.begin(Phase.GROUP, is_revealed=True, is_anonymous=is_anonymous)
    trees, benches = table.two_notes()
    table.brainstorm.board.change({trees: {"author": "Bo"}})
    table.brainstorm.board.group([trees], "Green", session=table.flow.session.id)
    present(table)
    assert "Green: Trees" in said(table)
    assert "In no group: Benches" in said(table)
    assert ("Trees, Bo" in said(table)) is not is_anonymous
    table.brainstorm.board.change({benches: {"text": "Long benches"}})
    assert "In no group: Long benches" in said(table)


def test_notes_stand_below_the_frames_of_the_board_in_which_they_lie(table: Table) -> None:
    table.begin(Phase.CLARIFY, is_revealed=True)
    trees, benches = table.two_notes()
    board = table.brainstorm.board
    board.add_frame("Stop", Place(1000, 0, 600, 600))
    board.add_frame("Start", Place(0, 0, 600, 600))
    board.change({trees: {"place": Place(1100, 100)}, benches: {"place": Place(100, 100)}})
    (fountain,) = board.add([Note("", "A fountain", Place(0, 2000), session=table.flow.session.id)])
    present(table)
    (shown,) = re.findall(r"Start.*(?:\n.*)*", said(table))
    assert shown.splitlines()[:3] == ["Start: Benches", "Stop: Trees", "In no frame: A fountain"]
    board.group([benches, fountain], "Rest", session=table.flow.session.id)
    (shown,) = re.findall(r"Start.*(?:\n.*)*", said(table))
    assert shown.splitlines()[:3] == ["Start · Rest: Benches", "Stop: Trees", "Rest: A fountain"]
    board.put_into("", [fountain])
    assert "In no frame or group: A fountain" in said(table)


def test_it_says_how_many_have_voted_and_after_that_what_came_of_it(table: Table) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, benches = table.two_notes()
    options = (Option(trees, "Trees"), Option(benches, "Benches"))
    poll = table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", options, budget=2, session=id))
    table.brainstorm.box.put_ballot(poll, Ballot({trees: 2}))
    present(table)
    assert "All 1 have voted" in said(table) or "1 has voted" in said(table)
    assert "Which?" in said(table)
    close_poll(table.brainstorm.polls, poll, [Ballot({trees: 2}, voter="Ada"), Ballot({benches: 2}, voter="Bo")])
    assert "2 dots from 1 person · far apart" in said(table)
    assert "“Trees” and “Benches” are level at the top." in said(table)

    table.go(Phase.DECIDE)
    table.brainstorm.decisions.add(Decision("", "?", outcome="We plant trees.", dissent="Bo: too slow", session=id))
    assert "We plant trees." in said(table)
    assert "Bo: too slow" in said(table)
    assert "2 dots" not in said(table)


def test_whoever_leads_goes_on_with_the_keys_of_a_presenter_and_leaves_with_esc(table: Table) -> None:
    table.begin(Phase.GROUP, is_revealed=True)
    screen = present(table)
    QTest.keyClick(screen, Qt.Key.Key_PageDown)
    QTest.keyClick(screen, Qt.Key.Key_Right)
    assert table.flow.session.phase is Phase.RATE
    QTest.keyClick(screen, Qt.Key.Key_PageUp)
    assert table.flow.session.phase is Phase.CLARIFY
    QTest.keyClick(screen, Qt.Key.Key_T)
    ends = table.flow.session.deadline.ends
    assert re.search(r"\b(10:00|09:5\d)\b", said(table))
    QTest.keyClick(screen, Qt.Key.Key_Plus)
    assert table.flow.session.deadline.ends == ends + 60_000
    QTest.keyClick(screen, Qt.Key.Key_T)
    assert table.flow.session.deadline is None
    screen.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # where all is mirrored the left key leads on
    QTest.keyClick(screen, Qt.Key.Key_Right)
    assert table.flow.session.phase is Phase.GROUP
    QTest.keyClick(screen, Qt.Key.Key_Left)
    assert table.flow.session.phase is Phase.CLARIFY
    keys = screen.findChildren(QShortcut)  # Qt lets no test hold a key: one that is held leads no further
    going_on = {each.key().toString() for each in keys if each.autoRepeat()}
    assert going_on & {"PgDown", "PgUp", "Right", "Left", "T", "Up"} == {"Up"}
    QTest.keyClick(screen, Qt.Key.Key_Escape)
    assert not screen.isVisible()
    assert table.flow.session.phase is Phase.CLARIFY
    assert table.flow.presenting.front is table.draft.window


def test_its_buttons_lead_no_further_than_there_are_phases_and_end_the_session_after_the_last(table: Table) -> None:
    table.begin(Phase.FRAME, is_revealed=True, phases=(Phase.FRAME, Phase.ACT))
    screen = present(table)
    steps = {each.text(): each for each in screen.findChildren(QPushButton)}
    assert not steps["Back"].isEnabled()
    assert (steps["Next"].isVisible(), steps["End…"].isVisible()) == (True, False)
    QTest.mouseClick(steps["Next"], Qt.MouseButton.LeftButton)
    table.flow.refresh()
    assert steps["Back"].isEnabled()
    assert (steps["Next"].isVisible(), steps["End…"].isVisible()) == (False, True)
    QTest.mouseClick(steps["End…"], Qt.MouseButton.LeftButton)
    assert "End the session?" in texts(table.flow.dialog)


def test_what_whoever_leads_is_asked_stands_on_the_screen_where_they_are_in_letters_as_everywhere(table: Table) -> None:
    table.begin(Phase.REVIEW, is_revealed=True)
    screen = present(table)
    screen.showNormal()
    screen.resize(560, 360)
    QTest.keyClick(screen, Qt.Key.Key_PageDown)
    assert table.flow.dialog.parentWidget() is screen
    usual = QFontInfo(QApplication.font()).pixelSize()
    (leave,) = [each for each in screen.findChildren(QPushButton) if each.text() == "Leave"]
    for each in (leave, table.flow.dialog):
        assert QFontInfo(each.font()).pixelSize() == usual
    table.answer("End")
    assert "The session is over" in said(table)


def test_whoever_does_not_lead_presents_and_moves_nobody(table: Table) -> None:
    table.begin(facilitator="Bo")
    screen = present(table)
    QTest.keyClick(screen, Qt.Key.Key_PageDown)
    assert table.flow.session.phase is Phase.WRITE
    assert "Next" not in said(table)


def test_it_says_that_it_is_offline_once_that_lasts_and_that_it_is_not(table: Table, monkeypatch) -> None:
    monkeypatch.setattr(DraftConnection, "is_apart", True)
    table.begin()
    present(table)
    assert APART not in said(table)
    table.flow.presenting._apart_soon.setInterval(0)
    table.desk.until(lambda: APART in said(table))
    monkeypatch.setattr(DraftConnection, "is_apart", False)
    assert APART not in said(table)


def test_what_could_not_be_revealed_is_said_there_and_what_came_late_of_whoever_presents_is_not(
    table: Table, monkeypatch
) -> None:
    id = table.begin()
    present(table)
    monkeypatch.setattr(table.brainstorm.box, "problem", lambda _box: "The server has no room for the notes.")
    assert "The server has no room for the notes." in said(table)
    monkeypatch.setattr(table.brainstorm.box, "problem", lambda _box: "The notes were revealed before yours.")
    table.brainstorm.box.reveal(id)
    assert "The notes were revealed before yours." not in said(table)


def test_what_comes_into_the_window_behind_it_is_said_there_without_what_is_not_for_the_room(table: Table) -> None:
    table.begin()
    present(table)
    table.draft.say("session", "information", "Bo has just taken the group to Reveal.")
    assert "Bo has just taken the group to Reveal." in said(table)
    table.flow.presenting._read.timeout.emit()
    assert "Bo has just taken" not in said(table)
    table.draft.say("mentioned", "information", "Bo mentions you: “What a fool”")
    table.draft.say("disk", "problem", "“/home/ada/secret plan.cowrite” cannot be written.")
    assert "fool" not in said(table)
    assert "secret" not in said(table)
    assert BEHIND in said(table)
    table.draft.window.notices.remove("mentioned")  # of which nothing is said there
    assert BEHIND in said(table)
    table.draft.window.notices.remove("disk")
    assert BEHIND not in said(table)
    table.draft.say("disk", "problem", "“/home/ada/secret plan.cowrite” cannot be written.")
    assert BEHIND in said(table)
    table.draft.say("session", "information", "Bo leads this session now.")
    assert f"{BEHIND} Bo leads this session now." in said(table)
    table.draft.window.notices.remove("session")
    assert BEHIND in said(table)  # which waits still
    table.flow.presenting.end()  # and has seen it
    present(table)
    assert BEHIND not in said(table)


def test_what_others_do_leaves_the_room_where_it_reads(table: Table) -> None:
    id = table.begin(Phase.GROUP, is_revealed=True)
    notes = list(table.brainstorm.board.add(Note("", f"Note {at}", Place(0, 0), session=id) for at in range(200)))
    screen = present(table)
    screen.showNormal()
    screen.resize(500, 400)
    (bar,) = [each for each in screen.findChildren(QScrollBar) if each.maximum()]
    bar.setValue(bar.maximum() // 2)
    at = bar.value()
    (shown,) = screen.findChildren(PresentedNotes)
    table.flow.say_done(True)
    assert "✓ Done: Ada" in said(table)
    assert shown in screen.findChildren(PresentedNotes)  # a thousand notes are long to lay out
    assert bar.value() == at > 0
    table.brainstorm.board.change({notes[0]: {"text": "Another"}})
    assert "Another" in said(table)
    assert bar.value() == at


def test_the_keyboard_stays_on_a_result_when_somebody_is_done(table: Table) -> None:
    id = table.begin(Phase.RATE, is_revealed=True)
    trees, _benches = table.two_notes()
    poll = table.brainstorm.polls.open(
        Poll("", PollKind.DOTS, "Which?", (Option(trees, "Trees"),), budget=2, session=id)
    )
    close_poll(table.brainstorm.polls, poll, [Ballot({trees: 2})])
    screen = present(table)
    (result,) = screen.findChildren(ResultBar)
    result.setFocus()
    table.flow.say_done(True)
    assert "✓ Done: Ada" in said(table)
    assert screen.focusWidget() is result


def test_it_says_so_where_the_group_has_come_to_nothing_yet(table: Table) -> None:
    table.begin(Phase.ACT, is_revealed=True)
    present(table)
    assert "There are no actions yet." in said(table)
    table.go(Phase.REVIEW)
    assert "No decision has been made." in said(table)


def test_it_leaves_the_screen_when_the_document_is_closed(table: Table) -> None:
    table.begin()
    screen = present(table)
    gone = []
    screen.destroyed.connect(lambda: gone.append(True))
    table.draft.window.close()
    table.desk.until(lambda: gone)


def test_without_a_session_there_is_nothing_to_present(table: Table) -> None:
    assert not table.draft.window.actions_["session_present"].isEnabled()
    _ = table.flow
    assert not table.draft.window.actions_["session_present"].isEnabled()


def test_it_is_shown_on_the_screen_that_the_person_does_not_use() -> None:
    mine, projector = object(), object()
    assert other_screen(mine, [mine, projector]) is projector
    assert other_screen(projector, [mine, projector]) is mine
    assert other_screen(mine, [mine]) is mine


def test_columns_become_about_equally_high_and_a_group_stays_whole_where_it_has_room() -> None:
    assert columns_of([[1, 1, 1], [1, 1], [1]], 2) == [0, 0, 0, 1, 1, 1]
    assert columns_of([[1] * 6], 3) == [0, 0, 1, 1, 2, 2]
    assert columns_of([[1, 1], [1, 1, 1], [1, 1, 1]], 2) == [0, 0, 1, 1, 1, 1, 1, 1]
    assert columns_of([[1] * 5, [1] * 4, [1] * 7], 2) == [0] * 9 + [1] * 7
    assert columns_of([[1]], 1) == [0]
    assert columns_of([], 1) == []


def test_a_title_stands_above_its_first_note(qtbot: QtBot) -> None:
    notes = PresentedNotes()
    qtbot.addWidget(notes)
    trees, water = PresentedNote("Trees"), PresentedNote("Water")
    notes.show_groups([PresentedGroup("Green", (trees,) * 3), PresentedGroup("Blue", (water,) * 5)])
    notes.resize(3 * COLUMN * notes.fontInfo().pixelSize(), 400)
    shown = [column.toPlainText().split("\n") for column in notes._columns(notes.width())]
    assert len(shown) == 2
    assert not [lines for lines in shown if lines[-1] in ("Green", "Blue")]
