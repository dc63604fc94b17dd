"""Who is here: the rules of awareness, and what clients see of each other."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from cowrite_server.document.presence import CLIENTS_PER_CONNECTION, STATE_BYTES
from cowrite_server.document.presence import Presence as Room
from cowrite_server.people.admission import Admission, Admissions, Wish
from cowrite_server.wire.awareness import Presence, awareness_message, read_awareness
from cowrite_server.wire.encoding import MAX_VAR_UINT, MalformedMessage, Reader, var_bytes, var_string, var_uint
from cowrite_server.wire.protocol import Close, Message, Role
from house import House
from sync_clients import Client, StockClient, until
from team import Team, own, shown


def body(*entries: Presence) -> bytes:
    return Reader(awareness_message(list(entries))[1:]).var_bytes()


def seen(room: Room, ids: set[int] | None = None) -> list[Presence]:
    message = room.message(ids)
    return [] if message is None else read_awareness(Reader(message[1:]))


ANN = Presence(7, 1, {"name": "Ann"})


def test_a_state_is_kept_for_those_who_come_later() -> None:
    room = Room()
    assert room.receive("a", body(ANN)) == {7}
    assert seen(room) == [ANN]


def test_a_state_is_passed_on_as_its_client_wrote_it() -> None:
    room = Room()
    unusual = '{ "name" : "\\u00e9" }'
    room.receive("a", var_uint(1) + var_uint(7) + var_uint(1) + var_string(unusual))
    assert unusual.encode() in (room.message() or b"")


def test_an_older_state_changes_nothing() -> None:
    room = Room()
    room.receive("a", body(Presence(7, 5, {"name": "new"})))
    assert room.receive("a", body(Presence(7, 4, {"name": "old"}), Presence(7, 5, {"name": "old"}))) == set()
    assert seen(room) == [Presence(7, 5, {"name": "new"})]


def test_a_new_name_is_news_of_its_client_and_takes_no_state_from_it() -> None:
    room = Room()
    room.receive("a", body(Presence(7, 5, {"user": {"name": "Ann"}, "at": 1})), "ann", "Ann")
    assert room.rename("a", "Anne") == {7}
    assert room.rename("b", "Ben") == set()
    assert seen(room) == [Presence(7, 6, {"user": {"name": "Anne"}, "at": 1})]
    # What the client says before it has heard of that has the same clock, and is newer all the same.
    assert room.receive("a", body(Presence(7, 6, {"at": 2})), "ann", "Anne") == {7}
    assert seen(room) == [Presence(7, 7, {"at": 2, "user": {"name": "Anne"}})]
    assert room.receive("a", body(Presence(7, 7, {"at": 1})), "ann", "Anne") == set()


def test_a_state_is_no_deeper_than_everybody_can_read() -> None:
    room = Room()

    def show(levels: int) -> None:
        text = '{"a":' + "[" * (levels - 1) + "]" * (levels - 1) + "}"
        room.receive("a", var_uint(1) + var_uint(7) + var_uint(levels) + var_string(text), "ann")

    show(100)
    for levels in (101, *range(sys.getrecursionlimit() - 100, sys.getrecursionlimit() + 100)):
        with pytest.raises(MalformedMessage):
            show(levels)
    wide = {"a": [[at, at] for at in range(1000)]}
    assert room.receive("a", body(Presence(7, 101, wide)), "ann") == {7}
    assert seen(room) == [Presence(7, 101, wide)]


def test_a_number_too_large_for_a_browser_is_in_no_state_that_the_server_writes() -> None:
    room = Room()
    huge = var_uint(1) + var_uint(7) + var_uint(1) + var_string('{"user":{"name":"Ann"},"at":1e999}')
    with pytest.raises(MalformedMessage):
        room.receive("a", huge, "ann", "Ann")
    room.receive("a", huge, "ann")
    assert room.rename("a", "Anne") == {7}
    assert seen(room) == [Presence(7, 2, {"user": {"name": "Anne"}})]


def test_nobody_has_the_server_say_a_clock_that_others_cannot_read() -> None:
    room = Room()
    shown = body(Presence(7, MAX_VAR_UINT, {}), ANN, Presence(8, 2**40, {}))
    room.join("a")
    room.receive("a", shown, "ann", "Ann")
    room.leave("a")
    room.join("b")
    room.receive("b", shown, "ann", "Ann")  # whoever comes back with the clock with which they left has it moved,
    room.rename("b", "Anne")  # and whoever gets another name
    assert {each.client: each.clock for each in seen(room)} == {7: ANN.clock + 2, 8: 2**40 + 2}


def test_who_is_not_among_all_clients_of_a_node_is_gone() -> None:
    room = Room()
    room.receive("connection", body(Presence(1, 1, {})))
    room.receive("node", body(ANN, Presence(8, 1, {})))
    assert room.receive_all("node", body(Presence(8, 2, {}), Presence(9, 1, {})), 100) == {7, 8, 9}
    assert seen(room) == [Presence(1, 1, {}), Presence(8, 2, {}), Presence(9, 1, {})]
    assert seen(room, {7}) == [Presence(7, 1, None)]
    assert room.owned(["node"]) == {8, 9}


def test_a_client_leaves_with_a_null_of_the_same_clock() -> None:
    room = Room()
    room.receive("a", body(ANN))
    assert room.receive("a", body(Presence(7, 1, None))) == {7}
    assert seen(room) == []
    assert seen(room, {7}) == [Presence(7, 1, None)]


def test_a_client_id_belongs_to_the_connection_that_used_it_first() -> None:
    room = Room()
    room.receive("a", body(ANN))
    assert room.receive("b", body(Presence(7, 9, {"name": "Mallory"}), Presence(7, 9, None))) == set()
    assert seen(room) == [ANN]


def test_whoever_comes_back_before_the_broken_connection_is_given_up_is_seen_at_once() -> None:
    room = Room()
    room.receive("broken", body(ANN), "ann")
    assert room.receive("new", body(Presence(7, 2, {"name": "Ann", "at": "home"})), "ann") == {7}
    assert seen(room) == [Presence(7, 2, {"name": "Ann", "at": "home"})]
    assert room.leave("broken") == set()
    assert seen(room) == [Presence(7, 2, {"name": "Ann", "at": "home"})]
    assert room.leave("new") == {7}


def test_whoever_comes_back_with_the_state_that_is_known_stays_when_the_broken_connection_goes() -> None:
    room = Room()
    room.receive("broken", body(ANN), "ann")
    assert room.receive("new", body(ANN), "ann") == set()
    assert room.leave("broken") == set()
    assert seen(room) == [ANN]


def test_a_client_id_belongs_to_its_person_on_all_connections() -> None:
    room = Room()
    room.receive("a", body(ANN), "ann")
    assert room.receive("b", body(Presence(7, 9, {"name": "Mallory"}), Presence(7, 9, None)), "mallory") == set()
    assert room.receive("b", body(Presence(7, 9, {"name": "Mallory"}))) == set()
    assert room.person(7) == "ann"
    assert seen(room) == [ANN]
    assert room.receive("c", body(Presence(7, 2, None)), "ann") == {7}
    assert room.person(7) is None
    assert room.leave("a") == set()


def test_a_person_with_a_name_is_called_by_no_other() -> None:
    room = Room()
    for clock, state in enumerate(
        ({"user": {"name": "Bob", "color": "#ff0000"}}, {"user": "Bob"}, {"name": "Bob"}, {})
    ):
        room.receive("a", body(Presence(7, clock, {**state, "cursor": None})), "ann", "Ann 😀")
        (entry,) = seen(room)
        assert entry.state is not None
        assert entry.state["user"]["name"] == "Ann 😀"
        assert entry.state.get("name", "Ann 😀") == "Ann 😀"
        assert entry.state["cursor"] is None
    room.receive(
        "b", var_uint(1) + var_uint(8) + var_uint(1) + var_string('{"user":{"name":"B"},"user":{"name":"C"}}'), 1, "D"
    )
    assert seen(room, {8}) == [Presence(8, 1, {"user": {"name": "D"}})]
    assert room.receive("a", body(Presence(7, 9, None)), "ann", "Ann") == {7}


def test_of_a_name_that_somebody_only_claims_it_is_said_that_they_do() -> None:
    room = Room()
    for clock, (said, told) in enumerate(
        (
            ({"user": {"name": "Ann", "color": "#ff0000"}}, {"user": {"name": "Ann (guest)", "color": "#ff0000"}}),
            ({"name": "Ann", "user": "x"}, {"name": "Ann (guest)", "user": "x"}),
            ({"user": {"name": "Ann (guest)"}}, {"user": {"name": "Ann (guest)"}}),  # as a stock client had it back
            ({"user": {"name": 7}, "cursor": None}, {"user": {"name": 7}, "cursor": None}),
        )
    ):
        room.receive("a", body(Presence(7, clock, said)), "eve", claims=True)
        assert seen(room) == [Presence(7, clock, told)]


def test_the_clients_of_a_connection_leave_with_it() -> None:
    room = Room()
    room.receive("a", body(ANN, Presence(8, 1, {})))
    room.receive("b", body(Presence(9, 1, {})))
    assert room.leave("a") == {7, 8}
    assert [entry.client for entry in seen(room)] == [9]
    assert seen(room, {7}) == [Presence(7, 1, None)]


def test_a_late_copy_of_a_state_does_not_bring_its_client_back() -> None:
    room = Room()
    room.receive("a", body(ANN))
    room.leave("a")
    assert room.receive("b", body(ANN)) == set()
    assert room.receive("c", body(Presence(7, 2, {"name": "Ann"}))) == {7}


def test_a_client_that_comes_back_as_it_left_is_seen_by_those_who_saw_it_leave() -> None:
    room = Room()
    room.join("a")
    room.join("b")
    room.receive("a", body(ANN))
    room.leave("a")
    room.join("again")
    assert room.receive("again", body(ANN)) == {7}
    # The others know it as gone with its clock, and take only what has a later one.
    assert seen(room, {7}) == [Presence(7, 2, {"name": "Ann"})]
    # What it says before it has heard of that has the same clock, and is newer all the same.
    assert room.receive("again", body(Presence(7, 2, {"name": "Ann", "at": 1}))) == {7}
    assert seen(room, {7}) == [Presence(7, 3, {"name": "Ann", "at": 1})]


def test_only_a_connection_that_was_made_since_brings_a_client_back() -> None:
    room = Room()
    for connection in ("a", "b", "c"):
        room.join(connection)
    room.receive("a", body(ANN, Presence(8, 4, {})))
    room.leave("a")
    assert room.receive("b", body(ANN)) == set()
    room.join("new")
    room.leave("c")
    assert room.receive("new", body(Presence(8, 3, {}), ANN)) == {7}


def test_a_connection_can_use_a_limited_number_of_client_ids() -> None:
    room = Room()
    changed = room.receive("a", body(*(Presence(number, 1, {}) for number in range(10_000))))
    assert len(changed) == CLIENTS_PER_CONNECTION


def test_all_states_of_a_person_are_no_more_than_whoever_comes_can_be_given() -> None:
    room = Room()
    large = {"padding": "x" * (STATE_BYTES - 100)}
    for number in range(200):
        room.receive(f"connection {number % 5}", body(Presence(number, 1, large)), "mallory")
    assert len(room.message() or b"") < 1_100_000
    assert room.receive("a", body(Presence(1000, 1, {"name": "small"})), "mallory") == {1000}
    assert room.receive("b", body(Presence(1001, 1, large)), "ben") == {1001}


def watch_reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gives what is read as JSON from now on."""
    read, decode = [], json.JSONDecoder.decode
    monkeypatch.setattr(json.JSONDecoder, "decode", lambda self, text: read.append(text) or decode(self, text))
    return read


def test_states_of_others_that_a_stock_client_passes_on_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    people = [Presence(number, 1, {"name": f"Person {number}"}) for number in range(50)]
    for one in people:
        room.receive(one.client, body(one))
    read = watch_reading(monkeypatch)
    assert room.receive("late", body(*people, Presence(99, 1, {"name": "Somebody else"}))) == {99}
    assert len(read) == 1


def test_of_a_message_that_is_all_presence_little_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    read = watch_reading(monkeypatch)
    large = {"name": "x" * (STATE_BYTES - 100)}
    assert 1 < len(room.receive("a", body(*(Presence(number, 1, large) for number in range(60))))) < 10
    assert sum(map(len, read)) < 512 * 1024
    read.clear()
    room.receive("b", body(*(Presence(number, 1, {}) for number in range(100_000))))
    assert len(read) <= CLIENTS_PER_CONNECTION


NO_STATES = ["", "[1]", "7", "{", "NaN", '{"x": NaN}', "[" * 60_000, '{"x": "' + "x" * STATE_BYTES + '"}']


@pytest.mark.parametrize("text", NO_STATES, ids=range(len(NO_STATES)))
def test_a_state_that_is_no_json_object_is_malformed(text: str) -> None:
    room = Room()
    with pytest.raises(MalformedMessage):
        room.receive("a", body(ANN)[:-1] + var_uint(7) + var_uint(2) + var_string(text))
    with pytest.raises(MalformedMessage):
        room.receive("a", var_uint(1) + var_uint(7) + var_uint(2) + var_string(text))
    assert seen(room) == []


async def test_everybody_sees_everybody_and_who_leaves_is_gone(house: House) -> None:
    ann, ben = await house.client(), await house.stock()
    await ann.show({"at": "Ann"})
    await ben.until(lambda: ann.doc.client_id in ben.present)
    late = await house.client()
    await late.until(lambda: late.present[ann.doc.client_id].state == {"at": "Ann"} if late.present else False)
    ann.cut()
    await ben.until(lambda: ben.present[ann.doc.client_id].state is None)


async def test_a_stock_client_hears_its_own_awareness_and_so_stays_connected(house: House) -> None:
    lone = await house.stock()
    for clock in (1, 2, 3):
        await lone.show({"name": "Ann"}, clock)
        await lone.until(lambda clock=clock: lone.present and lone.present[lone.doc.client_id].clock == clock)


async def test_a_stock_client_that_was_away_is_seen_by_everybody_as_soon_as_it_is_back(house: House) -> None:
    ann, ben = await house.stock(), await house.stock()
    number = ann.doc.client_id
    await ann.show({"at": "Ann"})
    await ben.until(lambda: number in ben.present)
    ann.cut()
    await ben.until(lambda: ben.present[number].state is None)
    again = await house.stock()
    await again.show({"at": "Ann"}, client=number)  # as `y-websocket` does as soon as it is connected again
    await ben.until(lambda: ben.present[number].state == {"at": "Ann"})
    assert ben.present[number].clock == 2


async def test_a_question_for_awareness_is_answered_with_all_states(house: House) -> None:
    ann, ben = await house.client(), await house.stock()
    await ann.show({"name": "Ann"})
    await ben.until(lambda: ben.present)
    ben.present.clear()
    await ben.send(bytes((Message.QUERY_AWARENESS,)))
    await ben.until(lambda: ben.present.keys() == {ann.doc.client_id})


async def test_nobody_can_speak_for_somebody_else(house: House) -> None:
    ann, mallory, ben = await house.client(), await house.client(), await house.client()
    await ann.show({"at": "Ann"})
    await mallory.until(lambda: ann.doc.client_id in mallory.present)
    await mallory.show({"at": "not Ann"}, clock=50, client=ann.doc.client_id)
    await mallory.show({"at": "Mallory"})
    await ben.until(lambda: mallory.doc.client_id in ben.present)
    assert ben.present[ann.doc.client_id].state == {"at": "Ann"}


async def test_a_person_is_seen_at_once_when_their_old_connection_is_half_open(house: House) -> None:
    secret = await house.secret()
    ben, old = await house.client(), await house.client(secret)
    await old.show({"at": "Ann"})
    await ben.until(lambda: old.doc.client_id in ben.present)
    new = await house.client(secret)
    await new.show({"at": "Ann", "back": True}, clock=2, client=old.doc.client_id)
    await ben.until(lambda: ben.present[old.doc.client_id].state == {"at": "Ann", "back": True})
    old.cut()
    await until(lambda: house.connection_count == 2)
    await new.show({"at": "New"})
    await ben.until(lambda: new.doc.client_id in ben.present)
    assert ben.present[old.doc.client_id].state == {"at": "Ann", "back": True}


async def test_the_name_of_an_admission_stands_above_what_its_client_says(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = Admissions.decide

    async def admit_ann(admissions: Admissions, wish: Wish) -> Admission | Close:
        admission = await decide(admissions, wish)
        assert isinstance(admission, Admission)
        return replace(admission, name="Ann")

    ben = await house.client()
    monkeypatch.setattr(Admissions, "decide", admit_ann)
    mallory = await house.client()
    await mallory.show({"user": {"name": "Ben"}})
    await ben.until(lambda: mallory.doc.client_id in ben.present)
    assert ben.present[mallory.doc.client_id].state == {"user": {"name": "Ann"}}


@pytest.mark.parametrize("make", [StockClient, lambda: Client(member=own("eve"))])
async def test_nobody_is_seen_under_the_name_of_a_member_by_giving_the_server_none(
    team: Team, make: Callable[[], Client]
) -> None:
    ann = await team.join("Ann")
    eve = await team.house.client(await team.secret(Role.VIEWER), client=make())
    await eve.show({"user": {"name": "Ann"}})
    await ann.until(lambda: eve.doc.client_id in ann.present)
    assert (await shown(ann, eve))() == "Ann (guest)"


async def test_a_broken_awareness_message_closes_its_sender_only(house: House) -> None:
    ann, ben = await house.client(), await house.stock()
    await ben.send(bytes((Message.AWARENESS,)) + var_bytes(b"\x01\x07\x01\x02{]"))
    assert (await ben.until_closed()).code == Close.MALFORMED
    other: Client = await house.client()
    await ann.write("still here")
    await other.until(lambda: other.text == "still here")
