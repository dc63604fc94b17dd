"""Where teammates point on the board and what they have selected; nothing of it where it would give somebody away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cowrite.app.board.presence import BoardPresence
from cowrite.bridge.shared.presence import SharedPresence
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.board.others import PointerItem
from cowrite.sync.awareness import Awareness, User
from helpers.board_seat import BoardSeat, new_brainstorm, note, replica
from helpers.desk import Desk


class Shared:
    """A document's life on a server, as far as presence is concerned."""

    def __init__(self, seat: BoardSeat, name: str, colour: str) -> None:
        document = seat.brainstorm.document
        self.awareness = Awareness(document.client_id, User(name, colour))
        self.presence = SharedPresence(document, self.awareness, lambda: None)


class Pair:
    """Two people at one board; `exchange` is the network."""

    def __init__(self, sit: Callable[..., BoardSeat]) -> None:
        brainstorm = new_brainstorm()
        brainstorm.board.add([note("one", -300, -200), note("two", 100, 100)])
        self.ada, self.bo = sit(brainstorm), sit(replica(brainstorm))
        self._shared = {self.ada: Shared(self.ada, "Ada", "#2f5fd0"), self.bo: Shared(self.bo, "Bo", "#c4314b")}
        self.presences = {
            seat: BoardPresence(seat.brainstorm, seat.view, lambda shared=shared: shared, seat.view)
            for seat, shared in self._shared.items()
        }

    def exchange(self) -> None:
        for seat, shared in self._shared.items():
            self.presences[seat].tell()
            other = self.bo if seat is self.ada else self.ada
            self._shared[other].awareness.receive(shared.awareness.answer(0.0), 0.0)
        for presence in self.presences.values():
            presence.show()

    def says(self, seat: BoardSeat):
        """What a person tells the others of where they are on the board."""
        return (self._shared[seat].awareness._state or {}).get("board")

    def hears(self, seat: BoardSeat, board: object, client: int = 99) -> None:
        """Somebody else says anything about where they are."""
        stranger = Awareness(client, User("Eve", "#808080"))
        stranger.set_field("board", board)
        self._shared[seat].awareness.receive(stranger.answer(0.0), 0.0)
        self.presences[seat].show()


@pytest.fixture
def pair(sit) -> Pair:
    return Pair(sit)


def pointers(seat: BoardSeat) -> dict[str, tuple[float, float]]:
    return {item.name: item.pos().toTuple() for item in seat.scene.items() if isinstance(item, PointerItem)}


def test_whose_name_shows_nothing_points_as_somebody(pair):
    stranger = Awareness(99, User("\u3164", "#808080"))
    stranger.set_field("board", {"pointer": [3, 4]})
    pair._shared[pair.ada].awareness.receive(stranger.answer(0.0), 0.0)
    pair.presences[pair.ada].show()
    assert pointers(pair.ada) == {"Somebody": (3, 4)}


def test_people_stand_in_one_order_whoever_came_first(sit):
    shared = Shared(sit(new_brainstorm()), "Ada", "#2f5fd0")
    for client, name in ((9, "Dora"), (7, "cy"), (8, "Bo")):
        shared.awareness.receive(Awareness(client, User(name, "#808080")).answer(0.0), 0.0)
    assert [mate.name for mate in shared.presence.teammates()] == ["Bo", "cy", "Dora"]


def test_a_teammates_pointer_and_selection_are_shown_with_their_name(pair):
    pair.bo.click(pair.bo.middle("two"))
    pair.bo.move_mouse(pair.bo.at(40, 60))
    pair.exchange()
    assert pointers(pair.ada) == {"Bo": (40, 60)}
    (two,) = pair.ada.ids("two")
    assert pair.ada.scene.notes[two].holder == ("Bo", "#c4314b")
    pair.bo.click(pair.bo.at(400, 300))
    pair.exchange()
    assert pair.ada.scene.notes[two].holder is None


def test_a_pointer_that_leaves_the_board_is_gone(pair):
    pair.bo.move_mouse(pair.bo.at(40, 60))
    pair.exchange()
    QApplication.sendEvent(pair.bo.canvas.viewport(), QEvent(QEvent.Type.Leave))
    pair.exchange()
    assert pointers(pair.ada) == {}


def test_who_looks_at_another_view_is_not_at_the_board(pair):
    pair.bo.click(pair.bo.middle("two"))
    pair.presences[pair.bo].set_here(False)
    pair.exchange()
    assert pair.says(pair.bo) is None
    assert pointers(pair.ada) == {}


def test_one_can_do_without_pointers(pair):
    pair.bo.move_mouse(pair.bo.at(40, 60))
    pair.exchange()
    pair.presences[pair.ada].set_shown(False)
    assert pointers(pair.ada) == {}
    pair.presences[pair.ada].set_shown(True)
    assert set(pointers(pair.ada)) == {"Bo"}


@pytest.mark.parametrize(
    "session",
    [Session("", "Why?", phase=Phase.WRITE), Session("", "Why?", phase=Phase.BUILD, is_anonymous=True)],
    ids=["silent", "without names"],
)
def test_in_a_session_where_a_pointer_gives_somebody_away_there_is_none(pair, session):
    pair.bo.click(pair.bo.middle("two"))
    pair.bo.move_mouse(pair.bo.at(40, 60))
    pair.exchange()
    id = pair.ada.brainstorm.sessions.begin(session)
    assert pointers(pair.ada) == {}
    assert pair.says(pair.ada) is None
    assert pair.says(pair.bo) is None
    pair.bo.move_mouse(pair.bo.at(60, 60))
    pair.exchange()
    assert pair.says(pair.bo) is None
    assert pointers(pair.ada) == {}
    assert all(item.holder is None for item in pair.ada.scene.notes.values())
    pair.ada.brainstorm.sessions.change(id, is_over=True)
    pair.exchange()
    assert set(pointers(pair.ada)) == {"Bo"}


def test_movements_are_gathered_before_they_are_told(pair, qtbot: QtBot):
    told = []
    shared = pair.presences[pair.bo]._shared()
    shared.presence._send = lambda: told.append(pair.says(pair.bo))
    for step in range(10):
        pair.bo.move_mouse(pair.bo.at(step, step))
    qtbot.waitUntil(lambda: told[-1:] == [{"pointer": [9, 9], "selected": []}])
    assert len(told) < 5  # once, unless others had the processor between two movements


def test_nonsense_from_a_stranger_is_no_pointer(pair):
    nonsense = [
        5, [], {}, {"pointer": "x", "selected": 5}, {"pointer": [1]}, {"pointer": [float("inf"), 0]},
        {"pointer": [1e12, 0]}, {"pointer": [10**400, 0]}, {"pointer": [None, 1], "selected": [5, None, ["x"]]},
    ]  # fmt: skip
    for number, board in enumerate(nonsense):
        pair.hears(pair.ada, board, client=99 + number)
        assert pointers(pair.ada) == {}, board


def test_a_long_name_stays_short(pair):
    stranger = Awareness(98, User("n" * 500, "#808080"))
    stranger.set_field("board", {"pointer": [0, 0], "selected": []})
    pair.presences[pair.ada]._shared().awareness.receive(stranger.answer(0.0), 0.0)
    pair.presences[pair.ada].show()
    assert set(pointers(pair.ada)) == {"n" * 24}


def test_ones_own_sealed_notes_are_not_named_to_others(sit):
    seat = sit()
    told = []
    seat.view.presence_changed.connect(lambda pointer, ids: told.append(list(ids)))
    seat.brainstorm.sessions.begin(Session("", "Why?", phase=Phase.WRITE))
    seat.brainstorm.write([note("secret")])
    seat.click(seat.middle("secret"))
    assert seat.selected() == ["secret"]
    assert told
    assert not any(told)


def test_the_view_menu_switches_pointers_off(tmp_path, qtbot: QtBot):
    desk = Desk(tmp_path / "home", qtbot)
    try:
        draft = desk.new()
        draft.brainstorming.show("board")
        view = draft.brainstorming.view("board")
        (presence,) = view.findChildren(BoardPresence)
        assert presence.is_shown
        draft.window.actions_["show_pointers"].trigger()
        assert not presence.is_shown
    finally:
        desk.leave()
