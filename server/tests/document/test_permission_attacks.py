"""What those below editor may not do: attacks by name, as documents make them."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment

from cowrite_server.document import order, placing
from cowrite_server.document.placing import Unplaced
from cowrite_server.document.updates import clocks, merge
from cowrite_server.rooms.trial import Trials
from cowrite_server.sockets.pace import Pace
from cowrite_server.wire.encoding import var_string, var_uint
from cowrite_server.wire.protocol import Limits, Reason, Role
from table import (
    EDITOR,
    FOOTNOTE,
    MARK,
    OTHER,
    SUGGESTIONS,
    WRITER,
    Change,
    Table,
    begin,
    body,
    change_of,
    root,
)

ATTACKS: dict[str, Change] = {
    "plain text": lambda doc: body(doc).insert(5, " big"),
    "text whose insertion is null": lambda doc: body(doc).insert(5, " big", {"insertion": None}),
    "text whose insertion is empty": lambda doc: body(doc).insert(5, " big", {"insertion": ""}),
    "text whose insertion is no name": lambda doc: body(doc).insert(5, " big", {"insertion": True}),
    "text marked for deletion only": lambda doc: body(doc).insert(5, " big", {"deletion": "s1"}),
    "an image without a mark": lambda doc: body(doc).insert_embed(5, {"image": "sha256:00"}),
    "a footnote without a mark": lambda doc: body(doc).insert_embed(5, FOOTNOTE),
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
        begin(doc, "x"),
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


def test_a_comment_is_refused_to_a_viewer() -> None:
    table = Table()
    table.refuses(
        Role.VIEWER, change_of(table.copy(), lambda doc: root(doc, "comments")["c1"].update({"resolved": True}))
    )


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


TEXT = b"\x04\x01" + var_string("comments") + var_string("x and text that nobody tells of")
VALUES = b"\x08\x01" + var_string("comments") + b"\x03" + 3 * b"\x7e"


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER])
@pytest.mark.parametrize("struct", [TEXT, VALUES], ids=["text", "values"])
def test_what_goes_on_with_text_of_its_own_and_says_that_it_belongs_elsewhere_is_refused(
    struct: bytes, role: Role
) -> None:
    table = Table()
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(5, "x", MARK)))
    x = clocks(sue.get_state())[WRITER] - 2  # between its marks
    table.refuses(role, b"\x01\x01" + var_uint(WRITER) + var_uint(x) + struct + b"\x00")


def between(left: tuple[int, int] | None, right: tuple[int, int] | None) -> bytes:
    """Text that says that it was written between two units."""
    info, near = 0x04, b""
    for bit, id in ((0x80, left), (0x40, right)):
        if id is not None:
            info, near = info | bit, near + var_uint(id[0]) + var_uint(id[1])
    return bytes((info,)) + near + var_string("abc")


def value(key: str) -> bytes:
    """An entry of the suggestions, which says that it is the first under its key."""
    return b"\x28\1" + var_string("suggestions") + var_string(key) + b"\1\x7f"


MISPLACED: dict[str, bytes] = {
    "behind and before one and the same letter": between((WRITER, 2), (WRITER, 2)),
    "before a letter that stands to the left": between((WRITER, 4), (WRITER, 1)),
    "behind a letter and before what others begin with": between((WRITER, 2), (EDITOR, 0)),
    "over letters of one's own": between((WRITER, 1), (WRITER, 4)),
    "over letters of one's own to the end": between((WRITER, 2), None),
    "behind a comment and before the text": between((EDITOR, 22), (EDITOR, 5)),
    "behind the text and before a comment": between((WRITER, 2), (EDITOR, 22)),
    "behind a letter and before what is in another object": between((WRITER, 2), (EDITOR, 19)),
    "twice under a key": value("change:x") + value("change:x"),
}
"""What no client of Yjs writes, by where it is said to stand: copies differ in where it comes to stand."""


def misplaced(table: Table, name: str) -> bytes:
    """Such an update, behind a suggestion of the same writer, which it makes."""
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(5, "text", MARK)))
    count = 2 if name == "twice under a key" else 1
    head = b"\1" + var_uint(count) + var_uint(WRITER) + var_uint(clocks(sue.get_state())[WRITER])
    return head + MISPLACED[name] + b"\0"


@pytest.mark.parametrize("name", MISPLACED)
def test_a_suggester_writes_nothing(name: str) -> None:
    table = Table()
    table.refuses(Role.SUGGESTER, misplaced(table, name), Reason.MALFORMED)


@pytest.mark.parametrize("ids", [(WRITER, 900), (900, WRITER)])
def test_what_one_wrote_by_two_ids_comes_at_once(ids: tuple[int, int]) -> None:
    table = Table()
    first, second = (table.copy(id) for id in ids)
    known = first.get_state()
    body(first).insert(5, " big", MARK)
    second.apply_update(first.get_update())
    body(second).insert(9, "ger", MARK)
    table.offer(Role.SUGGESTER, second.get_update(known))
    assert table.text == "Hello bigger plain world\n"


def beside_others(table: Table) -> bytes:
    """What somebody suggests where others wrote at the same moment."""
    sue = table.copy(WRITER + len(table.log))
    table.edit(lambda doc: body(doc).insert(5, " and"))
    return change_of(sue, lambda doc: body(doc).insert(5, " big", MARK))


@pytest.mark.parametrize(
    ("found", "reason"), [(True, None), (False, Reason.MALFORMED), (None, Reason.TOO_LARGE)], ids=str
)
def test_a_document_of_many_parts_is_not_read_as_a_whole_while_everybody_waits(
    monkeypatch: pytest.MonkeyPatch, found: bool | None, reason: Reason | None
) -> None:
    table = Table()
    update = beside_others(table)
    monkeypatch.setattr(placing, "_MOST_AT_ONCE", 0)
    with pytest.raises(Unplaced):
        table.offer(Role.SUGGESTER, update)
    table.gate.find(update, found)
    if reason is None:
        table.offer(Role.SUGGESTER, update)
        assert " big" in table.text
    else:
        table.refuses(Role.SUGGESTER, update, reason)


async def test_where_an_update_stands_is_found_out_in_a_process_of_its_own_too() -> None:
    trials, tables = Trials(1.0, 1024 * 1024), {name: Table() for name in (*MISPLACED, "beside others")}
    updates = {name: misplaced(table, name) for name, table in tables.items() if name in MISPLACED}
    updates["beside others"] = beside_others(tables["beside others"])
    placed = {
        name: await trials.place(Pace(Limits(), 1.0), tables[name], tables[name].replica.whole, update)
        for name, update in updates.items()
    }
    assert placed == {name: name not in MISPLACED for name in tables}


def test_a_document_with_too_many_parts_takes_no_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table()
    monkeypatch.setattr(order, "MOST_STRUCTS", 2)
    table.refuses(Role.SUGGESTER, change_of(table.copy(), SUGGESTIONS["text that carries insertion"]), Reason.TOO_LARGE)


def test_a_few_bytes_that_say_of_very_much_text_that_it_is_deleted_take_no_memory() -> None:
    table = Table()

    def deleted(client: int) -> bytes:
        return b"\1\1" + var_uint(client) + b"\0\1\1" + var_string("body") + var_uint(2**27) + b"\0"

    table.refuses(Role.SUGGESTER, deleted(WRITER), Reason.TOO_LARGE)
    table._accept(deleted(EDITOR + 1))
    table.gate.forget()
    table.refuses(Role.SUGGESTER, change_of(table.copy(), SUGGESTIONS["text that carries insertion"]), Reason.TOO_LARGE)


def test_what_two_write_in_one_place_without_having_heard_of_each_other_is_taken() -> None:
    table = Table()
    table.gate.saw(WRITER, "writer")
    sue = table.copy()
    for _ in range(3):
        table.edit(lambda doc: body(doc).insert(5, " and"))
    for _ in range(2):
        sue_update = change_of(sue, lambda doc: body(doc).insert(5, " big", {"insertion": f"s{len(body(doc))}"}))
        table.offer(Role.SUGGESTER, sue_update)
    assert table.text.count(" big") == 2


def test_text_of_an_editor_that_copies_place_differently_has_nobody_else_refused() -> None:
    table = Table()
    update = misplaced(table, "behind and before one and the same letter")
    table._accept(update)
    table.gate.follow(update)
    table.gate.forget()
    table.offer(Role.SUGGESTER, change_of(table.copy(OTHER), SUGGESTIONS["text that carries insertion"]))


def test_what_builds_on_something_refused_is_refused_without_a_new_fork() -> None:
    table = Table()
    sue = table.copy()
    table.refuses(Role.SUGGESTER, change_of(sue, ATTACKS["plain text"]))
    later = [change_of(sue, SUGGESTIONS["text at the very start"]) for _ in range(3)]
    table.offer(Role.SUGGESTER, table.copy().get_update())  # makes a fork
    for update in later:
        table.refuses(Role.SUGGESTER, update, Reason.INCOMPLETE)
        assert table.gate._fork is not None
