"""Editors and suggesters write, decide, undo, go offline and come back at once: the server takes all of it."""

from __future__ import annotations

import pytest

from cowrite.core.richtext import INSERTION, joined
from helpers.suggesting_room import ACTS, TEXT, play


@pytest.mark.parametrize("seed", range(40))
def test_the_server_takes_all_that_people_write_who_only_suggest(seed):
    room = play(seed)
    first = room.members[0].document
    for member in room.members:
        assert not member.refusals
        assert member.peer.status.sentence == "Saved on the server"
        assert joined(member.document.spans()) == joined(first.spans())
        assert joined(member.document.stored_spans()) == joined(first.spans())


@pytest.mark.parametrize("seed", range(60))
def test_text_that_nobody_has_suggested_is_no_suggestion_however_one_writes_in_and_accepts_those(seed):
    document = (
        play(seed, acts={what: ACTS[what] for what in ("type", "format", "style", "accept", "step")})
        .members[0]
        .document
    )
    text = "".join(span.text for span in document.spans() if INSERTION not in span.attributes)
    assert set(TEXT) <= set(text)
