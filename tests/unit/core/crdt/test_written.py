"""What somebody wrote, read from an update."""

from __future__ import annotations

from random import Random

from cowrite.core.comments.comments import Comments
from cowrite.core.crdt.written import written_first
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.footnotes import embed_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span


def put(document: Document, at: int, text: str) -> None:
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(at, text, {})


def test_what_was_typed_key_by_key_is_one_piece_and_what_stands_elsewhere_another() -> None:
    document = MendedDocument(client_id=7, clock=lambda: 0)
    put(document, 0, "Hello")
    before = document.state_vector()
    for place, letter in enumerate("new 😀"):
        put(document, 5 + place, letter)
    put(document, 0, "top ")
    assert written_first(document.update_since(before), 7) == "new 😀 … top "


def test_what_was_typed_on_from_where_something_was_deleted_is_one_piece() -> None:
    document = MendedDocument(client_id=7, clock=lambda: 0)
    put(document, 0, "a wrx")
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(4, 1)
    put(document, 4, "ong 😀 old word")
    with document.edit(Origin.LOCAL) as edit:
        edit.delete_all([(0, 2), (11, 4)])
    assert written_first(document.state(), 7) == "wrong 😀 word"


def test_what_others_wrote_and_what_was_deleted_is_not_in_it() -> None:
    mine, other = MendedDocument(client_id=7, clock=lambda: 0), MendedDocument(client_id=8, clock=lambda: 0)
    put(other, 0, "theirs")
    mine.apply_remote(other.state())
    put(mine, 0, "mine gone")
    with mine.edit(Origin.LOCAL) as edit:
        edit.delete(4, 5)
    assert written_first(mine.state(), 7) == "mine"


def test_where_a_replica_wrote_nothing_it_is_what_all_did() -> None:
    mine, other = MendedDocument(client_id=7, clock=lambda: 0), MendedDocument(client_id=8, clock=lambda: 0)
    put(other, 0, "theirs")
    put(mine, 0, "mine")
    mine.apply_remote(other.state())
    assert sorted(written_first(mine.state(), 9).split(" … ")) == ["mine", "theirs"]


def test_what_comments_and_replies_say_that_are_still_there_stands_apart_in_it_as_they_were_said_last() -> None:
    document = MendedDocument(client_id=7, clock=lambda: 0)
    put(document, 0, "Herbs grow.")
    comments = Comments(document, chance=Random(1), clock=lambda: 0)
    ada = Author("Ada")
    thread = comments.add(0, 5, "Which?", ada)
    comments.change(comments.reply(thread, "Sage, ", ada), "Sage, mostly.")
    assert written_first(document.state(), 7) == "Herbs grow. … Which? … Sage, mostly."


def test_what_footnotes_say_that_are_still_there_stands_apart_in_it() -> None:
    document = MendedDocument(client_id=7, clock=lambda: 0)
    put(document, 0, "Herbs grow.")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(5, embed_of([Span("Sage, mostly.")]), {})
        edit.insert_embed(5, embed_of([Span("gone")]), {})
        edit.insert_embed(5, {"image": "leaf"}, {})
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(6, 1)
    assert written_first(document.state(), 7) == "Herbs grow. … Sage, mostly."
