"""What people really typed, replayed through bound editors: the start of one sequential and of one concurrent trace."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.look.theme import named
from cowrite.gui.page.editor import Editor
from helpers.drafts import Clock
from helpers.seats import FakeImages

TOP = Path(__file__).parents[2]
DATA = Path(os.environ.get("COWRITE_TEST_DATA") or TOP.parent / "shared" / "data") / "editing_traces"
LENGTH = 1500  # transactions that are replayed


def _reader() -> ModuleType:
    """The module that reads traces for the benchmarks, which are no package."""
    name = "cowrite_benchmark_traces"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, TOP / "benchmarks" / "traces.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


traces = _reader()


def start_of(name: str) -> Any:
    """The first transactions of a trace."""
    path = DATA / f"{name}.json.gz"
    if not path.is_file():
        pytest.skip(
            f"there is no {path}: set COWRITE_TEST_DATA to the folder that holds editing_traces/; "
            "the originals are public at https://github.com/josephg/editing-traces"
        )
    trace = traces.read_trace(path)
    return replace(trace, transactions=trace.transactions[:LENGTH])


def text_after(trace: Any) -> str:
    """What a sequential trace leaves of plain strings."""
    text = trace.start
    for transaction in trace.transactions:
        for at, removed, written in transaction.patches:
            text = text[:at] + written + text[at + removed :]
    return text


class Page:
    """A bound editor, and what was written in it, transaction by transaction.

    Args:
        state: what the document begins with.
        client: number of this replica.
        qtbot: closes the editor in the end.
    """

    def __init__(self, state: bytes, client: int, qtbot: QtBot) -> None:
        self.document = MendedDocument(client_id=client, clock=Clock())
        self.document.apply_update(state, Origin.STORAGE)
        self.editor = Editor(self.document, named("light"), FakeImages())
        qtbot.addWidget(self.editor)
        self.written: list[list[bytes]] = []
        self._updates: list[bytes] = []
        self.document.observe_updates(self._keep)

    def write(self, edits: Any) -> None:
        """Makes one transaction's edits in the widget."""
        cursor = QTextCursor(self.editor.document())
        self._updates = []
        for edit in edits:
            cursor.setPosition(edit.at)
            cursor.setPosition(edit.at + edit.removed, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(edit.text)
        self.document.settle()
        self.written.append(self._updates)

    def holds(self, text: str) -> bool:
        """Whether widget, rope and CRDT hold a text, which a new document's own line break follows."""
        shown = self.editor.document().toRawText().replace("\u2029", "\n")
        stored = "".join(span.text for span in self.document.stored_spans())
        assert (shown, self.document.text(), stored) == (text, text + "\n", text + "\n")
        return True

    def _keep(self, update: tuple[bytes, Origin]) -> None:
        if update[1] is Origin.LOCAL:
            self._updates.append(update[0])


def new_document(text: str) -> bytes:
    """The state of a new document in which a text stands."""
    document = MendedDocument.new(clock=Clock())
    if text:
        with document.edit(Origin.IMPORT) as edit:
            edit.insert(0, text)
    return document.state()


def test_a_text_that_one_person_wrote_comes_out_of_the_editor_as_it_was_written(qtbot: QtBot) -> None:
    trace = start_of("automerge-paper")
    steps, _, _ = traces.rehearse(trace)
    page = Page(new_document(trace.start), 1, qtbot)
    for step in steps:
        page.write(step.edits)
    assert len(steps) == LENGTH
    assert page.holds(text_after(trace))


def test_a_text_that_two_people_wrote_at_once_comes_out_of_both_editors_as_bare_documents_merge_it(
    qtbot: QtBot,
) -> None:
    trace = start_of("friendsforever")
    steps, rest, (text, *others) = traces.rehearse(trace)
    state = new_document(trace.start)
    pages = [Page(state, agent + 1, qtbot) for agent in range(trace.agents)]

    def take_in(agent: int, arrivals: Any) -> None:
        for other, number, _ in arrivals:
            for update in pages[other].written[number]:
                pages[agent].document.apply_remote(update)

    for step in steps:
        take_in(step.agent, step.arrivals)
        pages[step.agent].write(step.edits)
    for agent, arrivals in enumerate(rest):
        take_in(agent, arrivals)
    assert {len(page.written) for page in pages} != {0}
    assert sum(len(page.written) for page in pages) == LENGTH
    assert all(other == text for other in others)
    for page in pages:
        assert page.holds(text)
