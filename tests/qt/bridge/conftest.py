"""What an open document stands on: folders, and the thread that writes there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.paths import HOME_VARIABLE, Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of({HOME_VARIABLE: str(tmp_path / "home")})


@pytest.fixture
def storage(qapp: object) -> Iterator[StorageThread]:
    thread = StorageThread()
    yield thread
    thread.close()
