"""Forged updates: bytes that no honest program sends, made of those that one would.

They have other neighbours, contents, parents, clocks and deletions.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pycrdt import Doc

from cowrite_server.document.neighbours import neighbours_in
from cowrite_server.document.structs import Id, structs_in
from cowrite_server.wire.encoding import Reader, var_string, var_uint
from role_world import EDITOR, FORGER, OTHER, SECOND, SUE, World

_ROOTS = ("body", "comments", "suggestions", "meta", "board", "page", "elsewhere")


@dataclass(frozen=True)
class Struct:
    """A struct of an update, to be written another way."""

    left: Id | None
    right: Id | None
    parent: bytes
    content: int
    data: bytes
    length: int

    def encoded(self) -> bytes:
        """It as bytes."""
        if self.content in (0, 10):
            return bytes((self.content,)) + self.data
        info, near = self.content, b""
        for bit, id in ((0x80, self.left), (0x40, self.right)):
            if id is not None:
                info, near = info | bit, near + var_uint(id[0]) + var_uint(id[1])
        if not near:
            near = self.parent or b"\1" + var_string("body")
            info |= 0x20 * _has_key(near)
        return bytes((info,)) + near + self.data


def _has_key(parent: bytes) -> bool:
    """Whether what a struct is in is named with the key under which it is there."""
    reader = Reader(parent)
    if reader.var_uint() == 1:
        reader.var_bytes()
    else:
        reader.var_uint()
        reader.var_uint()
    return reader.left > 0


Section = tuple[int, int, list[Struct]]


def taken_apart(update: bytes) -> tuple[list[Section], bytes]:
    """The sections of an update, and its list of deletions."""
    sections: dict[int, Section] = {}
    near = {units.first: units for units in neighbours_in(update)}
    reader = Reader(update)
    for client, clock, struct in structs_in(reader):
        units = near[client, clock]
        data = update[struct.at : reader.position]
        made = Struct(units.left, units.right, units.parent, struct.content, data, struct.length)
        sections.setdefault(client, (client, clock, []))[2].append(made)
    return list(sections.values()), update[reader.position :]


def put_together(sections: list[Section], deleted: bytes) -> bytes:
    """An update of sections and a list of deletions."""
    made = var_uint(len(sections))
    for client, clock, structs in sections:
        made += var_uint(len(structs)) + var_uint(client) + var_uint(clock)
        made += b"".join(struct.encoded() for struct in structs)
    return made + deleted


_CONTENTS: tuple[tuple[int, bytes, int], ...] = (
    (0, b"\2", 2),
    (1, b"\2", 2),
    (2, b"\1" + var_string('"json"'), 1),
    (3, var_string("bytes"), 1),
    (4, var_string("raw"), 3),
    (4, var_string("a👍"), 3),
    (5, var_string('{"image":"x"}'), 1),
    (6, var_string("insertion") + var_string('"s1"'), 1),
    (6, var_string("insertion") + var_string("null"), 1),
    (6, var_string("deletion") + var_string('"s1"'), 1),
    (6, var_string("bold") + var_string("true"), 1),
    (7, b"\1", 1),
    (7, b"\2", 1),
    (8, b"\2\x77" + var_string("v") + b"\x7f", 2),
    (9, var_string("guid") + b"\x76\0", 1),
    (10, b"\2", 2),
)


class Forger:
    """Makes updates that no honest program writes, of those that one would.

    Args:
        chance: decides.
        world: the room to which they go.
        write: makes one change of a document, as an honest program would.
    """

    def __init__(self, chance: random.Random, world: World, write: Callable[[Doc[Any]], None]) -> None:
        self._chance = chance
        self._world = world
        self._write = write
        self._clocks = world.intake.replica.clocks()

    def update(self) -> bytes:
        """One of them."""
        chance = self._chance
        client = chance.choice((FORGER, FORGER, FORGER, FORGER + 1, OTHER))
        doc = self._world.copy(client)
        state = doc.get_state()
        with doc.transaction():
            for _ in range(chance.choice((1, 1, 2, 3))):
                self._write(doc)
        update = doc.get_update() if chance.random() < 0.1 else doc.get_update(state)
        sections, deleted = taken_apart(update)
        if not sections or chance.random() < 0.1:
            sections.append((client, self._clocks.get(client, 0), [self._struct(client)]))
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
            self._forge(sections)
        if chance.random() < 0.25:
            deleted = self._deletions()
        return put_together(sections, deleted)

    def _forge(self, sections: list[Section]) -> None:
        """Changes something."""
        chance = self._chance
        number = chance.randrange(len(sections))
        client, clock, structs = sections[number]
        if not structs:
            structs.append(self._struct(client))
        at = chance.randrange(len(structs))
        struct, ahead = structs[at], clock + sum(each.length for each in structs)
        match chance.randrange(14):
            case 0 | 1:
                structs[at] = replace(struct, left=self._id(client, ahead, struct.left))
            case 2 | 3:
                structs[at] = replace(struct, right=self._id(client, ahead, struct.right))
            case 4:
                left = self._id(client, ahead, struct.left)
                structs[at] = replace(struct, left=left, right=chance.choice((left, struct.left, None)))
            case 5:
                structs[at] = replace(struct, left=None, right=struct.right or self._id(client, ahead, None))
            case 6:
                structs[at] = replace(struct, left=struct.left or self._id(client, ahead, None), right=None)
            case 7:
                structs[at] = replace(struct, left=None, right=None, parent=self._parent(client, ahead))
            case 8:
                content, data, length = chance.choice(_CONTENTS)
                structs[at] = replace(struct, content=content, data=data, length=length)
            case 9 | 10:
                structs.insert(at + chance.randrange(2), self._struct(client))
            case 11:
                del structs[at]
            case 12:
                sections[number] = client, max(0, clock + chance.choice((-3, -2, -1, -1, 1, 2, 40))), structs
            case _:
                other = chance.choice((FORGER, FORGER + 1, SUE, EDITOR, SECOND, 77))
                sections[number] = other, self._clocks.get(other, 0), structs
        if chance.random() < 0.05:
            other = chance.choice((FORGER, FORGER + 1, 77))
            sections.append((other, self._clocks.get(other, 0), [self._struct(other)]))

    def _struct(self, client: int) -> Struct:
        chance, ahead = self._chance, self._clocks.get(client, 0)
        content, data, length = chance.choice(_CONTENTS)
        left = self._id(client, ahead, None) if chance.random() < 0.6 else None
        right = self._id(client, ahead, left) if chance.random() < 0.6 else None
        return Struct(left, right, self._parent(client, ahead), content, data, length)

    def _id(self, client: int, ahead: int, near: Id | None) -> Id:
        """A unit of anybody's, at times one that is beside another or that nobody knows yet."""
        chance = self._chance
        if near is not None and chance.random() < 0.4:
            return near[0], max(0, near[1] + chance.randrange(-3, 4))
        if chance.random() < 0.4:
            return client, chance.randrange(max(1, ahead))
        who = chance.choice((*self._clocks, client))
        return who, chance.randrange(self._clocks.get(who, 0) + (2 if chance.random() < 0.05 else 0) or 1)

    def _parent(self, client: int, ahead: int) -> bytes:
        chance = self._chance
        key = var_string(chance.choice(("c1", "c2", "title", "s0", "text"))) if chance.random() < 0.5 else b""
        if chance.random() < 0.7:
            return b"\1" + var_string(chance.choice(_ROOTS)) + key
        id = self._id(client, ahead, None)
        return b"\0" + var_uint(id[0]) + var_uint(id[1]) + key

    def _deletions(self) -> bytes:
        chance = self._chance
        made = b""
        count = chance.choice((1, 1, 1, 2))
        for _ in range(count):
            client = chance.choice((FORGER, FORGER, FORGER + 1, *self._clocks, 77))
            ranges = [
                (chance.randrange(self._clocks.get(client, 0) + 1), chance.choice((0, 1, 1, 2, 3)))
                for _ in range(chance.choice((1, 1, 2, 3)))
            ]
            made += var_uint(client) + var_uint(len(ranges))
            made += b"".join(var_uint(at) + var_uint(length) for at, length in ranges)
        return var_uint(count) + made
