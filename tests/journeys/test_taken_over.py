"""Documents whose hosting computer does not come back: real applications, real servers inside them, real sockets."""

from __future__ import annotations

import pytest

from cowrite.core.board.items import Note, Place
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.sync.link import Link
from helpers.desk import SAVED, hosted, notices, same, server, write

pytestmark = pytest.mark.journey


def test_who_joins_where_another_has_taken_over_goes_on_in_their_document_with_what_lies_sealed(sit) -> None:
    ada, ben, carl = sit("Ada"), sit("Ben"), sit("Carl")
    hers = ada.new()
    write(hers, "first ")
    link = hosted(ada, hers)
    bens, carls = ben.joined(link), carl.joined(link)
    session = hers.brainstorming.brainstorm.sessions.begin(Session("", "What now?", phase=Phase.WRITE))
    brainstorm = carls.brainstorming.brainstorm
    carl.until(lambda: brainstorm.session is not None and bens.brainstorming.brainstorm.session is not None)
    brainstorm.write([Note("", "sealed", Place(0, 0))])
    ada.until(lambda: hers.brainstorming.brainstorm.box.contributions(session).notes == 1)
    carl.until(lambda: brainstorm.box.problem(session) == "")
    ada.leave()
    write(carls, "unsent ")
    path = carls.path
    carl.new()
    assert carls.window.close()
    link = hosted(ben, bens)
    carl.application.joining.join_text(link)
    carl.until(lambda: "unsent" in bens.document.text())
    carl.until(lambda: [draft.path for draft in carl.application.documents.drafts if draft.shared] == [path])
    (carls,) = [draft for draft in carl.application.documents.drafts if draft.shared]
    assert carls.shared.link == Link.parse(link)
    assert "It goes on at" in notices(carls)
    ben.until(lambda: bens.brainstorming.brainstorm.box.contributions(session).notes == 1)
    bens.brainstorming.brainstorm.box.reveal(session)
    carl.until(lambda: [note.text for note in carls.brainstorming.brainstorm.visibility.published()] == ["sealed"])


def test_who_comes_back_after_another_has_taken_over_is_asked_and_goes_on_there(sit) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers = ada.new()
    write(hers, "first ")
    path, bens = hers.path, ben.joined(hosted(ada, hers))
    ada.leave()
    link = hosted(ben, bens)
    ada = sit("Ada")
    hers = ada.open(path)
    ada.until(lambda: server(hers) == SAVED)
    write(hers, "hers ")
    again = ada.application.joining.join_text(link)
    ada.until(lambda: "share it from this computer" in notices(again))
    assert "hers" not in bens.document.text()
    again.window.notices.answered.emit("moved", "go_on")
    ada.until(lambda: "hers" in bens.document.text() and same(hers, bens))
    assert again.is_closed
    assert not ada.application.keys.sharing.hosted


def test_a_copy_that_is_shared_as_a_document_of_its_own_stays_apart_unless_the_person_says_so(
    sit, team_server, tmp_path
) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    link = team_server.invite("april")
    hers, bens = ada.joined(link), ben.joined(link)
    write(hers, "agenda ")
    ada.until(lambda: same(hers, bens))
    saved = list[bool]()
    hers.save_copy(tmp_path / "may.cowrite", lambda: saved.append(True))
    ada.until(lambda: saved)
    may = ada.open(tmp_path / "may.cowrite")
    flow = ada.application.sharing.share(may)
    flow.dialog.server.server_requested.emit(team_server.invite("may"))
    ada.until(lambda: server(may) == SAVED)
    flow.dialog.reject()
    again = ben.application.joining.join_text(team_server.invite("may"))
    ben.until(lambda: "keep both" in notices(again))
    write(bens, "in april ")
    again.window.notices.answered.emit("moved", "apart")
    ada.until(lambda: same(hers, bens))
    assert "april" not in may.document.text() + again.document.text()
    assert str(bens.shared.link) == link
