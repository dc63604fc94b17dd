"""Editing traces: reads a file, and works out beforehand what a replay needs to know.

The format is the one of https://github.com/josephg/editing-traces, sequential or concurrent. Positions there count
Unicode code points; here they are given as Qt counts them (UTF-16 units) and as pycrdt does (UTF-8 bytes).
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pycrdt import Doc, Text

STAND_IN = "\ufffd"
"""Takes the place of each character that no QTextDocument holds as it is."""

# Carriage return, U+2029, U+FDD0 and U+FDD1 begin a block in Qt; NUL and U+FFFC mean something of their own there;
# surrogates alone are no text; U+FEFF and U+FFFE at the beginning of a string PySide takes for byte order marks.
_UNFIT = re.compile("[\0\r\u2029\ufdd0\ufdd1\ufffc\ufeff\ufffe\ud800-\udfff]")

# What a file raises that is packed badly, and one that holds something else.
_OF_PACKING = (gzip.BadGzipFile, zlib.error, EOFError)
_OF_CONTENT = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


class BadTrace(Exception):
    """A file that is no editing trace."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What one agent did in one go.

    Attributes:
        agent: who, see `Trace.agents`.
        sees: for each agent, how many of its transactions the text before this one contains.
        patches: position, number of removed and text of inserted characters, in code points, in order.
    """

    agent: int
    sees: tuple[int, ...]
    patches: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace as read.

    Attributes:
        name: the file's name without endings.
        kind: "sequential" or "concurrent".
        agents: how many write; one that writes in several versions of the text at once counts for each.
        start, end: text before and after.
        transactions: in an order in which each comes after all that it sees.
        replaced: how many characters gave way to STAND_IN.
    """

    name: str
    kind: str
    agents: int
    start: str
    end: str
    transactions: tuple[Transaction, ...]
    replaced: int

    @property
    def operations(self) -> int:
        """Number of patches."""
        return sum(len(transaction.patches) for transaction in self.transactions)


def read_trace(path: Path) -> Trace:
    """Reads a .json or .json.gz file.

    Raises:
        BadTrace: it is no trace.
        OSError: it cannot be read.
    """
    content = path.read_bytes()
    try:
        held = json.loads(gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)
        return _trace(path.name.removesuffix(".gz").removesuffix(".json"), held)
    except (*_OF_PACKING, *_OF_CONTENT) as error:
        raise BadTrace(f"{path} is no editing trace ({type(error).__name__}: {error})") from error


def _trace(name: str, held: dict[str, Any]) -> Trace:
    concurrent = held.get("kind") == "concurrent" or any("parents" in txn for txn in held["txns"])
    replaced = 0

    def fit(text: str) -> str:
        nonlocal replaced
        shown, count = _UNFIT.subn(STAND_IN, text)
        replaced += count
        return shown

    patches = [tuple((int(patch[0]), int(patch[1]), fit(patch[2])) for patch in txn["patches"]) for txn in held["txns"]]
    agents, by, sees = (
        _seats(name, held["txns"]) if concurrent else (1, [0] * len(patches), [(n,) for n in range(len(patches))])
    )
    transactions = tuple(map(Transaction, by, sees, patches))
    start, end = fit(held.get("startContent") or ""), fit(held["endContent"])
    return Trace(name, "concurrent" if concurrent else "sequential", agents, start, end, transactions, replaced)


def _seats(name: str, txns: Sequence[dict[str, Any]]) -> tuple[int, list[int], list[tuple[int, ...]]]:
    """Who writes each transaction, and what is seen by then.

    A replica goes on from what it wrote before. So an agent that writes in several versions of the text at once, as
    somebody does in a repository of source code with branches, has a seat for each.

    Returns:
        The number of seats, counted by agents; the seat of each transaction; and what it sees, see Transaction.
    """
    owners: list[int] = []  # the agent of each seat, in the order in which they are taken
    counts: list[int] = []
    after: list[dict[int, int]] = []  # what is seen by one who has seen a transaction
    by: list[int] = []
    sees: list[dict[int, int]] = []
    for number, txn in enumerate(txns):
        agent, parents = int(txn["agent"]), [int(parent) for parent in txn["parents"]]
        if agent < 0:
            raise BadTrace(f"transaction {number} of {name} is by agent {agent}, but agents are counted from 0")
        if any(not 0 <= parent < number for parent in parents):
            raise BadTrace(f"transaction {number} of {name} comes before one of its parents")
        seen: dict[int, int] = {}
        for parent in parents:
            for seat, count in after[parent].items():
                seen[seat] = max(count, seen.get(seat, 0))
        free = [seat for seat, owner in enumerate(owners) if owner == agent and seen.get(seat, 0) == counts[seat]]
        if not free:
            free = [len(owners)]
            owners.append(agent)
            counts.append(0)
        seat = max(free, key=lambda each: counts[each])
        counts[seat] += 1
        by.append(seat)
        sees.append(seen)
        after.append({**seen, seat: counts[seat]})
    # Where two write at one place, the order of agents decides.
    order = sorted(range(len(owners)), key=lambda seat: owners[seat])
    place = {seat: number for number, seat in enumerate(order)}
    return (
        max(1, len(owners)),
        [place[seat] for seat in by],
        [tuple(seen.get(seat, 0) for seat in order) for seen in sees],
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """At one place some text is replaced by other text.

    Attributes:
        at, removed: position and length in UTF-16 units.
        octet, octets: the same in UTF-8 bytes.
        text: what comes in.
    """

    at: int
    removed: int
    octet: int
    octets: int
    text: str


Arrival = tuple[int, int, tuple[Edit, ...]]
"""Another's transaction as it comes in: agent, its number among that agent's, and what it does to the text here."""


@dataclass(frozen=True, slots=True)
class Step:
    """A transaction with all that its replay needs.

    Attributes:
        agent: who.
        sees: as in Transaction.
        arrivals: what comes in before, in order.
        edits: its patches.
    """

    agent: int
    sees: tuple[int, ...]
    arrivals: tuple[Arrival, ...]
    edits: tuple[Edit, ...]


def replace_octets(doc: Doc[Any], body: Text, octet: int, octets: int, text: str) -> None:
    """Replaces text in a bare CRDT (positions in UTF-8 bytes), in one transaction."""
    if not octets:
        body.insert(octet, text)
    elif not text:
        del body[octet : octet + octets]
    else:
        with doc.transaction():
            del body[octet : octet + octets]
            body.insert(octet, text)


@dataclass(slots=True)
class _Copy:
    """One agent's text during the rehearsal."""

    text: bytearray
    has: list[int]
    doc: Doc[Any] | None = None
    body: Text | None = None
    sent: list[bytes] = field(default_factory=list)

    def connect(self, client: int, state: bytes) -> None:
        """Gives it a CRDT, for the others to hear of what is done here."""
        self.doc = Doc(client_id=client)
        self.body = self.doc.get("body", type=Text)
        self.doc.apply_update(state)
        self.doc.observe(lambda event: self.sent.append(event.update))

    def take_sent(self) -> list[bytes]:
        """The updates of what was done here since the last time."""
        sent, self.sent = self.sent, []
        return sent

    def replace(self, at: int, removed: int, text: str) -> Edit:
        """Does one patch (in code points)."""
        octet, octets, length = at, removed, len(self.text)
        if not self.text.isascii():
            text_here = self.text.decode()
            octet, octets = len(text_here[:at].encode()), len(text_here[at : at + removed].encode())
            length = len(text_here)
        if at < 0 or removed < 0 or at + removed > length:
            raise BadTrace(f"a patch at {at} lies outside of the text")
        if self.doc is not None and self.body is not None:
            replace_octets(self.doc, self.body, octet, octets, text)
        return self._spliced(octet, octets, text)

    def receive(self, update: bytes) -> tuple[Edit, ...]:
        """Takes an update in; says what it does to the text."""
        assert self.doc is not None
        assert self.body is not None
        deltas: list[list[dict[str, Any]]] = []
        subscription = self.body.observe(lambda event: deltas.append(event.delta))
        self.doc.apply_update(update)
        self.body.unobserve(subscription)
        self.sent.clear()
        return tuple(edit for delta in deltas for edit in self._of_delta(delta))

    def _of_delta(self, delta: list[dict[str, Any]]) -> Iterator[Edit]:
        octet = 0
        for step in delta:
            if "retain" in step:
                octet += int(step["retain"])
            elif "delete" in step:
                yield self._spliced(octet, int(step["delete"]), "")
            else:
                yield self._spliced(octet, 0, str(step["insert"]))
                octet += len(str(step["insert"]).encode())

    def _spliced(self, octet: int, octets: int, text: str) -> Edit:
        plain = self.text.isascii()
        at = octet if plain else _units(self.text[:octet])
        removed = octets if plain else _units(self.text[octet : octet + octets])
        self.text[octet : octet + octets] = text.encode()
        return Edit(at, removed, octet, octets, text)


def rehearse(trace: Trace) -> tuple[list[Step], list[tuple[Arrival, ...]], list[str]]:
    """Plays a trace on plain texts, to learn each position in both units and what arrives where.

    Returns:
        The steps in order; for each agent what is still to arrive after its last step; and the texts at the end.

    Raises:
        BadTrace: a patch lies outside of the text.
    """
    copies = [_Copy(bytearray(trace.start.encode()), [0] * trace.agents) for _ in range(trace.agents)]
    if trace.agents > 1:
        first: Doc[Any] = Doc(client_id=trace.agents + 1)
        first.get("body", type=Text).insert(0, trace.start)
        for agent, copy in enumerate(copies):
            copy.connect(agent + 1, first.get_update())
    done: list[list[tuple[int, list[bytes]]]] = [[] for _ in copies]  # each agent's transactions: place and updates

    def take_in(agent: int, sees: Sequence[int]) -> tuple[Arrival, ...]:
        copy = copies[agent]
        wanted = [(other, n) for other, has in enumerate(copy.has) for n in range(has, sees[other])]
        wanted.sort(key=lambda which: done[which[0]][which[1]][0])
        copy.has = list(sees)
        return tuple(
            (other, n, tuple(edit for update in done[other][n][1] for edit in copy.receive(update)))
            for other, n in wanted
        )

    steps = []
    for place, transaction in enumerate(trace.transactions):
        copy = copies[transaction.agent]
        arrivals = take_in(transaction.agent, transaction.sees)
        edits = tuple(copy.replace(*patch) for patch in transaction.patches)
        steps.append(Step(transaction.agent, transaction.sees, arrivals, edits))
        done[transaction.agent].append((place, copy.take_sent()))
        copy.has[transaction.agent] += 1
    everything = [len(transactions) for transactions in done]
    rest = [take_in(agent, everything) for agent in range(trace.agents)]
    return steps, rest, [copy.text.decode() for copy in copies]


def _units(octets: bytes | bytearray) -> int:
    """UTF-16 units of a text given in UTF-8."""
    return len(octets.decode().encode("utf-16-le")) // 2
