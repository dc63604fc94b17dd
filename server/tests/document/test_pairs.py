"""Characters of two UTF-16 units that a program takes apart: what stock Yjs makes of it, and the server with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from cowrite_server.document import second_units
from cowrite_server.document.pairs import Pairs
from cowrite_server.document.permissions import Forbidden, Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.ranges import deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import merge
from cowrite_server.rooms.intake import Intake
from cowrite_server.wire.protocol import Reason, Role
from keystrokes import text_of
from table import Sender

# As Yjs 13.6 writes them.
TEXT = bytes.fromhex("01010100040104626f6479086162f09f9880636400")
"""Client 1 writes ab😀cd."""
BETWEEN = bytes.fromhex("01010200c401020103015800")
"""Client 2 writes X between the units of the emoji."""
BEHIND = bytes.fromhex("01010106840105015a00")
"""Client 1 writes Z at the end."""
HALF = bytes.fromhex("000101010301")
"""The emoji's second unit is deleted."""
FIRST_LETTER = bytes.fromhex("000101010001")
"""a is deleted."""
WHOLE = bytes.fromhex("000101010202")
"""The emoji is deleted."""


def replica_of(*updates: bytes, keeps_deleted: bool = False) -> Replica:
    """A replica that was given these, each as the server gives it what comes in."""
    replica = Replica(keeps_deleted=keeps_deleted)
    for update in updates:
        replica.apply(replica.without_halves(update))
    return replica


@pytest.mark.parametrize("keeps_deleted", [False, True])
@pytest.mark.parametrize(
    ("updates", "text"),
    [
        ((TEXT, BETWEEN, BEHIND), "abXcdZ"),
        ((TEXT, HALF), "abcd"),
        ((TEXT, BETWEEN, HALF), "abXcd"),
        ((TEXT, WHOLE, BETWEEN), "abXcd"),
        ((merge([TEXT, BETWEEN, BEHIND]),), "abXcdZ"),
    ],
)
def test_a_character_that_is_taken_apart_is_deleted_and_nothing_else_is(
    updates: tuple[bytes, ...], text: str, keeps_deleted: bool
) -> None:
    replica = replica_of(*updates, keeps_deleted=keeps_deleted)
    assert text_of(replica.whole()) == text
    assert text_of(Replica([replica.whole()]).whole()) == text


@pytest.mark.parametrize("keeps_deleted", [False, True])
def test_a_log_with_such_updates_is_read_as_they_came_in(keeps_deleted: bool) -> None:
    replica = replica_of(TEXT)
    log = [TEXT, replica.without_halves(BETWEEN), BEHIND]
    assert text_of(Replica(log, keeps_deleted=keeps_deleted).whole()) == "abXcdZ"


def test_a_log_in_which_one_update_takes_many_apart_is_read_as_they_came_in() -> None:
    doc: Doc[Text] = Doc(client_id=1)
    doc.get("body", type=Text).insert(0, "😀a" * 40)
    seconds = deletion({1: [(3 * number + 1, 1) for number in range(40)]})
    replica = replica_of(doc.get_update())
    log = [doc.get_update(), replica.without_halves(seconds), deletion({1: [(2, 1)]})]
    assert text_of(replica_of(*log).whole()) == text_of(Replica(log).whole()) == "a" * 39


@pytest.mark.parametrize("updates", [(TEXT, BETWEEN, BEHIND), (BETWEEN, BEHIND, TEXT), (BEHIND, TEXT, BETWEEN)])
def test_a_replica_takes_what_was_not_completed_as_yjs_does_in_any_order(updates: tuple[bytes, ...]) -> None:
    one_by_one = Replica()
    for update in updates:
        one_by_one.apply(update)
    for replica in (one_by_one, Replica(updates)):
        assert text_of(replica.whole()) == "ab\ufffdX\ufffdcdZ"


def test_a_replica_can_be_read_as_it_was_before_and_after_a_character_was_taken_apart() -> None:
    replica = replica_of(TEXT, BETWEEN, BEHIND, keeps_deleted=True)
    assert text_of(replica.at({1: 6, 2: 1}, {1: [(2, 2)]}).whole()) == "abXcd"
    assert text_of(replica.at({1: 6}, {}).whole()) == "ab\ufffd\ufffdcd"


@pytest.mark.parametrize("update", [BEHIND, FIRST_LETTER, WHOLE])
def test_what_takes_nothing_apart_is_left_as_it_is(update: bytes) -> None:
    assert Replica([TEXT]).without_halves(update) is update


def test_what_another_node_took_apart_comes_to_the_clients_of_this_one_as_it_came_to_its_own() -> None:
    intake = Intake("room", Replica([TEXT]), Gate(Presence()))
    assert intake.take([BETWEEN]) == [Replica([TEXT]).without_halves(BETWEEN)] != [BETWEEN]
    assert text_of(intake.replica.whole()) == "abXcd"


@pytest.mark.parametrize(
    "take",
    [
        lambda intake: intake.accept({Sender(Role.EDITOR): [(1, BETWEEN)]}, saved=True),
        lambda intake: intake.take([BETWEEN]),
    ],
    ids=["of a client", "of another node"],
)
def test_what_commenters_write_afterwards_is_tried_on_a_document_in_which_it_is_deleted(
    take: Callable[[Intake], object],
) -> None:
    gate = Gate(Presence())
    intake = Intake("room", Replica([TEXT]), gate)
    commenter = Sender(Role.COMMENTER)

    def comment(number: int) -> None:
        comments: Doc[Map[Any]] = Doc(client_id=100 + number)
        comments.get("comments", type=Map)[str(number)] = "Why?"
        intake.accept({commenter: [(number, comments.get_update())]}, saved=True)

    comment(1)
    take(intake)
    intake.accept({Sender(Role.EDITOR): [(1, BEHIND)]}, saved=True)
    comment(2)
    assert gate._fork is not None
    assert gate._fork._view().spans[0].text == b"abXcdZ"


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER])
def test_who_may_not_edit_takes_no_character_apart(role: Role) -> None:
    with pytest.raises(Forbidden) as refused:
        Gate(Presence()).judge(Replica([TEXT]), role, "somebody", BETWEEN)
    assert refused.value.reason is Reason.MALFORMED


def test_of_a_long_text_only_the_places_of_such_characters_are_kept() -> None:
    doc: Doc[Text] = Doc(client_id=1)
    doc.get("body", type=Text).insert(0, "plain words " * 20_000 + "😀")
    update = doc.get_update()
    tracemalloc.start()
    try:
        pairs = Pairs()
        assert pairs.add(update)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 10_000
    assert pairs.halved_by(deletion({1: [(240_001, 1)]})) == {(1, 240_001)}


def test_an_update_with_such_characters_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read, structs_in = list[int](), second_units.structs_in
    monkeypatch.setattr(second_units, "structs_in", lambda *args: (read.append(1), structs_in(*args))[1])
    pairs = Pairs()
    assert not pairs.halved_by(TEXT)
    assert pairs.add(TEXT)
    assert read == [1]
    assert pairs.halved_by(BETWEEN) == pairs.halved_by(HALF) == {(1, 3)}


def test_what_comes_late_or_twice_is_known_beside_what_came_before() -> None:
    doc: Doc[Text] = Doc(client_id=1)
    text = doc.get("body", type=Text)
    updates = []
    for at in range(4):
        before = doc.get_state()
        text.insert(4 * at, "😀")  # offsets in bytes; each has the clocks 2 * at and 2 * at + 1
        updates.append(doc.get_update(before))
    pairs = Pairs()
    for number in (1, 3, 0, 1, 2):
        assert pairs.add(updates[number])
    assert pairs.halved_by(deletion({1: [(0, 1), (4, 3)]})) == {(1, 1), (1, 7)}
    assert pairs.halved_by(deletion({1: [(0, 8)]})) == set()


@pytest.mark.parametrize("at", [0, 65_533, 65_536, 199_996])
def test_a_character_of_two_units_is_seen_wherever_it_stands_among_bytes_that_look_like_its_first(at: int) -> None:
    looks = b"\xf3\xe0\x99\x0b" * 50_000
    assert not second_units.may_hold_pairs(looks)
    assert second_units.may_hold_pairs(looks[:at] + "😀".encode() + looks[at + 4 :])
