"""What somebody sees on their first day in a team, from the first document to the first teammate."""

from __future__ import annotations

import pytest

from cowrite.app.draft.draft import Draft
from helpers.desk import write

pytestmark = pytest.mark.journey


def recent(draft: Draft) -> list[str]:
    """What a window offers to open again."""
    return [title for _path, title in draft.window.actions_._recent]


def test_what_is_open_is_found_among_recent_files_by_its_title(sit):
    ada = sit("Ada")
    first, second = ada.application.documents.new(), ada.application.documents.new()
    assert recent(second) == ["Untitled 2", "Untitled"]
    write(first, "# Garden plan\nWe plant herbs.")
    ada.until(lambda: recent(second) == ["Untitled 2", "Garden plan"])
    second.rename("Budget")
    ada.until(lambda: recent(first) == recent(second) == ["Budget", "Garden plan"])
    assert first.window.close()
    assert recent(second) == ["Budget", "Garden plan"]
