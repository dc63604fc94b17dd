"""Texts of which the endings of their names say nothing, and what is none."""

from __future__ import annotations

import pytest

from cowrite.app.files import reading
from helpers.desk import Desk, write


@pytest.mark.parametrize("name", ["notes", "server.log", "data.json", ".profile", "a.b c", "plan.cowrite.bak"])
def test_a_text_of_any_ending_opens_as_a_text(desk: Desk, tmp_path, name):
    path = tmp_path / name
    path.write_text('{"a": *1*}\nGrüße')
    draft = desk.open(path)
    assert draft.document.text() == '{"a": *1*}\nGrüße\n'
    assert path.read_text() == '{"a": *1*}\nGrüße'
    assert draft.path != path


@pytest.mark.parametrize(("name", "content"), [
    ("data.bin", b"a\0b"), ("program", b"\x7fELF\1\1\1\0\0"), ("old.pdf", b"%PDF-1.4\n"), ("paper", b"%PDF-1.4\n"),
    ("sheet.fods", b"<office/>"), ("plan.cowrite", b"words"), ("image.svg", b"<svg/>"),
])  # fmt: skip
def test_what_is_no_text_or_plainly_something_else_is_not_opened_as_one(desk: Desk, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    told: list[str] = []
    desk.application.documents.not_opened.connect(lambda error: told.append(str(error)))
    assert desk.application.documents.open(path) is None
    assert "is not a cowrite document, and was left as it is." in told[0]


def test_an_empty_file_of_another_ending_is_not_made_a_document(desk: Desk, tmp_path):
    path = tmp_path / "empty.log"
    path.touch()
    draft = desk.open(path)
    write(draft, "words")
    desk.leave()
    assert path.read_bytes() == b""


@pytest.mark.parametrize(("name", "text", "is_large"), [
    ("a.md", "- a\n", True), ("a.txt", "a\f", True), ("a.csv", "a,", True), ("a.txt", "words of a page ", False),
])  # fmt: skip
def test_a_file_of_very_many_lines_and_cells_is_read_beside_the_window_however_short_these_are(
    tmp_path, name, text, is_large
):
    path = tmp_path / name
    path.write_text(text * (reading.LARGE // len(text) - 1), newline="")
    assert reading.is_large(path) == is_large
