"""The server's copy of a document: what it takes, what it refuses, and what it keeps that the library leaves out."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text

from cowrite_server.document.ranges import add_ranges, deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import EMPTY_UPDATE, check_update, deletions, read_update
from cowrite_server.errors import BrokenUpdate
from keystrokes import keystrokes, text_of
from poison import BEFORE_POISON, CONTRADICTIONS, PANIC, POISON, UNREADABLE_TOGETHER


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
