"""The file of a model is written over while the model is in use: what comes of that is nobody's words."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.assist.engine.asking import Phase
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.assistant_desk import said, turn_on
from helpers.desk import Desk, write
from helpers.starter_model import add_starter

pytestmark = [pytest.mark.journey, pytest.mark.slow]

TEXT = "The barrels are full of water. The barrels are"
CHANGED = "has changed while it was in use"


@pytest.mark.parametrize("how", ["written over", "replaced", "gone"])
def test_what_a_model_says_whose_file_is_written_over_is_not_shown_and_one_that_is_only_gone_goes_on(
    how: str, tmp_path: Path, sit: Callable[..., Desk]
) -> None:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")})
    turn_on(paths, "Ada")
    own = tmp_path / "own.gguf"
    add_starter(paths, copied_to=own)
    desk = sit()
    draft = desk.new()
    write(draft, TEXT)
    switch = desk.application.assistant
    assert switch.assistant is not None
    process, suggestions = switch.assistant.process, switch.of(draft).suggestions

    def ask() -> None:
        draft.window.activateWindow()
        QTest.qWaitForWindowActive(draft.window)
        QTest.keyClick(draft.editor, Qt.Key.Key_Escape)
        write(draft, " ")
        QTest.keyClick(draft.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
        desk.until(lambda: process.phase not in (Phase.READY, Phase.ASLEEP))
        desk.until(lambda: process.phase in (Phase.READY, Phase.ASLEEP))

    ask()
    assert CHANGED not in said(draft)
    middle = own.stat().st_size // 2
    if how == "written over":
        with own.open("r+b") as file:
            file.seek(middle)
            file.write(bytes(middle // 2))
    elif how == "replaced":
        shutil.copyfile(own, tmp_path / "other.gguf")
        (tmp_path / "other.gguf").replace(own)
    else:
        own.unlink()
    ask()
    assert (CHANGED in said(draft)) is (how == "written over")
    if how == "written over":
        assert suggestions.shown == ""
        ask()
        assert "has changed since it was added" in said(draft)
    assert draft.document.assists.records() == {}
