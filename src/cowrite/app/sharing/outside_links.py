"""OutsideLinks: links that other programs hand over, such as a browser or a mail.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cowrite.sync.link import BadLink, Link

if TYPE_CHECKING:
    from cowrite.app.documents.open_documents import OpenDocuments
    from cowrite.app.sharing.joining import Joining
    from cowrite.app.sharing.sharing import DraftSharing
    from cowrite.gui.people.join_dialog import JoinDialog


_MOST = 10  # links that wait for their question; a page may open them without end


class OutsideLinks:
    """Follows them.

    Args:
        joining: opens what they lead to.
        sharing: knows by which the person has come before.
        documents: the open ones.
        say: shows the person a sentence.

    Attributes:
        dialog: asks the person about the first one; None where none is asked about.
    """

    def __init__(
        self, joining: Joining, sharing: DraftSharing, documents: OpenDocuments, say: Callable[[str], None]
    ) -> None:
        self._joining = joining
        self._sharing = sharing
        self._documents = documents
        self._say = say
        self.dialog: JoinDialog | None = None
        self._asked = ""  # about which the dialog is
        self._waiting: list[str] = []

    def follow(self, text: str) -> bool:
        """Opens what a link leads to; says whether it is open, or asked about.

        A page can have such a link opened without a click, so the person is asked first unless they have come by it
        before, or nothing leaves this computer.
        """
        try:
            link = Link.parse(text)
        except BadLink as error:
            self._say(str(error))
            return False
        if link.stays_here or self._sharing.knows(link):
            return self._joining.join(link) is not None
        self._ask(text)
        return True

    def _ask(self, text: str) -> None:
        """Asks about a link, once however often it is opened meanwhile, and after those that came before it."""
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            if text not in (self._asked, *self._waiting) and len(self._waiting) < _MOST:
                self._waiting.append(text)
            return
        self._asked = text
        dialog = self.dialog = self._joining.ask(text)
        dialog.finished.connect(lambda _result: self._ended(dialog))
        dialog.destroyed.connect(lambda _dialog: self._gone(dialog))

    def _ended(self, dialog: JoinDialog) -> None:
        """A question was answered: asks the next one."""
        if self.dialog is dialog:
            self.dialog = None
            while self._waiting and self.dialog is None:
                self.follow(self._waiting.pop(0))

    def _gone(self, dialog: JoinDialog) -> None:
        """A question went with its window: the next one is asked before another one, if any is left."""
        if self.dialog is dialog and not self._documents.drafts:
            self._waiting.clear()
        self._ended(dialog)
