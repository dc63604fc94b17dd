"""Parts of a document that wait for what has not arrived: kept, given to whoever asks, and cheap in any order."""

from __future__ import annotations

import random
import time
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text, merge_updates

from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import STRING, brought
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import var_string, var_uint
from keystrokes import document, keystrokes, text_of
from slow_updates import entries_of_one_key


def units(replica: Replica) -> dict[int, int]:
    """How many units of each client are here; the library also names clients of whom all waits."""
    return {client: clock for client, clock in replica.clocks().items() if clock}


def test_a_part_that_waits_for_another_is_kept_and_given_to_whoever_asks() -> None:
    first, lost, third = keystrokes("abc")
    replica = Replica([first, third])
    assert replica.waits
    newcomer = Replica([replica.whole()])
    newcomer.apply(lost)
    assert text_of(newcomer.whole()) == "abc"
    replica.apply(lost)
    assert not replica.waits


def test_what_waits_and_names_a_letter_as_the_type_in_which_it_is_is_refused() -> None:
    first, _lost, third = keystrokes("abc")
    replica = Replica([first, third])
    writer: Doc[Text] = Doc(client_id=77)
    writer.get("note", type=Text).insert(0, "ab")
    replica.apply(writer.get_update())
    parts = (1, 1, 5, 1, STRING, 0, 77, 0)  # one client's one struct: client 5, unit 1, of which unit 0 has not come
    with pytest.raises(BrokenUpdate):
        replica.apply(b"".join(map(var_uint, parts)) + var_string("x") + b"\x00")


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
