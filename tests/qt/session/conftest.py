"""A draft at which a session can run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cowrite.core.sessions.sessions import VARIANTS
from helpers.desk import Desk
from helpers.session_table import Table

FULL = VARIANTS["full"]


@pytest.fixture
def table(tmp_path: Path, qtbot: QtBot) -> Iterator[Table]:
    desk = Desk(tmp_path / "home", qtbot)
    draft = desk.new()
    table = Table(desk, draft)
    yield table
    desk.leave()
