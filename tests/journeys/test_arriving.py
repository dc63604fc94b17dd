"""A document so long that it takes a while to come: what happens meanwhile, in real windows with a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event

import pytest

from cowrite.app.draft.draft import Draft
from cowrite.bridge.shared import arriving
from cowrite.core.board.items import Note, Place
from cowrite.core.document import portions
from cowrite.core.document.prepared import Prepared, prepare
from cowrite.core.errors import MalformedUpdate
from cowrite.core.text.origin import Origin
from helpers.desk import SAVED, Desk, same, server, texts, write
from helpers.keys import press_text

pytestmark = pytest.mark.journey


class Reading:
    """The reading of what has come, which goes on when it is let."""

    def __init__(self) -> None:
        self.goes_on = Event()
        self.has_begun = False
        self.fails = False

    def __call__(self, update: bytes) -> Prepared | None:
        self.has_begun = True
        assert self.goes_on.wait(30)
        if self.fails:
            raise MalformedUpdate(len(update))
        return prepare(update)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reading]:
    """In portions of two structs."""
    monkeypatch.setattr(portions, "STRUCTS", 2)
    reading = Reading()
    monkeypatch.setattr(arriving, "prepare", reading)
    yield reading
    reading.goes_on.set()


@pytest.fixture
def ben(draft: Draft, sit: Callable[..., Desk], team_server, reading: Reading, monkeypatch) -> tuple[Desk, Draft]:
    """Ben's desk, and the draft of Ada's to which he comes, whose text counts as long and is being read."""
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.format(3, 5, {"bold": True})
    desk = sit("Ben")
    other = sit("Cleo").join(team_server.invite("plan"))
    desk.until(lambda: same(draft, other))
    monkeypatch.setattr(arriving, "LARGE", 40)
    mate = desk.join(team_server.invite("plan"))
    desk.until(lambda: reading.has_begun)
    return desk, mate


def test_nobody_writes_into_a_text_that_is_still_coming_and_the_window_says_so(ben, draft, reading) -> None:
    desk, mate = ben
    press_text(mate.editor, "lost?")
    assert mate.editor.isReadOnly()
    assert "View only" in texts(mate.window.status)
    assert mate.connection.rights.refusal == "This document can only be read: its text is still coming"
    reading.goes_on.set()
    desk.until(lambda: server(mate) == SAVED and same(draft, mate))
    assert not mate.editor.isReadOnly()
    assert "View only" not in texts(mate.window.status)
    assert mate.document.text() == "We plant herbs."
    assert list(mate.document.spans()) == list(draft.document.spans())


def test_what_a_teammate_writes_meanwhile_is_there_with_the_text(ben, draft, reading) -> None:
    desk, mate = ben
    write(draft, " And mint.")
    desk.until(lambda: server(draft) == SAVED)
    assert mate.document.length == 0
    reading.goes_on.set()
    desk.until(lambda: server(mate) == SAVED and same(draft, mate))
    write(mate, " Yes.")
    desk.until(lambda: server(mate) == SAVED and same(draft, mate))


def test_whoever_closes_the_window_meanwhile_has_all_when_they_come_again(ben, draft, reading) -> None:
    desk, mate = ben
    path = mate.path
    mate.window.close()
    desk.until(lambda: not desk.application.documents.drafts)
    reading.goes_on.set()
    again = desk.open(path)
    desk.until(lambda: server(again) == SAVED and same(draft, again))


def test_whoever_works_offline_meanwhile_gets_the_rest_when_they_are_back(ben, draft, reading) -> None:
    desk, mate = ben
    offline = mate.window.actions_["work_offline"]
    offline.trigger()
    desk.until(lambda: mate.connection.is_apart)
    assert not mate.connection.rights.refusal
    reading.goes_on.set()
    offline.trigger()
    desk.until(lambda: server(mate) == SAVED and same(draft, mate))


def test_a_server_that_is_gone_meanwhile_takes_nothing_of_the_text_along(ben, draft, reading, team_server) -> None:
    desk, mate = ben
    team_server.process.kill()
    reading.goes_on.set()
    desk.until(lambda: same(draft, mate))
    assert not mate.editor.isReadOnly()


def test_a_note_that_is_made_meanwhile_stays_and_so_does_the_text(ben, draft, reading) -> None:
    desk, mate = ben
    mate.brainstorming.brainstorm.board.add([Note("", "Mint", Place(0, 0))])
    reading.goes_on.set()
    desk.until(lambda: server(mate) == SAVED and same(draft, mate))
    for each in (mate, draft):
        board = each.brainstorming.brainstorm.board
        desk.until(lambda board=board: [note.text for note in board.notes()] == ["Mint"])


def test_what_cannot_be_read_beside_the_window_is_taken_in_as_it_is(ben, draft, reading) -> None:
    desk, mate = ben
    reading.fails = True
    reading.goes_on.set()
    desk.until(lambda: server(mate) == SAVED and same(draft, mate))


def test_whatever_needs_the_text_while_it_is_taken_in_has_all_of_it(ben, draft, reading, monkeypatch) -> None:
    desk, mate = ben
    monkeypatch.setattr(arriving, "_TURN", -1.0)  # each step in a turn of its own
    states = []
    fill = mate.document.fill

    def filled(update: Prepared) -> Iterator[None]:
        steps = fill(update)
        next(steps)
        states.append(mate.document.state())
        return steps

    monkeypatch.setattr(mate.document, "fill", filled)
    reading.goes_on.set()
    desk.until(lambda: server(mate) == SAVED and same(draft, mate))
    assert states == [draft.document.state()]
