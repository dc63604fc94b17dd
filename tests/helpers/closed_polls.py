"""Polls that are closed, without a server that closes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cowrite.core.sessions.polls import Ballot, Polls
from cowrite.core.text.origin import Origin


def close_poll(polls: Polls, id: str, ballots: Iterable[Ballot]) -> None:
    """Puts into the document what was said in a poll, as its server does."""
    polls._entries.change(id, closing_fields(ballots), Origin.SAID)


def closing_fields(ballots: Iterable[Ballot]) -> dict[str, Any]:
    """What closing a poll sets in its entry: the ballots, in an order that depends on what they say alone."""
    plain = [ballot.to_json() for ballot in ballots]
    return {"is_closed": True, "ballots": sorted(plain, key=lambda ballot: json.dumps(ballot, sort_keys=True))}
