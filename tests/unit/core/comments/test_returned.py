"""Comments on words that come back or move: by undo, by the server, by cut and paste."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from cowrite.core.comments.comments import Comments
from cowrite.core.crdt import anchors
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length
from cowrite.core.writing.places import MANY
from cowrite.core.writing.restored import Restored
from cowrite_server.history.restoring import restoring
from helpers.copies import copy_of
from helpers.counting import counted
from helpers.passage_comments import ADA, TEXT, on, place


@pytest.fixture
def theirs(document: Document, comments: Comments) -> Callable[[str], str | None]:
    """On which words a thread stands for a teammate, who has all that is here."""
    peer = MendedDocument(clock=lambda: 0)
    there = Comments(peer, chance=Random(2), clock=lambda: 0)

    def stands(id: str) -> str | None:
        peer.apply_remote(document.update_since(peer.state_vector()))
        return place(there, peer, id)

    return stands


def keep_returned(document: Document, comments: Comments, act: Callable[[], None]) -> None:
    """Undoes or redoes, as in a window with comments."""
    changes: list[Change] = []
    end = document.observe_changes(changes.append)
    act()
    end()
    for change in changes:
        comments.keep_returned(change)


def test_a_comment_is_on_its_words_again_for_everybody_once_undo_has_brought_them_back(document, comments, theirs):
    whole, part = on(comments, document, "herbs"), on(comments, document, "we plant herbs")
    assert (theirs(whole), theirs(part)) == ("herbs", "we plant herbs")
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(17, 5)
    assert (theirs(whole), theirs(part)) == (None, "we plant ")
    for act, expected in (
        (document.undo, ("herbs", "we plant herbs")),
        (document.redo, (None, "we plant ")),
        (document.undo, ("herbs", "we plant herbs")),
    ):
        keep_returned(document, comments, act)
        assert (place(comments, document, whole), place(comments, document, part)) == expected
        assert (theirs(whole), theirs(part)) == expected
    comments.undo()  # what one undoes here is an act on comments, the newest of which was to make one
    assert comments.get(part) is None
    assert comments.get(whole) is not None


def test_comments_are_on_their_words_again_where_the_server_has_written_these_anew(document, comments, theirs):
    ids = [on(comments, document, words) for words in ("Ada", "we plant", "herbs")]
    then = copy_of(document)
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(0, len("Ada: 👍 we plant herbs.") + 1)
    document.apply_remote(restoring(document.state(), then.state()))
    assert [place(comments, document, id) for id in ids] == [None, None, None]
    with document.edit(Origin.LOCAL) as edit:  # meanwhile
        edit.insert(len("Ada: 👍 we pl") + 1, "👍")
    comments.stand_again(Restored(document, then))
    assert [place(comments, document, id) for id in ids] == ["Ada", None, "herbs"]
    assert [theirs(id) for id in ids] == ["Ada", None, "herbs"]


@pytest.mark.parametrize("gone", ["we", "plant", "herbs", "👍 we", "herbs."])
def test_a_comment_is_on_all_of_its_words_again_where_history_brings_some_of_them_back(document, comments, gone):
    id = on(comments, document, "we plant herbs")
    then = copy_of(document)
    start = utf16_length(TEXT[: TEXT.index(gone)])
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(start, utf16_length(gone))
    document.apply_remote(restoring(document.state(), then.state()))
    comments.stand_again(Restored(document, then))
    assert place(comments, document, id) == "we plant herbs"


def test_comments_are_on_restored_words_again_also_between_what_two_people_write_meanwhile(document, comments):
    ids = [on(comments, document, words) for words in ("Ada", "we plant", "herbs")]
    then = copy_of(document)
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(0, document.length - 1)
    document.apply_remote(restoring(document.state(), then.state()))
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(document.length - 1, " Really 👍")
        edit.insert(4, " and 👍 Bo")
    comments.stand_again(Restored(document, then))
    assert [place(comments, document, id) for id in ids] == ["Ada", "we plant", "herbs"]


def test_a_comment_goes_with_words_that_are_moved_and_back_when_that_is_undone(document, comments, theirs):
    id = on(comments, document, "herbs")
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(17, 5)
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "herbs ")
    assert theirs(id) is None
    comments.move({id: (0, 5)})
    assert comments.get(id).place == (0, 5)
    assert theirs(id) == "herbs"
    for _ in range(2):
        keep_returned(document, comments, document.undo)
    assert document.text() == f"{TEXT}\n"
    assert comments.get(id).place == (17, 22)
    assert theirs(id) == "herbs"


def test_the_text_is_gone_through_once_for_many_comments_that_undo_brings_back(document, comments, monkeypatch):
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "word " * MANY)
    ids = [comments.add(5 * number, 5 * number + 4, "Why?", ADA) for number in range(MANY)]
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(0, document.length - 1)
    changes: list[Change] = []
    document.observe_changes(changes.append)
    document.undo()
    again = Comments(document, chance=Random(3), clock=lambda: 0)
    reads = counted(monkeypatch, anchors, "read_texts")
    again.keep_returned(changes[0])
    assert len(reads) == 1
    assert [comments.get(id).place for id in ids] == [(5 * number, 5 * number + 4) for number in range(MANY)]


def test_whoever_looks_is_told_once_of_all_comments_that_undo_brings_back(document, comments):
    for words in ("we", "plant", "herbs", "good"):
        on(comments, document, words)
    told: list[frozenset[str]] = []
    comments.observe(lambda change: told.append(change.ids))
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(0, document.length - 1)
    keep_returned(document, comments, document.undo)
    (ids,) = told
    assert len(ids) == 4
