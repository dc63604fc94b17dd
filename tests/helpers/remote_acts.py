"""What somebody else does to a draft while its window is open, at random."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from cowrite.app.draft.draft import Draft
from cowrite.core.board.items import Note, Place
from cowrite.core.comments.comments import Comments
from cowrite.core.decisions.decisions import Decision
from cowrite.core.entries.authors import Author
from cowrite.core.sessions.polls import Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.origin import Origin


def _insert(draft: Draft, random: Random) -> None:
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, random.choice(["abc ", "line\n", "x"]))


def _delete(draft: Draft, random: Random) -> None:
    length = draft.document.length - 1
    if length > 0:
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.delete(0, random.randrange(1, length + 1) if draft.document.text().isascii() else length)


def _add_notes(draft: Draft, random: Random) -> None:
    brainstorm = draft.brainstorming.brainstorm
    session = brainstorm.session.id if brainstorm.session is not None else ""
    texts = random.sample(["Trees", "Benches", "Trees and benches", "More light"], 2)
    brainstorm.board.add(Note("", text, Place(random.randrange(500), 0), session=session) for text in texts)


def _remove_notes(draft: Draft, random: Random) -> None:
    board = draft.brainstorming.brainstorm.board
    ids = [note.id for note in board.notes()]
    board.remove(random.sample(ids, min(2, len(ids))))


def _group_notes(draft: Draft, random: Random) -> None:
    board = draft.brainstorming.brainstorm.board
    if len(notes := board.notes()) > 1:
        board.group([note.id for note in random.sample(notes, 2)], "Group")


def _go_on_with_session(draft: Draft, random: Random) -> None:
    brainstorm = draft.brainstorming.brainstorm
    if brainstorm.session is None:
        brainstorm.sessions.begin(Session("", "How might we rest?", phase=random.choice(list(Phase))))
    elif random.random() < 0.2:
        brainstorm.sessions.change(brainstorm.session.id, is_over=True)
    else:
        brainstorm.sessions.go_to(brainstorm.session.id, random.choice(list(Phase)))


def _ask_all(draft: Draft, random: Random) -> None:
    brainstorm = draft.brainstorming.brainstorm
    if notes := brainstorm.board.notes():
        options = tuple(Option(note.id, note.text) for note in notes[:3])
        session = brainstorm.session.id if brainstorm.session is not None else ""
        brainstorm.polls.open(
            Poll("", random.choice(list(PollKind)), "Which?", options, 3, 2, ("cost",), session=session)
        )


def _decide(draft: Draft, random: Random) -> None:
    decisions = draft.brainstorming.brainstorm.decisions
    there = decisions.all()
    if not there:
        decisions.add(Decision("", "Which bench?"))
    elif random.random() < 0.5:
        decisions.put(random.choice(there).id, outcome="We take the long one.")
    else:
        decisions.remove(random.choice(there).id)


def _comment(draft: Draft, random: Random) -> None:
    comments = Comments(draft.document, chance=random, clock=lambda: 0)
    placed = comments.all()
    if placed and random.random() < 0.5:
        comments.remove(random.choice(placed).thread.id)
    elif draft.document.length > 1:
        comments.add(0, 1, "Why?", Author("Zoe"))


ACTS: dict[str, Callable[[Draft, Random], None]] = {
    "insert": _insert,
    "delete": _delete,
    "add notes": _add_notes,
    "remove notes": _remove_notes,
    "group notes": _group_notes,
    "session": _go_on_with_session,
    "poll": _ask_all,
    "decide": _decide,
    "comment": _comment,
}
"""By name; each is given the draft, and what it draws from."""
