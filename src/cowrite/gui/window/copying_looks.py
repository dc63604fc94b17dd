"""CopyingLooks: how the text at the caret looks, copied and given to other text, in a window or between windows.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.core.writing.looks import CopiedLook
from cowrite.gui.commands.actions import Actions
from cowrite.gui.commands.own_keys import words_of
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.page.editor import Editor
from cowrite.gui.window.notice_bar import Notice, NoticeBar

_NOTICE = "look"


class CopyingLooks:
    """Copies looks from one page, and gives them to text on it.

    Args:
        editor: the page.
        notices: say where there is none to give.
        actions: know the key of the command that copies one.

    Attributes:
        copied: what was copied; windows of one person have one together.
    """

    def __init__(self, editor: Editor, notices: NoticeBar, actions: Actions) -> None:
        self._editor = editor
        self._notices = notices
        self._actions = actions
        self.copied = CopiedLook()

    def copy(self) -> None:
        """Copies how the text at the caret looks."""
        card = self._editor.footnotes.field
        self.copied.look = self._editor.formatting.look() if card is None else card.words.look()
        self._notices.remove(_NOTICE)
        say(self._editor, "Formatting copied")

    def paste(self) -> None:
        """Gives what is selected the look that was copied."""
        look = self.copied.look
        if look is None:
            key = words_of(self._actions["copy_look"].shortcut())
            sentence = f"No formatting is copied yet: {key} copies that of the selected text, or of the line."
            self._notices.show_notice(Notice(_NOTICE, "information", sentence))
            return
        self._notices.remove(_NOTICE)
        card = self._editor.footnotes.field
        (self._editor.formatting if card is None else card.words).paste_look(look)
        say(self._editor, "Formatting pasted")
