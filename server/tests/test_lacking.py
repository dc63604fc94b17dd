"""What tests need that this machine lacks: it is named, and where nothing may be skipped the test fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engines import missing
from node_packages import beside_packages


@pytest.mark.parametrize(
    ("ask", "command"),
    [
        (lambda: missing("redis-server"), "apt-get install redis-server"),
        (lambda: beside_packages(Path(__file__)), "apt-get install nodejs npm"),
    ],
    ids=["engines", "stock clients"],
)
@pytest.mark.parametrize(("is_ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_what_is_lacking_is_named_and_fails_where_nothing_may_be_skipped(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ask: Callable[[], object],
    command: str,
    is_ci: str,
    outcome: type[BaseException],
) -> None:
    monkeypatch.setenv("CI", is_ci)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # where no packages are yet
    with pytest.raises(outcome, match=command):
        ask()
