"""Comments behind a change that the server refused, said anew to what it holds."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.comments.anew import said_anew
from cowrite.core.comments.comments import Comments
from cowrite.core.document.document import MOST_CLIENT, Document
from cowrite.core.document.unmended import UnmendedDocument
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from helpers.passage_comments import BO, TEXT, on, place

_chance = Random(1)


@pytest.fixture
def server(document: Document) -> UnmendedDocument:
    """What the server holds, before the person wrote what it refused."""
    server = UnmendedDocument()
    server.apply_update(document.state())
    return server


@pytest.fixture(params=[1, MOST_CLIENT, MOST_CLIENT + 5], ids=["low", "highest", "beyond"])
def mine(request: pytest.FixtureRequest, server: UnmendedDocument) -> Document:
    """The copy of somebody who has written in it what the server did not take."""
    mine = MendedDocument(client_id=request.param, clock=lambda: 0)
    mine.apply_remote(server.state())
    with mine.edit(Origin.LOCAL) as edit:
        edit.insert(0, "refused ")
    return mine


def comments_of(document: Document) -> Comments:
    return Comments(document, chance=_chance, clock=lambda: 5)


def say_anew(mine: Document, server: Document) -> None:
    said = said_anew(server.state(), mine)
    server.apply_update(said)
    mine.apply_remote(said)


def resolve(document: Document, id: str) -> None:
    placed = comments_of(document).get(id)
    assert placed is not None
    comments_of(document).resolve(placed.thread)


def shown(document: Document) -> list[tuple[object, ...]]:
    threads = [each.thread for each in comments_of(document).all()]
    return [(each.text, each.is_resolved, [reply.text for reply in each.replies]) for each in threads]


def test_what_is_said_comes_to_the_server_and_what_was_refused_does_not(mine: Document, server: Document) -> None:
    id = on(comments_of(mine), mine, "herbs", "Which?", BO)
    comments_of(mine).reply(id, "Thyme?", BO)
    say_anew(mine, server)
    assert shown(server) == shown(mine) == [("Which?", False, ["Thyme?"])]
    assert place(comments_of(server), server, id) == "herbs"
    assert server.text() == TEXT + "\n"
    assert said_anew(server.state(), mine) == b""


def test_what_others_answer_is_seen_here_and_nothing_of_theirs_is_undone(mine: Document, server: Document) -> None:
    id = on(comments_of(mine), mine, "herbs", "Which?", BO)
    say_anew(mine, server)
    resolve(server, id)
    mine.apply_remote(server.update_since(mine.state_vector()))
    assert shown(mine) == shown(server) == [("Which?", True, [])]
    on(comments_of(mine), mine, "good", "Is it?", BO)
    say_anew(mine, server)
    assert shown(mine) == shown(server) == [("Which?", True, []), ("Is it?", False, [])]


def test_what_is_changed_in_comments_of_before_is_changed_for_all(mine: Document, server: Document) -> None:
    id = on(comments_of(server), server, "herbs", "Which?")
    mine.apply_remote(server.update_since(mine.state_vector()))
    resolve(mine, id)
    say_anew(mine, server)
    comments_of(mine).reopen(id)
    say_anew(mine, server)
    comments_of(mine).remove(id)
    say_anew(mine, server)
    assert shown(server) == shown(mine) == []
