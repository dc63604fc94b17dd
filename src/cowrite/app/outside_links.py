"""OutsideLinks: links that other programs hand over, such as a browser or a mail.

Runs on the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.sync.link import BadLink, Link

if TYPE_CHECKING:
    from cowrite.app.application import Application
    from cowrite.gui.people.join_dialog import JoinDialog


class OutsideLinks:
    """Follows them.

    Args:
        application: opens what they lead to.

    Attributes:
        dialog: asks the person about one; None where none is asked about.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self.dialog: JoinDialog | None = None

    def follow(self, text: str) -> bool:
        """Opens what a link leads to; says whether it is open, or asked about.

        A page can have such a link opened without a click, so the person is asked first unless they have come by it
        before, or nothing leaves this computer.
        """
        try:
            link = Link.parse(text)
        except BadLink as error:
            self._application.say(str(error))
            return False
        if link.stays_here or self._application.sharing.knows(link):
            return self._application.join(link) is not None
        self._ask(text)
        return True

    def _ask(self, text: str) -> None:
        if self.dialog is not None:
            self.dialog.reject()  # one question at a time, however often a page asks
        dialog = self.dialog = self._application.ask_join(text)
        for ended in (dialog.finished, dialog.destroyed):  # it may go with its window
            ended.connect(lambda _told: self._forget(dialog))

    def _forget(self, dialog: JoinDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
