"""What journeys have in common: desks that people sit down at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.assistant_desk import MODEL, AssistantDesk, put_model, turn_on
from helpers.desk import SAVED, Desk, server, write
from helpers.history_desk import an_hour_passes
from helpers.keys import press_text
from helpers.team_server import TeamServer


@pytest.fixture
def sit(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Sits down at a desk: each time with the same files, or those of somebody else, or at another computer."""
    desks: list[Desk] = []

    def sit(name: str = "Ada", at: str = "", **chosen: bool) -> Desk:
        desks.append(Desk(tmp_path / (at or name), qtbot, name, **chosen))
        return desks[-1]

    yield sit
    for desk in reversed(desks):
        desk.leave()


@pytest.fixture
def make(tmp_path: Path, sit: Callable[..., Desk]) -> Callable[..., AssistantDesk]:
    """Makes a desk whose assistant answers by rules, see AssistantDesk."""

    def make(*rules: dict, after_pause: bool = False, **more: object) -> AssistantDesk:
        paths = Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")})
        put_model(paths)
        turn_on(paths, "Ada", after_pause=after_pause)
        return AssistantDesk(sit(), {"rules": list(rules), **MODEL, **more}, tmp_path)

    return make


@pytest.fixture
def team_server(tmp_path: Path) -> Iterator[TeamServer]:
    """A server that the team has set up."""
    team_server = TeamServer(tmp_path)
    yield team_server
    team_server.process.kill()


@pytest.fixture
def ada(sit: Callable[..., Desk]) -> Desk:
    """The desk of who has begun the draft."""
    return sit("Ada")


@pytest.fixture
def draft(ada: Desk, team_server: TeamServer) -> Draft:
    """An editor's draft with a sentence in it."""
    draft = ada.joined(team_server.invite("plan"))
    write(draft, "We plant herbs.")
    ada.until(lambda: server(draft) == SAVED)
    return draft


@pytest.fixture
def alone(sit: Callable[..., Desk]) -> tuple[Desk, Draft]:
    """Ada writes a line, quits, comes back after an hour and writes another one in its place."""
    ada = sit("Ada", keeps_history=True)
    draft = ada.new()
    press_text(draft.editor, "We meet on Monday.")
    path = draft.path
    ada.leave()
    an_hour_passes(ada.paths.histories)
    ada = sit("Ada")
    draft = ada.open(path)
    draft.editor.selectAll()
    write(draft, "Never mind.")
    assert draft.document.text() == "Never mind.\n"
    return ada, draft
