"""Words that are so long that Qt takes too long to break their lines, such as a file that was pasted in letters.

Runs on the GUI thread. For each line of a word Qt goes through all of it again, so a word of a million letters, which a
file, a paste or a teammate may bring, would hold up the window for minutes. While there is one, the lines of the text
break at any letter.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextOption

LONG = 10_000  # characters: breaking their lines takes some 40 ms
_BREAKS = " \t\u2000-\u200b\u2028\u2e80-\ufaff"  # between Chinese or Korean characters a line may break, too
_WORD = re.compile(f"[^{_BREAKS}]{{{LONG}}}")
_WRAPPED, _ANYWHERE = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere, QTextOption.WrapMode.WrapAnywhere


class LongWords(QObject):
    """Has the lines of one text break where Qt can do it in time.

    Args:
        text: it, which keeps this object.
        follows: whether this looks at each change by itself; else somebody else has to `look`.
    """

    def __init__(self, text: QTextDocument, *, follows: bool = True) -> None:
        super().__init__(text)
        self._word: QTextCursor | None = None  # in the line that has one
        if follows:
            text.contentsChange.connect(self.look)  # comes before the lines are laid out
        self.look(0, 0, text.characterCount())

    @property
    def _text(self) -> QTextDocument:
        """The text. To hold it, which holds this object, would leave both to the garbage of another thread."""
        text = self.parent()
        assert isinstance(text, QTextDocument)
        return text

    def look(self, at: int, removed: int, added: int) -> None:
        """Looks at a change of the text.

        Args:
            at: where, in UTF-16 units.
            removed: so many units have gone.
            added: so many have come.
        """
        if self._word is None:
            block = self._text.findBlock(at)
            if added > 1 or block.length() > LONG:  # one letter, as after nearly every key, is in one line
                self._note(self._long_line(block, at + added))
        elif removed and not _is_long(self._word.block()):
            self._note(self._long_line(self._text.begin(), self._text.characterCount()))

    def _long_line(self, block: QTextBlock, until: int) -> QTextBlock | None:
        while block.isValid() and block.position() <= until:
            if _is_long(block):
                return block
            block = block.next()
        return None

    def _note(self, block: QTextBlock | None) -> None:
        was_there = self._word is not None
        self._word = None if block is None else QTextCursor(block)
        if was_there != (block is not None):
            option = self._text.defaultTextOption()
            option.setWrapMode(_WRAPPED if block is None else _ANYWHERE)
            self._text.setDefaultTextOption(option)


def _is_long(block: QTextBlock) -> bool:
    return block.length() > LONG and _WORD.search(block.text()) is not None
