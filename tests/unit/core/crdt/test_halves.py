"""A character of two UTF-16 units of which another program has taken a half, as the server passes that on."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from cowrite.core.crdt.halves import without_halves
from cowrite.core.crdt.structs import read_structs
from cowrite.core.errors import MalformedUpdate
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.rooms.intake import Intake
from cowrite_server.wire.protocol import Role

# As Yjs 13.6 writes them.
TEXT = bytes.fromhex("01010100040104626f6479086162f09f9880636400")
"""Client 1 writes ab😀cd."""
BETWEEN = bytes.fromhex("01010200c401020103015800")
"""Client 2 writes X between the units of the emoji."""
HALF = bytes.fromhex("000101010301")
"""The emoji's second unit is deleted."""
BEHIND = bytes.fromhex("01010106840105015a00")
"""Client 1 writes Z at the end."""


@pytest.mark.parametrize(("halving", "text"), [((BETWEEN,), "abXcdZ"), ((HALF,), "abcdZ"), ((BETWEEN, HALF), "abXcdZ")])
def test_a_character_that_another_program_took_apart_goes_alone_here_in_the_file_and_after_a_time_offline(
    halving: tuple[bytes, ...], text: str
) -> None:
    server, here, offline, reopened = Replica(), *(MendedDocument(clock=lambda: 0) for _ in range(3))
    rows: list[bytes] = []
    here.observe_updates(lambda told: rows.append(told[0]))
    for update in (TEXT, *halving, BEHIND):
        passed_on = server.without_halves(update)
        server.apply(passed_on)
        here.apply_remote(passed_on)
        if update is TEXT:
            offline.apply_remote(passed_on)
    offline.apply_remote(server.missing(offline.state_vector()))
    for row in rows:
        reopened.apply_update(row, Origin.STORAGE)
    for document in (here, offline, reopened):
        assert document.text() == text
        assert document.stored_spans() == list(document.spans())


def test_a_character_of_a_note_that_was_taken_apart_goes_alone_where_nothing_stands_in_the_draft() -> None:
    made: Doc[Map[Any]] = Doc(client_id=1)
    note: Text = Text("ab😀cd")  # whose second unit has the clock 5
    made.get("board", type=Map)["note:1"] = Map({"text": note})
    server, here = Replica([made.get_update()]), MendedDocument(clock=lambda: 0)
    here.apply_remote(made.get_update())
    here.apply_remote(server.without_halves(bytes.fromhex("01010200c401040105015800")))  # X between its units
    shown: Doc[Map[Any]] = Doc()
    shown.apply_update(here.state())
    assert str(shown.get("board", type=Map)["note:1"]["text"]) == "abXcd"


def test_an_update_that_cannot_be_read_deletes_no_character_that_it_would_take_apart() -> None:
    here = MendedDocument(clock=lambda: 0)
    here.apply_remote(TEXT)
    # X between the units, then an embed that is no JSON, and the character deleted.
    broken = bytes.fromhex("01020200c401020103015885020009") + b"{not json" + bytes.fromhex("0101010202")
    with pytest.raises(MalformedUpdate):
        here.apply_remote(broken)
    assert here.text() == "ab😀cd"


class Editor:
    """Sends to a room that has no connections."""

    role = Role.EDITOR
    person = "somebody"


def test_what_is_written_and_taken_apart_at_once_by_several_goes_alone_here() -> None:
    here, intake = MendedDocument(clock=lambda: 0), Intake("room", Replica(), Gate(Presence()))
    _, passed_on = intake.accept({Editor(): [(1, TEXT)], Editor(): [(1, BETWEEN)]}, saved=True)
    for update in (*passed_on, BEHIND):
        here.apply_remote(update)
    assert here.text() == "abXcdZ"


def test_what_is_replaced_by_a_teammate_is_told_as_one_change() -> None:
    here, there = MendedDocument(clock=lambda: 0), MendedDocument(clock=lambda: 0)
    here.apply_remote(TEXT)
    there.apply_remote(TEXT)
    updates: list[bytes] = []
    there.observe_updates(lambda told: updates.append(told[0]))
    with there.edit(Origin.LOCAL) as edit:
        edit.delete(1, 4)
        edit.insert(1, "new", {})
    changes: list[object] = []
    here.observe_changes(changes.append)
    for update in updates:
        here.apply_remote(update)
    assert here.text() == there.text() == "anewd"
    assert len(changes) == 1


def test_a_long_absence_is_looked_through_in_time_that_grows_with_it_alone() -> None:
    doc: Doc[Text] = Doc()
    text = doc.get("body", type=Text)
    text += "abc" * 5000
    before = doc.get_state()
    with doc.transaction():
        for at in reversed(range(5000)):
            del text[3 * at + 2 : 3 * at + 3]
            text.insert(3 * at + 1, "new")
    update = doc.get_update(before)
    begun = time.process_time()
    structs = list(read_structs(update))
    read = time.process_time()
    assert without_halves(update, doc.get_update) is None
    assert len(structs) == 5000
    assert time.process_time() - read < 20 * (read - begun)
