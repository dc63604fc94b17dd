"""KnownDocuments: those of this computer to which a link leads, so that no second one of them comes into being.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
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
    from cowrite.app.choices import Choices
    from cowrite.app.documents.open_documents import OpenDocuments
    from cowrite.app.draft.draft import Draft
    from cowrite.app.sharing.sharing import DraftSharing

_NOTICE = "address"
_MOVED = "moved"


class KnownDocuments:
    """Finds and opens them.

    Args:
        documents: the open ones.
        sharing: knows which links lead to them.
        choices: has the library, and knows what was opened lately.
        originals: where it is noted where documents lie.
        say: shows the person a sentence.
    """

    def __init__(
        self,
        documents: OpenDocuments,
        sharing: DraftSharing,
        choices: Choices,
        originals: Originals,
        say: Callable[[str], None],
    ) -> None:
        self._documents = documents
        self._sharing = sharing
        self._choices = choices
        self._originals = originals
        self._say = say

    def open(self, link: Link, join_copy: Callable[[Link], object]) -> Draft | None:
        """Opens the document that a link leads to where it is on this computer, and connects it by this link.

        Where the same invite led to it at another address, the person is asked first: whoever has the invite, also
        from long ago, could have a server there.

        Args:
            link: to a document; with more rights than the last one, say, or made after that one was withdrawn.
            join_copy: opens what a link leads to as another document, where the person says so.

        Returns:
            None where there is none.
        """
        lost = {each.document_id for each in self._documents.drafts if self._is_lost_at(each, link)}
        # One that says so in its window goes on, though somebody has joined with the link since.
        draft = self.open_one_of(lost) or self.open_one_of(self._sharing.ids_at(link))
        if draft is not None:
            self._sharing.take_link(draft, link)
            return draft
        once = self._sharing.ids_once_at(link)
        draft = self.open_one_of(once)
        if draft is not None:
            question = draft.findChild(AddressQuestion) or AddressQuestion(self._sharing, join_copy, draft)
            question.ask(link, once[draft.document_id])
        return draft

    def open_one_of(self, ids: Collection[str]) -> Draft | None:
        """Opens one of some documents; None where this computer has none of them."""
        # Of two that came from one room, one is closed for good: its server has another document now.
        drafts = self._documents.drafts
        for draft in sorted(drafts, key=lambda draft: draft.shared is not None and draft.shared.status.final):
            if draft.document_id in ids:
                draft.come_to_front()
                return draft
        if not ids:
            return None
        places = map(self._originals.place_of, sorted(ids))  # and not that of a copy
        try:
            path = next(filter(None, places), None) or self._find(ids)
        except CowriteError as error:
            self._say(str(error))
            return None
        return None if path is None else self._documents.open(path, now=True)

    def epoch(self, id: str) -> str | None:
        """The epoch of a document; None where it has none, or is not on this computer."""
        for draft in self._documents.drafts:
            if draft.document_id == id:
                return draft.connection.epoch
        path = self._find({id})
        epoch = None if path is None else (glance(path) or {}).get(Property.EPOCH)
        return epoch if isinstance(epoch, str) else None

    def _is_lost_at(self, draft: Draft, link: Link) -> bool:
        return draft.connection.place == link.place and self._sharing.has_lost_link(draft)

    def _find(self, ids: Collection[str]) -> Path | None:
        return self._choices.library.find(ids, self._choices.settings.recent)


class AddressQuestion(QObject):
    """Asks, above a draft's page, whether it lives at another address now, and does what is answered.

    Args:
        sharing: connects the draft there.
        join_copy: opens what is there as another document.
        draft: it.
    """

    def __init__(self, sharing: DraftSharing, join_copy: Callable[[Link], object], draft: Draft) -> None:
        super().__init__(draft)
        self._sharing = sharing
        self._join_copy = join_copy
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
            self._sharing.take_link(self._draft, link)
        else:
            self._join_copy(link)


class MovedQuestion(QObject):
    """Asks, above the page of a document that came by a link, whether to go on in the one that this computer has from
    another address, once it shows that both are the same: whoever wrote there offline would miss it here.

    Args:
        known: opens the one that this computer has.
        sharing: connects that one.
        put_away: closes the draft, and moves its document to the trash.
        draft: it; it has just been joined.
        elsewhere: documents of rooms of that name at other addresses, by their ids.
    """

    def __init__(
        self,
        known: KnownDocuments,
        sharing: DraftSharing,
        put_away: Callable[[Draft], None],
        draft: Draft,
        elsewhere: Mapping[str, Link],
    ) -> None:
        super().__init__(draft)
        self._known = known
        self._sharing = sharing
        self._put_away = put_away
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
        self._found = next((id for id in self._elsewhere if self._known.epoch(id) == epoch), "")
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

    def _answered(self, notice: str, answer: str) -> None:
        shared = self._draft.shared
        if notice != _MOVED or answer != "go_on" or shared is None:
            return
        other = self._known.open_one_of({self._found})
        if other is None:
            return
        link, is_saved = shared.link, shared.status.kind is Kind.SAVED
        if is_saved:
            self._sharing.stop(self._draft)
        self._sharing.take_link(other, link)
        if is_saved:  # all that is in it is in the other one, too
            self._put_away(self._draft)
