"""What those below editor may not do: attacks by name, as documents make them."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment

from cowrite_server.protocol import Reason, Role
from cowrite_server.replica import merge
from table import (
    MARK,
    OTHER,
    SUGGESTIONS,
    Change,
    Table,
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


def test_what_builds_on_something_refused_is_refused_without_a_new_fork() -> None:
    table = Table()
    sue = table.copy()
    table.refuses(Role.SUGGESTER, change_of(sue, ATTACKS["plain text"]))
    later = [change_of(sue, SUGGESTIONS["text at the very start"]) for _ in range(3)]
    table.offer(Role.SUGGESTER, table.copy().get_update())  # makes a fork
    for update in later:
        table.refuses(Role.SUGGESTER, update, Reason.INCOMPLETE)
        assert table.gate.has_fork
