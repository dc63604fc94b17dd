"""What becomes of the history of a document on this computer when a part of it cannot be taken in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cowrite.bridge.file.local_history import LocalHistories, LocalHistory
from cowrite.bridge.network_thread import NetworkThread
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.sync.history_folder import HistoryFolder
from cowrite_server.errors import BrokenUpdate, DamagedRow
from cowrite_server.history.restoring import text_of
from cowrite_server.wire.history import MomentList, OpenedMoment


@pytest.fixture
def histories(qapp: object, tmp_path: Path) -> Iterator[LocalHistories]:
    network = NetworkThread()
    histories = LocalHistories(tmp_path / "histories", lambda: network)
    yield histories
    histories.close()
    network.close()


@pytest.mark.parametrize("error", [BrokenUpdate("the test says so"), DamagedRow("member 1", "the test says so")])
def test_what_a_history_did_not_take_is_in_it_with_what_comes_next(
    qtbot, histories, monkeypatch, caplog, error
) -> None:
    document = MendedDocument.new(clock=lambda: 0)
    history = LocalHistory(document, "plan", (document.state(),), None, histories)
    keep = HistoryFolder.keep
    errors = [error]

    async def keep_or_fail(self: HistoryFolder, *given: Any, **options: Any) -> None:
        if errors and not is_first:
            raise errors.pop()
        await keep(self, *given, **options)

    monkeypatch.setattr(HistoryFolder, "keep", keep_or_fail)
    texts: list[str] = []
    for words in ("one ", "two ", "three "):
        is_first = words == "one "
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(document.length - 1, words)
        told: list[object] = []
        history.ask_moments(told.append, told.append)
        qtbot.waitUntil(lambda told=told: bool(told))
    histories.run(
        lambda folder: folder.last_state("plan"), lambda state: texts.append(text_of(state)), lambda error: None
    )
    qtbot.waitUntil(lambda: bool(texts))
    assert texts == ["one two three \n"]
    assert not history.is_behind
    assert "could not be kept" in caplog.text
    caplog.clear()
    history.close()


def test_before_much_is_taken_away_at_once_a_moment_ends(qtbot, histories) -> None:
    document = MendedDocument.new(clock=lambda: 0)
    history = LocalHistory(document, "plan", (document.state(),), None, histories)
    for words in ("We meet on Monday, ", "all of us, at nine o'clock, and talk. " * 3):
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(document.length - 1, words)
    whole = "You meet on Monday, " + "all of us, at nine o'clock, and talk. " * 3
    for taken, words in (("We", "You"), (whole, "Oops")):
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(0, len(taken))
            edit.insert(0, words)
    lists: list[MomentList] = []
    history.ask_moments(lists.append, print)
    qtbot.waitUntil(lambda: bool(lists))
    opened: list[OpenedMoment] = []
    for moment in lists[0].moments:
        history.ask_moment(moment.seq, opened.append, print)
    qtbot.waitUntil(lambda: len(opened) == len(lists[0].moments))
    assert [text_of(each.document) for each in opened] == [f"{whole}\n", "Oops\n"]
    history.close()
