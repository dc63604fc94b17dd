"""Keystrokes: of nearly every update it is known at once what it brings, and nothing else becomes of it for that."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pycrdt import Doc, Text

from cowrite_server.document import replica, updates
from cowrite_server.document.keystroke import read_keystroke
from cowrite_server.document.ranges import deletion
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import STRING, Id, read_struct
from cowrite_server.document.updates import deletions, read_update
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_string, var_uint

CLIENTS = (1, 2, 300, 2**53 - 1)
ids = st.tuples(st.sampled_from(CLIENTS), st.integers(0, 12))
texts = st.one_of(st.text("aé漢v\x07", min_size=1, max_size=3), st.sampled_from(["🙂", "", "v" * 130]))


def written(first: Id, left: Id | None, right: Id | None, text: str) -> bytes:
    """An update with one stretch of text."""
    info, near = STRING, b""
    for bit, id in ((0x80, left), (0x40, right)):
        if id is not None:
            info, near = info | bit, near + var_uint(id[0]) + var_uint(id[1])
    place = near or b"\x01" + var_string("body")
    return b"\x01\x01%b%b%b%b%b\x00" % (var_uint(first[0]), var_uint(first[1]), bytes((info,)), place, var_string(text))


stretches = st.builds(written, ids, st.none() | ids, st.none() | ids, texts)
TYPED = written((1, 3), (1, 2), None, "a")
begun = [written((client, 0), None, None, "abc") for client in CLIENTS]


def test_what_people_type_are_keystrokes_but_for_the_first_and_what_looks_different() -> None:
    doc: Doc[Text] = Doc()
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(event.update))
    body = doc.get("body", type=Text)
    for at, text in ((0, "H"), (1, "allo"), (2, "é"), (0, "漢字"), (1, "🙂")):
        body.insert(at if at != 1 else len(body), text)
    body.insert(0, "bold", {"bold": True})
    del body[0:1]
    doc.unobserve(subscription)
    assert [read_keystroke(update) is not None for update in made] == [False, True, True, True, False, False, False]


@given(stretches, st.integers(0, 60), st.binary(max_size=2))
@example(TYPED, len(TYPED) - 1, b"\x01")  # it says that it deletes something, and ends
def test_a_keystroke_is_what_a_reader_of_all_updates_takes_for_one_as_it_is(
    update: bytes, at: int, forged: bytes
) -> None:
    for data in (update, update[:at] + forged + update[at + len(forged) :], update[:at] + forged + update[at:]):
        keystroke = read_keystroke(data)
        if keystroke is None:
            continue
        reader = Reader(data)
        assert (reader.var_uint(), reader.var_uint()) == (1, 1)
        client, clock = reader.var_uint(), reader.var_uint()
        near: list[Id | None] = []
        struct = read_struct(reader, near=near)
        assert reader.rest() == b"\x00"
        assert (var_uint(client), clock, clock + struct.length) == keystroke[:3]
        assert [(var_uint(id[0]), id[1]) for id in near if id is not None] == list(keystroke.near)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(updates, "is_keystroke", lambda _: False)
            assert read_update(data) == data


@given(st.lists(stretches | st.builds(lambda id: deletion({id[0]: [(id[1], 2)]}), ids), max_size=12), st.booleans())
def test_a_document_takes_a_keystroke_as_any_other_update(written: list[bytes], is_begun: bool) -> None:
    def document(*, knows_keystrokes: bool) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        with pytest.MonkeyPatch.context() as patch:
            if not knows_keystrokes:
                patch.setattr(replica, "read_keystroke", lambda _: None)
            document = Replica(begun if is_begun else [])
            for update in written:
                try:
                    found.append((document.take(read_update(update)), document.waits, document.state()))
                except (BrokenUpdate, MalformedMessage) as error:
                    return [*found, (str(error),)]
            return [*found, (document.whole(),)]

    assert document(knows_keystrokes=True) == document(knows_keystrokes=False)


def test_a_keystroke_that_has_its_place_is_added_without_a_search_for_what_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = Replica(begun)
    document.take(written((1, 3), (2, 1), (300, 2), "d"))  # here it is seen what the document has
    monkeypatch.setattr(replica, "part_that_waits", None)
    document.take(written((1, 4), (1, 3), None, "e"))
    document.take(written((2, 3), (1, 4), (300, 0), "f"))
    assert document.clocks() == {1: 5, 2: 4, 300: 3, 2**53 - 1: 3}


def test_a_keystroke_waits_for_what_its_writer_wrote_elsewhere_before() -> None:
    document = Replica(begun)
    document.take(written((1, 3), (2, 1), (300, 2), "d"))  # here it is seen what the document has
    document.take(written((1, 5), (2, 1), (300, 2), "f"))
    assert document.waits
    document.take(written((1, 4), (300, 2), None, "e"))
    assert (document.waits, document.clocks()[1]) == (False, 6)


def test_a_keystroke_that_takes_a_character_apart_has_what_is_left_of_it_deleted() -> None:
    document = Replica([written((1, 0), None, None, "🙂")])
    document.take(written((2, 0), (1, 1), None, "a"))  # here it is seen what the document has
    within = written((2, 1), (1, 0), (1, 1), "b")
    assert document.halves(within)
    added, _ = document.take(within)
    assert deletions(added) == {1: [(0, 2)]}


def test_nothing_is_searched_for_in_a_keystroke(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "check_update_bounds", None)
    update = written((1, 3), (2, 1), (300, 2), "d")
    assert read_update(update) is update


def test_it_counts_how_long_a_keystroke_takes_where_very_many_have_written_at_the_same_place() -> None:
    many = 20_000
    others = [written((client, 0), (1, 0), None, "x")[1:-1] for client in range(many + 1, 1, -1)]
    document = Replica([written((1, 0), None, None, "a"), var_uint(many) + b"".join(others) + b"\x00"])
    document.take(written((1, 1), (1, 0), None, "b"))  # here it is seen what the document has
    before = document.seconds
    document.take(written((many + 2, 0), (1, 0), None, "c"))  # the library passes all of them
    assert document.seconds > before
