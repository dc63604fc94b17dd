"""How cowrite looks: named colours, measures and type, for light and for dark, each also with high contrast.

Runs on the GUI thread. A Theme is a frozen value; widgets and the editor's format module read it and hold no colours
of their own. `apply` dresses the application in one, `ThemeChoice` keeps it in step with the person's setting and
with the system; `worn` is for what Qt has drawn whenever it wants to, as icons and rows. The stylesheet is
resources/themes/style.qss, with the theme's names as its placeholders.
"""

from __future__ import annotations

import json
import string
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette, QStyleHints
from PySide6.QtWidgets import QApplication, QWidget

from cowrite.bridge.page.points import points_here, usual_points
from cowrite.core.writing.typeface import SERIF
from cowrite.gui.look.contrast import HIGH_CONTRAST, TEXT_CONTRAST, contrast, luminance, mixed, towards_contrast
from cowrite.gui.look.dressing import dress
from cowrite.gui.look.swatches import INKS, PEOPLE, WASHES, Swatch
from cowrite.gui.look.typography import Typography
from cowrite.paths import resources

if TYPE_CHECKING:
    from PySide6.QtGui import QAccessibilityHints

USUAL = 9.0  # points of the chrome's letters
TITLE, SMALL = 5 / 3, 0.92  # sizes of titles and of what is said beside, in that of the chrome's letters
LARGE = 11.0  # points of the chrome's letters from which on they are higher than LINE
VERY_LARGE = 15.0  # points of them from which on what is drawn beside them grows once more
MOST_USUAL = 24.0  # points of the page's letters that nobody has chosen
LINE = "18px"  # least height of what stands in a button or a field
IMAGES = "themes"  # by which Qt finds the images of the style sheet
BORDER, CLOSE = 1, 2
"""Device-independent pixels of a line at an edge; and between two buttons without a frame, which have air of their
own, or two lines of words that belong together."""
TIGHT, SPACING, LOOSE, MARGIN, WIDE = 4, 8, 12, 16, 24
"""Device-independent pixels between a thing and what is said of it, between two parts, between two things of which
each has several parts, beside those at an edge, and beside those at the edge of a dialog."""
PAGE_WIDTHS = {"normal": 760, "wide": 1080, "window": 10_000}
"""How wide a page can be chosen to be, in device-independent pixels; the last is wider than any window."""


class Metrics(NamedTuple):
    """Measures of page and chrome in device-independent pixels."""

    page_width: int = PAGE_WIDTHS["normal"]
    page_padding: int = 64
    page_top: int = 56
    page_bottom: int = 160
    caret_width: int = 2
    quote_bar_width: int = 3
    radius: int = 6
    icon: int = 18
    sign: int = 16
    arrow: int = 14
    button: int = 32
    row_button: int = 28
    avatar: int = 32

    def around_letters(self, points: float) -> Metrics:
        """The same around writing of a size in points: a line of the page holds as many letters whatever their size."""
        margins = 2 * self.page_padding
        return self._replace(page_width=margins + round((self.page_width - margins) * points / Typography().size))

    def beside_letters(self, points: float) -> Metrics:
        """The same beside letters of a size in points: icons on buttons (`icon`) and among words (`sign`), arrows, and
        what holds them grow with the letters, in steps at which the lines of the drawings stay sharp."""
        if points < LARGE:
            return self
        if points < VERY_LARGE:
            return self._replace(icon=24, sign=20, arrow=18, button=40, row_button=34, avatar=40)
        return self._replace(icon=32, sign=26, arrow=22, button=50, row_button=42, avatar=48)


class Theme(NamedTuple):
    """One look. Colours are "#rrggbb"; the fields say what each is for, and a `_soft` one lies behind text."""

    name: str
    window: str
    page: str
    raised: str
    text: str
    muted: str
    disabled: str
    border: str
    control: str
    hover: str
    pressed: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    focus: str
    selection: str
    link: str
    code_background: str
    code_text: str
    ghost: str
    assist: str
    quote_bar: str
    quote_text: str
    find: str
    find_current: str
    comment: str
    comment_current: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    tooltip: str
    on_tooltip: str
    typography: Typography = Typography()
    metrics: Metrics = Metrics()

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on a dark page."""
        return luminance(self.page) < luminance(self.text)

    @property
    def text_contrast(self) -> float:
        """How much text stands out at least, also in the colours of people and in those that they choose."""
        return HIGH_CONTRAST if self.name.endswith("-contrast") else TEXT_CONTRAST

    def person(self, stored: str) -> str:
        """The colour that stands for a person here, from the one that the document stores: readable on the page."""
        return self._readable(stored, PEOPLE)

    def ink(self, stored: str) -> str:
        """The colour in which text with the stored colour is drawn here: readable on the page."""
        return self._readable(stored, INKS)

    def wash(self, stored: str) -> str:
        """The highlight here for the stored background: the text is readable on it."""
        partner = self._partner(stored, WASHES) or stored
        return towards_contrast(partner, self.text, self.text_contrast, dark=self.is_dark)

    def tint(self, stored: str, *, strong: bool = False) -> str:
        """The ground here behind what a person wrote, from the colour that the document stores: all text is readable
        on it. A strong one is for what stands out among the rest."""
        person, weight = self.person(stored), 0.34 if strong else 0.14
        inks = (self.text, self.link, self.quote_text, self.code_text)
        ground = mixed(self.page, person, weight).name()
        while weight > 0 and min(contrast(ink, ground) for ink in inks) < self.text_contrast:
            weight -= 0.01
            ground = mixed(self.page, person, max(weight, 0.0)).name()
        return ground

    def on(self, background: str) -> str:
        """The colour of text on `background`: whichever of white and near-black stands out more."""
        return max(("#ffffff", "#15161a"), key=lambda ink: contrast(ink, background))

    def shown(self, swatch: Swatch) -> str:
        """The colour of a palette entry on this page."""
        return swatch.dark if self.is_dark else swatch.light

    def _readable(self, stored: str, palette: tuple[Swatch, ...]) -> str:
        partner = self._partner(stored, palette) or stored
        return towards_contrast(partner, self.page, self.text_contrast, dark=not self.is_dark)

    def _partner(self, stored: str, palette: tuple[Swatch, ...]) -> str | None:
        return next((self.shown(swatch) for swatch in palette if swatch.light == stored.lower()), None)


@cache
def named(name: str) -> Theme:
    """The theme in resources/themes/NAME.json: "light" or "dark", with "-contrast" behind it where everything stands
    out more; raises TypeError where a colour lacks."""
    return Theme(**json.loads((themes_folder() / f"{name}.json").read_text("utf-8")))


@cache
def _wishes(hints: QStyleHints) -> QAccessibilityHints:
    """What the system says of contrast; held for as long as the process runs, or nobody would hear of a change."""
    # WORKAROUND PySide: it counts as deleted with the hints that were asked for it, and whoever asks anew then crashes.
    return hints.accessibility()


def _is_dark(hints: QStyleHints) -> bool:
    """Whether the system is dark; most of the contrast themes of Windows are, where Qt knows no scheme."""
    if hints.colorScheme() == Qt.ColorScheme.Unknown and (ground := windows_colour()):
        return luminance(ground) < luminance("#808080")
    return hints.colorScheme() == Qt.ColorScheme.Dark


def windows_colour() -> str:
    """The colour that Windows gives what is written on; empty on other systems."""
    if sys.platform == "win32":
        import ctypes

        red, green, blue, _ = ctypes.windll.user32.GetSysColor(5).to_bytes(4, "little")  # COLOR_WINDOW
        return f"#{red:02x}{green:02x}{blue:02x}"
    return ""


def choose(setting: str, hints: QStyleHints) -> Theme:
    """The theme for a setting of "system", "light" or "dark"; the system's wish decides for "system", and in any case
    whether the contrast is high.

    Typography starts with the system's own font and falls back through the usual ones of each platform; measures are
    those beside the letters that the system has. Where these are large, so are those of the page.
    """
    dark = setting == "dark" or (setting == "system" and _is_dark(hints))
    high = _wishes(hints).contrastPreference() == Qt.ContrastPreference.HighContrast
    theme = named(f"{'dark' if dark else 'light'}{'-contrast' if high else ''}")
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    # Without a desktop, Linux gives a generic name here; a font that is known to suit goes before it.
    own = () if system.lower().startswith("sans") else (system,)
    # The colour emoji fonts stand last: in front they would lend their wide digits to the text.
    emoji = ("Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji")
    usual = ("Inter", "Segoe UI Variable Text", "Segoe UI", "Cantarell", "Noto Sans", "Helvetica Neue", "Arial")
    serif = ("Georgia", "Gelasio", "Noto Serif", "Times New Roman", "Liberation Serif", "DejaVu Serif", SERIF)
    code = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Menlo", "Consolas", "DejaVu Sans Mono", "Noto Sans Mono")
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    known = frozenset(QFontDatabase.families())
    families = (*own, *_installed((*usual, *emoji), known))
    points = usual_points(QApplication.font().pointSizeF())
    written = min(theme.typography.size * max(1.0, points / LARGE), MOST_USUAL)
    typography = theme.typography._replace(
        size=round(2 * points_here(written)) / 2,  # as sizes are chosen
        ui_families=families,
        families=families,
        serif_families=_installed(serif, known),
        code_families=_installed((*code, fixed, *emoji), known),
    )
    return theme._replace(typography=typography, metrics=theme.metrics.beside_letters(points))


class _Application:
    """What belongs to the one application, as its palette does."""

    theme: Theme | None = None


def worn() -> Theme:
    """The theme in which the application is dressed; the light one before it is."""
    return _Application.theme or named("light")


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole application: a palette, one stylesheet and the icons, all from the theme."""
    _Application.theme = theme
    font = QFont(app.font())
    font.setFamilies(list(theme.typography.ui_families))
    app.setFont(font)
    app.setPalette(palette(theme))
    sheet = stylesheet(theme, font.pointSizeF(), is_mirrored=app.isRightToLeft())
    if app.styleSheet() != sheet:  # else all would be dressed anew for nothing
        dress(app, sheet)


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's own colour roles, for all that the stylesheet does not name."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.page, role.Text: theme.text,
        role.AlternateBase: theme.window, role.Button: theme.raised, role.ButtonText: theme.text,
        role.BrightText: theme.danger, role.Highlight: theme.selection, role.HighlightedText: theme.text,
        role.Link: theme.link, role.LinkVisited: theme.link, role.PlaceholderText: theme.muted,
        role.ToolTipBase: theme.tooltip, role.ToolTipText: theme.on_tooltip, role.Accent: theme.accent,
        role.Light: theme.raised, role.Midlight: theme.hover, role.Mid: theme.border, role.Dark: theme.control,
        role.Shadow: theme.border,
    }  # fmt: skip
    result = QPalette()
    for each, colour in colours.items():
        result.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.disabled))
    return result


@cache
def stylesheet(theme: Theme, size: float = USUAL, *, is_mirrored: bool = False) -> str:
    """The stylesheet in the theme's colours and measures; raises KeyError for a name that the theme has not.

    Args:
        theme: has the colours and measures.
        size: of the chrome's letters in points; what is not positive, as for a font that is measured in pixels, is as
            the usual one.
        is_mirrored: whether the windows are read from right to left: Qt turns arrows by itself, and no paddings.
    """
    folder = themes_folder()
    names = {name: str(value) for name, value in (theme._asdict() | theme.metrics._asdict()).items()}
    names["behind"] = "left" if is_mirrored else "right"  # the side on which reading ends
    names["before"] = "right" if is_mirrored else "left"
    # By a search path: a style sheet that names a folder with an umlaut or a quotation mark is not read at all.
    QDir.setSearchPaths(IMAGES, [folder.as_posix()])
    names["images"] = IMAGES
    points = size if size > 0 else USUAL
    names["round"] = str(theme.metrics.sign // 2 + 1)  # the corners of a disc that is as large, with its border
    names["inner"] = str(theme.metrics.sign - 2)  # what is left of such a sign in a border that is twice as wide
    arrow = theme.metrics.arrow
    names |= {"drop": str(arrow + 10), "step": str(arrow - 2), "steps": str(arrow + 8), "steps_inside": str(arrow + 7)}
    names["title"] = f"{TITLE * points:g}"  # the style sheet knows no size relative to another
    # For Qt as high as the letters of whatever it dresses.
    names["line"] = LINE if usual_points(points) < LARGE else "1em"
    return string.Template((folder / "style.qss").read_text(encoding="utf-8")).substitute(names)


def set_look(widget: QWidget, **properties: str | bool) -> None:
    """Gives a widget the properties that the stylesheet asks about, such as tone="problem", and draws it anew."""
    if any(widget.property(name) != value for name, value in properties.items()):
        for name, value in properties.items():
            widget.setProperty(name, value)
        widget.setAttribute(
            Qt.WidgetAttribute.WA_StyledBackground,
            "surface" in properties or widget.testAttribute(Qt.WidgetAttribute.WA_StyledBackground),
        )
        # The style sheet looks at properties only while it polishes; what was never shown is polished then.
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


def grow_to_fit(window: QWidget) -> None:
    """Makes a window higher where its text now takes more lines; Qt keeps no room for text that wraps."""
    layout = window.layout()
    if layout is not None:
        layout.activate()
        window.resize(window.width(), max(window.height(), layout.totalHeightForWidth(window.width())))


def themes_folder() -> Path:
    """Where style.qss and its images are."""
    return resources() / "themes"


class ThemeChoice(QObject):
    """Holds the theme in force; says so when the setting or the system changes it."""

    changed = Signal(Theme)

    def __init__(self, hints: QStyleHints, setting: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hints = hints
        self._setting = setting
        if setting != "system":
            self._tell_system()
        self._theme = choose(setting, hints)
        hints.colorSchemeChanged.connect(self._look_again)
        _wishes(hints).contrastPreferenceChanged.connect(self._look_again)

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        return self._theme

    @property
    def setting(self) -> str:
        """What the person chose: "system", "light" or "dark"."""
        return self._setting

    def set_setting(self, setting: str) -> None:
        """Takes the person's choice; emits `changed` when the look is another."""
        self._setting = setting
        self._tell_system()
        self._look_again()

    def _tell_system(self) -> None:
        """Has what the system draws look as the rest: the frames of windows, its dialogs, the menu bar of a Mac."""
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        self._hints.setColorScheme(schemes.get(self._setting, Qt.ColorScheme.Unknown))

    def _look_again(self) -> None:
        theme = choose(self._setting, self._hints)
        if theme != self._theme:
            self._theme = theme
            self.changed.emit(theme)


def _installed(names: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    """The families of `names` that this machine has, each once; all of them when it has none."""
    found = tuple(dict.fromkeys(name for name in names if name in known))
    return found or names
