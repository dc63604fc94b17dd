"""What journeys have in common: desks that people sit down at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.team_server import TeamServer


@pytest.fixture
def sit(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Sits down at a desk: each time with the same files, or those of somebody else."""
    desks: list[Desk] = []

    def sit(name: str = "Ada") -> Desk:
        desks.append(Desk(tmp_path / name, qtbot, name))
        return desks[-1]

    yield sit
    for desk in reversed(desks):
        desk.leave()


@pytest.fixture
def team_server(tmp_path: Path) -> Iterator[TeamServer]:
    """A server that the team has set up."""
    team_server = TeamServer(tmp_path)
    yield team_server
    team_server.process.kill()
