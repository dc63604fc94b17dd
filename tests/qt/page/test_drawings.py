"""Drawings: they come in as pictures, and nothing that they lead to is looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from cowrite.bridge.file.image_files import image_of_file
from cowrite.bridge.file.pictures import drawn, shown


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A green picture that nobody has asked for."""
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    path = tmp_path / "private.png"
    image.save(str(path))
    return path


def leading_to(path: Path) -> str:
    picture = f"<image width='20' height='20' xlink:href='{path}'/>"
    space = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'"
    return f"<svg {space} width='20' height='20'><rect width='20' height='20' fill='#ff0000'/>{picture}</svg>"


def test_a_drawing_comes_in_without_the_files_that_it_leads_to(qapp, tmp_path, private):
    drawing = tmp_path / "drawing.svg"
    drawing.write_text(leading_to(private))
    stored: list[bytes] = []
    assert image_of_file(str(drawing), lambda content, _: stored.append(content) or "name") == "name"
    assert QImage.fromData(stored[0]).pixelColor(10, 10).name() == "#ff0000"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_no_pipe_is_waited_for_in_place_of_a_picture(qapp, tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert image_of_file(str(tmp_path / "pipe.png"), lambda *_: "name") is None


def test_a_drawing_that_calls_itself_a_picture_is_none(qapp, tmp_path, private):
    disguised = tmp_path / "picture.png"
    disguised.write_text(leading_to(private))
    assert image_of_file(str(disguised), lambda *_: "name") is None
    assert shown(disguised.read_bytes()) is None
    assert shown(private.read_bytes()) is not None


@pytest.mark.parametrize(
    "parts",
    [
        "<g>" * 100_000 + "</g>" * 100_000,
        '<g id="g0"><rect width="1" height="1"/></g>'
        + "".join(f'<g id="g{n}">{f"""<use href="#g{n - 1}"/>""" * 10}</g>' for n in range(1, 9)),
        '<g id="g"><use href="#g"/></g>',
    ],
    ids=["deep", "repeated", "in a circle"],
)
def test_a_drawing_that_would_be_drawn_for_ever_is_none(qapp, parts: str) -> None:
    assert drawn(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{parts}</svg>'.encode()) is None
