"""The icons: all there, crisp, and in the theme's colours."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from itertools import product
from typing import cast

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from cowrite.gui.commands.menus import specs
from cowrite.gui.look.contrast import contrast
from cowrite.gui.look.icons import Drawing, icon, icon_button, icons_folder, marked_icon, pixmap, show_icon
from cowrite.gui.look.theme import Theme, named, set_look
from cowrite.paths import resources

SIZE = QSize(18, 18)
NAMES = frozenset(path.stem for path in icons_folder().glob("*.svg"))


def strongest(picture: QPixmap) -> str:
    """The colour of the most opaque pixel."""
    image = picture.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return QColor(max(pixels, key=lambda pixel: pixel.alpha())).name()


def ink(picture: QPixmap) -> int:
    image = picture.toImage()
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(image.width()) for y in range(image.height()))


def test_every_action_with_an_icon_names_a_drawing_that_exists() -> None:
    assert {spec.icon for spec in specs() if spec.icon} <= NAMES


def test_no_drawing_is_shipped_that_the_app_does_not_use() -> None:
    folder = resources().parent / "src" / "cowrite" / "gui"
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    source += " ".join(f'"heading-{level}"' for level in range(1, 7))
    source += " ".join(f'"text-align-{side}"' for side in ("start", "center", "end", "justify"))
    assert {name for name in NAMES if f'"{name}"' not in source} == set()


def test_drawings_take_their_colour_from_the_theme_alone() -> None:
    drawings = {name: (icons_folder() / f"{name}.svg").read_text(encoding="utf-8") for name in NAMES}
    assert [name for name, svg in drawings.items() if 'stroke="currentColor"' not in svg] == []
    assert [name for name, svg in drawings.items() if re.search(r"#[0-9a-fA-F]{3,8}\b", svg)] == []


def test_each_drawing_shows_something(qapp: QApplication) -> None:
    assert [name for name in NAMES if ink(icon(name).pixmap(SIZE, 1.0)) <= 10] == []


@pytest.mark.parametrize(("ratio", "pixels"), [(1.0, 18), (1.5, 27), (2.0, 36), (3.0, 54)])
def test_an_icon_is_drawn_in_the_pixels_of_the_screen(qapp: QApplication, ratio: float, pixels: int) -> None:
    picture = icon("bold").pixmap(SIZE, ratio)
    assert (picture.width(), picture.height(), picture.devicePixelRatio()) == (pixels, pixels, ratio)


@pytest.mark.parametrize("made", [lambda: icon("bold"), lambda: marked_icon("highlighter", "#ffff00")])
def test_a_button_draws_its_icon_when_who_made_it_has_become_garbage(qtbot: QtBot, made: Callable[[], QIcon]) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    held: list[object] = [made()]
    assert not any(isinstance(each, QIconEngine) for each in gc.get_referents(held[0]))  # or it would be deleted twice
    button.setIcon(cast(QIcon, held[0]))
    held.append(held)
    del held
    assert gc.collect() > 0
    assert ink(button.icon().pixmap(SIZE, 1.0)) > 10


@pytest.mark.parametrize("name", ["light", "dark"])
def test_idle_checked_and_disabled_icons_differ_in_colour(dress: Callable[[Theme], None], name: str) -> None:
    theme = named(name)
    dress(theme)
    bold = icon("bold")
    shades = [
        strongest(bold.pixmap(SIZE, 2.0, mode, state))
        for mode, state in (
            (QIcon.Mode.Normal, QIcon.State.Off),
            (QIcon.Mode.Normal, QIcon.State.On),
            (QIcon.Mode.Disabled, QIcon.State.Off),
        )
    ]
    assert shades == [theme.text, theme.accent_text, theme.disabled]
    assert all(contrast(shade, theme.window) >= 3 for shade in shades[:2])


def test_an_icon_is_drawn_in_the_colours_of_another_theme_from_then_on(
    dress: Callable[[Theme], None], qtbot: QtBot
) -> None:
    light, dark = named("light"), named("dark")
    dress(light)
    close, stop = icon_button("x", "Close"), QPushButton()
    show_icon(stop, "circle-stop", "danger")
    shown = (close, stop, Drawing(18, "sparkles"))
    for each in shown:
        qtbot.addWidget(each)
        each.show()
    before = [each.grab().toImage() for each in shown]
    dress(dark)
    assert strongest(close.icon().pixmap(SIZE, 2.0)) == dark.text
    assert strongest(stop.icon().pixmap(SIZE, 2.0)) == dark.danger
    assert all(each.grab().toImage() != picture for each, picture in zip(shown, before, strict=True))


def test_a_tone_gives_the_icon_the_colour_of_that_field(dress: Callable[[Theme], None]) -> None:
    theme = named("dark")
    dress(theme)
    assert strongest(icon("x", "danger").pixmap(SIZE, 2.0)) == theme.danger
    assert strongest(pixmap("x", theme.danger, 18, 2.0)) == theme.danger


def test_a_colour_button_shows_the_colour_it_sets(dress: Callable[[Theme], None]) -> None:
    theme = named("light")
    dress(theme)
    picture = marked_icon("highlighter", theme.success).pixmap(SIZE, 2.0).toImage()
    assert picture.pixelColor(18, 31).name() == theme.success
    hollow = marked_icon("highlighter", None).pixmap(SIZE, 2.0).toImage()
    disabled = marked_icon("highlighter", None).pixmap(SIZE, 2.0, QIcon.Mode.Disabled).toImage()
    bars = [contrast(each.pixelColor(18, 28).name(), theme.window) for each in (disabled, hollow)]
    assert bars[0] < bars[1] * 0.8
    assert hollow.pixelColor(18, 31).alpha() == 0


def test_what_points_where_reading_goes_is_turned_where_one_reads_from_the_right(qapp: QApplication) -> None:
    def ink(name: str) -> set[tuple[int, int]]:
        """Where a drawing is, from its middle."""
        seen = icon(name).pixmap(SIZE, 2.0).toImage()
        places = product(range(seen.width()), range(seen.height()))
        return {(2 * x + 1 - seen.width(), y) for x, y in places if seen.pixelColor(x, y).alpha() > 100}

    names = ("undo-2", "chevron-right", "check")
    usual = [ink(name) for name in names]
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        undo, chevron, check = (ink(name) for name in names)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    for before, turned in zip(usual, (undo, chevron), strict=False):
        assert turned == {(-x, y) for x, y in before} != before
    assert check == usual[2]


def test_an_icon_without_a_drawing_is_empty_and_named_in_the_log(
    qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    assert ink(icon("unicorn").pixmap(SIZE, 1.0)) == 0
    assert "there is no icon “unicorn”" in caplog.text
    caplog.clear()


def test_the_licence_of_the_drawings_lies_beside_them() -> None:
    licence = (icons_folder() / "LICENSE").read_text(encoding="utf-8")
    assert "ISC License" in licence
    assert "Lucide" in licence


def test_the_icon_of_a_button_has_the_colour_of_its_words(
    theme: Theme, dress: Callable[[Theme], None], qtbot: QtBot
) -> None:
    dress(theme)
    for kind, colour in (("", theme.text), ("primary", theme.on_accent)):
        button = QPushButton("Share…")
        qtbot.addWidget(button)
        set_look(button, kind=kind)
        show_icon(button, "user-plus")
        assert strongest(button.icon().pixmap(SIZE, 1.0)) == colour
