"""Replays an editing trace through bound editors, and does the same with bare parts beside it.

`python benchmarks/replay.py TRACE [--json] [-n ROUNDS]`; what the figures mean is in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Any

from arguments import at_least
from network import NetworkThread, Seat, SeatEvent, next_event
from pages import BarePage, application, bound_editor, founded, joined_document, replace, shown_text, spare_the_harness
from peers import Served, cowrite
from PySide6.QtGui import QTextCursor
from traces import Arrival, BadTrace, Edit, Step, Trace, read_trace, rehearse, replace_octets

from cowrite.core.document.document import Document
from cowrite.gui.page.editor import Editor
from cowrite.sync.link import Link

SEGMENT = 1000
"""Transactions after which a sequential replay changes between the bound editor and the bare parts."""


TURN = 100
"""Transactions that an agent makes, if it may, before the others have their turn."""

LONG = 20.0
"""Seconds of a round after which there is no other: so long a one evens out by itself what a machine does."""


class BoundPage:
    """An editor bound to a document, and the cursor with which a person writes there."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.editor: Editor = bound_editor(document)
        self._cursor = QTextCursor(self.editor.document())

    def write(self, edits: Sequence[Edit]) -> None:
        """Makes the edits in the widget, one change each."""
        for edit in edits:
            replace(self._cursor, edit.at, edit.removed, edit.text)

    def equals(self, text: str) -> bool:
        """Whether widget, rope and CRDT hold a text."""
        stored = "".join(span.text for span in self.document.stored_spans())
        closed = text + "\n"  # the closing line break of every new document
        return shown_text(self.editor.document()) == text and self.document.text() == closed and stored == closed


class BareRoom:
    """Bare parts for each agent; updates are handed over in memory."""

    def __init__(self, state: bytes, text: str, agents: int) -> None:
        self.pages = [BarePage(state, text, agent + 1) for agent in range(agents)]
        self._sent: list[list[list[bytes]]] = [[] for _ in self.pages]
        self._new: list[bytes] = []
        if agents > 1:
            for page in self.pages:
                page.doc.observe(lambda event: self._new.append(event.update))

    def play(self, steps: Sequence[Step]) -> None:
        """Does the steps."""
        for step in steps:
            page = self.pages[step.agent]
            self.receive(page, step.arrivals)
            for edit in step.edits:
                replace(page.cursor, edit.at, edit.removed, edit.text)
                replace_octets(page.doc, page.body, edit.octet, edit.octets, edit.text)
            self._sent[step.agent].append(self._new)
            self._new = []

    def receive(self, page: BarePage, arrivals: Sequence[Arrival]) -> None:
        """Others' transactions come in."""
        for agent, number, edits in arrivals:
            for update in self._sent[agent][number]:
                page.doc.apply_update(update)
            for edit in edits:
                replace(page.cursor, edit.at, edit.removed, edit.text)
        if arrivals:
            self._new = []


def replay_alone(trace: Trace, steps: Sequence[Step]) -> dict[str, Any]:
    """Replays a sequential trace: a segment through the editor, the same segment with bare parts, and so on."""
    state = founded(trace.start)
    bound, bare = BoundPage(joined_document(state, client=1)), BareRoom(state, trace.start, 1)
    qt = application()
    spare_the_harness()
    seconds = floor = 0.0
    for start in range(0, len(steps), SEGMENT):
        segment = steps[start : start + SEGMENT]
        bare_first = start // SEGMENT % 2
        begun = perf_counter()
        if bare_first:
            bare.play(segment)
        between = perf_counter()
        for step in segment:
            bound.write(step.edits)
        qt.processEvents()
        after = perf_counter()
        if not bare_first:
            bare.play(segment)
        seconds += after - between
        floor += between - begun if bare_first else perf_counter() - after
    equal = bound.equals(trace.end) and bare.pages[0].equals(trace.end)
    return {"seconds": seconds, "final_equal": equal, "floor_seconds": floor}


def replay_together(
    trace: Trace, steps: Sequence[Step], rest: Sequence[Sequence[Arrival]], rounds: int
) -> dict[str, Any]:
    """Replays a concurrent trace, round by round: bare parts, editors that share a server, bare parts again.

    Returns:
        The figures of the round whose ratio is the middle one, and the ratios of all.
    """
    spare_the_harness()
    played = []
    before, equal = _play_bare(trace, steps, rest)
    for _ in range(rounds):
        with (
            tempfile.TemporaryDirectory() as folder,
            Served(cowrite(), Path(folder)) as server,
            NetworkThread() as network,
        ):
            figures = _play_bound(trace, steps, network, Link("127.0.0.1", server.port, "replay"))
        after, equal_after = _play_bare(trace, steps, rest)
        equal &= figures["final_equal"] and equal_after
        played.append({**figures, "floor_seconds": (before + after) / 2})
        before = after
        if figures["seconds"] > LONG:
            break
    ratios = [ratio(figures) for figures in played]
    middle = sorted(played, key=ratio)[len(played) // 2]
    return {**middle, "final_equal": equal, "ratios": [round(each, 3) for each in ratios]}


def _play_bare(trace: Trace, steps: Sequence[Step], rest: Sequence[Sequence[Arrival]]) -> tuple[float, bool]:
    room = BareRoom(founded(trace.start), trace.start, trace.agents)
    begun = perf_counter()
    room.play(steps)
    for page, arrivals in zip(room.pages, rest, strict=True):
        room.receive(page, arrivals)
    seconds = perf_counter() - begun
    return seconds, all(page.equals(trace.end) for page in room.pages)


def _play_bound(trace: Trace, steps: Sequence[Step], network: NetworkThread, link: Link) -> dict[str, Any]:
    state = founded(trace.start)
    events: SimpleQueue[SeatEvent] = SimpleQueue()
    todo = [[step for step in steps if step.agent == number] for number in range(trace.agents)]
    everything = [len(own) for own in todo]
    cuts = [
        {step.sees[number] for step in steps if step.agent != number} | {everything[number]}
        for number in range(trace.agents)
    ]
    seats = [Seat(number, state, cuts[number], network, events) for number in range(trace.agents)]
    pages = [BoundPage(seat.document) for seat in seats]
    for seat in seats:
        seat.connect(link, seats)
    while not all(seat.peer.status.kind == "saved" for seat in seats):
        seat, event = next_event(events)
        seat.happened(event)
    qt = application()
    begun = perf_counter()
    waiting = _write_all(seats, pages, todo, events)
    for seat in seats:
        seat.see(everything)
    qt.processEvents()
    seconds = perf_counter() - begun
    equal = all(page.equals(trace.end) for page in pages)
    equal &= all(seat.received_text() == trace.end + "\n" for seat in seats)
    return {
        "seconds": seconds,
        "waiting_seconds": waiting,
        "messages": sum(seat.messages for seat in seats),
        "parts": sum(seat.parts for seat in seats),
        "final_equal": equal,
    }


def _write_all(
    seats: Sequence[Seat], pages: Sequence[BoundPage], todo: Sequence[Sequence[Step]], events: SimpleQueue[SeatEvent]
) -> float:
    """Has each seat write its steps on its page, a few by turns, until all may see everything; gives the seconds in
    which nobody could write."""
    everything = [len(own) for own in todo]
    at = [0] * len(seats)
    waiting = 0.0
    while True:
        while not events.empty():
            seat, event = events.get()
            seat.happened(event)
        moved = False
        for seat, page, own in zip(seats, pages, todo, strict=True):
            start = at[seat.number]
            for step in own[start : start + TURN]:
                if not seat.may_see(step.sees):
                    break
                seat.see(step.sees)
                page.write(step.edits)
                seat.done()
                at[seat.number] += 1
                moved = True
            seat.send()
        if at == everything and all(seat.may_see(everything) for seat in seats):
            return waiting
        if not moved:
            idle = perf_counter()
            seat, event = next_event(events)
            waiting += perf_counter() - idle
            seat.happened(event)


def ratio(figures: dict[str, Any]) -> float:
    """How much longer than the bare parts it took."""
    return float(figures["seconds"] / max(figures["floor_seconds"], 1e-9))


def replay(path: Path, rounds: int) -> dict[str, Any]:
    """Replays a trace, a concurrent one so many times; gives what is printed.

    Raises:
        BadTrace: the file cannot be replayed.
        OSError: it cannot be read.
    """
    trace = read_trace(path)
    application()
    steps, rest, _ = rehearse(trace)
    figures = replay_alone(trace, steps) if trace.kind == "sequential" else replay_together(trace, steps, rest, rounds)
    report: dict[str, Any] = {
        "trace": trace.name,
        "kind": trace.kind,
        "agents": trace.agents,
        "operations": trace.operations,
        "replaced_characters": trace.replaced,
        **figures,
        "ratio": ratio(figures),
    }
    if "waiting_seconds" in figures:
        working = figures["seconds"] - figures["waiting_seconds"]
        report["ratio_without_waiting"] = working / max(figures["floor_seconds"], 1e-9)
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in report.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; exit status 1 where a text came out wrong, 2 on wrong use."""
    parser = argparse.ArgumentParser(description="Replay an editing trace through bound editors.")
    parser.add_argument("trace", type=Path, metavar="TRACE", help="a .json or .json.gz file of editing-traces")
    parser.add_argument("--json", action="store_true", help="print the JSON on one line")
    parser.add_argument("-n", "--rounds", type=at_least(1), default=3, help="times that a concurrent one is replayed")
    options = parser.parse_args(arguments)
    try:
        report = replay(options.trace, options.rounds)
    except (BadTrace, OSError) as error:
        parser.error(str(error))
    print(json.dumps(report, indent=None if options.json else 2))
    return 0 if report["final_equal"] else 1


if __name__ == "__main__":
    sys.exit(main())
