"""File names from titles."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cowrite.storage.names import free_path, safe_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plan for 2027", "Plan for 2027"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("  line\none\ttwo  ", "line one two"),
        ("...hidden", "hidden"),
        ("ends with dots. . .", "ends with dots"),
        ("CON", "CON_"),
        ("com1.notes", "com1.notes_"),
        ("Console", "Console"),
        ("", "Untitled"),
        ("///", "Untitled"),
        ("日本語 👩‍👩‍👧", "日本語 👩‍👩‍👧"),
        ("Zu\u0308rich", "Zürich"),
        ("gpj.\u202eexe", "gpj. exe"),
        ("half \ud83d pair", "half pair"),
    ],
)
def test_a_name_reads_like_its_title_and_is_taken_by_every_system(title: str, name: str) -> None:
    assert safe_name(title) == name


@pytest.mark.parametrize("title", ["x" * 1000, "ü" * 1000, "👩‍👩‍👧" * 100, "e\u0301\u0302" * 300, "日" * 500])
def test_a_long_title_is_cut_between_characters(title: str, tmp_path: Path) -> None:
    name = safe_name(title)
    assert 100 < len(name.encode()) <= 160
    assert not name.endswith("\u200d")
    (tmp_path / f"{name}.damaged-20261124-120000-2.cowrite-journal").touch()


def test_a_name_leaves_room_for_its_folder_where_windows_takes_no_longer_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    folder = tmp_path / ("f" * (120 - len(str(tmp_path))))
    path = free_path(folder, "x" * 1000)
    assert len(f"{path.with_suffix('')}.damaged-20261124-120000-10.cowrite-journal") == 259
    assert free_path(folder, "Plan").stem == "Plan"


def test_names_that_a_system_takes_for_the_same_do_not_meet(tmp_path: Path) -> None:
    (tmp_path / "Zu\u0308rich.cowrite").touch()
    assert free_path(tmp_path, "zürich").name == "zürich 2.cowrite"
    (tmp_path / "ZÜRICH 2.COWRITE").touch()
    assert free_path(tmp_path, "Zürich").name == "Zürich 3.cowrite"
    assert free_path(tmp_path / "no such folder", "A").name == "A.cowrite"
