"""What another program writes into a document that no cowrite would write: nothing is lost, shifted or ended by it."""

from __future__ import annotations

from itertools import product
from time import thread_time

import pycrdt
import pytest

from cowrite.core.comments.comments import COMMENTS
from cowrite.core.crdt.structs import Content, Id
from cowrite.core.document.document import Document
from cowrite.core.errors import MalformedUpdate
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite_server.document.ranges import deletion
from cowrite_server.document.updates import MERGE_RUN
from cowrite_server.wire.encoding import var_bytes, var_string, var_uint
from helpers.foreign_structs import FRAGMENT, MAP, NULL, ForeignWriter

STRAYS = {
    "value": (Content.ANY, NULL),
    "values": (Content.ANY, var_uint(3) + NULL[1:] * 3),
    "bytes": (Content.BINARY, var_bytes(b"xyz")),
    "document": (Content.DOC, var_string("guid") + bytes([118, 0])),
    "embedded text": (Content.EMBED, var_string('"hello"')),
    "embedded nothing": (Content.EMBED, var_string('""')),
}
UNREADABLE = (Content.FORMAT, var_string("bold") + var_string("true"))
"""What is no value, in the place of one: yrs panics when it is asked for it."""


@pytest.fixture
def document() -> Document:
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Our 👍 words.")
    return document


def is_equal(document: Document) -> bool:
    """Whether what is shown is what the shared text says."""
    return joined(document.spans()) == joined(document.stored_spans())


@pytest.mark.parametrize("kind", STRAYS)
@pytest.mark.parametrize("clock", [None, 3])
def test_what_is_no_text_shifts_no_place_in_the_text(document, kind, clock):
    stranger, (content, data) = ForeignWriter(), STRAYS[kind]
    length = 3 if kind == "values" else 1
    behind = None if clock is None else Id(document.client_id, clock)
    stranger.write(content, data, length=length, root="body", behind=behind)
    document.apply_remote(stranger.update())

    with document.edit(Origin.LOCAL) as edit:
        edit.insert(document.length - 1, "Z")

    assert document.text() == "Our 👍 words.Z\n"
    again = MendedDocument(clock=lambda: 0)
    again.apply_update(document.state(), Origin.STORAGE)
    assert again.text() == document.text()
    assert is_equal(again)
    assert is_equal(document)


def test_what_is_no_text_is_taken_out_by_everybody_and_told_to_nobody(document):
    origins = []
    stranger = ForeignWriter()
    content, data = STRAYS["value"]
    stranger.write(content, data, root="body")
    document.observe_updates(lambda told: origins.append(told[1]))
    document.apply_remote(stranger.update())

    assert set(origins) == {Origin.REMOTE}


def test_values_of_entries_stay_where_what_is_no_text_is_taken_out(document):
    entries = document.entries("board")
    entries.add("note:1", {"x": 1})
    entries.change("note:1", {"x": 2})
    stranger = ForeignWriter()
    stranger.write(*STRAYS["value"], root="body")
    document.apply_remote(stranger.update())

    assert entries.get("note:1") == {"x": 2}


def test_a_mark_without_an_end_behind_what_is_no_text_marks_nobodys_words(document):
    stranger = ForeignWriter()
    behind = stranger.write(*STRAYS["value"], root="body")
    stranger.look("ai", "a", behind=stranger.text("ς", behind=behind))
    document.apply_remote(stranger.update())

    assert is_equal(document)
    assert document.text() == "ςOur 👍 words.\n"


@pytest.mark.parametrize("opens", [bytes([117, 1]), bytes([118, 1]) + var_string("a")])
@pytest.mark.parametrize("origin", [Origin.REMOTE, Origin.STORAGE])
def test_values_nested_so_deep_that_the_library_would_end_the_process_are_refused(document, opens, origin):
    stranger = ForeignWriter()
    stranger.write(Content.ANY, var_uint(1) + opens * 50_000 + NULL[1:], root="board", key="note:1")

    with pytest.raises(MalformedUpdate):
        document.apply_update(stranger.update(), origin)
    assert document.text() == "Our 👍 words.\n"


def test_what_is_to_lie_within_letters_is_told_as_no_update(document):
    letters = bytes([4, 1]) + var_string("body") + var_string("See")
    with pytest.raises(MalformedUpdate):
        document.apply_remote(bytes([1, 2, 5, 0, *letters, 4, 0, 5, 0, *var_string("x"), 0]))
    assert is_equal(document)


def test_an_entry_is_read_though_something_is_nested_in_it_many_times_deeper_than_programs_write(document):
    entries, stranger = document.entries("board"), ForeignWriter()
    at = stranger.write(Content.TYPE, MAP, root="board", key="note:1")
    stranger.write(Content.ANY, NULL, parent=at, key="text")
    for _ in range(300):
        at = stranger.write(Content.TYPE, MAP, parent=at, key="inner")
    document.apply_remote(stranger.update())

    assert entries.get("note:1") == {"text": None}


def maps_in_maps(client, first, count, root="board", within=None):
    """So many maps, each in the one before, the first of all in a root, as an update."""
    writer = ForeignWriter(client, first)
    for number in range(first, first + count):
        parent = Id(client, number - 1) if number > first else within
        writer.write(Content.TYPE, MAP, key="k", **({"parent": parent} if parent else {"root": root}))
    return writer.update()


@pytest.mark.parametrize(
    ("root", "at_once", "origin"),
    [
        *product(("board", "unheard of"), (1, 100), (Origin.REMOTE, Origin.STORAGE)),
        ("board", 60_000, Origin.STORAGE),  # each takes a second
        ("unheard of", 60_000, Origin.REMOTE),
    ],
)
def test_maps_nested_so_deep_that_to_delete_them_would_end_the_process_are_refused(document, root, at_once, origin):
    def write():
        for first in range(0, 60_000, at_once):
            within = Id(5, first - 1) if first else None
            document.apply_update(maps_in_maps(5, first, at_once, root, within), origin)

    with pytest.raises(MalformedUpdate):
        write()
    document.apply_update(deletion({5: [(0, 1)]}), origin)
    assert document.text() == "Our 👍 words.\n"


def test_maps_that_come_before_those_they_lie_in_are_refused_where_together_they_are_too_deep(document):
    updates = [
        maps_in_maps(client, 0, 100, within=Id(client - 1, 99) if client > 1 else None) for client in range(1, 401)
    ]

    def take():
        for update in [*updates[1:], updates[0]]:
            document.apply_remote(update)

    with pytest.raises(MalformedUpdate):
        take()
    document.apply_remote(updates[0])
    document.apply_remote(deletion({1: [(0, 1)]}))
    assert document.text() == "Our 👍 words.\n"


@pytest.mark.parametrize("what", [(Content.TYPE, FRAGMENT), UNREADABLE])
def test_a_field_that_holds_no_value_is_read_as_if_it_were_not_there(document, what):
    entries, stranger = document.entries("board"), ForeignWriter()
    at = stranger.write(Content.TYPE, MAP, root="board", key="note:1")
    stranger.write(*what, parent=at, key="text")
    stranger.write(Content.ANY, NULL, parent=at, key="x")
    document.apply_remote(stranger.update())

    assert entries.ids() == ["note:1"]
    assert entries.get("note:1").get("text") is None


def test_what_is_no_entry_neither_stops_an_update_nor_hides_what_else_is_in_it(document, capfd):
    entries, told = document.entries("board"), []
    document.entries(COMMENTS)
    entries.observe(lambda change: told.append(change.ids))
    stranger = ForeignWriter()
    for root, key in (("board", "note:1"), (COMMENTS, "thread:1"), ("meta", "title"), ("assists", "a")):
        stranger.write(*UNREADABLE, root=root, key=key)
    stranger.write(Content.TYPE, MAP, root="board", key="note:2")
    stranger.text("Theirs. ", root="body")
    document.apply_remote(stranger.update())

    assert document.text() == "Theirs. Our 👍 words.\n"
    assert entries.ids() == ["note:2"]
    assert told == [{"note:2"}]
    assert document.meta.title == ""
    assert document.assists.record("a").task == ""
    capfd.readouterr()  # Rust says that it has panicked


def test_a_number_beyond_64_bits_is_kept_as_it_came_and_can_be_written_back(document):
    stranger = ForeignWriter()
    at = stranger.write(Content.TYPE, MAP, root="board", key="note:1")
    huge = bytes.fromhex("7b7fe1ccf385ebc8a0")  # 1e308
    stranger.write(Content.ANY, var_uint(1) + huge, parent=at, key="x")
    document.apply_remote(stranger.update())
    entries = document.entries("board")

    entries.change("note:1", {"y": entries.get("note:1")["x"]})

    assert entries.get("note:1") == {"x": 1e308, "y": 1e308}


def test_letters_typed_where_a_look_has_a_number_beyond_64_bits_are_written(document):
    stranger = ForeignWriter()
    stranger.text("\n", behind=stranger.look("header", 1e308, root="body"))
    document.apply_remote(stranger.update())

    with document.edit(Origin.LOCAL) as edit:
        edit.insert(1, "more\n", document.rope.attributes_before(1))

    assert document.text().startswith("\nmore\n")
    assert is_equal(document)


def test_what_the_library_cannot_tell_of_is_told_all_the_same_and_kept(document, capfd):
    entries, updates, told = document.entries("board"), [document.state()], []
    document.observe_updates(lambda update: updates.append(update[0]))
    entries.observe(lambda change: told.append(change.ids))
    stranger = ForeignWriter()
    at = stranger.write(Content.TYPE, FRAGMENT, root="board", key="odd")
    document.apply_remote(stranger.update())
    stranger = ForeignWriter(clock=stranger.clock)
    stranger.write(*UNREADABLE, parent=at, key="x")
    stranger.write(Content.TYPE, MAP, root="board", key="note:1")
    stranger.text("Theirs. ", root="body")
    document.apply_remote(stranger.update())
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(8, "Ours. ")

    assert {"note:1"} in told
    again = MendedDocument(clock=lambda: 0)
    for update in updates:
        again.apply_update(update, Origin.STORAGE)
    assert again.text() == document.text() == "Theirs. Ours. Our 👍 words.\n"
    capfd.readouterr()  # Rust says that it has panicked


@pytest.mark.parametrize("mark", [{"a": 1}, [1]])
def test_what_is_no_id_in_the_place_of_a_suggestion_keeps_nothing_from_coming_in(document, mark):
    stranger = ForeignWriter()
    letters = stranger.text("Theirs.", root="body")
    document.apply_remote(stranger.update())
    stranger = ForeignWriter(clock=stranger.clock)
    stranger.look("insertion", mark, root="body")
    stranger.text("More. ", behind=letters)
    document.apply_remote(stranger.update())

    assert is_equal(document)
    assert document.text() == "Theirs.More. Our 👍 words.\n"


def test_values_that_the_library_reads_with_what_stands_behind_them_are_refused(document):
    stranger = ForeignWriter()
    stranger.write(Content.JSON, var_uint(1) + var_string('"x"'), root="meta")
    stranger.write(Content.EMBED, var_string("[]"), root="meta")

    with pytest.raises(MalformedUpdate):
        document.apply_remote(stranger.update())
    MendedDocument(clock=lambda: 0).apply_update(document.state(), Origin.STORAGE)


@pytest.mark.parametrize("origin", [Origin.REMOTE, Origin.STORAGE])
def test_long_text_in_very_many_parts_is_taken_in_at_once(document, origin):
    stranger, part = ForeignWriter(), "All work and no play. " * 40
    at = stranger.text(part, root="body")
    for _ in range(4_000):
        at = stranger.text(part, behind=at)
    begun = thread_time()
    document.apply_update(stranger.update(), origin)

    assert thread_time() - begun < 5  # and not twenty, with many gigabytes
    assert document.length == len("Our 👍 words.\n") + 1 + 4_001 * len(part)


def test_long_text_whose_parts_wait_for_the_first_one_is_taken_in_at_once(document):
    length, count = 1_000, 2_200
    text = var_string("x" * length)
    parts = [
        b"\1\1\5" + var_uint(at) + b"\x84\5" + var_uint(at - 1) + text + b"\0"
        for at in range(length, count * length, length)
    ]
    for part in parts:
        document.apply_remote(part)

    begun = thread_time()
    document.apply_remote(b"\1\1\5\0\4\1" + var_string("body") + text + b"\0")

    assert thread_time() - begun < 5  # and not thirty, with two gigabytes
    assert document.length > length * count
    assert is_equal(document)


def test_what_waits_in_many_updates_is_joined_few_at_a_time(document, monkeypatch):
    writer, updates = pycrdt.Doc(), list[bytes]()
    text = writer.get("body", type=pycrdt.Text)
    writer.observe(lambda event: updates.append(event.update))
    for at in range(3 * MERGE_RUN):
        text.insert(at, "x" * 300)
    for update in updates[1:]:
        document.apply_remote(update)
    joined_at_once: list[int] = []
    merge_updates = pycrdt.merge_updates
    monkeypatch.setattr(pycrdt, "merge_updates", lambda *each: joined_at_once.append(len(each)) or merge_updates(*each))
    document.apply_remote(updates[0])

    assert document.length >= 3 * MERGE_RUN * 300
    assert sum(joined_at_once) >= len(updates)
    assert max(joined_at_once) <= MERGE_RUN  # the library takes a minute for thirty thousand


def test_text_that_is_taken_apart_only_to_be_joined_again_is_refused(document):
    long = var_string("x" * 2_200_000)
    torn = [b"\x84\5" + var_uint(at - 1) + var_string("y") for at in range(1_000, 2_200_000, 1_000)]
    before = document.state()

    with pytest.raises(MalformedUpdate):
        document.apply_remote(
            b"\2" + var_uint(len(torn)) + b"\7\0" + b"".join(torn) + b"\1\5\0\4\1" + var_string("body") + long + b"\0"
        )

    assert document.state() == before
