"""Documents of this computer to which a link leads, so that no second one of them comes into being.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.errors import CowriteError
from cowrite.gui.notice_bar import Answer, Notice
from cowrite.storage.originals import Originals
from cowrite.sync.link import Link

if TYPE_CHECKING:
    from cowrite.app.application import Application
    from cowrite.app.draft.draft import Draft

_NOTICE = "address"


def open_known(application: Application, link: Link) -> Draft | None:
    """Opens the document that a link leads to where it is on this computer, and connects it by this link.

    Where the same invite led to it at another address, the person is asked first: whoever has the invite, also from
    long ago, could have a server there.

    Args:
        application: has the documents.
        link: to a document; with more rights than the last one, say, or made after that one was withdrawn.

    Returns:
        None where there is none.
    """
    sharing = application.sharing
    draft = _open_one_of(application, sharing.ids_at(link))
    if draft is not None:
        sharing.take_link(draft, link)
        return draft
    once = sharing.ids_once_at(link)
    draft = _open_one_of(application, once)
    if draft is not None:
        question = draft.findChild(AddressQuestion) or AddressQuestion(application, draft)
        question.ask(link, once[draft.document_id])
    return draft


def _open_one_of(application: Application, ids: Collection[str]) -> Draft | None:
    # Of two that came from one room, one is closed for good: its server has another document now.
    for draft in sorted(application.drafts, key=lambda draft: draft.shared is not None and draft.shared.status.final):
        if draft.document_id in ids:
            draft.come_to_front()
            return draft
    if not ids:
        return None
    places = map(Originals(application.paths.originals).place_of, sorted(ids))  # and not that of a copy
    try:
        path = next(filter(None, places), None) or application.library.find(ids, application.choices.settings.recent)
    except CowriteError as error:
        application.say(str(error))
        return None
    return None if path is None else application.open_path(path, now=True)


class AddressQuestion(QObject):
    """Asks, above a draft's page, whether it lives at another address now, and does what is answered.

    Args:
        application: connects the draft there, or opens what is there as another document.
        draft: it.
    """

    def __init__(self, application: Application, draft: Draft) -> None:
        super().__init__(draft)
        self._application = application
        self._draft = draft
        self._link: Link | None = None
        draft.window.notices.answered.connect(self._answered)

    def ask(self, link: Link, known: Link) -> None:
        """Asks about one address.

        Args:
            link: where the draft may be.
            known: where it was.
        """
        self._link = link
        sentence = (
            f"The link leads to this document at {link.address}; until now it was at {known.address}. If it comes "
            "from whoever shares the document, go on there."
        )
        answers = (Answer("go_on", "Go on there"), Answer("apart", "Open as another document"))
        self._draft.window.notices.show_notice(Notice(_NOTICE, "warning", sentence, answers))

    def _answered(self, notice: str, answer: str) -> None:
        link = self._link
        if notice != _NOTICE or link is None:
            return
        if answer == "go_on":
            self._application.sharing.take_link(self._draft, link)
        else:
            self._application.join(link, as_copy=True)
