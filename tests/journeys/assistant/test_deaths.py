"""Failure mode 1 in a window: the worker with the starter model dies at any moment, and the person goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cowrite.assist.engine.asking import Phase
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.assistant_desk import buttons, press, shown, turn_on
from helpers.desk import Desk, write
from helpers.heart import LONGEST_GAP, shortest_of_three
from helpers.starter_model import add_starter

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="kills the worker by a signal"),
]

# What the model writes differs between processors: of this it makes a shorter sentence on all that were tried.
LONG_WINDED = (
    "It is important to note that the barrels are able to hold four hundred litres of water at any given time."
)
TWO = "The barrels are full. The pump is broken."
PATIENCE = 60  # seconds: other tests compute beside this one


@pytest.fixture(autouse=True)
def no_core_files() -> Iterator[None]:
    """A process that dies by SIGSEGV or SIGABRT leaves no file of its memory."""
    import resource

    before, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (before, most))


@pytest.mark.parametrize(
    ("by", "where", "asked", "text"),
    [
        ("SIGSEGV", Phase.LOADING, "summarise", TWO),
        ("SIGKILL", Phase.WRITING, "rewrite_shorter", LONG_WINDED),
    ],
)
def test_failure_1_the_window_never_halts_the_text_is_whole_and_the_next_question_is_answered(
    tmp_path: Path,
    sit: Callable[..., Desk],
    caplog: pytest.LogCaptureFixture,
    by: str,
    where: Phase,
    asked: str,
    text: str,
) -> None:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")})
    turn_on(paths, "Ada")
    add_starter(paths)
    desk = sit()
    draft = desk.new()
    write(draft, text)
    assistant = desk.application.assistant.assistant
    assert assistant is not None
    process, flow, number = assistant.process, desk.application.assistant.of(draft).flow, getattr(signal, by)
    killed: list[int] = []
    notices: list[str] = []
    is_doomed = True

    def kill(phase: Phase) -> None:
        nonlocal is_doomed
        if phase is where and is_doomed:
            is_doomed = False
            assert process.process_id is not None
            killed.append(process.process_id)
            os.kill(process.process_id, number)

    process.phase_changed.connect(kill)
    process.died.connect(notices.append)

    def ask() -> None:
        draft.editor.set_caret(len(text), 0)
        draft.window.actions_[asked].trigger()

    def live_through_it() -> None:
        told = len(notices)  # what was said of the death before may be there still
        ask()
        panel = draft.window.panels.assistant
        assert panel is not None
        desk.until(lambda: len(notices) > told and "your text is untouched" in shown(panel), PATIENCE)
        assert draft.document.text() == f"{draft.editor.toPlainText()}\n" == f"{text}\n"
        assert draft.document.assists.records() == {}
        draft.editor.set_caret(len(text))
        write(draft, "!")
        assert draft.document.text() == f"{text}!\n"
        if where is Phase.WRITING:  # before the first word the question is asked again by itself
            assert not flow.is_busy
            ask()
        desk.until(lambda: any(each.startswith(("Accept", "Insert")) for each in buttons(panel)), PATIENCE)
        assert process.process_id not in (None, *killed)
        assert len(notices) == len(killed)

    def try_it() -> None:
        nonlocal is_doomed
        if killed:  # once more, from the beginning
            press(draft.window.panels.assistant, "Reject")
            draft.editor.undo_own()
            process.close()
            desk.until(lambda: process.process_id is None)
            process.switch_on()
            is_doomed = True
        live_through_it()

    assert shortest_of_three(try_it) < LONGEST_GAP
    assert f"signal {int(number)}" in caplog.text
    caplog.clear()
