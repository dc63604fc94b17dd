"""Ideas of the assistant: for a note or a session's question, dashed until somebody adopts them, never in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton
from shiboken6 import isValid

from cowrite.app.assistant.expand_flow import NOTHING, SILENT
from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.asking import Phase as Doing
from cowrite.bridge.assistant.embedder import Embedder
from cowrite.convert.notes.board_list import listed
from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.brainstorm.model_notes import put_model_notes
from cowrite.core.document.assists import AssistRecord
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.sync.rights import Rights
from helpers.assistant_desk import AssistantDesk, marks, press, put_model
from helpers.desk import Desk, notices

pytestmark = pytest.mark.journey

IDEAS = (
    "Rehearse on the ferry where commuters can listen.",
    "Write a song together with the football club.",
    "Lend robes and scores to three school classes.",
    "Open the last rehearsal before Christmas to dogs.",
    "Trade singing lessons against babysitting.",
    "Hide tiny concerts in the supermarket queue.",
    "Give away old records at the harbour.",
)
QUESTION = "How can our choir grow?"
SCRIPT = {
    "rules": [{"when": "choir|Poster", "answers": IDEAS}],
    "model": {"parameters": 8_000_000_000, "name": "Large"},
}


@pytest.fixture
def given(tmp_path: Path, make: Callable[..., AssistantDesk]) -> AssistantDesk:
    put_model(Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")}), "encoder", embeds=True)
    return make(**SCRIPT)


def in_session(draft: Draft, phase: Phase = Phase.BUILD, **fields: bool) -> None:
    brainstorm = draft.brainstorming.brainstorm
    brainstorm.sessions.begin(Session("", QUESTION, phase=phase, is_revealed=True, **fields))


def expand(desk: Desk, draft: Draft) -> None:
    desk.until(draft.window.isActiveWindow)
    QTest.keyClick(
        draft.window.focusWidget() or draft.window,
        Qt.Key.Key_X,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
    )


def of_the_model(draft: Draft) -> list[Note]:
    notes = draft.brainstorming.brainstorm.visibility.published()
    return [note for note in notes if note.hand is Hand.MODEL]


def test_a_window_that_is_closed_meanwhile_ends_the_search_and_who_may_write_no_longer_gets_no_ideas(
    given: AssistantDesk,
) -> None:
    draft, other = given.desk.new(), given.desk.new()
    in_session(draft)
    draft.window.activateWindow()
    expand(given.desk, draft)
    own = given.of(draft)
    given.desk.until(lambda: own.is_busy and given.processes and given.processes[0].phase is not Doing.ASLEEP)
    assert draft.window.close()
    assert not own.is_busy
    given.desk.until(lambda: given.processes[0].phase in (Doing.READY, Doing.ASLEEP))
    assert not other.is_closed

    other.window.activateWindow()
    in_session(other)
    expand(given.desk, other)
    given.desk.until(lambda: given.of(other).is_busy)
    other.connection.take_rights(Rights(False, False, False))
    given.desk.until(lambda: not given.of(other).is_busy)
    assert of_the_model(other) == []
    assert "looks for ideas" not in notices(other)


def test_three_ideas_for_the_question_lie_on_the_board_until_somebody_adopts_them(given: AssistantDesk) -> None:
    draft = given.desk.new()
    in_session(draft)
    brainstorm = draft.brainstorming.brainstorm
    brainstorm.write([Note("", "Posters at the school", Place(0, 0)), Note("", "Posters at school", Place(200, 0))])
    draft.brainstorming.show("board")
    expand(given.desk, draft)
    given.desk.until(lambda: "adopts or removes" in notices(draft))
    found = of_the_model(draft)
    assert len(found) == 3
    assert {note.text for note in found} <= set(IDEAS)
    assert all(note.lens and note.author == "" and note.session == brainstorm.session.id for note in found)
    record = draft.document.assists.record(found[0].assist)
    assert (record.task, record.act, record.model, record.by) == ("expand", "idea", "Large", "Ada")
    assert "The notes touch 1 topic; with the assistant’s it is 4." in notices(draft)
    assert not any(
        option.id in {note.id for note in found} for option in brainstorm.visibility.options(brainstorm.session.id)
    )

    assert {each.text for each in listed(brainstorm)}.isdisjoint(IDEAS)  # a list does not show whose they are

    draft.brainstorming.view("board").acts.adopt([found[0].id])
    assert found[0].text in {each.text for each in listed(brainstorm)}
    adopted = brainstorm.visibility.note(found[0].id)
    assert (adopted.hand, adopted.author) == (Hand.ADOPTED, "Ada")
    assert (adopted.lens, adopted.assist) == (found[0].lens, found[0].assist)
    assert found[0].id in {option.id for option in brainstorm.visibility.options(brainstorm.session.id)}


def test_an_idea_that_nobody_has_adopted_is_no_note_to_build_on(given: AssistantDesk) -> None:
    draft = given.desk.new()
    in_session(draft)
    brainstorm = draft.brainstorming.brainstorm
    brainstorm.write([Note("", "Posters at the school", Place(0, 0))])
    put_model_notes(brainstorm, [("Sing on the ferry.", "In another place")], AssistRecord("r1", model="Large"))
    draft.brainstorming.show("session")
    pad = draft.brainstorming.view("session").pad

    def offered() -> list[str]:
        return [
            each.accessibleName() for each in pad.findChildren(QAbstractButton) if "Build on" in each.accessibleName()
        ]

    given.desk.until(lambda: any("Posters" in each for each in offered()))
    assert not any("ferry" in each for each in offered())


def test_one_step_of_undo_takes_the_three_away_and_more_are_others_but_none_once_the_assistant_is_off(
    given: AssistantDesk,
) -> None:
    draft = given.desk.new()
    in_session(draft)
    draft.brainstorming.show("ideas")
    expand(given.desk, draft)
    given.desk.until(lambda: len(of_the_model(draft)) == 3)
    first = {note.text for note in of_the_model(draft)}
    draft.brainstorming.brainstorm.undo()
    assert of_the_model(draft) == []
    given.desk.until(lambda: "adopts or removes" in notices(draft))
    press(draft.window.notices, "Three more")
    given.desk.until(lambda: len(of_the_model(draft)) == 3)
    assert not first & {note.text for note in of_the_model(draft)}

    given.desk.until(lambda: "adopts or removes" in notices(draft))
    draft.window.actions_["assistant_on"].trigger()
    given.desk.until(lambda: given.processes[0].process_id is None)
    press(draft.window.notices, "Three more")
    assert "The assistant is off" in notices(draft)
    assert not given.of(draft).is_busy
    assert given.processes[0].process_id is None


def test_a_selected_note_is_gone_on_from(given: AssistantDesk) -> None:
    draft = given.desk.new()
    brainstorm = draft.brainstorming.brainstorm
    (id,) = brainstorm.write([Note("", "Poster at the school", Place(0, 0))])
    draft.brainstorming.go_to(id)
    given.desk.until(lambda: draft.window.views.current.selected_notes() == [id])
    expand(given.desk, draft)
    given.desk.until(lambda: len(of_the_model(draft)) == 3)
    assert all(note.builds_on == (id,) for note in of_the_model(draft))


def test_while_people_work_alone_or_have_neither_question_nor_note_the_model_is_not_asked_and_that_is_said(
    given: AssistantDesk,
) -> None:
    draft = given.desk.new()
    brainstorm, bar = draft.brainstorming.brainstorm, draft.window.notices
    draft.brainstorming.show("board")
    for phase, said in ((None, NOTHING), (Phase.WRITE, SILENT), (Phase.RATE, SILENT)):
        for id in bar.ids():
            bar.remove(id)
        assert said not in notices(draft)
        if brainstorm.session is not None:
            brainstorm.sessions.change(brainstorm.session.id, phase=phase)
        elif phase is not None:
            in_session(draft, phase)
        expand(given.desk, draft)
        given.desk.until(lambda said=said: said in notices(draft))
    assert given.processes == []
    assert of_the_model(draft) == []


def test_what_comes_when_the_group_works_alone_again_is_not_put_on_the_board(given: AssistantDesk) -> None:
    draft = given.desk.new()
    in_session(draft)
    draft.brainstorming.show("board")
    expand(given.desk, draft)
    brainstorm = draft.brainstorming.brainstorm
    brainstorm.sessions.change(brainstorm.session.id, phase=Phase.RATE)
    given.desk.until(lambda: SILENT in notices(draft))
    assert of_the_model(draft) == []


def test_in_an_anonymous_session_the_record_names_nobody(given: AssistantDesk) -> None:
    draft = given.desk.new()
    in_session(draft, is_anonymous=True)
    draft.brainstorming.show("board")
    expand(given.desk, draft)
    given.desk.until(lambda: len(of_the_model(draft)) == 3)
    record = draft.document.assists.record(of_the_model(draft)[0].assist)
    assert (record.by, record.client) == ("", 0)
    (adopted,) = draft.brainstorming.brainstorm.adopt([of_the_model(draft)[0].id])
    assert draft.brainstorming.brainstorm.board.note(adopted).author == ""


def test_somebody_who_may_only_suggest_is_told_why_no_ideas_come(given: AssistantDesk) -> None:
    draft = given.desk.new()
    in_session(draft)
    draft.connection.take_rights(Rights(may_edit=False))
    draft.window.notices.remove("role")
    assert "suggest changes" not in notices(draft)
    expand(given.desk, draft)
    given.desk.until(lambda: "suggest changes" in notices(draft))
    assert given.processes == []


def test_the_search_can_be_stopped(given: AssistantDesk, tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text(
        '{"rules": [{"when": "", "answer": "one two three", "gated": true}], "model": {"parameters": 8000000000}}'
    )
    draft = given.desk.new()
    in_session(draft)
    draft.brainstorming.show("board")
    for by in ("notice", "status strip", "menu"):
        expand(given.desk, draft)
        given.desk.until(lambda: "Looking for ideas" in notices(draft))
        assert [each.text() for each in draft.window.notices.findChildren(QPushButton) if each.text()] == ["Stop"]
        if by == "notice":
            press(draft.window.notices, "Stop")
        elif by == "status strip":
            given.desk.until(lambda: marks(draft))
            press(draft.window.status, "Stop")
        else:
            given.desk.until(draft.window.actions_["assistant_stop"].isEnabled)
            draft.window.actions_["assistant_stop"].trigger()
        given.desk.until(lambda: not notices(draft))
        given.desk.until(lambda: not marks(draft))
        assert of_the_model(draft) == [], by


def test_with_the_assistant_off_it_is_said_and_nothing_is_loaded(sit: Callable[..., Desk]) -> None:
    desk = sit("Bob")
    draft = desk.new()
    in_session(draft)
    draft.brainstorming.show("board")
    expand(desk, draft)
    desk.until(lambda: "The assistant is off." in notices(draft))
    assert desk.application.assistant.assistant is None


def test_over_how_many_groups_ideas_go_is_told_to_nobody_whose_window_is_gone(
    given: AssistantDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[Callable[[None], None]] = []
    monkeypatch.setattr(Embedder, "encode", lambda _self, _texts, then: compared.append(then))
    draft = given.desk.new()
    expansion, assistant = given.of(draft).expansion, given.desk.application.assistant.assistant
    assert assistant is not None
    given.desk.until(lambda: assistant.embedder)
    expansion._tell_spread(1)
    assert draft.window.close()
    given.desk.until(lambda: not isValid(draft.window))
    compared[0](None)
