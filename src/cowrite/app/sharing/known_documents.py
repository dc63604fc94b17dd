"""Documents of this computer to which a link leads, so that no second one of them comes into being.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.errors import CowriteError
from cowrite.gui.window.notice_bar import Answer, Notice
from cowrite.storage.document.reading import glance
from cowrite.storage.layout import Property
from cowrite.storage.library.originals import Originals
from cowrite.sync.link import Link
from cowrite.sync.status import Kind

if TYPE_CHECKING:
    from cowrite.app.application import Application
    from cowrite.app.draft.draft import Draft

_NOTICE = "address"
_MOVED = "moved"


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


class MovedQuestion(QObject):
    """Asks, above the page of a document that came by a link, whether to go on in the one that this computer has from
    another address, once it shows that both are the same: whoever wrote there offline would miss it here.

    Args:
        application: has the documents.
        draft: it; it has just been joined.
        elsewhere: documents of rooms of that name at other addresses, by their ids.
    """

    def __init__(self, application: Application, draft: Draft, elsewhere: Mapping[str, Link]) -> None:
        super().__init__(draft)
        self._application = application
        self._draft = draft
        self._elsewhere = elsewhere
        self._found = ""
        self._has_looked = False
        draft.window.notices.answered.connect(self._answered)
        if draft.shared is not None:
            draft.shared.status_changed.connect(self._look)
            draft.shared.record_changed.connect(self._look)

    def _look(self, _change: object) -> None:
        shared, epoch = self._draft.shared, self._draft.connection.epoch
        if shared is None or shared.status.kind is not Kind.SAVED or epoch is None or self._has_looked:
            return
        self._has_looked = True
        self._found = next((id for id in self._elsewhere if self._epoch(id) == epoch), "")
        if self._found:
            was = self._elsewhere[self._found].address
            is_sent = (
                "is sent if you go on in it" if self._draft.connection.rights.may_edit else "stays unsent by this link"
            )
            sentence = (
                f"You have this document already: it was at {was} when you were last connected. What you wrote there "
                f"since {is_sent}."
            )
            answers = (Answer("go_on", "Go on in it"),)
            self._draft.window.notices.show_notice(Notice(_MOVED, "warning", sentence, answers))

    def _epoch(self, id: str) -> str | None:
        application = self._application
        for draft in application.drafts:
            if draft.document_id == id:
                return draft.connection.epoch
        path = application.library.find({id}, application.choices.settings.recent)
        epoch = None if path is None else (glance(path) or {}).get(Property.EPOCH)
        return epoch if isinstance(epoch, str) else None

    def _answered(self, notice: str, answer: str) -> None:
        shared = self._draft.shared
        if notice != _MOVED or answer != "go_on" or shared is None:
            return
        application, draft = self._application, self._draft
        other = _open_one_of(application, {self._found})
        if other is None:
            return
        link, is_saved = shared.link, shared.status.kind is Kind.SAVED
        if is_saved:
            application.sharing.stop(draft)
        application.sharing.take_link(other, link)
        if is_saved:  # all that is in it is in the other one, too
            application.put_away(draft)
