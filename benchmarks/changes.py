"""Measures what thousands of suggested changes cost: they are made by *Replace all*, taken in, decided and undone, in a
whole window and by a teammate without one.

`python benchmarks/changes.py [--changes N] [--rounds N] [--json]`; what the figures mean is in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter, process_time, sleep, thread_time
from typing import Any, NamedTuple

from arguments import at_least
from pages import application, milliseconds
from PySide6.QtCore import QCoreApplication, QEvent, QTimer

from cowrite.app.application import Application
from cowrite.app.draft.draft import Draft
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import Person, Settings, save_settings

OLD, NEW = "house", "dwelling"
APART = 6  # words from one place to the next
WORDS = "we went along the river past fields of barley and hills where nobody had lived for long".split()
LINE = 24  # words
SETTLED = 1.0  # seconds without a longer turn than usual, after which all is done
USUAL = 0.003  # seconds
REST = 0.002  # seconds between two turns, or the loop itself would be measured


class Cost(NamedTuple):
    """What something has cost, in seconds.

    Attributes:
        worked: processor time of all threads.
        longest: the longest turn of the event loop.
        busiest: the most processor time of a turn, which other work on the machine makes no longer.
    """

    worked: float
    longest: float
    busiest: float


class Teammate:
    """Somebody else's copy of the document, without a window.

    Args:
        state: what they begin with.
    """

    def __init__(self, state: bytes) -> None:
        self.document: Document = MendedDocument(clock=milliseconds)
        self.document.apply_update(state, Origin.STORAGE)
        self.changes = SuggestedChanges(
            self.document, lambda: Author("Bo", "#2f5fd0", "b2"), chance=random.Random(2), clock=milliseconds
        )
        self.said: list[bytes] = []
        self.document.observe_updates(self._note)

    def _note(self, told: tuple[bytes, Origin]) -> None:
        if told[1] is not Origin.REMOTE:
            self.said.append(told[0])

    def take(self, updates: list[bytes]) -> float:
        """Takes in what came; gives the seconds of processor time."""
        begun = process_time()
        while updates:
            self.document.apply_remote(updates.pop(0))
        return process_time() - begun


class Seat:
    """Somebody at a whole window, with the changes shown beside the draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.said: list[bytes] = []
        draft.document.observe_updates(self._note)

    def _note(self, told: tuple[bytes, Origin]) -> None:
        if told[1] is not Origin.REMOTE:
            self.said.append(told[0])

    def suggest(self) -> None:
        """Has another word suggested at every place."""
        window = self.draft.window
        window.actions_["suggest_changes"].setChecked(True)
        window.find_bar.open_bar(replace=True, text=OLD)
        window.find_bar.replace_all_requested.emit(NEW)
        window.find_bar.close_bar()
        window.actions_["suggest_changes"].setChecked(False)

    def act(self, name: str) -> None:
        """Does what an action says."""
        self.draft.window.actions_[name].trigger()

    def take(self, updates: list[bytes]) -> None:
        """Takes in what came."""
        while updates:
            self.draft.document.apply_remote(updates.pop(0))

    def measure(self, act: Callable[[], object]) -> Cost:
        """Has something done in a turn of the event loop, and waits until all that follows is done."""
        gc.collect()
        QTimer.singleShot(0, act)
        begun, busy, longest, busiest = process_time(), perf_counter(), 0.0, 0.0
        worked = begun
        while perf_counter() - busy < SETTLED:
            turn, spent = perf_counter(), thread_time()
            application().processEvents()
            now = perf_counter()
            longest, busiest = max(longest, now - turn), max(busiest, thread_time() - spent)
            if now - turn > USUAL:
                busy, worked = now, process_time()
            sleep(REST)
        return Cost(worked - begun, longest, busiest)


def text_of(changes: int, seed: int = 7) -> str:
    """Lines in which a word stands at so many places."""
    chance = random.Random(seed)
    words = [OLD if at % APART == 0 else chance.choice(WORDS) for at in range(APART * changes)]
    return "\n".join(" ".join(words[at : at + LINE]) for at in range(0, len(words), LINE))


def run(seat: Seat, changes: int) -> Iterator[dict[str, Any]]:
    """Measures each step; gives a row for each.

    Raises:
        ValueError: the copies differ, or not so many changes were suggested.
    """
    document = seat.draft.document
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, text_of(changes))
    seat.act("show_changes")
    seat.measure(lambda: None)
    mate = Teammate(document.state())
    seat.said.clear()

    def row(what: str, cost: Cost, takes: float | None) -> dict[str, Any]:
        if joined(document.spans()) != joined(mate.document.spans()):
            raise ValueError(f"{what}: the copies differ")
        found: dict[str, Any] = {
            "what": what,
            "window_s": round(cost.worked, 2),
            "longest_ms": round(1000 * cost.longest),
            "busiest_ms": round(1000 * cost.busiest),
        }
        return found if takes is None else {**found, "teammate_s": round(takes, 2)}

    yield row("suggested", seat.measure(seat.suggest), mate.take(seat.said))
    if len(mate.changes.all()) != changes:
        raise ValueError(f"{len(mate.changes.all())} changes are suggested, and not {changes}")
    for name, what in (("accept_changes", "accepted"), ("reject_changes", "rejected")):
        yield row(f"all {what}", seat.measure(lambda name=name: seat.act(name)), mate.take(seat.said))
        yield row(f"all {what}, undone", seat.measure(seat.draft.editor.undo_own), mate.take(seat.said))
    mate.document.steps.forget()
    for decide, what in ((mate.changes.accept, "accepted"), (mate.changes.reject, "rejected")):
        decide([change.id for change in mate.changes.all()])
        yield row(f"all {what} by a teammate", seat.measure(lambda: seat.take(mate.said)), None)
        mate.document.undo()
        yield row(f"all {what} by a teammate, undone", seat.measure(lambda: seat.take(mate.said)), None)


def measured(changes: int, rounds: int) -> Iterator[dict[str, Any]]:
    """Gives a row for each step, with the medians of the rounds, each in a window of its own."""
    app = application()
    with tempfile.TemporaryDirectory(prefix="cowrite-benchmark-") as home:
        paths = Paths.of({HOME_VARIABLE: home})
        paths.make()
        person = Person("Ada", "#c4314b", "a1")
        save_settings(paths.settings, Settings(person=person, history=False, assistant_decided=True))
        desk = Application(app, paths)
        app.aboutToQuit.disconnect(desk._end)
        found: dict[str, list[dict[str, Any]]] = {}
        try:
            for _ in range(rounds):
                draft = desk.documents.new("A draft")
                if draft is None:
                    raise ValueError("no document could be made")
                for each in run(Seat(draft), changes):
                    found.setdefault(each.pop("what"), []).append(each)
                draft.window.close()
                app.processEvents()
        finally:
            desk._end()
            desk.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for what, rows in found.items():
        yield {"what": what, **{name: round(statistics.median(row[name] for row in rows), 2) for name in rows[0]}}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Measure what thousands of suggested changes cost.")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--changes", type=at_least(1), default=5000, metavar="N", help="how many (default %(default)s)")
    parser.add_argument("--rounds", type=at_least(1), default=1, metavar="N", help="how often (default %(default)s)")
    options = parser.parse_args(arguments)
    rows = list(measured(options.changes, options.rounds))
    if options.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print(*(f"{name}={value}" for name, value in row.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
