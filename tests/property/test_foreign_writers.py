"""Somebody who writes anything whatever into every root of a document, and a person who goes on writing in it."""

from __future__ import annotations

import json
import struct
from random import Random
from typing import Any

import pytest

from cowrite.convert.html.writer import to_html
from cowrite.convert.madr import to_log
from cowrite.core.comments.comments import COMMENTS, Comments
from cowrite.core.crdt.structs import Content
from cowrite.core.decisions.records import records
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.tally import tally
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined, lines_of, utf16_length
from cowrite_server.wire.encoding import var_bytes, var_string, var_uint
from helpers.brainstorms import brainstorm_of
from helpers.foreign_structs import FRAGMENT, MAP, NULL, ForeignWriter

OWN = "Our own 👍 words stay."
KINDS = {
    "note": "text x y width height group merged_into builds_on created hand",
    "group": "title merged_into created",
    "poll": "kind question options ballots budget most criteria is_closed created",
    "session": "question phase phases deadline minutes prompts created",
    "decision": "question outcome status supersedes options stances grounds created",
    "action": "what due decision created",
    "thread": "text author start stop resolved created",
    "reply": "text thread created",
}
ROOTS = {"decision": "decisions", "thread": COMMENTS, "reply": COMMENTS}
WORDS = ["", "ς\n👍", "<img src=x>", "=1+1", "../x", "\u202e", "accepted", "ranked", "write", "2026-13-40", "x" * 5_000]
NUMBERS = [0, -1, 1e308, -1e308, 2**53, 0.5, 1e15]
LOOKS = {
    "bold": [True, None],
    "ai": ["a", 5, {}],
    "header": [1, 1e308, "x"],
    "link": ["javascript:x", {}],
    "list": [{}],
}


def some(random: Random, depth: int = 0) -> Any:
    """A value of any kind, often one that leads to another entry."""
    match random.randrange(7 if depth < 3 else 4):
        case 0 | 1:
            return f"{random.choice(list(KINDS))}:{random.randrange(4)}"
        case 2:
            return random.choice(WORDS)
        case 3:
            return random.choice([*NUMBERS, None, True])
        case 4:
            return [some(random, depth + 1) for _ in range(3)]
        case _:
            names = ["id", "text", "dots", "ranking", "voter", "item", "client", "ends", "note", "sentence", "ids"]
            return {name: some(random, depth + 1) for name in random.sample(names, 4)}


def encoded(value: Any) -> bytes:
    """A value in lib0's encoding."""
    match value:
        case None:
            return NULL[1:]
        case bool():
            return bytes([120 if value else 121])
        case int() | float():
            return bytes([123]) + struct.pack(">d", value)
        case str():
            return bytes([119]) + var_string(value)
        case list():
            return bytes([117]) + var_uint(len(value)) + b"".join(encoded(each) for each in value)
        case _:
            items = b"".join(var_string(name) + encoded(each) for name, each in value.items())
            return bytes([118]) + var_uint(len(value)) + items


def write_entry(writer: ForeignWriter, random: Random) -> None:
    """An entry under an id that others may have taken already."""
    kind = random.choice(list(KINDS))
    place = {"root": ROOTS.get(kind, "board"), "key": f"{kind}:{random.randrange(4)}"}
    if random.random() < 0.1:
        writer.write(Content.ANY, var_uint(1) + encoded(some(random)), **place)
        return
    at = writer.write(Content.TYPE, MAP, **place)
    for name in KINDS[kind].split():
        if random.random() < 0.05:
            writer.write(Content.TYPE, random.choice([MAP, FRAGMENT]), parent=at, key=name)
        else:
            writer.write(Content.ANY, var_uint(1) + encoded(some(random)), parent=at, key=name)


def write_body(writer: ForeignWriter, random: Random) -> None:
    """Text, looks, embeds and what is none of these, each behind the other."""
    place: dict[str, Any] = {"root": "body"}
    for _ in range(random.randrange(1, 12)):
        match random.randrange(6):
            case 0 | 1:
                at = writer.text(random.choice([*WORDS[1:], "\n"]), **place)
            case 2 | 3:
                name = random.choice(list(LOOKS))
                at = writer.look(name, random.choice(LOOKS[name]), **place)
            case 4:
                at = writer.write(Content.EMBED, var_string(json.dumps(some(random))), **place)
            case _:
                strays = [(Content.ANY, NULL), (Content.BINARY, var_bytes(b"x")), (Content.TYPE, MAP)]
                at = writer.write(*random.choice(strays), **place)
        place = {"behind": at}


@pytest.mark.parametrize("seed", [*range(10), 37])
def test_whatever_somebody_writes_everything_is_read_and_ones_own_words_stay(seed):
    random, clock = Random(seed), 0
    document = MendedDocument.new(clock=lambda: 0)
    brainstorm = brainstorm_of(document, chance=random, clock=lambda: 0)
    comments = Comments(document, chance=random, clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, OWN)
    for _ in range(12):
        writer = ForeignWriter(clock=clock)
        for _ in range(4):
            random.choice([write_entry, write_entry, write_body])(writer, random)
        document.apply_remote(writer.update())
        clock = writer.clock
        with document.edit(Origin.LOCAL) as edit:
            before, own, _ = document.text().partition(OWN)
            at = utf16_length(before + own)
            edit.insert(at, "more", document.rope.attributes_before(at))

    found = records(brainstorm.decisions, brainstorm.visibility, None)
    said = [
        comments.all(),
        brainstorm.board.notes(),
        brainstorm.sessions.all(),
        brainstorm.decisions.actions.all(),
        to_log(found, "x"),
    ]
    assert all(tally(poll) for poll in brainstorm.visibility.polls()), said
    assert to_html(lines_of(document.spans()), lambda _: "")
    assert OWN + 12 * "more" in document.text()
    again = MendedDocument(clock=lambda: 0)
    again.apply_update(document.state(), Origin.STORAGE)
    assert joined(again.spans()) == joined(document.spans()) == joined(document.stored_spans())
