"""Waiting: the parts of a document that wait for content which has not arrived, kept out of the library's document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

import pycrdt

from cowrite_server.document.bounds import first_clocks
from cowrite_server.document.ranges import Ranges, beyond, encode_ranges, joined, put, read_ranges, without
from cowrite_server.document.structs import GAP, Id, brought, mentioned, read_struct, seams, skip_structs
from cowrite_server.document.updates import EMPTY_UPDATE, LISTED_AT_MOST, clocks, guarded, has_deletions
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import MalformedMessage, Reader

_LARGEST_CLOCK = 2**31
"""Behind this no client has written; close to the library's largest, at twice as much, it fails."""

_LONG_LIST = 64 * 1024
"""Bytes of a list of deletions from which on the library is asked, which has to read the document's own for it."""


class Waiting:
    """What waits in one document."""

    __slots__ = ("_joined", "_later", "_later_size", "_mentioned", "_seams", "_units")

    def __init__(self, update: bytes) -> None:
        self._joined = update
        self._later: list[bytes] = []  # what has come to wait since
        self._later_size = 0
        self._units: Ranges | None = None  # those of all of it, in order; None where nobody has read them yet
        self._mentioned = _mentioned(update)  # the clients that it has to do with; None for any
        self._seams: set[Id] | None = None  # see `seams`; None where nobody has read them yet

    @property
    def update(self) -> bytes:
        """All of it. It is joined for whoever asks, and tried on a document, which is to say no before anybody has it.

        Raises:
            BrokenUpdate: the library cannot read all of it as one.
        """
        if self._later:
            with guarded():
                joined = pycrdt.merge_updates(self._joined, *self._later)
                pycrdt.Doc[Any](allow_multithreading=True).apply_update(joined)
            self.put(joined)
        return self._joined

    @property
    def seams(self) -> Set[Id]:
        """The units before which all of it takes text apart, as far as that can be read."""
        if self._seams is None:
            self._seams = _seams(self.update)
        return self._seams

    def put(self, update: bytes) -> None:
        """Has the same said in other words.

        Args:
            update: all of it.
        """
        self._joined, self._later, self._later_size = update, [], 0

    def is_apart(self, update: bytes) -> bool:
        """Whether an update brings nothing of the clients that what waits has to do with."""
        try:
            brought = {client for client, _ in first_clocks(update)}
        except BrokenUpdate:  # content that only the library knows
            return False
        return self._mentioned is not None and self._mentioned.isdisjoint(brought)

    def take(self, update: bytes, state: Callable[[], bytes]) -> bool:
        """Takes an update that waits as well, all of it, and has none of the units of what waits; gives whether it is
        such a one. Then the document stays as it is, and nothing is read again.

        What has been taken is joined once it is as long as the rest, so how long that takes grows with what waits.

        Args:
            update: it.
            state: gives the document's state vector.

        Raises:
            BrokenUpdate: the library cannot read it, or not as one with the rest.
        """
        if len(update) > LISTED_AT_MOST:
            return False  # to read it here would take longer
        try:
            units, deleted = brought(update)
            if self._units is None:  # of very many letters it takes longer than to add one
                self._units = joined(brought(self._joined)[0])
            here = clocks(state())
            waits = _waits(update, here)
        except BrokenUpdate:  # content that only the library knows
            return False
        units = joined(units)
        if not waits or joined(beyond(deleted, here)) != joined(deleted) or not self._fits(units, here):
            return False
        with guarded():
            pycrdt.Doc[Any](allow_multithreading=True).apply_update(update)
        self._note(update, units)
        if self._later_size > len(self._joined):
            _ = self.update
        return True

    def _fits(self, units: Ranges, here: Mapping[int, int]) -> bool:
        """Whether units, in order, are none of those that wait, and the document stays as it is whatever gaps they
        leave or close.

        WORKAROUND: where Yrs 0.28 names a client of whom the document has nothing, it has placed units behind a gap, or
        what builds on them, and with another gap it might not: then it has to be seen what it makes of the document,
        unless the units go on right behind what waits of their clients, or right behind what is here.
        """
        assert self._units is not None, "they were read to see that"
        if without(units, self._units) != units or any(sum(each[-1]) > _LARGEST_CLOCK for each in units.values()):
            return False
        return 0 not in here.values() or all(self._is_next(client, found, here) for client, found in units.items())

    def _is_next(self, client: int, found: list[tuple[int, int]], here: Mapping[int, int]) -> bool:
        assert self._units is not None, "they were read to see that"
        waiting = self._units.get(client, [])
        end = sum(waiting[0]) if waiting else here.get(client, 0)
        return len(waiting) <= 1 and len(found) == 1 and found[0][0] == end

    def _note(self, update: bytes, units: Ranges) -> None:
        assert self._units is not None, "they were read to see that"
        self._later.append(update)
        self._later_size += len(update)
        put(self._units, units)
        if self._seams is not None:
            self._seams |= _seams(update)
        more = _mentioned(update)
        if more is None or self._mentioned is None:
            self._mentioned = None
        else:
            self._mentioned |= more


def part_that_waits(update: bytes, state: bytes, own: Callable[[bytes], bytes]) -> bytes | None:
    """The part of an update that waits for content that has not arrived, as an update; None where none does.

    Args:
        update: one that a document has just taken.
        state: the document's state vector.
        own: gives what the document has beyond a state vector, as an update.

    Raises:
        BrokenUpdate: it is none, or deletes too much that has not come.
    """
    with guarded():
        rest = pycrdt.get_update(update, state)
    if rest == EMPTY_UPDATE:
        return None
    reader = Reader(rest)
    try:
        skip_structs(reader, reader.var_uint())
    except BrokenUpdate:  # content that only the library knows
        return rest
    structs = rest[: reader.position]
    deleted = _not_deleted(reader.rest(), state, own)
    return structs + encode_ranges(deleted) if deleted or structs != b"\x00" else None


def _not_deleted(listed: bytes, state: bytes, own: Callable[[bytes], bytes]) -> Ranges:
    """What waits of a list of deletions; mostly nothing, as the library says of a long one at next to no cost."""
    if len(listed) > _LONG_LIST and has_deletions(own(state), b"\x00" + listed):
        return {}
    if len(listed) > LISTED_AT_MOST:
        raise BrokenUpdate("it deletes too much that has not come")
    return beyond(read_ranges(Reader(listed)), clocks(state))


def _mentioned(update: bytes) -> set[int] | None:
    try:
        return mentioned(update)
    except BrokenUpdate:  # content that only the library knows
        return None


def _seams(update: bytes) -> set[Id]:
    try:
        return seams(update)
    except (MalformedMessage, BrokenUpdate):  # content that only the library knows
        return set()


def _waits(update: bytes, here: Mapping[int, int]) -> bool:
    """Whether nothing that an update brings can be added to a document: of each client it lacks units before the first
    one, or what that was written beside. Nor may it name what is here as a type, for it may be none: then the document
    and what waits could not be read as one.

    Args:
        update: it.
        here: how many units of each client the document has.
    """
    reader = Reader(update)
    for _ in range(reader.var_uint()):
        structs, client, clock = reader.var_uint(), reader.var_uint(), reader.var_uint()
        is_seen = False
        for _ in range(structs):
            near: list[Id | None] = []
            parents: list[Id] = []
            struct = read_struct(reader, near=near, parents=parents)
            if any(unit < here.get(owner, 0) for owner, unit in parents):
                return False
            if not is_seen and struct.content != GAP:
                is_seen = True
                lacks = any(each and each[0] != client and each[1] >= here.get(each[0], 0) for each in near)
                if clock < here.get(client, 0) or (clock == here.get(client, 0) and not lacks):
                    return False
            clock += struct.length
    return True
