"""What whoever leads a session has wanted revealed while the server was away: real windows, a real server process."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from cowrite.core.sessions.sealing import Contributions
from cowrite.core.sessions.sessions import Phase
from helpers.desk import SAVED, server, texts
from helpers.session_table import Table, published, until
from helpers.team_server import TeamServer

pytestmark = pytest.mark.journey


def test_a_session_says_at_the_next_start_what_was_not_revealed_without_the_server_and_offers_to_do_so(
    sit, team_server: TeamServer
) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers = Table(ada, ada.joined(team_server.invite("plan")))
    his = Table(ben, ben.joined(team_server.invite("plan")))
    id = hers.begin(facilitator="Ada")
    until(his, holds=lambda table: table.draft.brainstorming._sessions is not None)
    his.draft.brainstorming.show("session")
    until(his, holds=lambda table: table.view.page is table.pad)
    his.write("Trees")
    until(hers, holds=lambda table: table.brainstorm.box.contributions(id) == Contributions(1, 1))
    team_server.process.kill()
    ada.until(lambda: "Offline" in server(hers.draft))
    hers.bar("Next").click()
    if hers.flow.dialog is not None:
        hers.answer("Reveal")
    assert hers.flow.session.phase is Phase.REVEAL
    path = hers.draft.path
    ada.leave()
    team_server.start()
    again = sit("Ada")
    hers = Table(again, again.open(path))
    until(hers, his, holds=lambda table: server(table.draft) == SAVED)
    hers.draft.brainstorming.show("session")
    until(hers, holds=lambda table: "The notes are still sealed" in texts(table.view))
    assert published(hers) == published(his) == []
    hers.find(QPushButton, "Reveal all notes").click()
    if hers.flow.dialog is not None:
        hers.answer("Reveal")
    until(hers, his, holds=lambda table: published(table) == ["Trees"])
