"""How the board looks in a theme: papers, inks, fonts and pens, made once for all that is painted.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen

from cowrite.core.board.items import COLOURS, Tie
from cowrite.gui.look.contrast import contrast, mixed
from cowrite.gui.look.icons import pixmap
from cowrite.gui.look.swatches import PEOPLE, WASHES
from cowrite.gui.look.theme import Theme

PADDING = 12.0
"""Between the edge of a note and its text, in the board's units."""
FOOT = 20.0
"""Height of the line at the foot of a note."""
SIZES = (20, 18, 16, 15, 14, 13, 12, 11, 10, 9)
"""Font sizes of a note's text, in the board's units, the one that is tried first in front."""
FOOT_SIZE = 12
TITLE_SIZE = 15

_TIE_COLOURS: Mapping[Tie, str] = {
    Tie.RELATED: "Slate",
    Tie.BUILDS_ON: "Blue",
    Tie.SUPPORTS: "Green",
    Tie.CONTRADICTS: "Red",
}


def swatch(name: str, theme: Theme) -> str:
    """What a colour of `core.board.items.COLOURS` is in a theme, as "#rrggbb"."""
    return next(theme.shown(each) for each in WASHES if each.name.lower() == name)


def _quiet(paper: str, theme: Theme) -> QColor:
    """Ink on a paper that steps back as far as it stays readable."""
    inks = (mixed(paper, theme.text, weight) for weight in (0.72, 0.86, 1.0))
    return next((ink for ink in inks if contrast(ink.name(), paper) >= theme.text_contrast), QColor(theme.text))


class BoardLook:
    """One look of the board."""

    def __init__(self, theme: Theme, ratio: float = 1.0) -> None:
        self.theme = theme
        self.ground = QColor(theme.window)
        self.papers = {name: QColor(swatch(name, theme)) for name in COLOURS}
        self.edges = {name: mixed(swatch(name, theme), theme.text, 0.22) for name in COLOURS}
        self.halos = {name: mixed(theme.window, swatch(name, theme), 0.55) for name in COLOURS}
        self.ink = QColor(theme.text)
        self.quiet = {name: _quiet(swatch(name, theme), theme) for name in COLOURS}
        self.lines = {name: mixed(swatch(name, theme), theme.text, 0.38) for name in COLOURS}
        self.frame = QColor(theme.page)
        self.frame_edge = QPen(QColor(theme.control), 1.5)
        self.accent = QColor(theme.focus)
        self.selected = self._cosmetic(theme.focus, 2.5)
        self.found = self._cosmetic(theme.warning, 4)
        self.target = self._cosmetic(theme.focus, 3, Qt.PenStyle.DashLine)
        self.model = QPen(QColor(theme.assist), 2, Qt.PenStyle.DashLine)
        self.model_paper = mixed(theme.window, theme.assist, 0.08)
        self.model_ink = QColor(theme.assist)
        self.hatch = QBrush(mixed(theme.window, theme.text, 0.45), Qt.BrushStyle.BDiagPattern)
        self.page = QColor(theme.page)
        names = {each.name: theme.shown(each) for each in PEOPLE}
        self.ties = {tie: QColor(names[colour]) for tie, colour in _TIE_COLOURS.items()}
        families = list(theme.typography.families or ("sans-serif",))
        self.fonts = {size: self._font(families, size) for size in {*SIZES, FOOT_SIZE, TITLE_SIZE}}
        self.title_font = self._font(families, TITLE_SIZE)
        self.title_font.setWeight(QFont.Weight.DemiBold)
        self.foot_metrics = QFontMetricsF(self.fonts[FOOT_SIZE])
        self.title_metrics = QFontMetricsF(self.title_font)
        self.lock = pixmap("lock", theme.text, 14, 2 * ratio)

    def _cosmetic(self, colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        pen = QPen(QColor(colour), width, style)
        pen.setCosmetic(True)  # as wide at each zoom
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        return pen

    def _font(self, families: list[str], size: int) -> QFont:
        font = QFont()
        font.setFamilies(families)
        font.setPixelSize(size)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # letters keep their places at each zoom
        return font
