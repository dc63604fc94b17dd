"""The words of scripts that set no spaces between them, which Qt takes for one word up to the next space. So it does
with images and footnotes and the letters beside them, of which each is a word here, too.

Runs on the GUI thread. Thai and its neighbours are divided as Unicode's rules and Qt have it; of Japanese a word is
what stands in one kind of characters. Positions are UTF-16 units of a line.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QTextBoundaryFinder

from cowrite.core.text.richtext import EMBED_CHARACTER, utf16_length

_IDEOGRAPHS = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_VARIANTS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_KANA = "[\u3041-\u309f]+|[\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f]+"
_BY_KIND = f"[{_IDEOGRAPHS}][{_IDEOGRAPHS}{_VARIANTS}]*|{_KANA}"
_SIGNS = "\u3001-\u3004\u3008-\u301f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_RULED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_UNSPACED = rf"{_IDEOGRAPHS}{_VARIANTS}\u3041-\u30ff\uff66-\uff9f\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff{_SIGNS}\ufffc"
_OTHER = rf"[^\W{_UNSPACED}]"
_BESIDE = f"(?<=[{_UNSPACED}]){_OTHER}++|(?<!{_OTHER}){_OTHER}++(?=[{_UNSPACED}])"
"""Other letters and digits that stand beside such characters."""
_RUN = re.compile(f"{EMBED_CHARACTER}|{_BY_KIND}|{_RULED.pattern}|[{_SIGNS}]+|{_BESIDE}")


def word_before(line: str, at: int) -> tuple[int, int] | None:
    """Where the word begins and ends that ends at a position or has only spaces between; see `word_at`."""
    before = line.encode("utf-16-le", "surrogatepass")[: 2 * at].decode("utf-16-le", "surrogatepass")
    spaces = len(before) - len(before.rstrip(" \t\u00a0"))
    return word_at(line, at - spaces - 1)


def word_at(line: str, at: int) -> tuple[int, int] | None:
    """Where the word begins and ends to which the character behind a position belongs; None where that is no word
    of such a script, no image or footnote and none that stands right beside one."""
    units = 0
    behind = 0
    for match in _RUN.finditer(line):
        units += utf16_length(line[behind : match.start()])
        length = utf16_length(match[0])
        if units > at:
            return None
        if at < units + length:
            start, stop = _part(match[0], at - units) if _RULED.match(match[0]) else (0, length)
            return units + start, units + stop
        units += length
        behind = match.end()
    return None


def _part(run: str, at: int) -> tuple[int, int]:
    """The word of a run that is divided by rules."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, run)
    finder.setPosition(at + 1)
    stop = at + 1 if finder.isAtBoundary() else finder.toNextBoundary()
    finder.setPosition(at)
    start = at if finder.isAtBoundary() else finder.toPreviousBoundary()
    return max(start, 0), stop if stop > at else len(run)
