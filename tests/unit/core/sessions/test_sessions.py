"""Sessions: soft phases, deadlines, who is done and what was seen."""

from __future__ import annotations

from itertools import count
from random import Random

import pytest

from cowrite.core.document.document import Document
from cowrite.core.sessions.polls import MOST_BALLOTS, MOST_CRITERIA, MOST_OPTIONS, Ballot, Poll, PollKind, Polls
from cowrite.core.sessions.sessions import (
    DEFAULTS,
    MOST_PROMPTS,
    VARIANTS,
    Deadline,
    Move,
    Phase,
    Session,
    Sessions,
    Worth,
)


@pytest.fixture
def sessions(document: Document) -> Sessions:
    clock = count(1000)
    return Sessions(document, chance=Random(1), clock=lambda: next(clock))


def test_a_session_comes_back_as_it_was_begun(sessions):
    whole = Session("session:1", "How might we?", "cheap", "consent", "Ada", True, VARIANTS["quick"], Phase.WRITE,
                    "Bo", None, "hmw", False, False, 7, {Phase.WRITE: 8}, ("What if?",), ("Effort",), 9)  # fmt: skip
    sessions.begin(whole)

    assert sessions.all() == [whole]


def test_what_is_begun_later_comes_later_though_the_clock_of_its_computer_is_slow(document: Document):
    clock = iter((9000, 9000, 50, 60))
    parts = {"chance": Random(1), "clock": lambda: next(clock)}
    sessions, polls = Sessions(document, **parts), Polls(document, **parts)
    first, asked = sessions.begin(Session("", "?")), polls.open(Poll("", PollKind.DOTS, "?", ()))
    second, again = sessions.begin(Session("", "?")), polls.open(Poll("", PollKind.DOTS, "?", ()))

    assert [session.id for session in sessions.all()] == [first, second]
    assert [poll.id for poll in polls.all()] == [asked, again]


def test_a_deadline_ends_with_its_phase(sessions):
    id = sessions.begin(Session("", "?"))
    sessions.set_deadline(id, Deadline(5000, 9000))
    assert sessions.get(id).deadline == Deadline(5000, 9000)

    sessions.go_to(id, Phase.WRITE)
    assert sessions.get(id).deadline is None


def test_a_step_says_who_took_it_and_from_where(document: Document, sessions):
    id = sessions.begin(Session("", "?"))
    assert sessions.get(id).moved is None
    sessions.go_to(id, Phase.WRITE, "Ada")
    assert sessions.get(id).moved == Move("Ada", Phase.FRAME, Phase.WRITE, 1)

    for nonsense in (7, {}, {"before": ["write"], "to": {}}, {"before": "write", "to": "party"}):
        document.entries("board").change(id, {"moved": nonsense})
        assert sessions.get(id).moved is None


def test_names_in_a_session_turn_no_words_beside_them_and_begin_no_line(sessions):
    id = sessions.begin(Session("", "?", decider="\u202eoB", facilitator="Ada\n\nLovelace"))
    sessions.go_to(id, Phase.WRITE, "C\u2067y")
    session = sessions.get(id)
    assert (session.decider, session.facilitator, session.moved.by) == ("oB", "Ada Lovelace", "Cy")
    assert Ballot.of_json({"voter": "\u202eoB "}).voter == "oB"


def test_a_deadline_goes_by_the_servers_clock_where_both_know_it_and_by_ones_own_otherwise():
    by_both = Deadline(5000, 9000)
    assert [by_both.ends_here(ahead) for ahead in (4000, -500, None)] == [5000, 9500, 5000]
    assert Deadline(5000).ends_here(4000) == 5000


def test_only_what_is_written_before_the_reveal_is_sealed(sessions):
    id = sessions.begin(Session("", "?", phase=Phase.WRITE))
    assert sessions.get(id).seals

    sessions.change(id, is_revealed=True)
    session = sessions.get(id)
    assert not session.seals
    assert session.is_late


def test_notes_of_the_build_phase_are_not_late(sessions):
    assert not Session("session:1", "?", phase=Phase.BUILD, is_revealed=True).is_late
    assert Session("session:1", "?", phase=Phase.GROUP, is_revealed=True).is_late


def test_phases_can_be_in_another_order(sessions):
    id = sessions.begin(Session("", "?"))
    sessions.change(id, phases=(Phase.DECIDE, Phase.WRITE))

    assert sessions.get(id).phases == (Phase.DECIDE, Phase.WRITE)


def test_who_is_done_is_said_by_name_and_can_be_taken_back(sessions):
    id = sessions.begin(Session("", "?"))
    sessions.say_done(id, Phase.WRITE, "Bo", True)
    sessions.say_done(id, Phase.WRITE, "Ada", True)
    sessions.say_done(id, Phase.GROUP, "Cy", True)
    assert sessions.done(id, Phase.WRITE) == ["Ada", "Bo"]

    sessions.say_done(id, Phase.WRITE, "Bo", False)
    assert sessions.done(id, Phase.WRITE) == ["Ada"]


def test_each_says_once_whether_it_was_worth_the_time_and_can_think_otherwise(document, sessions):
    id = sessions.begin(Session("", "?"))
    sessions.say_worth(id, "Bo", Worth.NO)
    sessions.say_worth(id, "Ada", Worth.PARTLY)
    sessions.say_worth(id, "Bo", Worth.YES)
    document.entries("board").add(f"worth:{id.removeprefix('session:')}:Cy", {"name": "Cy", "worth": ["yes"]})

    assert sessions.worth(id) == {"Ada": Worth.PARTLY, "Bo": Worth.YES}


def test_coverage_knows_who_has_opened_which_note(sessions):
    sessions.say_seen(["note:1", "note:2"], "Ada")
    sessions.say_seen(["note:2"], "Bo")

    assert sessions.seen() == {"note:1": {"Ada"}, "note:2": {"Ada", "Bo"}}


def test_what_a_stranger_wrote_does_not_break_a_session(document, sessions):
    document.entries("board").add("session:x", {"phases": [{}, "write", 5], "phase": ["?"], "deadline": [1]})

    (session,) = sessions.all()
    assert (session.phases, session.phase, session.deadline) == ((Phase.WRITE,), Phase.FRAME, None)


def test_the_silent_phases_keep_the_model_out():
    assert {phase for phase, defaults in DEFAULTS.items() if defaults.is_silent} == {Phase.WRITE, Phase.RATE}


def test_a_session_can_have_other_minutes_than_its_phases_suggest():
    session = Session("session:1", "?", minutes={Phase.WRITE: 15})
    assert session.minutes_for(Phase.WRITE) == 15
    assert session.minutes_for(Phase.GROUP) == DEFAULTS[Phase.GROUP].minutes


def test_it_is_known_who_has_handed_something_in_and_once(sessions):
    id = sessions.begin(Session("", "?"))
    for name in ("Bo", "Ada", "Bo"):
        sessions.say_contributed(id, name)
    assert sessions.contributed(id) == ["Ada", "Bo"]


def test_undo_on_the_board_never_takes_a_session_back(document, sessions):
    id = sessions.begin(Session("", "?", phase=Phase.WRITE))
    sessions.go_to(id, Phase.GROUP)
    sessions.set_deadline(id, Deadline(5000))
    sessions.say_done(id, Phase.GROUP, "Ada", True)
    assert not document.entries("board").steps.can_undo()


def test_what_is_written_after_an_agreed_day_is_late_though_it_is_sealed():
    session = Session("session:1", "?", phase=Phase.WRITE, writes_until=1000)
    assert not session.is_late_at(1000)
    assert session.is_late_at(1001)
    assert not Session("session:1", "?", phase=Phase.WRITE).is_late_at(1001)


def test_of_what_a_stranger_piled_up_no_more_is_read_than_people_can_weigh(document, sessions):
    many = [f"{number}" for number in range(3_000)]
    entries = document.entries("board")
    entries.add("session:x", {"question": "Which?", "prompts": many, "criteria": many})
    options = [{"id": f"note:{each}", "text": each} for each in many]
    ballots = [{"voter": each} for each in many]
    entries.add("poll:x", {"kind": "ranked", "options": options, "criteria": many, "ballots": ballots})
    session = sessions.get("session:x")
    poll = Polls(document, chance=Random(1), clock=lambda: 0).get("poll:x")

    assert (len(session.prompts), len(session.criteria)) == (MOST_PROMPTS, MOST_CRITERIA)
    assert (len(poll.options), len(poll.criteria), len(poll.ballots)) == (MOST_OPTIONS, MOST_CRITERIA, MOST_BALLOTS)
