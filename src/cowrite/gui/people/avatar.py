"""Avatar: a disc in somebody's colour, beside what is said of them.

Runs on the GUI thread.
"""

from __future__ import annotations

from string import punctuation

from PySide6.QtCore import QRectF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cowrite.gui.look.theme import worn
from cowrite.gui.people.person import Person

_SIGNS = f"{punctuation}“”„‘’«»"


def initials(name: str) -> str:
    """One or two letters for an avatar: the first of the first and of the last word, but not of the "(2)" behind a name
    that another has too, nor a sign before a word; "?" for an empty name. An emoji is a letter, and so is one with its
    accents or vowels."""
    words = [word.lstrip(_SIGNS) for word in name.split() if not word.startswith("(")]
    words = list(filter(None, words)) or name.split()
    return "".join(_first_letter(word) for word in (words[:1] + words[1:][-1:])) or "?"


def _first_letter(word: str) -> str:
    if word[0].isascii() and len(word) > 1 and word[1].isascii():  # as most are
        return word[0].upper()
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, word)
    units = word.encode("utf-16-le", "surrogatepass")  # a name that another program has cut may end in half a pair
    letter = units[: 2 * finder.toNextBoundary()].decode("utf-16-le", "surrogatepass")
    capital = letter.upper()
    return capital if len(capital) == len(letter) else letter  # no two for the ß


def draw_avatar(painter: QPainter, rect: QRectF, person: Person) -> None:
    """A disc in the person's colour with their initials."""
    theme = worn()
    colour = theme.person(person.colour)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(rect)
    font = QFont(painter.font())
    font.setPixelSize(round(rect.height() * 0.4))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(theme.on(colour)))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(person.name))
    painter.restore()


class Avatar(QWidget):
    """The disc; it shows nobody at first.

    Args:
        side: its width and height in device-independent pixels.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        self._person: Person | None = None
        self.setFixedSize(side, side)

    def show_person(self, person: Person) -> None:
        """Shows them."""
        self._person = person
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the disc."""
        if self._person is not None:
            draw_avatar(QPainter(self), QRectF(self.rect()), self._person)
