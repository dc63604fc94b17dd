"""A person at the list of ideas, alone or in a document's window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cowrite.app.draft.draft import Draft
from helpers.desk import Desk, write
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


@pytest.fixture
def home(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """Somebody with whole windows."""
    desk = Desk(tmp_path / "home", qtbot)
    yield desk
    desk.leave()


@pytest.fixture
def draft(home: Desk) -> Draft:
    """A document in a window in front, with a few words."""
    draft = home.new()
    write(draft, "The draft")
    home.until(draft.window.isActiveWindow)
    return draft
