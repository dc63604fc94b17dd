"""Brainstorm: what a person writes lies sealed or is on the board, and its acts can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.model_notes import put_model_notes
from cowrite.core.decisions.decisions import Decision
from cowrite.core.document.assists import AssistRecord
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.sessions import Phase, Session

AT = Place(0, 0)


def texts(brainstorm: Brainstorm) -> list[str]:
    return [note.text for note in brainstorm.visibility.notes()]


def test_a_note_outside_a_session_is_on_the_board_with_its_author(brainstorm):
    (id,) = brainstorm.write([Note("", "one", AT)])
    note = brainstorm.board.note(id)
    assert (note.text, note.author, note.session, note.is_sealed) == ("one", "Ada", "", False)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_whoever_adopts_a_note_is_named_but_not_in_a_session_without_names(brainstorm, is_anonymous):
    session = brainstorm.sessions.begin(Session("", "?", is_anonymous=is_anonymous))
    (id,) = brainstorm.board.add([Note("", "one", AT, hand=Hand.MODEL, session=session)])
    assert brainstorm.adopt([id]) == [id]
    assert brainstorm.board.note(id).author == ("" if is_anonymous else "Ada")


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_whoever_rewords_a_note_of_the_model_adopts_it_and_one_undo_takes_both_back(brainstorm, is_anonymous):
    session = brainstorm.sessions.begin(Session("", "?", is_anonymous=is_anonymous))
    (id,) = put_model_notes(brainstorm, [("one", "a lens")], AssistRecord("r1", model="Large"))
    before = brainstorm.board.note(id)
    brainstorm.change({id: {"colour": "blue"}})
    assert brainstorm.board.note(id).hand is Hand.MODEL
    brainstorm.change({id: {"text": "one and two"}})
    note = brainstorm.board.note(id)
    assert (note.text, note.hand, note.author) == ("one and two", Hand.ADOPTED, "" if is_anonymous else "Ada")
    assert (note.model_text, note.session) == ("one", session)
    brainstorm.undo()
    assert brainstorm.board.note(id) == replace(before, colour="blue")


def test_notes_that_are_written_at_once_keep_their_order(brainstorm):
    brainstorm.clock = lambda: 1000
    words = [str(number) for number in range(20)]
    brainstorm.write(Note("", word, AT) for word in words)

    assert texts(brainstorm) == words


def test_a_note_in_the_silent_phase_is_seen_by_its_author_and_not_in_the_document(brainstorm):
    session = brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    (id,) = brainstorm.write([Note("", "one", AT)])

    (note,) = brainstorm.visibility.notes()
    assert (note.id, note.text, note.is_sealed, note.session, note.phase) == (id, "one", True, session, "write")
    assert brainstorm.visibility.note(id) == note
    assert brainstorm.visibility.published() == []
    assert b"one" not in brainstorm.document.state()


def test_a_sealed_note_is_changed_and_removed_where_it_lies(brainstorm):
    brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    one, two = brainstorm.write([Note("", "one", AT), Note("", "two", AT)])
    brainstorm.change({one: {"text": "uno", "place": Place(5, 5)}})
    brainstorm.remove([two])

    assert [(note.text, note.place) for note in brainstorm.visibility.notes()] == [("uno", Place(5, 5))]
    assert brainstorm.visibility.published() == []


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_whoever_rewords_or_adopts_a_sealed_copy_of_the_models_idea_makes_it_their_own(brainstorm, is_anonymous):
    put_model_notes(brainstorm, [("one", "a lens")], AssistRecord("r1", model="Large"))
    (idea,) = brainstorm.visibility.notes()
    brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE, is_anonymous=is_anonymous))
    one, two = brainstorm.write([replace(idea, id=""), replace(idea, id="")])
    assert [brainstorm.visibility.note(id).hand for id in (one, two)] == [Hand.MODEL] * 2

    brainstorm.change({one: {"text": "one and more"}})
    assert brainstorm.adopt([one, two]) == [two]

    for id, words in ((one, "one and more"), (two, "one")):
        note = brainstorm.visibility.note(id)
        assert (note.text, note.hand, note.model_text) == (words, Hand.ADOPTED, "one")
        assert (note.is_sealed, note.author) == (True, "" if is_anonymous else "Ada")
    brainstorm.undo()
    brainstorm.undo()
    assert [brainstorm.visibility.note(id).hand for id in (one, two)] == [Hand.MODEL] * 2


def test_a_revealed_note_is_shown_once_and_can_be_undone_no_more_than_by_its_own_acts(brainstorm):
    session = brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    brainstorm.write([Note("", "one", AT)])
    brainstorm.box.reveal(session)

    assert texts(brainstorm) == ["one"]
    assert not brainstorm.visibility.notes()[0].is_sealed
    assert brainstorm.sessions.get(session).is_revealed


def test_what_is_written_after_the_reveal_is_on_the_board_and_marked_late(brainstorm):
    session = brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    brainstorm.box.reveal(session)
    (id,) = brainstorm.write([Note("", "late", AT)])
    assert brainstorm.board.note(id).is_late


def test_a_note_of_an_anonymous_session_names_nobody(brainstorm):
    session = brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE, is_anonymous=True))
    (id,) = brainstorm.write([Note("", "one", AT, author="Ada")])
    assert brainstorm.visibility.note(id).author == ""
    brainstorm.box.reveal(session)
    (late,) = brainstorm.write([Note("", "two", AT)])
    assert brainstorm.board.note(late).author == ""


def test_what_was_begun_in_a_session_that_is_over_meanwhile_is_a_late_note_of_it(brainstorm):
    id = brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    brainstorm.sessions.change(id, is_over=True)
    (written,) = brainstorm.write([Note("", "late", AT, session=id)])
    note = brainstorm.board.note(written)
    assert (note.session, note.is_late) == (id, True)


def test_what_was_begun_in_a_nameless_session_names_nobody_though_a_named_one_is_in_front_by_now(brainstorm):
    nameless = brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE, is_anonymous=True))
    (first,) = brainstorm.write([Note("", "sealed", AT)])
    brainstorm.sessions.begin(Session("", "How?", phase=Phase.WRITE))
    assert brainstorm.visibility.note(first).text == "sealed"
    brainstorm.write([Note("", "in time", AT, session=nameless)])
    brainstorm.sessions.change(nameless, is_over=True)
    brainstorm.write([Note("", "late", AT, session=nameless)])
    brainstorm.box.reveal(nameless)
    revealed = {note.text: (note.session, note.author) for note in brainstorm.board.notes()}
    assert revealed == dict.fromkeys(("sealed", "in time", "late"), (nameless, ""))


def test_undo_takes_back_the_newest_act_wherever_it_was_and_redo_brings_it_back(brainstorm):
    brainstorm.write([Note("", "one", AT)])
    decision = brainstorm.decisions.add(Decision("", "Which?"))
    brainstorm.write([Note("", "two", AT)])

    brainstorm.undo()
    assert texts(brainstorm) == ["one"]
    assert brainstorm.decisions.get(decision)
    brainstorm.undo()
    assert brainstorm.decisions.get(decision) is None
    assert texts(brainstorm) == ["one"]
    brainstorm.undo()
    assert texts(brainstorm) == []
    assert not brainstorm.can_undo()

    brainstorm.redo()
    brainstorm.redo()
    assert texts(brainstorm) == ["one"]
    assert brainstorm.decisions.get(decision)
    brainstorm.redo()
    assert texts(brainstorm) == ["one", "two"]


def test_undo_in_the_silent_phase_is_of_the_sealed_notes_and_leaves_the_board_alone(brainstorm):
    brainstorm.write([Note("", "old", AT)])
    brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    told: list[bool] = []
    brainstorm.observe(lambda _ids: told.append(brainstorm.can_undo()))
    (id,) = brainstorm.write([Note("", "one", AT)])
    brainstorm.change({id: {"text": "uno"}})
    brainstorm.remove([id])
    assert texts(brainstorm) == ["old"]

    seen = []
    for _ in range(3):
        brainstorm.undo()
        seen.append(texts(brainstorm))
    assert seen == [["old", "uno"], ["old", "one"], ["old"]]
    for _ in range(3):
        brainstorm.redo()
    assert texts(brainstorm) == ["old"]
    brainstorm.undo()
    assert texts(brainstorm) == ["old", "uno"]
    assert all(told)
    assert b"uno" not in brainstorm.document.state()


def test_what_was_sealed_is_not_taken_back_any_more_once_it_is_revealed(brainstorm):
    session = brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    brainstorm.write([Note("", "one", AT)])
    brainstorm.box.reveal(session)
    assert texts(brainstorm) == ["one"]

    while brainstorm.can_undo():
        brainstorm.undo()
    assert brainstorm.box.notes(session) == []


def test_undo_leaves_what_a_teammate_did_later(brainstorm):
    (id,) = brainstorm.write([Note("", "one", AT)])
    mate = MendedDocument(clock=lambda: 0)
    mate.apply_update(brainstorm.document.state())
    before = mate.state_vector()
    mate.entries("board").change(id, {"colour": "blue"})
    brainstorm.change({id: {"text": "uno"}})
    brainstorm.document.apply_remote(mate.update_since(before))

    brainstorm.undo()
    note = brainstorm.board.note(id)
    assert (note.text, note.colour) == ("one", "blue")


def test_whoever_observes_hears_of_the_board_the_decisions_and_the_box(brainstorm):
    heard: list[frozenset[str]] = []
    end = brainstorm.observe(heard.append)
    (note,) = brainstorm.write([Note("", "one", AT)])
    decision = brainstorm.decisions.add(Decision("", "Which?"))
    session = brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE))
    (sealed,) = brainstorm.write([Note("", "two", AT)])
    end()
    brainstorm.write([Note("", "three", AT)])

    assert heard == [{note}, {decision}, {session}, {sealed, session}]


def test_a_burst_of_typing_counts_as_one_act_between_board_and_decisions(brainstorm):
    decisions = brainstorm.decisions
    first = decisions.add(Decision("", "first"))
    brainstorm.write([Note("", "note", AT)])
    for words in ("H", "He", "Herbs"):
        decisions.one_step(first)
        decisions.put(first, outcome=words)

    brainstorm.undo()
    assert decisions.get(first).outcome == ""
    assert texts(brainstorm) == ["note"]
    brainstorm.undo()
    assert texts(brainstorm) == []
    assert decisions.get(first) is not None
