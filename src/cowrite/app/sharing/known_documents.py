"""KnownDocuments: those of this computer to which a link leads, so that no second one of them comes into being.

Runs on the GUI thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from cowrite.errors import CowriteError
from cowrite.gui.window.notice_bar import Answer
from cowrite.storage.document.reading import glance
from cowrite.storage.layout import Property
from cowrite.storage.library.originals import Originals
from cowrite.sync.link import BadLink, Link
from cowrite.sync.state_vector import EMPTY, are_strangers
from cowrite.sync.status import Kind, Status
from cowrite_server.wire.encoding import MalformedMessage

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.app.documents.open_documents import OpenDocuments
    from cowrite.app.draft.draft import Draft
    from cowrite.app.sharing.sharing import DraftSharing

_NOTICE = "address"
_MOVED = "moved"

_log = logging.getLogger(__name__)


class Met(NamedTuple):
    """A document that is the same as another one.

    Attributes:
        id: its own.
        has_epoch: whether its room is the other's, so that what is known of it holds.
    """

    id: str
    has_epoch: bool


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

    def meet(self, draft: Draft, epoch: str, ids: Sequence[str], then: Callable[[Met | None], None]) -> None:
        """Looks for a document of this computer that is the same as one that has come by a link.

        Args:
            draft: the one that has come.
            epoch: that of its room.
            ids: those of the others, the likeliest first.
            then: is told which; None where none is.
        """
        state = draft.document.state_vector()
        drafts = {each.document_id: each for each in self._documents.drafts}
        opened = {id: (drafts[id].connection.epoch, drafts[id].document.state_vector()) for id in ids if id in drafts}

        def look() -> Met | None:
            for id in ids:
                other, known = opened.get(id) or self._kept(id)
                if other == epoch or (known and _have_met(known, state)):
                    return Met(id, other == epoch)
            return None

        def found(met: Met | None) -> None:
            if not draft.is_closed:
                then(met)

        draft.storage.run_long(look, found, lambda error: _log.warning("documents cannot be compared: %s", error))

    def _kept(self, id: str) -> tuple[str | None, bytes]:
        """The epoch of a document that is closed, and the state vector that its server had last."""
        path = self._originals.place_of(id)
        values = {} if path is None else glance(path) or {}
        epoch, known = values.get(Property.EPOCH), values.get(Property.ACKNOWLEDGED)
        return epoch if isinstance(epoch, str) else None, known if isinstance(known, bytes) else b""

    def lost_elsewhere(self, link: Link) -> dict[str, Link]:
        """Where open documents were shared to which this computer has no link, and a link does not lead; by ids."""
        found = dict[str, Link]()
        for draft in filter(self._sharing.has_lost_link, self._documents.drafts):
            with suppress(BadLink):  # somebody has edited the file
                place = Link.parse(f"cowrite://{draft.connection.place}")
                found |= {draft.document_id: place} if place.place != link.place else {}
        return found

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
        self._draft.say(_NOTICE, "warning", sentence, *answers)

    def _answered(self, notice: str, answer: str) -> None:
        link = self._link
        if notice != _NOTICE or link is None:
            return
        if answer == "go_on":
            self._sharing.take_link(self._draft, link)
        else:
            self._join_copy(link)


class MovedQuestion(QObject):
    """Has the person go on in the document that this computer has from another address, where one that they have just
    joined shows that both are the same: what they wrote there, or sealed, would stay there otherwise.

    It goes on by itself where a room of the same name has a new server, and the earlier one does not answer: somebody
    has taken over from a computer that did not come back. Elsewhere the person is asked, above the page: both may live,
    and what has the same beginnings may be a copy that somebody shares as a document of its own.

    Args:
        known: finds and opens the one that this computer has.
        sharing: connects that one.
        put_away: closes the draft, and moves its document to the trash.
        draft: it; it has just been joined.
        elsewhere: where the other documents of this computer are shared, by their ids.
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
        self._found: Met | None = None
        self._has_looked = self._has_decided = False
        draft.window.notices.answered.connect(self._answered)
        if draft.shared is not None:
            draft.shared.status_changed.connect(self._look)
            draft.shared.record_changed.connect(self._look)

    def _look(self, _change: object) -> None:
        shared, epoch = self._draft.shared, self._draft.connection.epoch
        if shared is None or shared.status.kind is not Kind.SAVED or epoch is None or self._has_looked:
            return
        self._has_looked = True
        room = shared.link.room
        ids = sorted(self._elsewhere, key=lambda id: self._elsewhere[id].room != room)
        self._known.meet(self._draft, epoch, ids, self._met)

    def _met(self, found: Met | None) -> None:
        shared = self._draft.shared
        if found is None or shared is None:
            return
        self._found = found
        if found.has_epoch and self._sharing.hosts(found.id):  # the link leads here
            self._answered(_MOVED, "go_on")
            return
        is_taken_over = self._elsewhere[found.id].room == shared.link.room and not found.has_epoch
        other = None
        if is_taken_over and self._draft.connection.rights.may_comment and not self._sharing.hosts(found.id):
            other = self._known.open_one_of({found.id})
        if other is None or other.shared is None:  # offline because the person wants it
            self._ask()
            return
        status = other.shared.status

        def judge(status: Status) -> None:
            if status.kind is not Kind.CONNECTING and not self._has_decided and not other.is_closed:
                self._has_decided = True
                if status.kind is Kind.OFFLINE or status.final:
                    self._go_on(other)
                else:
                    self._draft.come_to_front()
                    self._ask()

        other.shared.status_changed.connect(judge)
        judge(status)

    def _ask(self) -> None:
        shared, found = self._draft.shared, self._found
        if shared is None or found is None:
            return
        was = self._elsewhere[found.id]
        is_sent = (
            "is sent if you go on in it" if self._draft.connection.rights.may_edit else "stays unsent by this link"
        )
        sentence = (
            f"You have this document already: it was at {was.address} when you were last connected. What you wrote "
            f"there since {is_sent}."
        )
        if self._sharing.hosts(found.id):
            sentence = (
                "You have this document already, and share it from this computer. If you go on in it, what is in yours "
                "alone comes here, and the links to yours become void."
            )
        if was.room != shared.link.room and not found.has_epoch:
            sentence += " If one of them is a copy that is to stay apart, keep both."
        self._draft.say(_MOVED, "warning", sentence, Answer("go_on", "Go on in it"), Answer("apart", "Keep both"))

    def _answered(self, notice: str, answer: str) -> None:
        if notice != _MOVED or answer != "go_on" or self._found is None:
            return
        other = self._known.open_one_of({self._found.id})
        if other is not None:
            self._go_on(other)

    def _go_on(self, other: Draft) -> None:
        shared, found = self._draft.shared, self._found
        if shared is None or found is None:
            return
        link, is_saved = shared.link, shared.status.kind is Kind.SAVED
        if is_saved:
            self._sharing.stop(self._draft)
        if not found.has_epoch or not self._sharing.hosts(found.id):
            self._sharing.move(other, link, is_known=found.has_epoch)
            was = self._elsewhere[found.id].address
            sentence = f"This document was at {was}. It goes on at {link.address}, with what you wrote."
            other.say(_MOVED, "information", sentence)
        if is_saved:  # all that is in it is in the other one, too
            self._put_away(self._draft)


def _have_met(left: bytes, right: bytes) -> bool:
    """Whether two documents have something in common, by their state vectors."""
    try:
        return EMPTY not in (left, right) and not are_strangers(left, right)
    except MalformedMessage:  # a damaged file
        return False
