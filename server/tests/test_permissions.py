"""What those below editor may do: judged by its effect on a fork, with attacks by name and random ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment

from cowrite_server.awareness_protocol import Presence as Entry
from cowrite_server.awareness_protocol import awareness_message
from cowrite_server.encoding import Reader, var_bytes, var_uint
from cowrite_server.errors import BrokenUpdate
from cowrite_server.permissions import Forbidden, Gate
from cowrite_server.presence import Presence as Present
from cowrite_server.protocol import (
    Reason,
    Refused,
    Role,
    Sync,
)
from cowrite_server.replica import EMPTY_UPDATE, Replica, check_update, clocks, deletions, merge
from house import House
from sync_clients import until

MARK = {"insertion": "s1"}
EDITOR, WRITER, OTHER = 5, 9, 11
"""Client ids of the editor's document and of those who may do less."""

Change = Callable[[Doc[Any]], object]


class Table:
    """A room without sockets: what was accepted, and a reader who gets nothing else."""

    def __init__(self, person: object = "writer") -> None:
        self.replica = Replica()
        self.presence = Present()
        self.gate = Gate(self.presence)
        self.person = person
        self.reader: Doc[Any] = Doc()
        self.log: list[bytes] = []
        self.editor: Doc[Any] = Doc(client_id=EDITOR)
        self.editor["body"] = Text("Hello plain world\n")
        self.editor["meta"] = Map({"title": "Plan"})
        self.editor["board"] = Array(["note"])
        self.editor["page"] = XmlFragment([XmlElement("p")])
        self.editor["comments"] = Map({"c1": Map({"text": "Why?"})})
        self.editor["suggestions"] = Map({"s0": Map({"state": "open"})})
        self.pass_on_editor()

    def pass_on_editor(self) -> None:
        """The editor's changes reach everybody."""
        self._accept(self.editor.get_update(self.replica.state()))

    def edit(self, change: Change) -> None:
        """The editor changes something."""
        with self.editor.transaction():
            change(self.editor)
        update = self.editor.get_update(self.reader.get_state())
        self._accept(update)
        self.gate.follow(update)

    def copy(self, client: int = WRITER) -> Doc[Any]:
        """Somebody's document, as it is after they have joined."""
        doc: Doc[Any] = Doc(client_id=client)
        doc.apply_update(self.replica.whole())
        return doc

    def offer(self, role: Role, update: bytes) -> bytes:
        """Somebody sends an update; what is accepted reaches everybody."""
        data = self.gate.judge(self.replica, role, self.person, update)
        if data != EMPTY_UPDATE:
            self._accept(data)
        return data

    def refuses(self, role: Role, update: bytes, reason: Reason | None = None) -> None:
        """Somebody sends an update, and nothing of it reaches anybody."""
        before = self.holds()
        with pytest.raises(Forbidden) as refusal:
            self.offer(role, update)
        assert refusal.value.reason == (reason or role.refusal)
        assert self.holds() == before
        assert not self.replica.waits

    def holds(self) -> tuple[object, ...]:
        """All that the room's document consists of, in a form that is equal for equal documents."""
        state, whole = self.replica.state(), self.replica.whole()
        gone = deletions(pycrdt.get_update(whole, state))
        return clocks(state), {client: sorted(ranges) for client, ranges in gone.items()}, len(whole)

    def _accept(self, update: bytes) -> None:
        self.replica.apply(update)
        self.reader.apply_update(update)
        self.editor.apply_update(update)
        self.log.append(update)

    @property
    def text(self) -> str:
        """The reader's body."""
        return str(self.reader.get("body", type=Text))


def change_of(doc: Doc[Any], change: Change) -> bytes:
    """The update that a change makes."""
    state = doc.get_state()
    with doc.transaction():
        change(doc)
    return doc.get_update(state)


def body(doc: Doc[Any]) -> Text:
    return doc.get("body", type=Text)


def root(doc: Doc[Any], name: str) -> Map[Any]:
    return doc.get(name, type=Map)


def characters(doc: Doc[Any]) -> list[tuple[object, dict[str, Any]]]:
    """The body one character at a time, each with the attributes that it has."""
    shown = []
    for content, attributes in body(doc).diff():
        own = {name: value for name, value in (attributes or {}).items() if value is not None}
        shown += [(part, own) for part in (content if isinstance(content, str) else [content])]
    return shown


def plain(doc: Doc[Any]) -> list[tuple[object, dict[str, Any]]]:
    """What of the body is no suggestion: characters without `insertion`, whatever is marked for deletion."""
    return [
        (content, {name: value for name, value in attributes.items() if name != "deletion"})
        for content, attributes in characters(doc)
        if "insertion" not in attributes
    ]


def elsewhere(doc: Doc[Any], *allowed: str) -> dict[str, object]:
    """Everything but the body and the allowed roots."""
    roots = {"page": str(doc.get("page", type=XmlFragment)), "board": doc.get("board", type=Array).to_py()}
    # Not to_py: it fails on a key whose value is none, such as a mark.
    roots |= {name: json.loads(str(root(doc, name))) for name in ("meta", "comments", "suggestions", "elsewhere")}
    return {name: content for name, content in roots.items() if name not in allowed}


# What each may do.


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR])
async def test_who_may_edit_is_not_judged(house: House, role: Role) -> None:
    ann, ben = await house.client(await house.secret(role)), await house.stock()
    await ann.write("plain text")
    await ben.until(lambda: ben.text == "plain text")
    room = next(iter(house.server._attendance._connections)).room
    assert not room._gate.has_fork


SUGGESTIONS: dict[str, Change] = {
    "text that carries insertion": lambda doc: body(doc).insert(5, " big", MARK),
    "such text with other attributes": lambda doc: body(doc).insert(5, " big", {**MARK, "bold": True}),
    "an image that carries insertion": lambda doc: body(doc).insert_embed(5, {"image": "sha256:00"}, MARK),
    "a new line that carries insertion": lambda doc: body(doc).insert(5, "\n", {**MARK, "header": 1}),
    "text at the very start": lambda doc: body(doc).insert(0, "So: ", MARK),
    "text beyond ASCII": lambda doc: body(doc).insert(5, " größer 👩‍👩‍👧", MARK),
    "a mark for deletion": lambda doc: body(doc).format(0, 5, {"deletion": "s2"}),
    "a mark for deletion over everything": lambda doc: body(doc).format(0, 18, {"deletion": "s2"}),
    "a record of a suggestion": lambda doc: root(doc, "suggestions").update({"s1": Map({"author": "Sue"})}),
    "a decision on somebody's suggestion": lambda doc: root(doc, "suggestions")["s0"].update({"state": "done"}),
    "record and text at once": lambda doc: (
        root(doc, "suggestions").update({"s1": Map({"kind": "insertion"})}),
        body(doc).insert(5, " big", MARK),
        body(doc).format(9, 9 + 6, {"deletion": "s1"}),
    ),
}


@pytest.mark.parametrize("name", SUGGESTIONS)
def test_a_suggester_may_write(name: str) -> None:
    table = Table()
    before = plain(table.reader)
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, SUGGESTIONS[name]))
    assert plain(table.reader) == before
    assert characters(table.reader) == characters(sue)
    assert elsewhere(table.reader, "comments") == elsewhere(sue, "comments")


def test_a_suggester_may_take_back_and_change_what_it_suggested() -> None:
    table = Table()
    sue, before = table.copy(), characters(table.reader)
    for change in (
        lambda doc: body(doc).insert(5, " big", MARK),
        lambda doc: body(doc).format(5, 9, {"bold": True}),
        lambda doc: body(doc).format(5, 9, {"bold": None}),
        lambda doc: body(doc).insert(7, "ee", MARK),
        lambda doc: body(doc).__delitem__(slice(6, 8)),
        lambda doc: body(doc).__delitem__(slice(5, 9)),
        lambda doc: body(doc).format(0, 5, {"deletion": "s2"}),
        lambda doc: body(doc).format(0, 5, {"deletion": None}),
    ):
        table.offer(Role.SUGGESTER, change_of(sue, change))
        assert characters(table.reader) == characters(sue)
    assert characters(table.reader) == before


def test_a_commenter_may_write_comments_and_answer_them() -> None:
    table = Table()
    cleo = table.copy()
    table.offer(Role.COMMENTER, change_of(cleo, lambda doc: root(doc, "comments").update({"c2": Map({"text": "No"})})))
    table.offer(Role.COMMENTER, change_of(cleo, lambda doc: root(doc, "comments")["c1"].update({"resolved": True})))
    assert root(table.reader, "comments").to_py() == root(cleo, "comments").to_py()


def test_the_first_comment_makes_its_root() -> None:
    table = Table()
    del table.editor
    table.editor = Doc(client_id=EDITOR)
    table.editor["body"] = Text("Hello")
    table.replica, table.reader = Replica([table.editor.get_update()]), Doc()
    table.reader.apply_update(table.editor.get_update())
    cleo = table.copy()
    table.offer(Role.COMMENTER, change_of(cleo, lambda doc: root(doc, "comments").update({"c1": "Well"})))
    table.offer(Role.COMMENTER, change_of(cleo, lambda doc: root(doc, "comments").update({"c1": "Well!"})))
    assert root(table.reader, "comments")["c1"] == "Well!"


def test_what_the_document_has_already_is_accepted_and_adds_nothing() -> None:
    table = Table()
    table.edit(lambda doc: body(doc).__delitem__(slice(0, 6)))
    for role in (Role.SUGGESTER, Role.COMMENTER, Role.VIEWER):
        assert table.offer(role, table.copy().get_update()) == EMPTY_UPDATE


# What they may not.

ATTACKS: dict[str, Change] = {
    "plain text": lambda doc: body(doc).insert(5, " big"),
    "text whose insertion is null": lambda doc: body(doc).insert(5, " big", {"insertion": None}),
    "text whose insertion is empty": lambda doc: body(doc).insert(5, " big", {"insertion": ""}),
    "text whose insertion is no name": lambda doc: body(doc).insert(5, " big", {"insertion": True}),
    "text marked for deletion only": lambda doc: body(doc).insert(5, " big", {"deletion": "s1"}),
    "an image without a mark": lambda doc: body(doc).insert_embed(5, {"image": "sha256:00"}),
    "a shared type in the text": lambda doc: body(doc).insert_embed(5, Map({"x": 1}), MARK),
    "others' text deleted": lambda doc: body(doc).__delitem__(slice(0, 5)),
    "others' last line break deleted": lambda doc: body(doc).__delitem__(slice(17, 18)),
    "others' text replaced by the same": lambda doc: (
        body(doc).__delitem__(slice(0, 5)),
        body(doc).insert(0, "Hello"),
    ),
    "others' text replaced by a suggestion": lambda doc: (
        body(doc).__delitem__(slice(0, 5)),
        body(doc).insert(0, "Hello", MARK),
    ),
    "others' text made bold": lambda doc: body(doc).format(0, 5, {"bold": True}),
    "others' line made a heading": lambda doc: body(doc).format(17, 18, {"header": 1}),
    "others' text made a suggestion": lambda doc: body(doc).format(0, 5, MARK),
    "others' text made a suggestion and deleted": lambda doc: (
        body(doc).format(0, 5, MARK),
        body(doc).__delitem__(slice(0, 5)),
    ),
    "a mark for deletion with bold beside it": lambda doc: body(doc).format(0, 5, {"deletion": "s1", "bold": True}),
    "a suggestion with a link over others' text": lambda doc: (
        body(doc).insert(5, " big", MARK),
        body(doc).format(3, 9, {"link": "http://example.org"}),
    ),
    "the title": lambda doc: root(doc, "meta").update({"title": "Mine"}),
    "the title taken away": lambda doc: root(doc, "meta").pop("title"),
    "a title that loses against the present one": lambda doc: (
        root(doc, "meta").update({"title": "Mine"}),
        root(doc, "meta").pop("title"),
    ),
    "a note on the board": lambda doc: doc.get("board", type=Array).append("mine"),
    "a note of the board taken away": lambda doc: doc.get("board", type=Array).pop(0),
    "an XML element": lambda doc: doc.get("page", type=XmlFragment).children.append(XmlElement("q")),
    "text within an XML element": lambda doc: doc.get("page", type=XmlFragment).children[0].children.append("mine"),
    "a root of an unknown name": lambda doc: root(doc, "anything").update({"x": 1}),
    "a root that differs by a space": lambda doc: root(doc, "suggestions ").update({"x": 1}),
    "a document within the document": lambda doc: root(doc, "meta").update({"sub": Doc({"t": Text("x")})}),
    "something allowed and something forbidden": lambda doc: (
        root(doc, "suggestions").update({"x": 1}),
        root(doc, "comments").update({"x": 1}),
        root(doc, "meta").update({"x": 1}),
    ),
}


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER, Role.VIEWER])
@pytest.mark.parametrize("name", ATTACKS)
def test_refused_is(name: str, role: Role) -> None:
    table = Table()
    table.refuses(role, change_of(table.copy(), ATTACKS[name]))
    table.refuses(role, merge([table.copy().get_update(), change_of(table.copy(OTHER), ATTACKS[name])]))


@pytest.mark.parametrize("name", SUGGESTIONS)
@pytest.mark.parametrize("role", [Role.COMMENTER, Role.VIEWER])
def test_a_suggestion_is_refused_to_those_who_may_not_suggest(name: str, role: Role) -> None:
    table = Table()
    table.refuses(role, change_of(table.copy(), SUGGESTIONS[name]))


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.VIEWER])
def test_a_comment_is_refused_to_those_who_may_not_comment(role: Role) -> None:
    table = Table()
    table.refuses(role, change_of(table.copy(), lambda doc: root(doc, "comments")["c1"].update({"resolved": True})))


def test_a_suggestion_cannot_be_made_plain_text() -> None:
    table = Table()
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(5, " big", MARK)))
    for attributes in ({"insertion": None}, {"insertion": "s9"}, {"insertion": ""}):
        copy = table.copy(OTHER)
        change = change_of(copy, lambda doc, attributes=attributes: body(doc).format(5, 9, attributes))
        table.refuses(Role.SUGGESTER, change)


def test_a_number_is_not_taken_for_the_truth_that_it_equals() -> None:
    table = Table()
    table.edit(lambda doc: body(doc).format(17, 18, {"header": 1}))
    table.refuses(Role.SUGGESTER, change_of(table.copy(), lambda doc: body(doc).format(17, 18, {"header": True})))


def test_what_lies_within_an_object_of_the_body_belongs_to_others() -> None:
    table = Table()
    table.edit(lambda doc: body(doc).insert_embed(5, Map({"cell": Text("one")}), {}))

    def write(doc: Doc[Any]) -> None:
        cell = next(content for content, _ in body(doc).diff() if isinstance(content, Map))["cell"]
        cell.insert(0, "mine", MARK)

    table.refuses(Role.SUGGESTER, change_of(table.copy(), write))


def test_after_a_refusal_what_is_allowed_is_accepted_again() -> None:
    table = Table()
    table.refuses(Role.SUGGESTER, change_of(table.copy(), ATTACKS["plain text"]))
    table.offer(Role.SUGGESTER, change_of(table.copy(OTHER), SUGGESTIONS["text that carries insertion"]))
    assert table.text == "Hello big plain world\n"


def test_what_builds_on_something_refused_is_refused_without_a_new_fork() -> None:
    table = Table()
    sue = table.copy()
    table.refuses(Role.SUGGESTER, change_of(sue, ATTACKS["plain text"]))
    later = [change_of(sue, SUGGESTIONS["text at the very start"]) for _ in range(3)]
    table.offer(Role.SUGGESTER, table.copy().get_update())  # makes a fork
    for update in later:
        table.refuses(Role.SUGGESTER, update, Reason.INCOMPLETE)
        assert table.gate.has_fork


# Bytes that no honest program writes. Structs as in https://github.com/yjs/yjs/blob/main/src/utils/UpdateEncoder.js.


def item(client: int, clock: int, info: int, rest: bytes, deleted: bytes = b"\x00") -> bytes:
    """An update with one item."""
    return b"\x01\x01" + var_uint(client) + var_uint(clock) + bytes((info,)) + rest + deleted


def string(text: str) -> bytes:
    return var_bytes(text.encode())


AFTER_HELLO = var_uint(EDITOR) + var_uint(4) + var_uint(EDITOR) + var_uint(5)
"""Both neighbours of what is written behind the editor's "Hello"."""

AT_THE_END = var_uint(EDITOR) + var_uint(17)
"""The neighbour of what is written behind everything."""

RAW: dict[str, bytes] = {
    "plain text": item(WRITER, 0, 0xC4, AFTER_HELLO + string("raw")),
    "plain text with a long client id": item(2**40, 0, 0xC4, AFTER_HELLO + string("raw")),
    "plain text in long integers": b"\x81\x80\x00\x81\x00\x89\x80\x00\x80\x00"
    b"\xc4\x85\x00\x84\x80\x00\x85\x00\x85\x00\x83\x00raw\x80\x00",
    "a deletion hidden behind nothing new": b"\x00\x01" + var_uint(EDITOR) + b"\x01\x00\x05",
    "a deletion in two halves": b"\x00\x01" + var_uint(EDITOR) + b"\x02\x00\x02\x02\x03",
    "a deletion in long integers": b"\x80\x00\x81\x00\x85\x80\x00\x81\x00\x80\x00\x85\x80\x00",
    "a deletion behind a suggestion of one's own": item(
        WRITER, 0, 0x28, b"\x01" + string("suggestions") + string("k") + b"\x01\x7f", b"\x01\x05\x01\x00\x05"
    ),
    "a value that counts as text and shows nothing": item(WRITER, 0, 0xC8, AFTER_HELLO + b"\x01\x77" + string("v")),
    "bytes that count as text and show nothing": item(WRITER, 0, 0xC3, AFTER_HELLO + string("v")),
    "a value of the body as a map": item(WRITER, 0, 0x28, b"\x01" + string("body") + string("k") + b"\x01\x7f"),
    "a shared type in the text": item(WRITER, 0, 0xC7, AFTER_HELLO + b"\x01"),
    "a document in the text": item(WRITER, 0, 0xC9, AFTER_HELLO + string("guid") + b"\x76\x00"),
    "an open mark for bold": item(WRITER, 0, 0xC6, AFTER_HELLO + string("bold") + string("true")),
    "an open mark for insertion": item(WRITER, 0, 0xC6, AFTER_HELLO + string("insertion") + string('"s1"')),
    "a title of an older time": item(WRITER, 0, 0x28, b"\x01" + string("meta") + string("title") + b"\x01\x7f"),
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
    "text that builds on a client nobody knows": item(WRITER, 0, 0x84, b"\x4d\x04" + string("late")),
    "text with a gap before it": item(WRITER, 3, 0xC4, AFTER_HELLO + string("late")),
    "text behind a gap within an update": b"\x01\x03\x09\x00\x00\x01\x0a\x02\xc4"
    + AFTER_HELLO
    + string("late")
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
            root(doc, "suggestions").update({"s0": "taken back"}),
        ),
    )
    table.offer(Role.SUGGESTER, take_back)
    assert table.text == "Hello bXX plain world\n"


def test_an_open_mark_at_the_end_does_not_change_what_is_written_there_later() -> None:
    table = Table()
    mark = item(WRITER, 0, 0x86, AT_THE_END + string("bold") + string("true"))
    assert table.offer(Role.SUGGESTER, mark) != EMPTY_UPDATE
    table.edit(lambda doc: body(doc).insert(18, "More\n"))
    assert characters(table.reader)[-5:] == [(character, {}) for character in "More\n"]


def presence_of(client: int, name: str = "Ann") -> bytes:
    return Reader(awareness_message([Entry(client, 1, {"user": {"name": name}})])[1:]).var_bytes()


# At random.

POSITIONS = st.integers(0, 60)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["insertion", "deletion", "bold", "header"]),
    st.sampled_from([None, "s1", "s2", "", True, 1]),
    max_size=2,
)
ROOT_NAMES = st.sampled_from(["meta", "comments", "suggestions", "elsewhere"])
STEPS = st.one_of(
    st.tuples(st.just("insert"), POSITIONS, st.sampled_from(["a", "Ünï", "\n", "two words"]), ATTRIBUTES),
    st.tuples(st.just("suggest"), POSITIONS, st.sampled_from(["b", "ßß", "👍"]), ATTRIBUTES),
    st.tuples(st.just("embed"), POSITIONS, st.none(), ATTRIBUTES),
    st.tuples(st.just("delete"), POSITIONS, st.integers(1, 9), st.none()),
    st.tuples(st.just("format"), POSITIONS, st.integers(1, 9), ATTRIBUTES),
    st.tuples(st.just("set"), ROOT_NAMES, st.sampled_from(["x", "title", "s0"]), st.integers(0, 9)),
)


def boundaries(doc: Doc[Any]) -> list[int]:
    """The positions between characters, in the library's units."""
    at, places = 0, [0]
    for content, _ in characters(doc):
        at += len(content.encode()) if isinstance(content, str) else 1
        places.append(at)
    return places


def act(doc: Doc[Any], step: tuple[str, Any, Any, Any]) -> None:
    """One random change."""
    kind, where, what, attributes = step
    if kind == "set":
        root(doc, where)[what] = attributes
        return
    places = boundaries(doc)
    start = min(where, len(places) - 1)
    if kind == "insert":
        body(doc).insert(places[start], what, attributes)
    elif kind == "suggest":
        body(doc).insert(places[start], what, {**attributes, **MARK})
    elif kind == "embed":
        body(doc).insert_embed(places[start], {"image": "x"}, attributes)
    else:
        end = min(start + what, len(places) - 1)
        if start < end and kind == "delete":
            del body(doc)[places[start] : places[end]]
        elif start < end:
            body(doc).format(places[start], places[end], attributes)


TURNS = st.lists(
    st.tuples(
        st.sampled_from(["editor", "suggester", "suggester", "suggester", "commenter"]),
        st.lists(STEPS, min_size=1, max_size=3),
        st.sampled_from(["update", "whole", "late", "twice", "forgetful"]),
    ),
    max_size=12,
)


@given(TURNS)
def test_no_plan_changes_more_than_its_role_may(turns: list[tuple[str, list[Any], str]]) -> None:
    table = Table()
    docs = {"suggester": table.copy(WRITER), "commenter": table.copy(OTHER)}
    clients = iter(range(100, 200))
    for who, steps, encoding in turns:
        if who == "editor":
            table.edit(lambda doc, steps=steps: [act(doc, step) for step in steps])
            continue
        role = Role(who)
        doc = docs[who]
        if encoding != "late":
            doc.apply_update(table.replica.whole())
        state = doc.get_state()
        for step in steps:
            act(doc, step)
        update = doc.get_update(state)
        if encoding == "whole":
            update = doc.get_update()
        elif encoding == "twice":
            update = merge([update, doc.get_update(), update])
        elif encoding == "forgetful":
            act(doc, ("suggest", 3, "c", {}))  # what came before it never reaches the server
            update = doc.get_update(doc.get_state()) if len(steps) > 1 else pycrdt.get_update(doc.get_update(), state)
        shown, kept = plain(table.reader), elsewhere(table.reader, *ALLOWED[role])
        seen = characters(table.reader)
        before = table.holds()
        try:
            table.offer(role, update)
        except Forbidden:
            assert table.holds() == before
            assert characters(table.reader) == seen
            docs[who] = table.copy(next(clients))
        else:
            assert plain(table.reader) == shown
            assert elsewhere(table.reader, *ALLOWED[role]) == kept
            if role is Role.COMMENTER:
                assert characters(table.reader) == seen
    late: Doc[Any] = Doc()
    late.apply_update(merge(table.log))
    assert characters(late) == characters(table.reader) == characters(table.editor)
    assert not table.replica.waits


ALLOWED = {Role.SUGGESTER: ("suggestions",), Role.COMMENTER: ("comments",)}


NEIGHBOURS = st.one_of(st.none(), st.tuples(st.sampled_from([EDITOR, EDITOR, WRITER, 77]), st.integers(0, 40)))
CONTENTS = st.sampled_from(
    [
        (1, b"\x02"),  # deleted
        (2, b"\x01" + string('"json"')),
        (3, string("bytes")),
        (4, string("raw")),
        (4, string("ü")),
        (5, string('{"image":"x"}')),
        (5, string('"y"')),
        (6, string("insertion") + string('"s1"')),
        (6, string("insertion") + string("null")),
        (6, string("bold") + string("true")),
        (6, string("deletion") + string('"s1"')),
        (7, b"\x01"),
        (7, b"\x02"),
        (7, b"\x07"),
        (8, b"\x02\x77" + string("v") + b"\x7f"),
        (9, string("guid") + b"\x76\x00"),
    ]
)
PARENTS = st.one_of(
    st.sampled_from(["body", "meta", "board", "page", "comments", "suggestions", "elsewhere"]),
    st.integers(18, 40),
)
CRAFTED = st.tuples(
    st.lists(
        st.tuples(CONTENTS, NEIGHBOURS, NEIGHBOURS, PARENTS, st.sampled_from([None, None, "title", "s0"])), max_size=4
    ),
    st.lists(st.tuples(st.sampled_from([EDITOR, WRITER, 77]), st.integers(0, 40), st.integers(1, 9)), max_size=2),
)


def crafted(clock: int, items: list[Any], deleted: list[tuple[int, int, int]]) -> bytes:
    """An update made of items as nobody's program writes them."""
    structs = bytearray()
    for (kind, content), left, right, parent, key in items:
        structs.append(kind | (0x80 if left else 0) | (0x40 if right else 0) | (0x20 if key else 0))
        for neighbour in (left, right):
            if neighbour is not None:
                structs += var_uint(neighbour[0]) + var_uint(neighbour[1])
        if left is None and right is None:
            inner = b"\x00" + var_uint(EDITOR) + var_uint(parent) if isinstance(parent, int) else b""
            structs += inner or b"\x01" + string(str(parent))
            if key is not None:
                structs += string(key)
        structs += content
    head = b"\x01" + var_uint(len(items)) + var_uint(WRITER) + var_uint(clock) if items else b"\x00"
    update = head + bytes(structs) + var_uint(len(deleted))
    for client, at, length in deleted:
        update += var_uint(client) + b"\x01" + var_uint(at) + var_uint(length)
    return update


@given(st.lists(st.tuples(st.sampled_from([Role.SUGGESTER, Role.COMMENTER]), CRAFTED), min_size=1, max_size=5), STEPS)
def test_no_bytes_change_more_than_their_role_may(updates: list[tuple[Role, Any]], later: Any) -> None:
    table = Table()
    for role, (items, deleted) in updates:
        clock = clocks(table.replica.state()).get(WRITER, 0)
        update = crafted(clock, items, deleted)
        shown, kept = plain(table.reader), elsewhere(table.reader, *ALLOWED[role])
        before = table.holds()
        try:
            check_update(update)
            table.offer(role, update)
        except (Forbidden, BrokenUpdate):
            assert table.holds() == before
        assert plain(table.reader) == shown
        assert elsewhere(table.reader, *ALLOWED[role]) == kept
        assert not table.replica.waits
    kept = elsewhere(table.reader)
    table.edit(lambda doc: act(doc, later))
    late: Doc[Any] = Doc()
    late.apply_update(merge(table.log))
    assert characters(late) == characters(table.reader) == characters(table.editor)
    assert later[0] == "set" or elsewhere(table.reader) == kept


HONEST = st.lists(
    st.one_of(
        st.tuples(st.just("editor"), STEPS),
        st.tuples(st.just("write"), st.tuples(POSITIONS, st.sampled_from(["b", "ßß", "👍", "\n"]))),
        st.tuples(st.just("strike"), st.tuples(POSITIONS, st.integers(1, 9))),
        st.tuples(st.just("unstrike"), st.tuples(POSITIONS, st.integers(1, 9))),
        st.tuples(st.just("take back"), st.tuples(POSITIONS, st.integers(1, 9))),
        st.tuples(st.just("record"), st.tuples(st.sampled_from(["s0", "s1"]), st.integers(0, 9))),
        st.tuples(st.just("exchange"), st.none()),
    ),
    max_size=25,
)


@given(HONEST)
def test_an_honest_suggester_is_never_refused(plan: list[tuple[str, Any]]) -> None:
    table = Table()
    sue = table.copy()
    sent = sue.get_state()

    def exchange() -> None:
        nonlocal sent
        table.offer(Role.SUGGESTER, sue.get_update(sent))
        sue.apply_update(table.replica.whole())
        sent = sue.get_state()
        assert characters(sue) == characters(table.reader)

    for what, how in plan:
        if what == "editor":
            # What both do to one suggestion at the same moment may take the mark from the other's text.
            apart = stands_apart(table.editor, how)
            if not apart:
                exchange()
            table.edit(lambda doc, how=how: act(doc, how))
            if not apart:
                exchange()
        elif what == "exchange":
            exchange()
        elif what == "record":
            root(sue, "suggestions")[how[0]] = how[1]
        else:
            suggest(sue, what, *how)
    table.offer(Role.SUGGESTER, sue.get_update(sent))


def stands_apart(doc: Doc[Any], step: tuple[str, Any, Any, Any]) -> bool:
    """Whether a change of the editor has nothing to do with marks for insertion."""
    kind, where, _, attributes = step
    if kind == "set":
        return True
    around = characters(doc)[max(0, where - 1) : where + 1] or characters(doc)[-1:]
    return kind == "insert" and not attributes and not any("insertion" in own for _, own in around)


def suggest(sue: Doc[Any], what: str, where: int, how: Any) -> None:
    """One change of somebody who keeps to the rules, as cowrite writes them."""
    places, shown = boundaries(sue), characters(sue)
    start = min(where, len(places) - 1)
    if what == "write":
        left = shown[start - 1][1] if start else {}
        body(sue).insert(places[start], how, {**dict.fromkeys(left), **MARK})
        return
    end = min(start + how, len(places) - 1)
    if start == end:
        return
    if what == "take back":
        for at in reversed(range(start, end)):
            if shown[at][1].get("insertion") == "s1":
                del body(sue)[places[at] : places[at + 1]]
    else:
        body(sue).format(places[start], places[end], {"deletion": "s2" if what == "strike" else None})


# Over sockets.


async def test_a_suggester_and_a_commenter_work_beside_an_editor(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello world")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    cleo = await house.client(await house.secret(Role.COMMENTER))
    assert sue.hello is not None
    assert sue.hello.role is Role.SUGGESTER
    sue.body.insert(5, " big", MARK)
    await sue.push()
    root(cleo.doc, "comments")["c1"] = "Why?"
    await cleo.push()
    await ann.until(lambda: ann.text == "Hello big world" and root(ann.doc, "comments").get("c1") == "Why?")
    await sue.until_saved()
    await cleo.until_saved()
    assert not sue.refused
    assert not cleo.refused
    await house.stop()
    await house.start()
    late = await house.client()
    assert late.body.diff()[1] == (" big", MARK)


async def test_a_suggestion_may_stand_in_what_an_editor_has_just_written(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    for text in (" wide", " world"):
        sue.body.insert(0, "x", MARK)
        await sue.push()
        await ann.until(lambda: ann.text.startswith("x"))
        await ann.write(text)
        await sue.until(lambda text=text: sue.text.endswith(text))
        sue.body.insert(len(sue.text) - 2, "y", MARK)
        await sue.push()
    await ann.until(lambda: ann.text == "xxHello wiyde woryld")
    assert not sue.refused


REFUSALS = {
    Role.SUGGESTER: Reason.ONLY_SUGGESTING,
    Role.COMMENTER: Reason.ONLY_COMMENTING,
    Role.VIEWER: Reason.READ_ONLY,
}


@pytest.mark.parametrize("kind", [Sync.UPDATE, Sync.STEP_2])
@pytest.mark.parametrize("role", REFUSALS)
async def test_a_refusal_says_what_one_may_and_reaches_nobody_else(house: House, role: Role, kind: Sync) -> None:
    ann = await house.client()
    await ann.write("Hello world")
    low = await house.client(await house.secret(role))
    stock = await house.stock(await house.secret(role))
    for client in (low, stock):
        client.doc.get("body", type=Text).insert(0, "not allowed ")
        update = client.doc.get_update()
        await client.send_update(update, kind)
    await low.until(lambda: low.refused)
    assert low.refused == [Refused(low.sent, REFUSALS[role])]
    await low.until_saved()
    await ann.write("!")
    late = await house.client()
    assert late.text == ann.text == "Hello world!"
    assert stock.closed is None
    assert not ann.updates


async def test_an_allowed_update_behind_a_refused_one_is_kept(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    await sue.until_saved()
    base = ann.doc.get_update()
    bad, good = Doc(client_id=101), Doc(client_id=102)
    for doc in (bad, good):
        doc.apply_update(base)
    await sue.send_update(change_of(bad, lambda doc: body(doc).insert(0, "bad ")))
    await sue.send_update(change_of(good, lambda doc: body(doc).insert(0, "good ", MARK)))
    await ann.until(lambda: ann.text == "good Hello")
    await sue.until_saved()
    assert sue.refused == [Refused(sue.sent - 1, Reason.ONLY_SUGGESTING)]


async def test_the_fork_goes_with_the_last_who_needs_it(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    sue.body.insert(0, "x", MARK)
    await sue.push()
    await sue.until_saved()
    room = next(iter(house.server._attendance._connections)).room
    assert room._gate.has_fork
    await sue.leave()
    await until(lambda: not room._gate.has_fork)


async def test_a_viewer_is_seen(house: House) -> None:
    ann, vi = await house.client(), await house.client(await house.secret(Role.VIEWER))
    await vi.show({"user": {"name": "Vi"}})
    await ann.until(lambda: vi.doc.client_id in ann.present)
