"""Presence, told with a clock that the test moves."""

from __future__ import annotations

import pytest

from cowrite.sync.awareness import MOST_CLIENTS, Awareness, Cursor, User
from cowrite_server.wire.awareness import Presence, awareness_message, read_awareness
from cowrite_server.wire.encoding import MAX_VAR_UINT, Reader

ADA = User("Ada", "#aa0000")
BO = {"user": {"name": "Bo", "color": "#00aa00"}}
CARET = Cursor({"tname": "body", "assoc": 0}, {"tname": "body", "assoc": 0})


@pytest.fixture
def ada() -> Awareness:
    """Ada, in the room, her presence sent at time 0."""
    awareness = Awareness(1, ADA)
    awareness.connected()
    awareness.entries_to_send(0.0)
    return awareness


def cursor_at(item: int) -> Cursor:
    position = {"item": {"client": 1, "clock": item}, "assoc": 0}
    return Cursor(position, position)


class TestOwnPresence:
    def test_it_is_sent_when_the_room_is_reached(self) -> None:
        awareness = Awareness(1, ADA)
        assert awareness.entries_to_send(0.0) == []
        awareness.connected()
        assert awareness.entries_to_send(0.0) == [Presence(1, 1, {"user": {"name": "Ada", "color": "#aa0000"}})]

    def test_it_has_the_shape_that_y_quill_reads(self, ada: Awareness) -> None:
        ada.set_cursor(CARET)
        message = awareness_message(ada.entries_to_send(1.0))
        (entry,) = read_awareness(Reader(message[1:]))
        assert entry.state == {
            "user": {"name": "Ada", "color": "#aa0000"},
            "cursor": {"anchor": {"tname": "body", "assoc": 0}, "head": {"tname": "body", "assoc": 0}},
        }

    def test_each_sending_has_a_higher_clock(self, ada: Awareness) -> None:
        ada.set_cursor(CARET)
        (first,) = ada.entries_to_send(1.0)
        ada.set_cursor(None)
        (second,) = ada.entries_to_send(2.0)
        assert second.clock == first.clock + 1

    def test_it_is_renewed_after_15_seconds(self, ada: Awareness) -> None:
        assert ada.next_tick() == 15.0
        ada.tick(14.9)
        assert ada.entries_to_send(14.9) == []
        ada.tick(15.0)
        assert len(ada.entries_to_send(15.0)) == 1

    def test_an_equal_cursor_is_not_sent_again(self, ada: Awareness) -> None:
        ada.set_cursor(CARET)
        ada.entries_to_send(1.0)
        ada.set_cursor(Cursor(dict(CARET.anchor), dict(CARET.head)))
        assert ada.entries_to_send(2.0) == []

    def test_a_running_caret_is_sent_20_times_a_second_at_most_and_its_last_place_always(self, ada: Awareness) -> None:
        sent = []
        for step in range(1000):  # one move per millisecond
            ada.set_cursor(cursor_at(step))
            sent += ada.entries_to_send(1.0 + step / 1000)
        due = ada.next_tick()
        assert due is not None
        sent += ada.entries_to_send(due)
        assert 15 <= len(sent) <= 21
        assert sent[-1].state is not None
        assert sent[-1].state["cursor"]["head"]["item"]["clock"] == 999
        assert ada.entries_to_send(due + 1) == []

    def test_leaving_is_told_at_once(self, ada: Awareness) -> None:
        ada.set_cursor(CARET)
        ada.entries_to_send(1.0)
        ada.leave()
        assert [entry.state for entry in ada.entries_to_send(1.001)] == [None]

    def test_whoever_has_left_is_not_renewed(self, ada: Awareness) -> None:
        ada.leave()
        ada.entries_to_send(1.0)
        ada.tick(100.0)
        assert ada.entries_to_send(100.0) == []

    def test_it_is_sent_again_after_a_reconnect_with_a_higher_clock(self, ada: Awareness) -> None:
        ada.disconnected()
        assert ada.entries_to_send(5.0) == []
        ada.connected()
        assert [entry.clock for entry in ada.entries_to_send(5.0)] == [2]

    def test_others_cannot_make_it_vanish(self, ada: Awareness) -> None:
        ada.receive([Presence(1, 7, None)], 1.0)
        (entry,) = ada.entries_to_send(1.0)
        assert entry.clock == 8
        assert entry.state is not None

    def test_the_end_of_a_connection_that_it_has_replaced_does_not_make_it_vanish_either(self, ada: Awareness) -> None:
        ada.disconnected()
        ada.connected()
        ada.entries_to_send(5.0)
        ada.receive([Presence(1, 1, None)], 20.0)
        assert [entry.clock for entry in ada.entries_to_send(20.0)] == [3]

    def test_its_own_echo_has_no_effect(self, ada: Awareness) -> None:
        ada.receive([Presence(1, 1, {"user": {"name": "Ada", "color": "#aa0000"}})], 1.0)
        assert ada.entries_to_send(1.0) == []
        assert not ada.others

    def test_a_server_that_names_people_says_by_its_echo_what_one_is_called_now(self, ada: Awareness) -> None:
        ada.greeted("Ada (2)")
        assert ada.called == "Ada (2)"
        assert ada.receive([Presence(1, 2, {"user": {"name": "Bea", "color": "#aa0000"}})], 1.0)
        assert ada.called == "Bea"

    def test_where_the_server_names_nobody_no_echo_does(self, ada: Awareness) -> None:
        assert not ada.receive([Presence(1, 2, {"user": {"name": "Fool", "color": "#aa0000"}})], 1.0)
        assert ada.called == ""

    def test_a_clock_at_the_end_of_the_number_range_is_not_taken_over(self, ada: Awareness) -> None:
        ada.receive([Presence(1, MAX_VAR_UINT, None)], 1.0)
        ada.set_cursor(CARET)
        assert [entry.clock for entry in ada.entries_to_send(1.0)] == [2]

    def test_half_a_surrogate_pair_in_a_name_is_replaced(self) -> None:
        awareness = Awareness(1, User("Ada \ud83d", "#aa0000"))
        awareness.connected()
        assert awareness_message(awareness.entries_to_send(0.0))

    def test_other_things_can_be_shared_beside_user_and_cursor(self, ada: Awareness) -> None:
        ada.set_field("session", {"done": True})
        (entry,) = ada.entries_to_send(1.0)
        assert entry.state is not None
        assert entry.state["session"] == {"done": True}


class TestOthers:
    def test_they_arrive_change_and_leave(self, ada: Awareness) -> None:
        assert ada.receive([Presence(2, 1, BO)], 1.0)
        assert ada.others[2].user == User("Bo", "#00aa00")
        moved = {**BO, "cursor": {"anchor": {"assoc": 0}, "head": {"assoc": 0}}}
        assert ada.receive([Presence(2, 2, moved)], 2.0)
        assert ada.others[2].cursor == Cursor({"assoc": 0}, {"assoc": 0})
        assert ada.receive([Presence(2, 3, None)], 3.0)
        assert not ada.others

    def test_a_renewal_is_no_change(self, ada: Awareness) -> None:
        ada.receive([Presence(2, 1, BO)], 1.0)
        assert not ada.receive([Presence(2, 2, dict(BO))], 2.0)

    def test_an_older_entry_has_no_effect(self, ada: Awareness) -> None:
        ada.receive([Presence(2, 5, BO)], 1.0)
        assert not ada.receive([Presence(2, 4, None)], 2.0)
        assert not ada.receive([Presence(2, 5, {"user": {"name": "X", "color": "#000000"}})], 2.0)
        assert ada.others[2].user.name == "Bo"

    def test_a_goodbye_with_the_same_clock_counts_as_servers_send_it(self, ada: Awareness) -> None:
        ada.receive([Presence(2, 5, BO)], 1.0)
        assert ada.receive([Presence(2, 5, None)], 2.0)

    def test_a_late_copy_of_an_old_entry_brings_nobody_back(self, ada: Awareness) -> None:
        ada.receive([Presence(2, 5, BO)], 1.0)
        ada.receive([Presence(2, 6, None)], 2.0)
        assert not ada.receive([Presence(2, 5, BO)], 3.0)
        assert ada.receive([Presence(2, 7, BO)], 4.0)

    def test_they_are_dropped_after_30_silent_seconds(self, ada: Awareness) -> None:
        ada.receive([Presence(2, 1, BO)], 1.0)
        ada.receive([Presence(2, 2, BO)], 20.0)
        assert not ada.tick(49.9)
        assert ada.tick(50.0)

    def test_they_are_all_gone_when_the_room_is(self, ada: Awareness) -> None:
        ada.receive([Presence(2, 1, BO), Presence(3, 1, BO)], 1.0)
        assert ada.disconnected()
        ada.connected()
        assert ada.receive([Presence(2, 1, BO)], 2.0)

    def test_ten_thousand_of_them_are_not_kept(self, ada: Awareness) -> None:
        ada.receive([Presence(client, 1, {}) for client in range(10, 10_010)], 1.0)
        assert len(ada.others) == MOST_CLIENTS
        ada.receive([Presence(client, 2, None) for client in range(10, 10_010)], 2.0)
        assert not ada.others
        assert ada.receive([Presence(2, 1, BO)], 3.0)

    @pytest.mark.parametrize(
        "state",
        [
            {},
            {"user": None, "cursor": 3},
            {"user": "Bo"},
            {"user": {"name": 7, "color": "red;} * {"}},
            {"user": {"name": None}, "cursor": {"anchor": None, "head": []}},
        ],
    )
    def test_a_state_of_another_shape_shows_as_a_nameless_grey_person(
        self, ada: Awareness, state: dict[str, object]
    ) -> None:
        ada.receive([Presence(2, 1, state)], 1.0)
        assert ada.others[2].user == User("", "#808080")
        assert ada.others[2].cursor is None

    def test_an_endless_name_is_cut(self, ada: Awareness) -> None:
        ada.receive([Presence(2, 1, {"user": {"name": "x" * 10_000}})], 1.0)
        assert len(ada.others[2].user.name) == 80

    @pytest.mark.parametrize(("name", "shown"), [("\u202eneB", "neB"), ("Bo\nAda", "Bo Ada"), (" \u3164\u200d ", "")])
    def test_a_name_is_what_people_can_see_of_it_whichever_server_hands_it_on(
        self, ada: Awareness, name: str, shown: str
    ) -> None:
        ada.receive([Presence(2, 1, {"user": {"name": name}})], 1.0)
        ada.greeted(name)
        assert (ada.others[2].user.name, ada.called) == (shown, shown)
