"""The session bar: where the group is, how long for, who is done; it moves nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from cowrite.core.sessions.sessions import DEFAULTS, Phase
from cowrite.gui.look.theme import named, stylesheet
from cowrite.gui.session.countdown import Countdown, left_in_words
from cowrite.gui.session.phase_words import PHASES
from cowrite.gui.session.session_bar import SessionBar
from cowrite.gui.session.values import BarShown, PhaseRow
from helpers.called import the
from helpers.drafts import Clock
from helpers.letters import set_letters

ROWS = tuple(PhaseRow(phase, DEFAULTS[phase].minutes, phase is Phase.GROUP) for phase in Phase)
SHOWN = BarShown("How?", Phase.GROUP, ROWS, Phase.GROUP, facilitator="Ada", people=("Bo",), present=5)


@pytest.fixture
def bar(qtbot: QtBot, clock: Clock) -> SessionBar:
    bar = SessionBar(clock, QAction(), QAction("Present"))
    qtbot.addWidget(bar)
    bar.resize(1200, 60)
    bar.show_bar(SHOWN)
    bar.show()
    return bar


def button(widget, name: str) -> QAbstractButton:
    return the(widget, QAbstractButton, name)


def text(widget, name: str) -> str:
    (found,) = [each for each in widget.findChildren(QLabel) if each.accessibleDescription() == name]
    return found.text() if found.isVisible() else ""


def choose(menu: QMenu, words: str) -> None:
    (found,) = [each for each in menu.actions() if each.text().replace("&", "") == words]
    found.trigger()


def phases(bar: SessionBar) -> QMenu:
    return button(bar, "The group is at Group, 6 of 12").menu()


def more(bar: SessionBar) -> QMenu:
    return button(bar, "More about this session").menu()


def test_it_says_where_the_group_is_and_what_for(bar: SessionBar) -> None:
    assert button(bar, "The group is at Group, 6 of 12").text() == "Group 6/12"
    assert text(bar, "What this phase is for") == "Put together what belongs together"
    assert button(bar, "The group is at Group, 6 of 12").toolTip().startswith("How?\n")


def test_its_menu_presents_the_session_also_once_it_was_filled_anew(bar: SessionBar) -> None:
    bar.show_bar(replace(SHOWN, facilitator="Bo"))
    assert "Present" in [action.text() for action in more(bar).actions()]


def test_where_a_group_goes_back_to_write_nobody_is_promised_that_notes_lie_sealed(bar: SessionBar) -> None:
    bar.show_bar(replace(SHOWN, phase=Phase.WRITE))
    assert text(bar, "What this phase is for") == "Write alone; the others see your notes at the reveal"
    bar.show_bar(replace(SHOWN, phase=Phase.WRITE, is_revealed=True))
    assert text(bar, "What this phase is for") == "Keep writing; the others see your notes right away"


def test_a_phase_is_looked_at_freely_and_the_group_stays(bar: SessionBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.move_wanted), qtbot.waitSignal(bar.look_wanted) as asked:
        choose(phases(bar), "Rate  ·  3 min")
    assert asked.args == [Phase.RATE]


def test_whoever_leads_takes_the_group_on_and_back(bar: SessionBar, qtbot: QtBot) -> None:
    told = []
    bar.step_wanted.connect(told.append)
    button(bar, "Next").click()
    button(bar, "Back").click()
    assert told == [1, -1]
    bar.show_bar(replace(SHOWN, phase=Phase.REVIEW))
    assert not button(bar, "Next").isVisible()
    with qtbot.waitSignal(bar.end_wanted):
        button(bar, "End").click()


def test_the_others_have_no_back_and_next_and_can_take_over_once_the_leader_is_gone(
    bar: SessionBar, qtbot: QtBot
) -> None:
    bar.show_bar(replace(SHOWN, may_lead=False))
    assert not button(bar, "Next").isVisible()
    bar.show_bar(replace(SHOWN, may_lead=False, phase=Phase.REVIEW))
    assert not button(bar, "End").isVisible()
    assert not button(bar, "Take over").isVisible()
    bar.show_bar(replace(SHOWN, may_lead=False, may_take_over=True))
    assert text(bar, "Where the group is") == "Ada leads this session and is not here."
    with qtbot.waitSignal(bar.taken_over):
        button(bar, "Take over").click()


def test_the_lead_is_passed_on_by_name(bar: SessionBar, qtbot: QtBot) -> None:
    (passing,) = [action.menu() for action in more(bar).actions() if action.menu()]
    with qtbot.waitSignal(bar.passed) as told:
        choose(passing, "Bo")
    assert told.args == ["Bo"]


def test_a_name_with_an_ampersand_is_whole_in_the_menu(bar: SessionBar) -> None:
    bar.show_bar(replace(SHOWN, may_lead=True, facilitator="Ada & Bo", people=("Cy & Di",)))
    (passing,) = [action.menu() for action in more(bar).actions() if action.menu()]
    assert more(bar).actions()[0].text() == "Ada && Bo leads"
    assert passing.actions()[0].text() == "Cy && Di"


def test_showing_it_again_leaves_no_menu_behind(bar: SessionBar) -> None:
    menus = len(bar.findChildren(QMenu))
    bar.show_bar(replace(SHOWN, people=("Cy", "Di")))
    assert len(bar.findChildren(QMenu)) == menus
    (passing,) = [action.menu() for action in more(bar).actions() if action.menu()]
    assert [action.text() for action in passing.actions()] == ["Cy", "Di", "&Everybody"]


def test_where_the_group_has_gone_is_an_offer(bar: SessionBar, qtbot: QtBot) -> None:
    bar.show_bar(replace(SHOWN, looks_at=Phase.WRITE, is_away=True))
    assert text(bar, "Where the group is") == "The group is at Group; you are at Write."
    with qtbot.waitSignal(bar.go_wanted):
        button(bar, "The group is at Group — go there").click()
    with qtbot.waitSignal(bar.move_wanted) as told:
        button(bar, "Take the group here").click()
    assert told.args == [Phase.WRITE]


def test_who_is_done_is_said_by_name(bar: SessionBar, qtbot: QtBot) -> None:
    bar.show_bar(replace(SHOWN, done=("Ada", "Cy"), counts="5 people, 23 notes sealed"))
    assert text(bar, "Who is done") == "✓ 2 of 5"
    assert text(bar, "What lies sealed") == "5 people, 23 notes sealed"
    (ticks,) = [each for each in bar.findChildren(QLabel) if each.accessibleDescription() == "Who is done"]
    assert ticks.toolTip() == "Done: Ada, Cy"
    with qtbot.waitSignal(bar.done) as told:
        button(bar, "I’m done").click()
    assert told.args == [True]


def test_a_narrow_bar_keeps_phase_timer_done_and_next(bar: SessionBar) -> None:
    bar.show_bar(replace(SHOWN, done=("Ada",), counts="5 people, 23 notes sealed"))
    bar.resize(420, 60)
    QApplication.processEvents()
    for name in ("The group is at Group, 6 of 12", "I’m done", "Next", "More about this session"):
        assert button(bar, name).isVisible(), name
    assert text(bar, "What lies sealed") == ""
    bar.resize(1200, 60)
    assert text(bar, "What lies sealed") == "5 people, 23 notes sealed"


def test_the_arrow_of_a_menu_does_not_stand_over_its_text(bar: SessionBar) -> None:
    bar.setStyleSheet(stylesheet(named("light")))
    for found in bar.findChildren(QToolButton):
        if found.text():
            needed = found.fontMetrics().horizontalAdvance(found.text())
            assert found.sizeHint().width() >= needed + 30, found.text()


@pytest.mark.parametrize(
    ("left", "words"),
    [(272_000, "04:32"), (1, "00:01"), (0, "+00:00"), (-12_400, "+00:12"), (3_872_000, "1:04:32")],
)
def test_time_is_told_from_a_deadline(left: int, words: str) -> None:
    assert left_in_words(10_000_000 + left, 10_000_000) == words


def test_a_deadline_that_is_days_away_is_told_as_day_and_hour(countdown: Countdown, clock: Clock) -> None:
    moment, days = 1_795_600_000_000, 600_000_000
    assert left_in_words(moment, moment - days).startswith("until ")
    assert left_in_words(moment, moment + days).startswith("over since ")
    clock.now = moment + days
    countdown.show_deadline(moment, 5)
    assert countdown.text().startswith("over since ")
    assert countdown.toolTip().startswith("The time is over;")
    assert countdown.property("tone") == "over"


@pytest.fixture
def sound() -> QAction:
    sound = QAction("Sound")
    sound.setCheckable(True)
    return sound


@pytest.fixture
def countdown(qtbot: QtBot, clock: Clock, sound: QAction) -> Countdown:
    countdown = Countdown(clock, sound)
    qtbot.addWidget(countdown)
    countdown.show()
    return countdown


def test_a_timer_is_started_for_the_phases_minutes_and_prolonged(countdown: Countdown, qtbot: QtBot) -> None:
    countdown.show_deadline(0, 6)
    assert countdown.text() == "Timer (6 min)"
    with qtbot.waitSignal(countdown.start_wanted) as told:
        choose(countdown.menu(), "Start 6 min")
    assert told.args == [6]
    countdown.show_deadline(60_000, 6)
    with qtbot.waitSignal(countdown.more_wanted):
        choose(countdown.menu(), "One minute more")
    with qtbot.waitSignal(countdown.stop_wanted):
        choose(countdown.menu(), "Stop")


def test_the_clock_and_not_a_count_says_what_is_left(countdown: Countdown, clock: Clock, qtbot: QtBot) -> None:
    countdown.show_deadline(61_001, 6)
    assert countdown.text() == "01:01"
    clock.now += 60_000  # the computer slept
    qtbot.waitUntil(lambda: countdown.text() == "00:01")
    clock.now += 4000
    qtbot.waitUntil(lambda: countdown.text() == "+00:03")
    assert countdown.property("tone") == "over"


def test_it_is_silent_unless_one_wants_a_sound_and_then_rings_once(
    countdown: Countdown, sound: QAction, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung, pointed_at = [], []
    monkeypatch.setattr(QApplication, "beep", lambda: rung.append(1))
    monkeypatch.setattr(QApplication, "alert", pointed_at.append)
    countdown.show_deadline(1000, 1)
    clock.now = 1000
    countdown.show_time()
    assert rung == []
    assert pointed_at == [countdown.window()]
    choose(countdown.menu(), sound.text())
    countdown.show_deadline(3000, 1)
    clock.now = 3000
    countdown.show_time()
    countdown.show_time()
    assert rung == [1]


def test_that_a_minute_is_left_and_that_the_time_is_over_is_read_out_once_and_no_second_of_it(
    countdown: Countdown, clock: Clock, heard: list[str], qtbot: QtBot
) -> None:
    countdown.show_deadline(120_000, 2)
    for now in (30_000, 60_000, 61_000, 120_000, 121_000):
        clock.now = now
        countdown.show_time()
    assert heard == ["One minute left", "The time is over; you can go on"]
    countdown.show_deadline(240_000, 2)
    countdown.show()
    countdown.activateWindow()
    countdown.setFocus()
    qtbot.waitUntil(countdown.hasFocus)
    named = countdown.accessibleName()
    clock.now = 122_000
    countdown.show_time()
    assert countdown.accessibleName() == named


def test_where_the_group_goes_and_that_one_is_done_is_read_out_to_whoever_writes(bar: SessionBar, heard) -> None:
    bar.show_bar(replace(SHOWN, is_done=True, may_write=True))
    bar.show_bar(replace(SHOWN, may_write=True))
    bar.show_bar(replace(SHOWN, phase=Phase.CLARIFY, looks_at=Phase.CLARIFY))
    bar.show_bar(replace(SHOWN, is_away=True, looks_at=Phase.CLARIFY))
    phases = [row.phase for row in ROWS]
    place = f"{phases.index(Phase.CLARIFY) + 1} of {len(phases)}"
    assert heard == [
        "You are done", "You are no longer done",
        f"The group is at Clarify, {place}. {PHASES[Phase.CLARIFY].purpose}",
        "The group is at Group; you are at Clarify.",
    ]  # fmt: skip


def test_that_whoever_leads_is_gone_is_said_beside_where_the_group_is(bar: SessionBar) -> None:
    bar.show_bar(replace(SHOWN, may_lead=False, may_take_over=True, is_away=True))
    assert text(bar, "Where the group is") == "The group is at Group. Ada leads this session and is not here."


def test_whoever_is_at_the_draft_reads_what_is_asked_behind_what_they_can_do(bar: SessionBar) -> None:
    shown = replace(SHOWN, may_lead=False, is_away=True, is_at_draft=True)
    bar.show_bar(replace(shown, may_take_over=True))
    why = "The group is at Group. Ada leads this session and is not here."
    assert text(bar, "Where the group is") == f"{why} Ada asks: “How?”"
    bar.show_bar(replace(shown, facilitator=""))  # to a reader; everybody else leads
    assert text(bar, "Where the group is") == "The group is at Group. The question is: “How?”"


def test_what_a_phase_is_for_is_shown_in_few_whole_words_where_there_is_no_room_for_all(bar: SessionBar, heard) -> None:
    bar.resize(640, 60)
    bar.show_bar(replace(SHOWN, phase=Phase.WRITE, looks_at=Phase.WRITE, may_lead=False))
    purpose = the(bar, QLabel, "What this phase is for")
    assert purpose.text() == "Write alone"
    assert purpose.toolTip() == PHASES[Phase.WRITE].purpose
    assert heard == [f"The group is at Write, 3 of 12. {PHASES[Phase.WRITE].purpose}"]
    bar.resize(1400, 60)
    assert purpose.text() == PHASES[Phase.WRITE].purpose


def test_in_a_narrow_bar_being_done_is_said_in_fewer_words_and_not_cut(bar: SessionBar) -> None:
    set_letters(bar, 20)
    bar.resize(320, 60)
    done = button(bar, "I’m done")
    assert done.text() == "Done"
    bar.resize(1400, 60)
    assert done.text() == "I’m done"
