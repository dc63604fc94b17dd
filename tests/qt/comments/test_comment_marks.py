"""Marks of comments in the text: what is commented on is seen there, and of many what is in sight."""

from __future__ import annotations

from random import SystemRandom

from cowrite.app.comments import shown as comments_shown
from cowrite.core.comments.comments import Comments
from cowrite.core.text.origin import Origin
from cowrite.gui.look.theme import named
from helpers.commenting import BO, by_bo, marks, rows, select
from helpers.copies import copy_of


def test_what_is_commented_on_is_marked_and_the_thread_at_the_caret_stands_out_in_both_places(desk, draft):
    first, second = by_bo(draft, "Basil"), by_bo(draft, "plant")
    theme = draft.window.theme
    desk.until(lambda: sorted(marks(draft, theme.comment)) == ["Basil", "plant"])
    draft.window.actions_["show_comments"].trigger()
    assert [row.thread_.id for row in rows(draft)] == [second, first]
    select(draft, "asil")
    desk.until(lambda: marks(draft, theme.comment_current) == ["Basil"])
    assert [row.thread_.id for row in rows(draft) if row.property("current")] == [first]
    draft.editor.set_caret(0)
    desk.until(lambda: marks(draft, theme.comment_current) == [])


def test_the_marks_stay_when_theme_and_zoom_change(desk, draft):
    by_bo(draft, "Basil")
    desk.until(lambda: marks(draft, draft.window.theme.comment) == ["Basil"])
    draft.window.show_theme(named("dark"))
    assert marks(draft, named("dark").comment) == ["Basil"]
    draft.window.actions_["zoom_in"].trigger()
    assert marks(draft, named("dark").comment) == ["Basil"]


def test_of_many_comments_those_are_marked_that_are_in_sight_and_one_more_has_few_read(desk, draft, monkeypatch):
    many, line = 2_000, "Thyme\n"
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, line * many)
    peer = copy_of(draft.document)
    comments = Comments(peer, chance=SystemRandom(), clock=lambda: 5)
    with peer.transaction(Origin.LOCAL):
        for start in range(0, many * len(line), len(line)):
            comments.add(start, start + len(line) - 1, "Why?", BO)
    draft.document.apply_remote(peer.update_since(draft.document.state_vector()))
    colour = draft.window.theme.comment
    desk.until(lambda: "Thyme" in marks(draft, colour))
    assert len(marks(draft, colour)) < many / 4
    draft.window.actions_["show_comments"].trigger()
    threads: list[str] = []
    remarks: list[str] = []
    read, remark = Comments._read_thread, comments_shown._remark
    monkeypatch.setattr(Comments, "_read_thread", lambda own, id, *rest: threads.append(id) or read(own, id, *rest))
    monkeypatch.setattr(comments_shown, "_remark", lambda said, *rest: remarks.append(said.id) or remark(said, *rest))
    assert threads == [by_bo(draft, "herbs")]
    assert len(remarks) < many / 40
    draft.editor.set_caret(draft.document.length - 1)
    first, last = draft.editor.in_sight()
    there = [mark.cursor for mark in draft.editor.extraSelections() if first <= mark.cursor.position() <= last]
    assert len(there) >= draft.document.text()[first:last].count("Thyme") > 3
