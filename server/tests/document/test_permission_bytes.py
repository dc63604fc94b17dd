"""Bytes that no honest program writes, from those below editor, and what is written under others' names.

Structs as in https://github.com/yjs/yjs/blob/main/src/utils/UpdateEncoder.js.
"""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Text

from cowrite_server.document.updates import EMPTY_UPDATE, merge
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.awareness import Presence as Entry
from cowrite_server.wire.awareness import awareness_message
from cowrite_server.wire.encoding import Reader, var_string, var_uint
from cowrite_server.wire.protocol import Reason, Role
from table import (
    EDITOR,
    MARK,
    OTHER,
    SUGGESTIONS,
    WRITER,
    Table,
    body,
    change_of,
    characters,
    root,
)


def item(client: int, clock: int, info: int, rest: bytes, deleted: bytes = b"\x00") -> bytes:
    """An update with one item."""
    return b"\x01\x01" + var_uint(client) + var_uint(clock) + bytes((info,)) + rest + deleted


AFTER_HELLO = var_uint(EDITOR) + var_uint(4) + var_uint(EDITOR) + var_uint(5)
"""Both neighbours of what is written behind the editor's "Hello"."""

AT_THE_END = var_uint(EDITOR) + var_uint(17)
"""The neighbour of what is written behind everything."""

RAW: dict[str, bytes] = {
    "plain text": item(WRITER, 0, 0xC4, AFTER_HELLO + var_string("raw")),
    "plain text with a long client id": item(2**40, 0, 0xC4, AFTER_HELLO + var_string("raw")),
    "plain text in long integers": b"\x81\x80\x00\x81\x00\x89\x80\x00\x80\x00"
    b"\xc4\x85\x00\x84\x80\x00\x85\x00\x85\x00\x83\x00raw\x80\x00",
    "a deletion hidden behind nothing new": b"\x00\x01" + var_uint(EDITOR) + b"\x01\x00\x05",
    "a deletion in two halves": b"\x00\x01" + var_uint(EDITOR) + b"\x02\x00\x02\x02\x03",
    "a deletion in long integers": b"\x80\x00\x81\x00\x85\x80\x00\x81\x00\x80\x00\x85\x80\x00",
    "a deletion behind a suggestion of one's own": item(
        WRITER, 0, 0x28, b"\x01" + var_string("suggestions") + var_string("k") + b"\x01\x7f", b"\x01\x05\x01\x00\x05"
    ),
    "a value that counts as text and shows nothing": item(WRITER, 0, 0xC8, AFTER_HELLO + b"\x01\x77" + var_string("v")),
    "bytes that count as text and show nothing": item(WRITER, 0, 0xC3, AFTER_HELLO + var_string("v")),
    "a value of the body as a map": item(WRITER, 0, 0x28, b"\x01" + var_string("body") + var_string("k") + b"\x01\x7f"),
    "a shared type in the text": item(WRITER, 0, 0xC7, AFTER_HELLO + b"\x01"),
    "a document in the text": item(WRITER, 0, 0xC9, AFTER_HELLO + var_string("guid") + b"\x76\x00"),
    "an open mark for bold": item(WRITER, 0, 0xC6, AFTER_HELLO + var_string("bold") + var_string("true")),
    "an open mark for insertion": item(WRITER, 0, 0xC6, AFTER_HELLO + var_string("insertion") + var_string('"s1"')),
    "a title of an older time": item(WRITER, 0, 0x28, b"\x01" + var_string("meta") + var_string("title") + b"\x01\x7f"),
}


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER, Role.VIEWER])
@pytest.mark.parametrize("name", RAW)
def test_refused_as_raw_bytes_is(name: str, role: Role) -> None:
    Table().refuses(role, RAW[name])


def test_an_item_that_moves_what_others_wrote_is_no_update() -> None:
    table = Table()
    with pytest.raises(BrokenUpdate):
        table.offer(Role.SUGGESTER, item(WRITER, 0, 0xCB, AFTER_HELLO + b"\x00\x05\x00\x05\x01"))
    table.offer(Role.SUGGESTER, change_of(table.copy(), SUGGESTIONS["text at the very start"]))


HELD_BACK = {
    "text that builds on a client nobody knows": item(WRITER, 0, 0x84, b"\x4d\x04" + var_string("late")),
    "text with a gap before it": item(WRITER, 3, 0xC4, AFTER_HELLO + var_string("late")),
    "text behind a gap within an update": b"\x01\x03\x09\x00\x00\x01\x0a\x02\xc4"
    + AFTER_HELLO
    + var_string("late")
    + b"\x00",
    "a deletion of what the editor writes next": b"\x00\x01" + var_uint(EDITOR) + b"\x01" + var_uint(500) + b"\x05",
    "a deletion beyond the end of what the editor wrote": b"\x00\x01" + var_uint(EDITOR) + b"\x01\x03" + var_uint(500),
    "a deletion of somebody who has written nothing yet": b"\x00\x01\x4d\x01\x00\x05",
}


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER])
@pytest.mark.parametrize("name", HELD_BACK)
def test_what_would_take_effect_later_is_refused_now(name: str, role: Role) -> None:
    table = Table()
    table.refuses(role, HELD_BACK[name], Reason.INCOMPLETE)
    before = table.text
    table.edit(lambda doc: body(doc).insert(0, "x" * 600))
    assert table.text == "x" * 600 + before


def presence_of(client: int, name: str = "Ann") -> bytes:
    return Reader(awareness_message([Entry(client, 1, {"user": {"name": name}})])[1:]).var_bytes()


def test_the_next_changes_of_the_editor_cannot_be_written_by_somebody_else() -> None:
    table = Table()
    ann: Doc[Any] = Doc(client_id=77)
    ann.apply_update(table.replica.whole())
    table.presence.receive("ann's connection", presence_of(77), "ann")
    table.gate.saw(77, "ann")
    forged = change_of(table.copy(77), SUGGESTIONS["text that carries insertion"])
    table.refuses(Role.SUGGESTER, forged)
    table.edit(lambda doc: doc.apply_update(change_of(ann, lambda mine: body(mine).insert(0, "Ann: "))))
    table.presence.leave("ann's connection")
    forged = change_of(table.copy(77), SUGGESTIONS["text that carries insertion"])
    table.refuses(Role.SUGGESTER, forged)
    table.gate.saw(77, table.person)  # whoever shows themselves under it later does not get it
    table.refuses(Role.SUGGESTER, forged)
    table.edit(lambda doc: doc.apply_update(change_of(ann, lambda mine: body(mine).insert(5, "hear, "))))
    assert table.text == "Ann: hear, Hello plain world\n"


def test_who_came_as_a_viewer_may_suggest_by_a_better_link() -> None:
    table = Table()
    table.gate.saw(WRITER, "the viewers' link")
    table.offer(Role.SUGGESTER, change_of(table.copy(), SUGGESTIONS["text that carries insertion"]))


def test_another_version_of_what_was_written_is_not_passed_on() -> None:
    table = Table()
    other = Table()
    other.editor = Doc(client_id=EDITOR)
    other.editor["body"] = Text("FORGED plain world\n")
    sue = table.copy()
    honest = change_of(sue, SUGGESTIONS["text that carries insertion"])
    passed = table.offer(Role.SUGGESTER, merge([other.editor.get_update(), honest]))
    assert b"FORGED" not in passed
    late: Doc[Any] = Doc()
    late.apply_update(merge(table.log[::-1]))
    assert characters(late) == characters(sue)


def test_text_that_others_write_into_a_suggestion_is_theirs() -> None:
    table = Table()
    table.presence.receive("the editor's connection", presence_of(EDITOR), "editor")
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(5, " big", MARK)))
    table.edit(lambda doc: body(doc).insert(7, "XX"))  # inherits the mark
    sue = table.copy(OTHER)
    assert characters(sue)[7] == ("X", MARK)
    table.refuses(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).__delitem__(slice(5, 11))))
    sue = table.copy(WRITER + 100)
    take_back = change_of(
        sue,
        lambda doc: (
            body(doc).__delitem__(slice(9, 11)),
            root(doc, "suggestions")["s0"].update({"state": "taken back"}),
        ),
    )
    table.offer(Role.SUGGESTER, take_back)
    assert table.text == "Hello bXX plain world\n"


def test_an_open_mark_at_the_end_does_not_change_what_is_written_there_later() -> None:
    table = Table()
    mark = item(WRITER, 0, 0x86, AT_THE_END + var_string("bold") + var_string("true"))
    assert table.offer(Role.SUGGESTER, mark) != EMPTY_UPDATE
    table.edit(lambda doc: body(doc).insert(18, "More\n"))
    assert characters(table.reader)[-5:] == [(character, {}) for character in "More\n"]
