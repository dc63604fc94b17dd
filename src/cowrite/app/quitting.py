"""Quitting: every draft is written, the person is asked about those that cannot be, and only then windows close.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from cowrite.app.draft.dialogs import ask_unwritten
from cowrite.app.draft.draft import Draft


def quit_when_written(
    drafts: Callable[[], Sequence[Draft]],
    close_all: Callable[[], None],
    given_up: Mapping[Draft, bytes] = MappingProxyType({}),
) -> None:
    """Closes all drafts, or none: where the person keeps one open, all stay.

    Args:
        drafts: gives the open ones.
        close_all: closes them; is called once each is written, or may be closed as it is.
        given_up: those that may be closed without their last changes, and the state in which they may.
    """
    for draft in drafts():
        draft.keep()  # before the goodbye, behind which nothing reaches a server any more
    unwritten = [draft for draft in drafts() if not draft.write() and given_up.get(draft) != draft.document.state()]
    if unwritten:
        first = unwritten[0]
        ask_unwritten(first, lambda: quit_when_written(drafts, close_all, {**given_up, first: first.document.state()}))
        return
    leave_together(drafts())
    for draft in drafts():
        if draft in given_up:
            draft.give_up()
    close_all()


def leave_together(drafts: Iterable[Draft]) -> None:
    """Says goodbye to the servers of all drafts at the same time, so that a server that hangs costs its second once."""
    for draft in drafts:
        draft.connection.start_leaving()


def stay_together(drafts: Iterable[Draft]) -> None:
    """Connects drafts again that have said goodbye and stay open after all."""
    for draft in drafts:
        draft.connection.stay()
