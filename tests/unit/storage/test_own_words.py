"""A person's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.storage.errors import StorageFailed
from cowrite.storage.own_words import add_word, load_words


def test_words_are_kept_one_a_line_and_may_be_edited(tmp_path: Path) -> None:
    path = tmp_path / "config" / "words.txt"
    assert load_words(path) == frozenset()
    add_word(path, "cowrite")
    add_word(path, "Übung")
    assert path.read_text(encoding="utf-8") == "cowrite\nÜbung\n"
    path.write_bytes("\ufeffby hand\r\n\r\n  spaced  \nunended".encode())
    add_word(path, "new")
    assert load_words(path) == {"by hand", "spaced", "unended", "new"}


def test_what_is_no_text_is_read_as_far_as_it_is_one(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(b"one\n\xff\xfe\ntwo\n")
    assert {"one", "two"} <= load_words(path)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "words.txt").mkdir()
    with pytest.raises(StorageFailed):
        load_words(tmp_path / "words.txt")
