"""A person at the list of ideas."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from helpers.idea_desk import IdeaDesk


@pytest.fixture
def desk(qtbot: QtBot):
    made = []

    def sit(*texts: str) -> IdeaDesk:
        made.append(IdeaDesk(qtbot, texts))
        return made[-1]

    yield sit
    for each in made:
        each.view.close_view()
