"""The file of a shared document where its link is not known: real applications, a real server, real sockets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cowrite.core.text.richtext import plain_text
from cowrite.core.text.suggested_text import as_it_stands
from helpers.desk import SAVED, Desk, notices, server, write

pytestmark = pytest.mark.journey


def brought(desk: Desk, link: str) -> Path:
    """The file of a document that somebody joined by a link, written "there " into and left; out of their library, so
    that another computer can have it."""
    draft = desk.join(link)
    write(draft, "there ")
    desk.until(lambda: server(draft) == SAVED)
    path = draft.path
    desk.leave()
    return Path(shutil.move(path, path.parents[2]))


def test_a_document_from_another_computer_says_that_its_link_is_missing_and_goes_on_by_it(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")
    link = team_server.invite("plan")
    moved = bo.open(brought(ada, link))
    assert "its link is not on this computer" in notices(moved)
    offline = moved.window.actions_["work_offline"]
    assert not offline.isEnabled()
    write(moved, "here ")
    assert bo.join(link) is moved
    bo.until(lambda: server(moved) == SAVED)
    assert offline.isEnabled()
    assert "link" not in notices(moved)
    mate = sit("Cy").join(link)
    bo.until(lambda: server(mate) == SAVED and mate.document.text() == moved.document.text() != "\n")
    assert {"here", "there"} <= set(mate.document.text().split())


def test_that_a_link_is_missing_is_said_no_more_once_the_document_is_shared_anew_or_left(sit, team_server):
    ada, bo, cy = sit("Ada"), sit("Bo"), sit("Cy")
    link = team_server.invite("plan")
    path = brought(ada, link)
    copy = Path(shutil.copy(path, path.with_stem("copy")))
    shared, left = bo.open(path), cy.open(copy)
    for moved in (shared, left):
        assert "its link is not on this computer" in notices(moved)
    bo.application.sharing.share(shared).dialog.server.server_requested.emit(link)
    bo.until(lambda: server(shared) == SAVED)
    cy.application.sharing.stop(left)
    for moved in (shared, left):
        assert "link" not in notices(moved)


def test_a_document_whose_link_is_missing_goes_on_by_it_also_where_somebody_joined_with_it_before(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")
    link = team_server.invite("plan")
    path = brought(ada, link)
    joined = bo.joined(link)
    moved = bo.open(path)
    write(moved, "here ")
    assert bo.join(link) is moved
    bo.until(lambda: server(moved) == SAVED and "here" in joined.document.text())


def test_who_may_not_edit_may_not_do_so_either_while_the_link_is_missing(sit, team_server):
    ada, vera, cy = sit("Ada"), sit("Vera"), sit("Cy")
    draft = ada.join(team_server.invite("plan"))
    write(draft, "there ")
    for role in ("viewer", "suggester"):
        view = vera.join(team_server.invite("plan", role))
        vera.until(lambda view=view: "there" in view.document.text() and not view.connection.rights.may_edit)
        path, text = view.path, view.document.text()
        assert view.window.close()
        moved = cy.open(Path(shutil.move(path, path.parents[2] / f"{role}.cowrite")))
        assert "its link is not on this computer" in notices(moved), role
        write(moved, "no ")
        assert moved.editor.isReadOnly() == (role == "viewer"), role
        assert plain_text(as_it_stands(moved.document.spans())) == text, role
        cy.application.sharing.stop(moved)
        write(moved, "yes ")
        assert "yes" in plain_text(as_it_stands(moved.document.spans())), role
