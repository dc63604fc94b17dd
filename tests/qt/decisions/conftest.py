"""A person at the decisions of a draft."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.decision_desk import DecisionDesk

Key = Qt.Key


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[DecisionDesk]:
    desk = DecisionDesk(tmp_path / "home", qtbot, "We plant herbs. We need water.")
    yield desk
    desk.leave()
