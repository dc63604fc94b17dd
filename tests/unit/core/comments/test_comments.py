"""Comments on passages of a draft: threads, replies, and where they stand."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from cowrite.core.comments.comments import COMMENTS, Comments, Placed, Reply, Thread, bring_in
from cowrite.core.comments.passages import MOST_MOVES
from cowrite.core.crdt.anchor import Anchor
from cowrite.core.entries.authors import Author
from cowrite.core.entries.entries import NoSuchEntry
from cowrite.core.footnotes.here import FootnoteHere
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.footnotes import embed_of, text_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from helpers.copies import copy_of
from helpers.passage_comments import ADA, BO, TEXT, on, place


def test_a_comment_on_a_footnote_stays_on_it_whatever_is_written_there(document, comments):
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(3, embed_of([Span("See Smith")]))
    other = copy_of(document)
    first = comments.add(3, 4, "Which one?", ADA)
    FootnoteHere(other, 3).write([Span("Go see Smith")])
    FootnoteHere(document, 3).write([Span("See Smith, p. 7")])
    second = comments.add(3, 4, "Page 7?", BO)
    for one, another in ((document, other), (other, document)) * 2:
        another.apply_remote(one.update_since(another.state_vector()))
    copy = Comments(other, chance=Random(2), clock=lambda: 0)
    assert [text_of(span.embed) for span in other.spans(3, 4)] == ["Go see Smith, p. 7"]
    for each in (comments, copy):
        assert [each.get(id).place for id in (first, second)] == [(3, 4)] * 2
    with other.edit(Origin.LOCAL) as edit:
        edit.delete(3, 1)
    assert [copy.get(id).place for id in (first, second)] == [None] * 2


def test_a_comment_comes_back_with_its_quote_its_place_and_who_said_what_when(document, comments):
    id = on(comments, document, "herbs", "Which ones?")
    reply = comments.reply(id, "Basil 🌿", BO)

    placed = comments.get(id)
    assert placed.place == (17, 22)
    thread = placed.thread
    assert (thread.quote, thread.text, thread.author, thread.created) == ("herbs", "Which ones?", ADA, 1000)
    assert [(each.id, each.text, each.author, each.created) for each in thread.replies] == [
        (reply, "Basil 🌿", BO, 1001)
    ]
    assert comments.get(reply) == placed


def test_a_comment_stays_with_its_words_wherever_others_write(document, comments):
    id = on(comments, document, "👍 we")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Minutes 👩‍👩‍👧\n")
    start, stop = comments.get(id).place
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(stop, "X")
        edit.insert(start, "Y")
    assert place(comments, document, id) == "👍 we"


def test_a_comment_whose_text_is_gone_is_detached_and_keeps_its_quote(document, comments):
    gone, kept = on(comments, document, "herbs"), on(comments, document, "good")
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(17, 5)
        edit.insert(17, "trees")
    assert comments.get(gone).place is None
    assert comments.get(gone).thread.quote == "herbs"
    assert [each.thread.id for each in comments.all()] == [kept, gone]


def test_a_comment_stays_small_however_often_its_words_are_moved(document, comments):
    id = on(comments, document, "herbs")
    for at in range(2 * MOST_MOVES):
        comments.move({id: (7 + at % 5, 20)})
    fields = document.entries(COMMENTS).get(id)
    assert len(fields["moved"]) == MOST_MOVES
    assert comments.get(id).place == (7 + (2 * MOST_MOVES - 1) % 5, 20)


def test_typing_reads_no_thread_again_and_each_is_where_its_words_are(document, comments, monkeypatch):
    comments.add(4, 9, "Which?", ADA)
    (before,) = comments.all()
    monkeypatch.setattr(Anchor, "from_json", None)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Now ")
    (after,) = comments.all()
    assert before.place is not None
    assert (after.thread, after.place) == (before.thread, (before.place[0] + 4, before.place[1] + 4))


def test_threads_stand_in_the_order_of_the_text(document, comments):
    ids = [on(comments, document, words) for words in ("good", "Ada", "plant herbs", "plant")]
    assert [each.thread.id for each in comments.all()] == [ids[1], ids[2], ids[3], ids[0]]


def test_a_comment_on_nothing_is_refused(document, comments):
    with pytest.raises(ValueError, match="needs a passage"):
        comments.add(3, 3, "Why?", ADA)


def test_a_resolved_thread_is_open_again_once_reopened(document, comments):
    id = on(comments, document, "herbs")
    comments.resolve(comments.get(id).thread)
    assert comments.get(id).thread.is_resolved
    comments.reopen(id)
    assert not comments.get(id).thread.is_resolved


def test_a_reply_that_nobody_had_seen_when_the_thread_was_resolved_opens_it_again(document, comments):
    id = on(comments, document, "herbs")
    comments.reply(id, "Basil", BO)
    comments.resolve(comments.get(id).thread)
    assert comments.get(id).thread.is_resolved
    late = comments.reply(id, "No, wait", BO)
    assert not comments.get(id).thread.is_resolved
    comments.remove(late)
    assert comments.get(id).thread.is_resolved


def test_words_that_were_changed_say_so(document, comments):
    id = on(comments, document, "herbs")
    reply = comments.reply(id, "Basil", BO)
    comments.change(id, "How many?")
    comments.change(reply, "Three")
    thread = comments.get(id).thread
    assert (thread.text, thread.is_edited) == ("How many?", True)
    assert (thread.replies[0].text, thread.replies[0].is_edited) == ("Three", True)


def test_a_comment_that_nobody_answered_goes_when_it_is_taken_back(document, comments):
    id = on(comments, document, "herbs")
    comments.remove(id)
    assert comments.get(id) is None
    assert comments.all() == []


def test_replies_stay_where_the_comment_is_taken_back(document, comments):
    id = on(comments, document, "herbs")
    comments.reply(id, "Basil", BO)
    comments.remove(id)
    thread = comments.get(id).thread
    assert thread.text == ""
    assert [reply.text for reply in thread.replies] == ["Basil"]
    assert place(comments, document, id) == "herbs"


def test_undo_takes_back_acts_on_comments_alone_and_brings_them_back(document, comments):
    id = on(comments, document, "herbs")
    comments.remove(id)
    comments.undo()
    assert comments.get(id).thread.text == "Why?"
    comments.redo()
    assert comments.get(id) is None
    comments.undo()
    comments.undo()
    comments.undo()
    assert comments.all() == []
    assert document.text().startswith(TEXT)


def test_undo_of_a_comment_leaves_what_a_teammate_has_answered(document, comments):
    id = on(comments, document, "herbs")
    mate = copy_of(document)
    Comments(mate, chance=Random(2), clock=lambda: 5000).reply(id, "Basil", BO)
    document.apply_remote(mate.state())

    comments.undo()
    thread = comments.get(id).thread
    assert [reply.text for reply in thread.replies] == ["Basil"]
    assert place(comments, document, id) == "herbs"


def test_what_is_not_there_cannot_be_changed(comments):
    for act in (lambda: comments.change("thread:0", "x"), lambda: comments.remove("reply:0")):
        with pytest.raises(NoSuchEntry):
            act()


def test_who_looks_is_told_which_comments_changed(document, comments):
    told = []
    end = comments.observe(lambda change: told.append(change.ids))
    id = on(comments, document, "herbs")
    end()
    comments.reply(id, "Basil", BO)
    assert told == [frozenset({id})]


NONSENSE: tuple[Any, ...] = (None, True, -1, 1e300, float("nan"), "x" * 50_000, [1, None], {"a": {}}, b"\x00", "#zzz")
FIELDS = ("text", "author", "colour", "person", "created", "quote", "start", "stop", "thread", "resolved", "is_edited")


@pytest.mark.parametrize("value", NONSENSE, ids=[repr(value)[:12] for value in NONSENSE])
def test_what_a_peer_wrote_that_makes_no_sense_is_read_as_if_it_were_not_there(document, comments, value):
    sound = on(comments, document, "herbs")
    comments.reply(sound, "Basil", BO)
    peer: Doc[Any] = Doc()
    root = peer.get("comments", type=Map)
    root["thread:a"] = value
    root["reply:b"] = Text("words")
    root["thread:c"] = Array([value])
    root["thread:d"] = Map(dict.fromkeys(FIELDS, value))
    root["reply:e"] = Map({**dict.fromkeys(FIELDS, value), "thread": "thread:d"})
    root["reply:f"] = Map({"thread": sound, "text": value, "created": value})
    root["thread:g"] = Map({"start": {"type": None, "item": {"client": 1, "clock": value}}, "stop": {"tname": "body"}})
    root["thread:h"] = Map({"removed": value, "text": Text("for several hands")})
    root["no kind"] = value
    document.apply_remote(peer.get_update())

    threads = {each.thread.id: each for each in comments.all()}
    assert "Basil" in [reply.text for reply in threads[sound].thread.replies]
    assert place(comments, document, sound) == "herbs"
    assert threads["thread:d"].place is None
    assert len(threads["thread:d"].thread.text) <= 20_000
    assert 0 <= threads["thread:d"].thread.created <= 2**53
    assert all(isinstance(reply.text, str) for each in threads.values() for reply in each.thread.replies)
    comments.resolve(threads["thread:d"].thread)


def nameless(placed: Placed) -> Placed:
    replies = tuple(replace(each, id="") for each in placed.thread.replies)
    return replace(placed, thread=replace(placed.thread, id="", replies=replies))


def test_a_name_turns_no_words_beside_it_and_begins_no_line(document, comments):
    id = on(comments, document, "herbs", author=Author("Bo\u202e\nAda\u2067 says", "#112233", "b"))
    assert comments.get(id).thread.author == Author("Bo Ada says", "#112233", "b")
    for unseen in ("  ", "\u3164", "\u2800\u2800"):
        id = on(comments, document, "herbs", author=Author(unseen, "#112233", "b"))
        assert comments.get(id).thread.author.name == ""


def test_threads_from_elsewhere_are_told_apart_from_those_of_another_document():
    """For words that are cut out of one and pasted into the other take the ids of their threads along."""
    documents = [MendedDocument.new(clock=lambda: 0) for _ in range(2)]
    for each in documents:
        bring_in(each, [Placed(Thread("thread:0", "", "Why?", ADA, replies=(Reply("reply:0", "So", BO),)), None)])
    one, other = ({*each.entries(COMMENTS).ids("thread"), *each.entries(COMMENTS).ids("reply")} for each in documents)

    assert len(one) == len(other) == 2
    assert not one & other


@pytest.mark.parametrize("count", [2, 120])
def test_threads_from_elsewhere_come_in_with_their_places_and_answers(document, count):
    with document.edit(Origin.LOCAL) as edit:
        for _ in range(count):
            edit.insert(0, "é👍 ", {"bold": True})
            edit.insert(0, "bed\n")
    words = [(8 * at + 4, 8 * at + 7) for at in range(count)]
    threads = [
        Placed(
            Thread(f"thread:{at}", "é👍", "", ADA, at, is_resolved=True, replies=(Reply(f"reply:{at}", "y", BO),)),
            place if at else None,
        )
        for at, place in enumerate(words)
    ]
    bring_in(document, threads)
    comments = Comments(document, chance=Random(1), clock=lambda: 0)

    found = comments.all()
    assert [nameless(each) for each in found] == [nameless(each) for each in (*threads[1:], threads[0])]
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "plan\n")
    assert [each.place for each in comments.all()][:-1] == [(start + 5, stop + 5) for start, stop in words[1:]]
