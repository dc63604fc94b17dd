"""The list of ideas of a draft: its view, and what is alike on it.

Runs on the GUI thread. Loaded when somebody looks at the ideas.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cowrite.app.bare_draft.bringers import BOARD
from cowrite.app.ideas.copied import offered, taken
from cowrite.bridge.likeness import LikenessWork
from cowrite.core.board.proposals import Dismissals
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.gui.ideas.view import IdeasView

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft

IDEAS = "ideas"


def make(draft: Draft) -> IdeasView:
    """Makes the list of a draft's ideas and joins it to all that it needs."""
    brainstorm = draft.brainstorming.brainstorm
    dismissals = Dismissals(brainstorm.document)
    view = IdeasView(
        brainstorm,
        draft.window.theme,
        offer=lambda ids: offered(brainstorm, ids, draft.images.original),
        from_list=lambda text, data: Ideas(brainstorm).take_in(taken(text, data)),
        store_image=draft.images.put,
        take_picture=draft.images.take,
        parent=draft.window.views,
    )
    work = LikenessWork(
        brainstorm.visibility.published,
        dismissals.apart,
        lambda: bool(brainstorm.visibility.for_model(brainstorm.session)),
        view,
    )
    work.set_encoder(draft.brainstorming.encoder)
    work.found.connect(view.show_alike)
    # Whoever does not look at the list needs no hints; when they do, it is looked for once.
    ends = [brainstorm.observe(lambda _ids: work.look_soon() if view.isVisible() else None)]
    draft.window.views.shown.connect(lambda name: work.look_soon() if name == IDEAS else None)
    work.look_soon()
    _wait_for_poll(draft, view, ends)
    view.open_wanted.connect(draft.brainstorming.go_to)
    view.expand_wanted.connect(lambda _id: draft.window.actions_["expand_ideas"].trigger())

    def follow() -> None:
        if view.isVisible():
            view.list.refresh()  # what nobody has opened is said where others may come

    def take_rights() -> None:
        view.list.says_seen = draft.connection.rights.may_say

    take_rights()
    draft.connection.rights_changed.connect(take_rights)
    draft.connection.changed.connect(follow)
    view.list.details.source = lambda note: "" if note.is_sealed else draft.bringers.source(BOARD, note.id, note.author)
    draft.bringers.changed.connect(follow)

    def close() -> None:
        draft.connection.rights_changed.disconnect(take_rights)
        draft.connection.changed.disconnect(follow)
        draft.bringers.changed.disconnect(follow)
        for end in ends:
            end()
        work.close()
        view.close_view()

    draft.closed.connect(close)
    return view


def _wait_for_poll(draft: Draft, view: IdeasView, ends: list[Callable[[], None]]) -> None:
    """Loads what shows ballots when a poll is open."""
    brainstorm = draft.brainstorming.brainstorm
    shown: list[object] = []

    def look(ids: frozenset[str] = frozenset(("poll:",))) -> None:
        if not shown and any(id.startswith("poll:") for id in ids):
            session = brainstorm.session
            if session is not None and brainstorm.visibility.open_polls(session.id):
                from cowrite.app.ideas.ballot import IdeasBallot

                shown.append(IdeasBallot(draft, view))

    ends.append(brainstorm.observe(look))
    look()
