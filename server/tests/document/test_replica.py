"""The server's copy of a document: what it takes, what it refuses, and what it keeps that the library leaves out."""

from __future__ import annotations

import random
import time
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, merge_updates

from cowrite_server.document.ranges import add_ranges, deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import brought
from cowrite_server.document.updates import EMPTY_UPDATE, check_update, deletions, read_update
from cowrite_server.errors import BrokenUpdate
from keystrokes import document, keystrokes, text_of
from poison import BEFORE_POISON, CONTRADICTIONS, PANIC, POISON, UNREADABLE_TOGETHER
from slow_updates import entries_of_one_key


def units(replica: Replica) -> dict[int, int]:
    """How many units of each client are here; the library also names clients of whom all waits."""
    return {client: clock for client, clock in replica.clocks().items() if clock}


def test_a_replica_gives_back_what_it_was_given() -> None:
    assert text_of(Replica(keystrokes("Hello" * 40)).whole()) == "Hello" * 40


def test_a_replica_answers_with_what_the_other_lacks_only() -> None:
    updates = keystrokes("Hello")
    replica, old = Replica(updates), Replica(updates[:3])
    missing = replica.missing(old.state())
    assert len(missing) < len(replica.whole())
    old.apply(missing)
    assert old.state() == replica.state()


def long_update() -> bytes:
    doc: Doc[Text] = Doc(client_id=77)
    doc.get("elsewhere", type=Text).insert(0, "x" * 300_000)
    return doc.get_update()


def test_whoever_asks_for_a_short_document_has_all_of_it_with_the_answer() -> None:
    replica = Replica()
    replica.answer(b"\x00")
    for letter in keystrokes("Hello"):
        replica.apply(letter)
    whole, later = replica.answer(b"\x00")
    assert text_of(whole) == "Hello"
    assert list(later) == []


def test_while_somebody_types_all_who_ask_are_given_the_same_and_what_has_come_since() -> None:
    letters = keystrokes("Hello" * 20)
    replica = Replica([*letters[:50], long_update()])
    first, none = replica.answer(b"\x00")
    assert list(none) == []
    for typed in letters[50:]:
        replica.apply(typed)
        long, later = replica.answer(b"\x00")
        assert long is first
        assert Replica([long, *later]).clocks() == replica.clocks()
    assert text_of(Replica([long, *later]).whole()) == text_of(replica.whole()) == "Hello" * 20


def test_nobody_is_given_what_was_deleted_before_they_asked() -> None:
    doc: Doc[Text] = Doc()
    body = doc.get("body", type=Text)
    body.insert(0, "a secret, and more")
    replica = Replica([doc.get_update(), long_update()])
    assert b"secret" in replica.answer(b"\x00")[0]
    state = doc.get_state()
    del body[:8]
    replica.apply(doc.get_update(state))
    long, later = replica.answer(b"\x00")
    assert b"secret" not in long
    assert list(later) == []


def test_an_answer_is_not_kept_for_long() -> None:
    doc: Doc[Text] = Doc()
    body = doc.get("body", type=Text)
    replica = Replica([long_update()])
    first, _ = replica.answer(b"\x00")
    for _ in range(2):
        state = doc.get_state()
        body.insert(0, "x" * 9_000)
        replica.apply(doc.get_update(state))
    long, later = replica.answer(b"\x00")
    assert long is not first
    assert list(later) == []


def test_a_part_that_waits_for_another_is_kept_and_given_to_whoever_asks() -> None:
    first, lost, third = keystrokes("abc")
    replica = Replica([first, third])
    assert replica.waits
    newcomer = Replica([replica.whole()])
    newcomer.apply(lost)
    assert text_of(newcomer.whole()) == "abc"
    replica.apply(lost)
    assert not replica.waits


def test_while_a_part_waits_what_others_write_is_added_and_nothing_is_read_again() -> None:
    first, lost, third = keystrokes("abc")
    replica = Replica([first, third])
    held = replica._doc
    other: Doc[Text] = Doc(client_id=77)
    for word in ("some ", "more ", "words "):
        before = other.get_state()
        other.get("note", type=Text).insert(0, word)
        replica.apply(other.get_update(before))
    assert replica._doc is held
    assert replica.waits
    for each in (replica, Replica([replica.whole()])):
        each.apply(lost)
        assert not each.waits
        assert text_of(each.whole()) == "abc"
        assert str(document([each.whole()]).get("note", type=Text)) == "words more some "


def test_who_writes_on_behind_a_lost_update_has_nothing_read_again() -> None:
    first, lost, *rest = keystrokes("abcdefgh")
    replica = Replica([first, rest[0]])
    held = replica._doc
    for update in rest[1:]:
        replica.apply(update)
    doc: Doc[Text] = Doc(client_id=1)
    for update in (first, lost, *rest):
        doc.apply_update(update)
    before = doc.get_state()
    del doc.get("body", type=Text)[4:6]
    replica.apply(doc.get_update(before))
    assert replica._doc is held
    assert text_of(replica.whole()) == "a"
    for each in (Replica([replica.whole()]), replica):
        each.apply(lost)
        assert not each.waits
        assert text_of(each.whole()) == "abcdgh"


def test_a_letter_behind_a_lost_update_costs_no_reading_of_all_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    first, _lost, *rest = keystrokes("a" * 300)
    read = Mock(side_effect=brought)
    monkeypatch.setattr("cowrite_server.document.waiting.brought", read)
    replica = Replica([first])
    for update in rest:
        replica.apply(update)
    assert replica.waits
    assert sum(len(call.args[0]) for call in read.call_args_list) < 100 * len(rest)


def test_what_many_write_behind_a_lost_update_is_joined_a_few_times_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "a😀bcdefgh" * 40
    lost, *rest = keystrokes(words)
    for client in range(100, 200):
        doc: Doc[Text] = Doc(client_id=client)
        doc.apply_update(lost)
        before = doc.get_state()
        doc.get("body", type=Text).insert(1, "x")
        rest.append(doc.get_update(before))
    merge = Mock(side_effect=merge_updates)
    monkeypatch.setattr("pycrdt.merge_updates", merge)
    replica = Replica(rest[:1])
    held = replica._doc
    for update in rest[1:]:
        replica.apply(update)
    assert replica._doc is held
    assert sum(len(part) for call in merge.call_args_list for part in call.args) < 10 * sum(map(len, rest))
    replica.apply(lost)
    assert not replica.waits
    assert text_of(replica.whole()).replace("x", "") == words


@pytest.mark.parametrize("order", ["backwards", "shuffled"])
def test_what_waits_costs_no_reading_of_the_document_in_whatever_order_it_comes(order: str) -> None:
    first, lost, *rest = keystrokes("abcdefgh" * 5)
    rest.reverse() if order == "backwards" else random.Random(7).shuffle(rest)
    replica = Replica([first, rest[0]])
    held = replica._doc
    for update in rest[1:]:
        replica.apply(update)
    assert replica._doc is held
    for each in (Replica([replica.whole()]), replica):
        assert text_of(each.arrived()) == "a"
        each.apply(lost)
        assert not each.waits
        assert text_of(each.whole()) == "abcdefgh" * 5


def test_what_waits_counts_as_long_as_the_server_works_on_it() -> None:
    replica, begun = Replica(), time.thread_time()
    for number in range(8):
        replica.apply(entries_of_one_key(150, 5 + 150 * number))
    assert replica.seconds > (time.thread_time() - begun) / 2


def test_a_deletion_of_what_is_here_counts_also_in_an_update_that_waits() -> None:
    first, lost, third = keystrokes("abc")
    replica = Replica([first, third])
    doc: Doc[Text] = Doc(client_id=1)
    for update in (first, lost, third):
        doc.apply_update(update)
    before = doc.get_state()
    with doc.transaction():
        doc.get("body", type=Text).insert(3, "d")
        del doc.get("body", type=Text)[0:1]
    replica.apply(doc.get_update(before))
    assert text_of(replica.arrived()) == ""
    replica.apply(lost)
    assert text_of(replica.whole()) == "bcd"


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6), min_size=2, max_size=4), st.randoms())
def test_in_whatever_order_updates_come_all_of_them_are_there(writers: list[list[str]], chance: random.Random) -> None:
    docs: list[Doc[Text]] = [Doc(client_id=client) for client in range(1, len(writers) + 1)]
    updates: list[bytes] = []
    todo = [(doc, word) for doc, words in zip(docs, writers, strict=True) for word in words]
    chance.shuffle(todo)
    for doc, word in todo:
        if chance.random() < 0.5:
            for other in docs:
                doc.apply_update(other.get_update())
        before = doc.get_state()
        body = doc.get("body", type=Text)
        if word == "a" and len(body):
            del body[0:1]
        else:
            body.insert(chance.randrange(len(body) + 1), word)
        updates.append(doc.get_update(before))
    expected: Doc[Text] = Doc()
    for update in updates:
        expected.apply_update(update)
    chance.shuffle(updates)
    replica = Replica()
    for update in updates:
        replica.apply(update)
        # In how large pieces updates come decides with some whether they find their place at once.
        again = units(Replica([replica.whole()]))
        assert all(again.get(client, 0) >= number for client, number in units(replica).items())
    assert not replica.waits
    assert text_of(replica.whole()) == str(expected.get("body", type=Text))


def test_a_deletion_that_comes_before_its_text_is_kept() -> None:
    doc: Doc[Text] = Doc(client_id=1)
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    body = doc.get("body", type=Text)
    body.insert(0, "abc")
    del body[1:2]
    doc.unobserve(subscription)
    insertion, deletion = updates
    replica = Replica([deletion])
    assert replica.waits
    newcomer = Replica([replica.whole()])
    newcomer.apply(insertion)
    assert text_of(newcomer.whole()) == "ac"


def test_an_update_that_is_known_adds_nothing() -> None:
    doc: Doc[Text] = Doc()
    body = doc.get("body", type=Text)
    body.insert(0, "Hello world")
    del body[2:5]
    replica = Replica([doc.get_update()])
    assert replica.has_all_of(EMPTY_UPDATE)
    assert replica.has_all_of(doc.get_update())
    assert replica.has_all_of(b"\x00\x01\x07\x00")  # no deletion, by somebody of whom the document has nothing
    for has in (replica.has_all_of, replica.has_deleted):
        assert has(doc.get_update(doc.get_state()))  # all deletions, as stock clients send them
        assert has(deletion({doc.client_id: [(3, 1)]}))
        assert not has(deletion({doc.client_id: [(4, 2)]}))
        assert not has(deletion({doc.client_id + 1: [(3, 1)]}))
    del body[0:1]
    assert not replica.has_all_of(doc.get_update(doc.get_state()))
    assert not replica.has_deleted(doc.get_update(doc.get_state()))
    body.insert(0, "x")
    assert not replica.has_all_of(doc.get_update())


def test_a_viewer_has_nobody_wait_until_all_that_was_ever_deleted_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    doc: Doc[Text] = Doc()
    body = doc.get("body", type=Text)
    body.insert(0, "Hello world")
    del body[2:5]
    replica = Replica([doc.get_update()])
    read: list[bytes] = []
    monkeypatch.setattr(
        "cowrite_server.document.replica.deletions", lambda update: read.append(update) or deletions(update)
    )
    assert replica.has_all_of(doc.get_update(doc.get_state()))
    assert not replica.has_all_of(deletion({doc.client_id: [(7, 1)]}))
    assert read == []  # in Python, half a second of a long document's


def test_a_long_list_of_deletions_is_left_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    doc: Doc[Text] = Doc(client_id=5)
    doc.get("body", type=Text).insert(0, "x" * 40_000)
    replica = Replica([doc.get_update(), deletion({5: [(2 * at, 1) for at in range(20_000)]})])
    doc.apply_update(replica.whole())
    state = doc.get_state()
    doc.get("body", type=Text).insert(0, "more, and all that was ever deleted")
    update = doc.get_update(state)
    monkeypatch.setattr("cowrite_server.document.waiting.read_ranges", lambda _: pytest.fail("it was read"))
    assert not replica.apply(update)
    assert text_of(replica.whole()) == str(doc.get("body", type=Text))


def test_deletions_of_far_too_much_that_has_not_come_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = [(2 * at, 1) for at in range(30_000)]
    ordered, disordered = (deletion({9: each}) for each in (absent, absent[::-1]))
    for module in ("replica", "waiting", "updates"):
        monkeypatch.setattr(f"cowrite_server.document.{module}.LISTED_AT_MOST", 100_000)
    for module in ("waiting", "updates"):
        monkeypatch.setattr(f"cowrite_server.document.{module}.read_ranges", lambda _: pytest.fail("it was read"))
    replica = Replica()
    assert not replica.has_all_of(ordered)
    with pytest.raises(BrokenUpdate, match="has not come"):
        replica.apply(ordered)
    with pytest.raises(BrokenUpdate, match="in no order"):
        read_update(disordered)


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_an_update_or_broken_and_nothing_else(data: bytes) -> None:
    try:
        check_update(data)
        Replica([data]).whole()
    except BrokenUpdate:
        pass


@pytest.mark.parametrize("update", [PANIC, POISON])
def test_a_failure_of_the_library_is_a_broken_update(update: bytes) -> None:
    replica = Replica([BEFORE_POISON])
    check_update(update)  # it can be read, and still
    with pytest.raises(BrokenUpdate):
        replica.apply(update)


def test_updates_that_contradict_each_other_are_read_as_they_were_written() -> None:
    replica = Replica()
    for update in CONTRADICTIONS:
        replica.apply(update)
    assert Replica(CONTRADICTIONS).state() == replica.state()
    assert Replica([replica.whole()]).state() == replica.state()


def test_many_who_ask_for_the_same_get_one_encoding_until_the_document_changes() -> None:
    replica = Replica([BEFORE_POISON])
    first = replica.whole()
    assert replica.whole() is first
    other: Doc[Text] = Doc()
    other.get("body", type=Text).insert(0, "more")
    replica.apply(other.get_update())
    assert replica.whole() != first


def test_whatever_is_taken_newcomers_can_read_the_document() -> None:
    replica = Replica()
    for update in UNREADABLE_TOGETHER:
        replica.apply(update)
        assert Replica([replica.whole()]).state() == replica.state()


@pytest.mark.parametrize("seed", range(10))
def test_a_document_that_keeps_what_was_deleted_can_be_had_as_it_was(seed: int) -> None:
    chance = random.Random(seed)
    doc: Doc[Any] = Doc()
    body, array, values = doc.get("body", type=Text), doc.get("list", type=Array), doc.get("map", type=Map)
    whole, deleted = Replica(keeps_deleted=True), {}
    states = []
    for _ in range(30):
        before = doc.get_state()
        for _ in range(3):
            kind = chance.randrange(6)
            if kind == 0:
                body.insert(0, chance.choice(["abc", "é漢", "🙂🙂"]))
            elif kind == 1:
                del body[: len(str(body)[: chance.randrange(3)].encode())]
            elif kind == 2:
                array.extend([chance.choice([1, 2.5, "x", None, True, {"a": [1]}, b"bytes"]) for _ in range(4)])
            elif kind == 3 and len(array) > 2:
                del array[1:2]
            elif kind == 4:
                values[chance.choice("abc")] = chance.choice([Text("nested"), Array([1, 2]), 7])
            else:
                values.pop(chance.choice("abc"), None)
        update = doc.get_update(before)
        whole.apply(update)
        add_ranges(deleted, whole.deleted_by(update))
        ranges = {client: list(found) for client, found in deleted.items()}
        states.append((whole.clocks(), ranges, str(body), array.to_py(), values.to_py()))
    for clocks, ranges, text, items, mapped in states:
        earlier: Doc[Any] = Doc()
        earlier.apply_update(whole.at(clocks, ranges).whole())
        assert str(earlier.get("body", type=Text)) == text
        assert earlier.get("list", type=Array).to_py() == items
        assert earlier.get("map", type=Map).to_py() == mapped
