"""What the looks promise: readable on both themes, and in step with the system."""

from __future__ import annotations

import ast
import re
import sys

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.bridge.page import points as of_the_screen
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.gui.commands.actions import Actions
from cowrite.gui.look import theme as looks
from cowrite.gui.look.contrast import CONTROL_CONTRAST, HIGH_CONTRAST, TEXT_CONTRAST, contrast, luminance
from cowrite.gui.look.icons import Drawing
from cowrite.gui.look.swatches import INKS, PEOPLE, WASHES
from cowrite.gui.look.theme import Theme, ThemeChoice, choose, named
from cowrite.gui.widgets import wrapping_button
from cowrite.gui.widgets.wrapping_button import WrappingButton
from cowrite.gui.window.toolbar import FormatToolbar
from cowrite.paths import resources

READABLE = [
    ("text", "window page raised hover pressed selection find find_current comment comment_current code_background"),
    ("text", "accent_soft danger_soft warning_soft success_soft"),
    ("muted", "window page raised hover"),
    ("quote_text", "page comment comment_current"),
    ("code_text", "code_background comment comment_current"),
    ("link", "page raised window comment comment_current"),
    ("accent_text", "page raised window accent_soft"),
    ("danger", "page raised window danger_soft"),
    ("warning", "page raised window warning_soft"),
    ("success", "page raised window success_soft"),
    ("on_accent", "accent accent_hover"),
    ("on_tooltip", "tooltip"),
]  # fmt: skip
VISIBLE = [
    ("control", "page raised window"),
    ("focus", "page raised window accent_soft danger_soft warning_soft success_soft"),
    ("accent", "page window raised"),
    ("accent_text", "window pressed hover"),  # how far a goal is reached, or a task
    ("success", "window pressed"),
    ("warning", "page code_background find find_current"),  # what is found between two letters
]


class Hints(QObject):
    """Stands in for QStyleHints and its accessibility, which a test cannot set on every platform."""

    colorSchemeChanged = Signal(Qt.ColorScheme)  # noqa: N815, Qt’s names
    contrastPreferenceChanged = Signal(Qt.ContrastPreference)  # noqa: N815, Qt’s names
    contrast = Qt.ContrastPreference.NoPreference
    asked = Qt.ColorScheme.Unknown

    def __init__(self, scheme: Qt.ColorScheme) -> None:
        super().__init__()
        self.scheme = scheme

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802, Qt’s names
        return self.scheme if self.asked is Qt.ColorScheme.Unknown else self.asked

    def setColorScheme(self, scheme: Qt.ColorScheme) -> None:  # noqa: N802, Qt’s names
        before, self.asked = self.colorScheme(), scheme
        if self.colorScheme() is not before:
            self.colorSchemeChanged.emit(self.colorScheme())

    def accessibility(self) -> Hints:
        return self

    def contrastPreference(self) -> Qt.ContrastPreference:  # noqa: N802, Qt’s names
        return self.contrast

    def prefer(self, contrast: Qt.ContrastPreference) -> None:
        self.contrast = contrast
        self.contrastPreferenceChanged.emit(contrast)

    def turn(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme
        self.colorSchemeChanged.emit(scheme)


def test_text_stands_out_by_4_5_to_1_on_all_it_is_written_on(theme: Theme) -> None:
    for ink, grounds in READABLE:
        for ground in grounds.split():
            assert contrast(getattr(theme, ink), getattr(theme, ground)) >= TEXT_CONTRAST, (ink, ground)


def test_edges_of_controls_stand_out_by_3_to_1(theme: Theme) -> None:
    for line, grounds in VISIBLE:
        for ground in grounds.split():
            assert contrast(getattr(theme, line), getattr(theme, ground)) >= CONTROL_CONTRAST, (line, ground)


def test_the_page_is_not_quite_black_on_white_so_that_long_reading_is_calm() -> None:
    for theme in (named("light"), named("dark")):
        assert contrast(theme.text, theme.page) < 18


@pytest.mark.parametrize("name", ["light", "dark"])
def test_with_high_contrast_text_stands_out_by_7_to_1_and_all_edges_as_those_of_controls(name: str) -> None:
    usual, theme = named(name), named(f"{name}-contrast")
    assert theme.is_dark == usual.is_dark
    assert (usual.text_contrast, theme.text_contrast) == (TEXT_CONTRAST, HIGH_CONTRAST)
    for ink, grounds in READABLE:
        # What a button of the accent's colour says is white, and the button is to stand out on black.
        least = TEXT_CONTRAST if ink == "on_accent" else HIGH_CONTRAST
        for ground in grounds.split():
            assert contrast(getattr(theme, ink), getattr(theme, ground)) >= least, (ink, ground)
    for line in ("border", "quote_bar", "disabled"):
        assert contrast(getattr(theme, line), theme.page) >= TEXT_CONTRAST > contrast(getattr(usual, line), usual.page)


def test_twelve_people_have_colours_of_their_own_that_are_readable_on_the_page(theme: Theme) -> None:
    colours = [theme.person(swatch.light) for swatch in PEOPLE]
    assert len(set(colours)) == 12
    for colour in colours:
        assert contrast(colour, theme.page) >= theme.text_contrast
        assert contrast(theme.on(colour), colour) >= TEXT_CONTRAST


def test_letters_in_a_palette_colour_are_readable_on_the_page(theme: Theme) -> None:
    for swatch in INKS:
        assert contrast(theme.ink(swatch.light), theme.page) >= theme.text_contrast, swatch


def test_text_on_a_highlight_is_readable(theme: Theme) -> None:
    for swatch in WASHES:
        assert contrast(theme.text, theme.wash(swatch.light)) >= theme.text_contrast, swatch


def test_a_colour_from_another_editor_is_shifted_until_it_is_readable(theme: Theme) -> None:
    for foreign in ("#000000", "#ffffff", "#ffff00", "#000080", "#7f7f7f", "#00FF00", "red"):
        assert contrast(theme.ink(foreign), theme.page) >= theme.text_contrast, foreign
        assert contrast(theme.person(foreign), theme.page) >= theme.text_contrast, foreign
        assert contrast(theme.text, theme.wash(foreign)) >= theme.text_contrast, foreign


def test_a_colour_that_is_readable_already_stays_as_it_was_chosen() -> None:
    assert named("light").ink("#123456") == "#123456"


def test_contrast_is_measured_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert luminance("#ff0000") == pytest.approx(0.2126, abs=1e-4)


def test_no_module_of_the_chrome_names_a_colour() -> None:
    folder = resources().parent / "src" / "cowrite" / "gui"
    stored = {
        "theme.py",
        "swatches.py",
        "moment_words.py",
        "members_page.py",
    }  # the theme, palettes, and whose colour nobody has chosen
    modules = [path for path in folder.rglob("*.py") if path.name not in stored]
    assert len(modules) > 60
    for path in modules:
        assert re.findall(r"#[0-9a-fA-F]{6}", path.read_text(encoding="utf-8")) == [], path


def test_no_module_of_the_chrome_spaces_its_parts_by_a_number_of_its_own() -> None:
    def own(value: ast.expr) -> bool:
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub):
            return own(value.left) or own(value.right)
        return isinstance(value, ast.Constant) and value.value != 0

    spacing = re.compile("set(Horizontal|Vertical)?Spacing|addSpacing|setContentsMargins")
    found = []
    for path in (resources().parent / "src" / "cowrite" / "gui").rglob("*.py"):
        source = path.read_text("utf-8")
        if not re.search(rf"{spacing.pattern}|spacing=", source):
            continue  # to parse all of them takes seconds
        for call in ast.walk(ast.parse(source)):
            if isinstance(call, ast.Call):
                values = call.args if spacing.fullmatch(getattr(call.func, "attr", "")) else []
                values = [*values, *(each.value for each in call.keywords if each.arg == "spacing")]
                found += [f"{path.name}:{value.lineno}" for value in values if own(value)]
    assert found == []


def test_system_follows_the_scheme_and_a_choice_overrides_it(qapp: QApplication) -> None:
    light, dark = Hints(Qt.ColorScheme.Light), Hints(Qt.ColorScheme.Dark)
    assert not choose("system", light).is_dark
    assert choose("system", dark).is_dark
    assert choose("dark", light).is_dark
    assert not choose("light", dark).is_dark


def test_the_look_changes_while_running_when_the_system_turns_dark(qapp: QApplication) -> None:
    hints = Hints(Qt.ColorScheme.Light)
    choice = ThemeChoice(hints)
    seen: list[Theme] = []
    choice.changed.connect(seen.append)
    hints.turn(Qt.ColorScheme.Dark)
    hints.turn(Qt.ColorScheme.Dark)
    assert [theme.name for theme in seen] == ["dark"]
    choice.set_setting("light")
    assert choice.theme.name == "light"
    hints.turn(Qt.ColorScheme.Dark)
    assert [theme.name for theme in seen] == ["dark", "light"]


def test_frames_and_dialogs_of_the_system_are_as_dark_as_the_person_has_chosen(qapp: QApplication) -> None:
    hints = Hints(Qt.ColorScheme.Light)
    choice = ThemeChoice(hints, "dark")
    assert hints.colorScheme() is Qt.ColorScheme.Dark
    seen: list[Theme] = []
    choice.changed.connect(seen.append)
    choice.set_setting("system")
    assert hints.colorScheme() is Qt.ColorScheme.Light
    hints.turn(Qt.ColorScheme.Dark)
    choice.set_setting("light")
    assert hints.colorScheme() is Qt.ColorScheme.Light
    assert [theme.name for theme in seen] == ["light", "dark", "light"]


def test_the_look_has_high_contrast_while_the_system_is_set_to_it(qapp: QApplication) -> None:
    hints = Hints(Qt.ColorScheme.Light)
    choice = ThemeChoice(hints)
    usual, seen = choice.theme, list[Theme]()
    choice.changed.connect(seen.append)
    hints.prefer(Qt.ContrastPreference.HighContrast)
    assert (choice.theme.text, choice.theme.border) == (named("light-contrast").text, named("light-contrast").border)
    choice.set_setting("dark")
    assert choice.theme.page == named("dark-contrast").page
    choice.set_setting("system")
    hints.prefer(Qt.ContrastPreference.NoPreference)
    assert seen[-1] == usual


def test_the_look_is_as_dark_as_the_contrast_theme_of_windows_for_which_qt_knows_no_scheme(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bool(looks.windows_colour()) == (sys.platform == "win32")
    hints = Hints(Qt.ColorScheme.Unknown)
    hints.prefer(Qt.ContrastPreference.HighContrast)
    for ground, name in (("#202020", "dark-contrast"), ("#fffaef", "light-contrast"), ("", "light-contrast")):
        monkeypatch.setattr(looks, "windows_colour", lambda ground=ground: ground)
        assert choose("system", hints).page == named(name).page
        assert choose("light", hints).page == named("light-contrast").page


def test_applying_a_theme_gives_the_application_its_colours(qapp: QApplication) -> None:
    before = (qapp.palette(), qapp.font())
    try:
        looks.apply(qapp, choose("dark", Hints(Qt.ColorScheme.Light)))
        assert qapp.palette().window().color().name() == named("dark").window
        assert named("dark").accent in qapp.styleSheet()
        qapp.setStyleSheet("")
        assert qapp.style().name().lower() == "fusion"
    finally:
        qapp.setStyleSheet("")
        qapp.setPalette(before[0])
        qapp.setFont(before[1])


def test_another_writing_font_dresses_no_window_anew(qtbot: QtBot, qapp: QApplication) -> None:
    class Dressed(QWidget):
        times = 0

        def changeEvent(self, event: QEvent) -> None:
            self.times += event.type() == QEvent.Type.StyleChange

    looks.apply(qapp, named("light"))
    qtbot.addWidget(window := Dressed())
    window.show()
    window.times = 0
    light = named("light")
    looks.apply(qapp, light._replace(typography=light.typography.with_writing("Serif", 15.0)))
    assert window.times == 0
    looks.apply(qapp, named("dark"))
    assert window.times > 0
    looks.apply(qapp, light)


def test_headings_grow_smaller_level_by_level_and_sit_nearer_to_what_they_head() -> None:
    type_ = named("light").typography
    scales = [type_.heading(level).scale for level in range(1, 7)]
    assert scales == sorted(scales, reverse=True)
    assert all(type_.heading(level).before > type_.heading(level).after for level in range(1, 7))


def test_a_persons_font_goes_in_front_and_the_fallbacks_stay(qapp: QApplication) -> None:
    type_ = choose("light", Hints(Qt.ColorScheme.Light)).typography
    mine = type_.with_writing("Georgia", 15)
    assert mine.families == ("Georgia", *type_.families)
    assert mine.size == 15
    assert type_.with_writing("", 15).families == type_.families


def test_what_is_drawn_beside_letters_grows_with_them(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    for points in (9, 12, 16):
        letters = QFont()
        letters.setPointSizeF(points)
        monkeypatch.setattr(looks.QApplication, "font", staticmethod(lambda letters=letters: letters))
        theme = choose("light", Hints(Qt.ColorScheme.Light))
        toolbar = FormatToolbar(Actions(), theme)
        monkeypatch.setattr(wrapping_button, "worn", lambda theme=theme: theme)
        row = WrappingButton("What?", "file-text")
        for widget in (toolbar, row):
            qtbot.addWidget(widget)
        button = next(each for each in toolbar.findChildren(QToolButton) if each.accessibleName() == "Bold")
        picture = row.findChild(Drawing).width()
        assert button.iconSize().width() <= button.width() - 12
        box = re.search(r"QCheckBox::indicator, .* { width: ([0-9]+)px", looks.stylesheet(theme, points))
        step = re.search(r"QAbstractSpinBox::up-arrow { .* width: ([0-9]+)px", looks.stylesheet(theme, points))
        sizes = (button.iconSize().width(), picture, int(box[1]) if box else 0, int(step[1]) if step else 0)
        shown.append(sizes)
    assert shown[0] == (18, 16, 16, 12)
    assert all(list(sizes) == sorted(set(sizes)) for sizes in zip(*shown, strict=True))


def test_where_the_letters_of_the_system_are_large_so_are_those_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    for points in (9, 11, 16, 40):
        letters = QFont()
        letters.setPointSizeF(points)
        monkeypatch.setattr(looks.QApplication, "font", staticmethod(lambda letters=letters: letters))
        sizes.append(choose("light", Hints(Qt.ColorScheme.Light)).typography.size)
    assert sizes == [12.5, 12.5, 18.0, 24.0]


def test_where_a_point_is_a_pixel_as_on_a_mac_page_and_chrome_are_as_large_as_elsewhere(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = Hints(Qt.ColorScheme.Light)
    usual = choose("light", hints)
    letters = QFont()
    letters.setPointSizeF(13)  # as the system has them there
    monkeypatch.setattr(looks.QApplication, "font", staticmethod(lambda: letters))
    monkeypatch.setattr(of_the_screen, "_dots", lambda: 72.0)
    there = choose("light", hints)
    assert there.metrics == usual.metrics
    assert looks.LINE in looks.stylesheet(there, 13)
    assert there.typography.size == 16.5
    assert TextFormats(there).em == 16.5
    width = there.metrics.around_letters(of_the_screen.usual_points(there.typography.size)).page_width
    assert abs(width - usual.metrics.page_width) < 10
