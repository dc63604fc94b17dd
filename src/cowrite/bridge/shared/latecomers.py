"""Latecomers: what of one's own came too late for a sealed box that has been opened.

Runs on the GUI thread; changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cowrite.core.entries.entries import Entries
from cowrite.core.entries.fields import objects
from cowrite.core.sessions.polls import Ballot
from cowrite.storage.sealed_items import KeptItem

_LATE_BALLOT = "The poll was closed before your ballot had arrived, so it does not count."
_LATE_CHANGE = "The poll was closed before your changed ballot had arrived, so it counts as it was before."


def late_notes(entries: Entries, session: str, kept: Iterable[KeptItem]) -> list[KeptItem]:
    """The notes that were not revealed with the others, and are not on the board.

    Args:
        entries: of the board.
        session: in which they were written; its notes were revealed.
        kept: one's own.
    """
    there = {_words(fields) for _, fields in entries.all("note") if fields.get("session") == session}
    # One whose last wording had not arrived comes once more: what was revealed may be somebody else's by now.
    return [
        item
        for item in kept
        if not item.is_delivered
        and _words(item.fields) not in there
        and _words(entries.get(item.id, removed=True) or {}) != _words(item.fields)
    ]


def late_ballots(entries: Entries, poll: str, kept: Iterable[KeptItem], me: str) -> Iterator[str]:
    """What became of each ballot that does not count as it was last, in a sentence or two for its voter.

    Args:
        entries: of the board.
        poll: a closed one.
        kept: one's own ballots.
        me: one's own name.
    """
    # As they are read: whoever may edit can have written anything into a poll.
    ballots = [Ballot.of_json(each) for each in objects(entries.get(poll) or {}, "ballots")]
    counted = [replace(each, voter="") for each in ballots if each.voter in ("", me)]
    for item in kept:
        if not item.is_delivered and _nameless(item.fields) not in counted:
            was_counted = item.there is not None and _nameless(item.there) in counted
            reason = _nameless(item.fields).reason.strip()
            wrote = f" You wrote: “{reason}”." if reason else ""  # which stands nowhere else from now on
            yield f"{_LATE_CHANGE if was_counted else _LATE_BALLOT}{wrote}"


def _words(note: Mapping[str, Any]) -> tuple[str, str]:
    """What a note says: its text, and the name of its image."""
    return str(note.get("text", "")), str(note.get("image", ""))


def _nameless(ballot: Mapping[str, Any]) -> Ballot:
    """What somebody said, without who it was."""
    return replace(Ballot.of_json(ballot), voter="")
