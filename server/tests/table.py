"""A room without sockets, in which what those below editor may do is judged by its effect on a fork."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pycrdt
import pytest
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment

from cowrite_server.document.entry_values import contents_of, exact
from cowrite_server.document.permissions import Forbidden, Gate
from cowrite_server.document.presence import Presence as Present
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import EMPTY_UPDATE, clocks, deletions
from cowrite_server.wire.protocol import Reason, Role

MARK = {"insertion": "s1"}
FOOTNOTE = {"footnote": [{"insert": "See "}, {"insert": "Smith", "attributes": {"italic": True}}]}
EDITOR, WRITER, OTHER = 5, 9, 11
"""Client ids of the editor's document and of those who may do less."""

Change = Callable[[Doc[Any]], object]


class Sender:
    """A client without a connection."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.person = self
        self.name = None

    def settled(self, number: int, reason: Reason | None = None, limit: str | None = None) -> None:
        pytest.fail(f"nothing came of an update: {reason}")


class Table:
    """A room without sockets: what was accepted, and a reader who gets nothing else."""

    def __init__(self, person: object = "writer", *, has_suggestions: bool = True) -> None:
        self.replica = Replica()
        self.presence = Present()
        self.gate = Gate(self.presence)
        self.person = person
        self.name: str | None = None
        self.reader: Doc[Any] = Doc()
        self.log: list[bytes] = []
        self.editor: Doc[Any] = Doc(client_id=EDITOR)
        self.editor["body"] = Text("Hello plain world\n")
        self.editor["meta"] = Map({"title": "Plan"})
        self.editor["board"] = Array(["note"])
        self.editor["page"] = XmlFragment([XmlElement("p")])
        self.editor["comments"] = Map({"c1": Map({"text": "Why?"})})
        if has_suggestions:
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
        data = self.gate.judge(self.replica, role, self.person, update, self.name)
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
    found: Text = doc.get("body", type=Text)
    return found


def root(doc: Doc[Any], name: str) -> Map[Any]:
    found: Map[Any] = doc.get(name, type=Map)
    return found


def begin(doc: Doc[Any], id: str, **fields: object) -> None:
    """Makes the entry of a suggested change."""
    root(doc, "suggestions")[id] = Map({"client": doc.client_id, **fields})


def characters(doc: Doc[Any]) -> list[tuple[object, dict[str, Any]]]:
    """The body one character at a time, each with the attributes that it has."""
    shown = []
    for content, attributes in body(doc).diff():
        own = {name: value for name, value in (attributes or {}).items() if value is not None}
        shown += [(part, own) for part in (content if isinstance(content, str) else [content])]
    return shown


def claims(doc: Doc[Any]) -> dict[str, str]:
    """What the entries of suggested changes that are somebody's say, but for how each was decided."""
    decided = ("state", "decided_by", "decided")
    return {
        id: exact({name: value for name, value in content.items() if name not in decided})
        for id, content in contents_of(root(doc, "suggestions")).items()
        if isinstance(content, dict) and ("client" in content or id.startswith("assist:"))
    }


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


def rewording(doc: Doc[Any]) -> None:
    """Begins a suggestion that adds a word and strikes one."""
    begin(doc, "s1", kind="insertion")
    body(doc).insert(5, " big", MARK)
    body(doc).format(9, 9 + 6, {"deletion": "s1"})


SUGGESTIONS: dict[str, Change] = {
    "text that carries insertion": lambda doc: body(doc).insert(5, " big", MARK),
    "such text with other attributes": lambda doc: body(doc).insert(5, " big", {**MARK, "bold": True}),
    "an image that carries insertion": lambda doc: body(doc).insert_embed(5, {"image": "sha256:00"}, MARK),
    "a footnote that carries insertion": lambda doc: body(doc).insert_embed(5, FOOTNOTE, MARK),
    "a new line that carries insertion": lambda doc: body(doc).insert(5, "\n", {**MARK, "header": 1}),
    "text at the very start": lambda doc: body(doc).insert(0, "So: ", MARK),
    "text beyond ASCII": lambda doc: body(doc).insert(5, " größer 👩‍👩‍👧", MARK),
    "a mark for deletion": lambda doc: body(doc).format(0, 5, {"deletion": "s2"}),
    "a mark for deletion over everything": lambda doc: body(doc).format(0, 18, {"deletion": "s2"}),
    "a record of a suggestion": lambda doc: begin(doc, "s1", author="Sue"),
    "a decision on somebody's suggestion": lambda doc: root(doc, "suggestions")["s0"].update({"state": "done"}),
    "record and text at once": rewording,
}
"""What a suggester may write."""
