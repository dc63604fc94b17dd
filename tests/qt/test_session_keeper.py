"""What is open is noted for the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from cowrite.app.session_keeper import SessionKeeper
from cowrite.storage.errors import StorageFailed
from cowrite.storage.session import Session, load_session


def test_what_was_noted_is_written_again_by_itself_only_where_it_has_changed_or_was_not_written(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path, failures, written = tmp_path / "session.json", [StorageFailed(tmp_path, "it is away")], list[Session]()

    def keep(work: Callable[[], None]) -> None:
        if failures:
            failures.pop()
        else:
            work()
            written.append(load_session(path))

    keeper = SessionKeeper(path, keep, list, lambda: None, lambda: False)
    for _ in range(4):
        keeper._timer.timeout.emit()
    assert written == [Session()]
    keeper.note()  # as when a document has been opened or cowrite ends: another cowrite may have written meanwhile
    assert len(written) == 2
