"""Failure mode 15 of servers for shared documents in the app's windows: texts of millions of letters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData

from cowrite.app.draft.draft import Draft
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, joined
from cowrite.sync.link import Link
from cowrite.sync.status import Kind
from helpers.desk import SAVED, Desk, server, write
from helpers.heart import LONGEST_GAP, Heart
from helpers.sync_seat import Seat

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PASTED = "words of a text that is very long indeed, and goes on\n" * 92_500
"""Five megabytes."""

LENGTH = 10_000_000

HELD = 2 * LONGEST_GAP  # beside other tests; benchmarks/long_texts.py measures it by itself

PATIENCE = 120


def longest_gap(desk: Desk, act: Callable[[], object], *hold: Callable[[], object]) -> float:
    """The longest time for which a window does not answer, from an act until one thing after the other holds."""
    heart = Heart()
    act()
    for each in hold:
        desk.until(each, PATIENCE)
    heart.stop()
    return heart.longest_gap


def put(document: Document, link: str) -> None:
    """Brings a document into a room, without a window."""

    async def share() -> None:
        async with Seat(Link.parse(link), document) as seat:  # type: ignore[arg-type]
            await seat.until(lambda: seat.peer.status.kind is Kind.SAVED)

    document.client = document.client_id  # type: ignore[attr-defined]
    asyncio.run(share())


def has_come(draft: Draft) -> bool:
    """Whether the text of a room is here."""
    return server(draft) == SAVED and draft.document.length > 1


def test_15_joining_ten_million_letters_holds_no_window(sit, team_server) -> None:
    written_there = MendedDocument.new(clock=lambda: 1)
    with written_there.edit(Origin.IMPORT) as edit:
        edit.insert_span(0, Span(PASTED * (LENGTH // len(PASTED) + 1)))
    put(written_there, team_server.invite("plan"))
    gaps = []
    for name in ("Ben", "Cleo"):  # where others take the lock of the interpreter, one goes without them
        desk = sit(name)
        draft = desk.join(team_server.invite("plan"))
        gaps.append(longest_gap(desk, lambda: None, partial(has_come, draft)))
        is_whole = joined(draft.document.spans()) == joined(written_there.spans())
        assert is_whole  # a report of where they differ would take minutes
        desk.leave()
    assert min(gaps) < HELD


def test_15_pasting_megabytes_holds_no_window_and_ten_million_letters_open_elsewhere_and_export(
    sit, team_server, tmp_path: Path
) -> None:
    ada = sit("Ada")
    draft = ada.joined(team_server.invite("plan"))
    data = QMimeData()
    data.setText(PASTED)
    gaps = [
        longest_gap(
            ada,
            lambda: draft.editor.insertFromMimeData(data),
            lambda: draft.editor.pasting._long is None,
            lambda: server(draft) == SAVED,
        )
        for _ in range(2)  # where others take the lock of the interpreter, one goes without them
    ]
    assert min(gaps) < HELD
    length = draft.document.length
    assert length > 9_900_000
    ada.leave()
    ben = sit("Ben")
    mate = ben.join(team_server.invite("plan"))
    ben.until(lambda: mate.document.length == length and server(mate) == SAVED, PATIENCE)
    write(mate, "typed")
    ben.until(lambda: mate.document.length == length + 5 and server(mate) == SAVED, PATIENCE)
    assert mate.exporting.write("markdown", tmp_path / "plan.md")
    assert (tmp_path / "plan.md").stat().st_size > length
