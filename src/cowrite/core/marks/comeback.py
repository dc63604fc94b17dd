"""Comeback: text that is there again by other ids, as the entries of suggested changes tell of it.

Pure. What says it, and why, is told in `core.suggestions.comebacks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cowrite.core.crdt.anchor import Anchor
from cowrite.core.crdt.structs import Id
from cowrite.core.entries.fields import Fields
from cowrite_server.document.ranges import Ranges, joined, without

MOST_PARTS = 200
"""So many parts of text that came back are said of one change by one copy, the newest ones."""

MOST_RETURNS = 10
"""So many times a text that was brought back again and again is followed back to what it was."""

BACK, ANEW = "back:", "anew:"
"""How the names of fields begin that say what a copy has put back, and what it has suggested anew. Of what the server
has put back, an entry of its own says it, whose id begins like that as well."""

Runs = Iterable[tuple[Id, int]]
"""Text by the first unit and the number of each part that was written in a row."""


class Comeback(NamedTuple):
    """Text that was written in a row, and is so again.

    Attributes:
        was: its first unit then.
        now: its first unit now.
        units: how long it is.
    """

    was: Id
    now: Id
    units: int

    def divided(self, units: Ranges) -> tuple[list[Comeback], list[Comeback]]:
        """What of it went by some units, which are in order, and the rest."""
        whole: Ranges = {self.was.client: [(self.was.clock, self.units)]}
        rest = without(whole, units)
        return list(self._parts(without(whole, rest))), list(self._parts(rest))

    @property
    def was_units(self) -> tuple[Id, int]:
        """The units by which it went: the first one and their number."""
        return self.was, self.units

    def now_of(self, was: Id) -> Id | None:
        """By which id one of its units goes now; None where it is none of these."""
        offset = was.clock - self.was.clock
        is_in = was.client == self.was.client and 0 <= offset < self.units
        return Id(self.now.client, self.now.clock + offset) if is_in else None

    def _parts(self, units: Ranges) -> Iterator[Comeback]:
        for clock, length in units.get(self.was.client, ()):
            now = Id(self.now.client, self.now.clock + clock - self.was.clock)
            yield Comeback(Id(self.was.client, clock), now, length)


def in_parts(was: Runs, now: Runs) -> Iterator[Comeback]:
    """The same text then and now, cut where either was not written in a row; of as much as there is of both."""
    new = iter(now)
    by, left = Id(0, 0), 0
    for first, units in was:
        while units:
            if not left:
                by, left = next(new, (by, 0))
                if not left:
                    return
            step = min(units, left)
            yield Comeback(first, by, step)
            first, by = Id(first.client, first.clock + step), Id(by.client, by.clock + step)
            units, left = units - step, left - step


def units_of(parts: Runs) -> Ranges:
    """The units of text, in order."""
    units: Ranges = {}
    for first, length in parts:
        units.setdefault(first.client, []).append((first.clock, length))
    return joined(units)


def written(said: Sequence[Comeback]) -> list[list[int]]:
    """What a field of an entry says; see `read`."""
    return [[*each.was, *each.now, each.units] for each in said[-MOST_PARTS:]]


def said_in(fields: Fields, kind: str) -> dict[int, list[Comeback]]:
    """What an entry says of one kind, by the client ids of the copies that have put it back, and so have written it."""
    names = {name: name.removeprefix(kind) for name in fields if name.startswith(kind)}
    clients = {name: int(client) for name, client in names.items() if client.isdecimal()}
    return {
        client: [each for each in read(fields[name]) if each.now.client == client] for name, client in clients.items()
    }


def read(said: object) -> list[Comeback]:
    """What a field of an entry says; anybody who may edit can write anything there."""
    parts = said if isinstance(said, list) else []
    return [
        Comeback(Id(*part[:2]), Id(*part[2:4]), part[4])
        for part in parts[-MOST_PARTS:]
        if isinstance(part, list) and len(part) == 5 and all(type(each) is int and each >= 0 for each in part)
    ]


def back_in(entries: Iterable[Fields]) -> list[Comeback]:
    """All that entries tell of text that was put back."""
    return [each for fields in entries for found in said_in(fields, BACK).values() for each in found]


def again(anchor: Anchor, back: Iterable[Comeback]) -> Anchor:
    """The anchor of the same character where that has been put back; the same one where it has not."""
    now = None if anchor.id is None else next(filter(None, (each.now_of(anchor.id) for each in back)), None)
    return anchor if now is None else Anchor(now, anchor.stick)
