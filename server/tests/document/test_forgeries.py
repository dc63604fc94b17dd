"""What those below editor may not make others believe of suggestions and records, by whom and when they were made."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlFragment

from cowrite_server.document.entry_values import contents_of
from cowrite_server.document.fork import Fork
from cowrite_server.document.permissions import Forbidden
from cowrite_server.wire.protocol import Role
from table import EDITOR, MARK, OTHER, WRITER, Change, Table, begin, body, change_of, root


def entry(doc: Doc[Any], id: str) -> Map[Any]:
    return root(doc, "suggestions")[id]


ANN = 77
"""Client id of another suggester."""

FORGERIES: dict[str, Change] = {
    "a change of somebody else's client": lambda doc: begin(doc, "change:x", author="Ann", client=ANN),
    "a change of the editor's client": lambda doc: begin(doc, "change:x", author="Ed", client=EDITOR),
    "a change of a client that has not been here": lambda doc: begin(doc, "change:x", author="Ann", client=12345),
    "a record that is no map": lambda doc: root(doc, "suggestions").update({"assist:x": {"model": "Qwen"}}),
    "that text has come back": lambda doc: begin(doc, "change:x", **{f"back:{doc.client_id}": [[1, 2, 3, 4, 5]]}),
    "that text of another has come back": lambda doc: begin(doc, "change:x", **{f"anew:{ANN}": [[1, 2, 3, 4, 5]]}),
    "in what is nobody's that text has come back": lambda doc: entry(doc, "s0").update({f"back:{EDITOR}": []}),
    "another author": lambda doc: entry(doc, "change:a").update({"author": "Sue"}),
    "another author as a text": lambda doc: entry(doc, "change:a").update({"author": Text("Sue")}),
    "another person": lambda doc: entry(doc, "change:a").update({"person": "sue"}),
    "another client": lambda doc: entry(doc, "change:a").update({"client": doc.client_id}),
    "another time": lambda doc: entry(doc, "change:a").update({"created": 6}),
    "a truth that equals the time": lambda doc: entry(doc, "change:b").update({"created": True}),
    "a field more": lambda doc: entry(doc, "change:a").update({"note": "x"}),
    "no author": lambda doc: entry(doc, "change:a").pop("author"),
    "an entry that seems to be gone": lambda doc: entry(doc, "change:a").update({"removed": True}),
    "an entry taken out": lambda doc: root(doc, "suggestions").pop("change:a"),
    "an entry put in another's place": lambda doc: begin(doc, "change:a", author="Sue"),
    "an entry made a value": lambda doc: root(doc, "suggestions").update({"change:a": 1}),
    "a decision on somebody's change": lambda doc: entry(doc, "change:a").update({"state": "rejected"}),
    "another model": lambda doc: entry(doc, "assist:r").update({"model": "Llama"}),
    "a record's state": lambda doc: entry(doc, "assist:r").update({"state": "rejected"}),
    "a record taken out": lambda doc: root(doc, "suggestions").pop("assist:r"),
    "a record that says nothing": lambda doc: root(doc, "suggestions").update({"assist:r": Map({})}),
}
"""What a suggester may not make others believe."""

FREE: dict[str, Change] = {
    "a change of no client": lambda doc: root(doc, "suggestions").update({"change:x": Map({"author": "Ann"})}),
    "a change of a client that is no number": lambda doc: begin(doc, "change:x", client=str(WRITER)),
    "a change of the client that truth equals": lambda doc: begin(doc, "change:x", client=True),
    "a change of another program of nobody": lambda doc: root(doc, "suggestions").update({"s7": Map({})}),
    "a change that is no map": lambda doc: root(doc, "suggestions").update({"change:x": {"client": doc.client_id}}),
    "a change that is a text": lambda doc: root(doc, "suggestions").update({"change:x": Text("mine")}),
    "an author of what has none": lambda doc: entry(doc, "s0").update({"author": "Ann"}),
    "an entry made what it holds": lambda doc: root(doc, "suggestions").update({"s0": {"state": "open"}}),
    "what an editor has written instead of an entry": lambda doc: root(doc, "suggestions").update({"odd": 2}),
    "a text that an editor has written there": lambda doc: root(doc, "suggestions").update({"text": "x"}),
}
"""What programs that name no client id write there."""


def forged_table() -> Table:
    """A table with a change of Ann's, a record of the assistant's text, and what an editor may leave there."""
    table = Table("ann")
    ann = table.copy(ANN)
    table.offer(Role.SUGGESTER, change_of(ann, lambda doc: begin(doc, "change:a", author="Ann", created=5)))
    table.offer(Role.SUGGESTER, change_of(ann, lambda doc: begin(doc, "change:b", author="Ann", created=1)))
    record = Map({"model": "Qwen", "client": ANN})
    table.offer(Role.SUGGESTER, change_of(ann, lambda doc: root(doc, "suggestions").update({"assist:r": record})))
    odd = {"odd": 1, "text": Text("x"), "bytes": b"x", "none": None, "page": XmlFragment(), "list": Array([1])}
    table.edit(lambda doc: root(doc, "suggestions").update(odd))
    table.person = "writer"
    return table


@pytest.mark.parametrize("name", FORGERIES)
def test_nobody_can_be_made_to_believe(name: str) -> None:
    table = forged_table()
    table.gate.saw(EDITOR, "editor")
    table.refuses(Role.SUGGESTER, change_of(table.copy(), FORGERIES[name]))
    with_text = change_of(table.copy(), lambda doc: (body(doc).insert(5, " big", MARK), FORGERIES[name](doc)))
    table.refuses(Role.SUGGESTER, with_text)
    table.offer(Role.SUGGESTER, change_of(table.copy(OTHER), lambda doc: begin(doc, "change:c", author="Sue")))


@pytest.mark.parametrize("name", FREE)
def test_entries_of_programs_that_name_no_client_are_let_through_with_the_name_of_who_writes_them(name: str) -> None:
    table = forged_table()
    table.name = "Sue"
    table.offer(Role.SUGGESTER, change_of(table.copy(), FREE[name]))
    held = contents_of(root(table.reader, "suggestions"))
    authors = {id: entry.get("author") for id, entry in held.items() if isinstance(entry, dict)}
    assert {id for id, author in authors.items() if author == "Ann"} == {"change:a", "change:b"}


def record_qwen(doc: Doc[Any]) -> None:
    root(doc, "suggestions")["assist:r"] = Map({"model": "Qwen"})


@pytest.mark.parametrize("client", [3, ANN + 1])  # in Yjs the larger id wins
def test_what_is_written_beside_a_record_without_having_seen_it_does_not_take_its_place(client: int) -> None:
    table = Table("ann")
    late = table.copy(client)
    table.offer(Role.SUGGESTER, change_of(table.copy(ANN), record_qwen))
    table.person = "writer"
    table.offer(Role.SUGGESTER, change_of(late, record_qwen))  # as where both have pasted it
    other = change_of(late, lambda doc: entry(doc, "assist:r").update({"model": "Llama"}))
    with suppress(Forbidden):
        table.offer(Role.SUGGESTER, other)
    assert entry(table.reader, "assist:r").to_py() == {"model": "Qwen"}


def test_a_change_has_the_name_by_which_its_author_is_known_here() -> None:
    table = forged_table()
    table.name = "Sue (2)"
    sue = table.copy()

    def suggest(doc: Doc[Any]) -> None:
        begin(doc, "change:x", author="Ann", person="ann", created=7)
        body(doc).insert(5, " big", MARK)

    sue.apply_update(table.offer(Role.SUGGESTER, change_of(sue, suggest)))
    assert table.gate.did_more
    shown = {"author": "Sue (2)", "person": "ann", "created": 7, "client": WRITER}
    assert entry(sue, "change:x").to_py() == entry(table.reader, "change:x").to_py() == shown
    assert table.text == "Hello big plain world\n"
    withdraw = change_of(sue, lambda doc: entry(doc, "change:x").update({"state": "rejected", "decided_by": "Ann"}))
    sue.apply_update(table.offer(Role.SUGGESTER, withdraw))
    assert entry(table.reader, "change:x")["decided_by"] == "Sue (2)"
    knowing = {"state": "accepted", "by": "Ann", "turn": 1}
    sue.apply_update(table.offer(Role.SUGGESTER, change_of(sue, lambda doc: begin(doc, "change:z", knowing=knowing))))
    assert entry(table.reader, "change:z")["knowing"] == {**knowing, "by": "Sue (2)"}
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: begin(doc, "change:y", author="Sue (2)")))
    assert not table.gate.did_more
    assert entry(table.reader, "change:a")["author"] == "Ann"


@pytest.mark.parametrize(
    "name", ["another author", "another client", "an entry taken out", "an entry put in another's place"]
)
def test_of_many_entries_those_alone_are_looked_at_that_an_update_touches(name: str) -> None:
    table = forged_table()
    effect = Fork(table.replica).apply(change_of(table.copy(), FORGERIES[name]), looks=False)
    assert effect is not None
    assert effect.touched == {"change:a"}
    assert table.replica.contents("suggestions", effect.touched).keys() == effect.touched
