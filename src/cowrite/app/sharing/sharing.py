"""DraftSharing: where each draft is shared, by the keys in force, and the commands that change it.

Runs on the GUI thread.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from cowrite.app.draft.draft import Draft
from cowrite.app.sharing.hosting import Hosting
from cowrite.app.sharing.keys import Keys
from cowrite.sync.link import BadLink, Link
from cowrite_server.wire.protocol import DEFAULT_PORT, Role

if TYPE_CHECKING:
    from cowrite.app.sharing.members_flow import MembersFlow
    from cowrite.app.sharing.share_flow import ShareFlow
    from cowrite.sync.host import Invitation

OFFLINE = "You are working offline. To see how this document is shared, switch that off: Share → Work offline."
_OF_SHARED = ("stop_sharing", "work_offline")
_COPIED = "The link by which you came is on the clipboard. Whoever has it gets the rights for which it was made."
_CHOOSE = " For other rights, make a link of your own: Share → People and links…"
_NO_LINK = (
    "This document is shared, but its link is not on this computer. To go on in it with the others, choose "
    "File → Join with a link…"
)


class DraftSharing(QObject):
    """Connects drafts with their servers, and takes them apart.

    Args:
        keys: links and invites in force.
        hosting: the server inside the application.
        parent: Qt parent.
    """

    def __init__(self, keys: Keys, hosting: Hosting, parent: QObject) -> None:
        super().__init__(parent)
        self._keys = keys
        self._hosting = hosting

    def share(self, draft: Draft) -> ShareFlow | None:
        """Leads the person through sharing a draft; one that can only be read, or works offline, is not shared, which
        is said."""
        if draft.saved.protected:
            sentence = f"{draft.connection.rights.refusal}. Save a copy, and share that."
            draft.say("share", "information", sentence)
            return None
        if _works_offline(draft):  # nobody knows how it is shared at the moment
            draft.say("share", "information", OFFLINE)
            return None
        from cowrite.app.sharing.share_flow import ShareFlow

        waiting = next((flow for flow in draft.findChildren(ShareFlow) if flow.is_waiting), None)
        if waiting is not None:
            waiting.open_again()
            return waiting
        hosted = self._room(draft)
        room = hosted or self._room_to_be(draft)
        flow = ShareFlow(draft, self._hosting, room, is_hosted=hosted is not None)
        flow.hosted.connect(self._keep_room)
        flow.linked.connect(self.keep_link)
        flow.dialog.people_requested.connect(lambda: self.show_people(draft, links=True))
        flow.dialog.open()
        return flow

    def show_people(self, draft: Draft, *, links: bool = False) -> MembersFlow:
        """Shows who may do what in a draft; with `links` turns to the links at once."""
        from cowrite.app.sharing.members_flow import MembersFlow

        def make_link(secret: str, then: Callable[[Link], None], failed: Callable[[Exception], None]) -> None:
            room = self._room(draft)
            if room is not None:
                self._hosting.link(room, secret, then, failed)
            elif draft.shared is not None:
                then(replace(draft.shared.link, secret=secret))

        flow = MembersFlow(draft, make_link, is_host=self._room(draft) is not None)

        def share() -> None:
            flow.dialog.accept()
            self.share(draft)

        flow.dialog.share_requested.connect(share)
        if links:
            flow.dialog.show_links()
        flow.dialog.open()
        return flow

    def keep_link(self, draft: Draft, link: Link | None) -> None:
        """A draft lives behind a link from now on; None where it does not any more."""
        text = str(link) if link is not None else None
        self._keys.change(lambda sharing: sharing.with_link(draft.document_id, text))
        self.offer(draft)

    def ids_at(self, link: Link) -> set[str]:
        """Ids of the documents of this computer that live where a link leads, whatever its secret."""
        hosted = set()
        if self._keys.leads_here(link):
            hosted = {document_id for document_id, room in self._keys.sharing.hosted.items() if room == link.room}
        return hosted | {document_id for document_id, known in self._links() if known.place == link.place}

    def has_lost_link(self, draft: Draft) -> bool:
        """Whether a draft is shared and this computer has no link to it: its file was made on another one, say."""
        has_link = draft.document_id in self._keys.sharing.links or self._room(draft) is not None
        return bool(draft.connection.place) and draft.shared is None and not has_link

    def ids_once_at(self, link: Link) -> dict[str, Link]:
        """The documents to which the same invite led at another address, by their ids: as when a host has moved."""
        if not link.secret:  # rooms of one name on servers that let everybody in are not one room
            return {}
        key = (link.room, link.secret)
        return {document_id: known for document_id, known in self._links() if (known.room, known.secret) == key}

    def places_elsewhere(self, link: Link) -> dict[str, Link]:
        """Where all documents are shared that live elsewhere than a link leads, by their ids."""
        sharing = self._keys.sharing
        hosted = {id: Link("127.0.0.1", sharing.port or DEFAULT_PORT, room) for id, room in sharing.hosted.items()}
        return {id: known for id, known in (*self._links(), *hosted.items()) if known.place != link.place}

    def hosts(self, document_id: str) -> bool:
        """Whether this computer hosts a document."""
        return document_id in self._keys.sharing.hosted

    def knows(self, link: Link) -> bool:
        """Whether the person has come by a link before, at this address or another one, or hosts where it leads."""
        return (
            self._keys.leads_here(link)
            or bool(self.ids_once_at(link))
            or any(known == link for _, known in self._links())
        )

    def take_link(self, draft: Draft, link: Link) -> None:
        """Connects a draft by another link to where it lives; one that this computer hosts needs none."""
        shared = draft.shared
        if self._room(draft) is None and (shared is None or shared.link != link or shared.status.final):
            draft.connection.share(link, again=True)
            self.keep_link(draft, link)

    def move(self, draft: Draft, link: Link, *, is_known: bool) -> None:
        """Has a draft go on at another address; where this computer hosts it, the links to it become void.

        Args:
            draft: it.
            link: where it is now.
            is_known: whether what its file knows of its server holds there.
        """
        if self._room(draft) is not None:
            self.stop(draft)
        draft.connection.share(link, again=is_known)
        self.keep_link(draft, link)

    def share_again(self, draft: Draft) -> None:
        """Connects a document that was shared when it was closed."""
        room = self._room(draft)
        link = self._keys.sharing.links.get(draft.document_id)
        if room:

            def invited(_invitation: Invitation, own: Link) -> None:
                if not draft.is_closed and not _works_offline(draft) and self._room(draft) == room:
                    draft.connection.share(own, again=True, is_host=True)

            def failed(error: Exception) -> None:
                if not draft.is_closed and not _works_offline(draft):
                    draft.notices.show_not_hosted(error)

            self._hosting.invite(room, Role.EDITOR, invited, failed)
        elif link:
            try:
                draft.connection.share(Link.parse(link), again=True)
            except BadLink as error:  # somebody has edited the file of keys
                draft.say("link", "problem", str(error))
        elif self.has_lost_link(draft):
            draft.say("link", "warning", _NO_LINK)

    def offer(self, draft: Draft) -> None:
        """Offers what there is to do with a draft that is shared; where it is not, the commands say so."""
        is_shared = self._room(draft) is not None or draft.document_id in self._keys.sharing.links
        reason = "" if is_shared or draft.connection.has_server else "This document is not shared"
        actions = draft.window.actions_
        for id in _OF_SHARED:
            actions.show_refusal(id, reason)
        if self.has_lost_link(draft):  # it is offline already, and nothing brings it back but the link
            actions.show_refusal("work_offline", "The link of this document is not on this computer")
        if reason:
            actions["work_offline"].setChecked(False)

    def ask_stop(self, draft: Draft) -> None:
        """Asks whether a draft is not to be shared any more."""
        from cowrite.app.draft.dialogs import ask_stop_sharing

        ask_stop_sharing(draft, is_hosted=self._room(draft) is not None, then=lambda: self.stop(draft))

    def stop(self, draft: Draft) -> None:
        """A draft is not to be shared any more; where this computer hosts it, the links to it become void."""
        draft.connection.stop_sharing()
        room = self._room(draft)
        self._keys.change(
            lambda sharing: sharing.with_link(draft.document_id, None).with_hosted(draft.document_id, None)
        )
        self.offer(draft)
        if room:
            self._hosting.forget(room)

    def forget(self, document_id: str) -> None:
        """A document is gone: the links to it become void where this computer hosts it."""
        room = self._keys.sharing.hosted.get(document_id)
        if room is not None:
            self._keys.change(lambda sharing: sharing.with_hosted(document_id, None))
            self._hosting.forget(room)

    def work_offline(self, draft: Draft, on: bool) -> None:
        """Ends a draft's connection for now, or takes it up again."""
        if on and draft.connection.has_server:
            draft.connection.go_offline()
        elif not on and draft.shared is None:
            self.share_again(draft)

    def copy_link(self, draft: Draft) -> None:
        """Puts a draft's link on the clipboard; where there is none yet, or several, the dialog has them."""
        if draft.shared is None or self._room(draft) is not None:
            self.share(draft)
            return
        QGuiApplication.clipboard().setText(str(draft.shared.link))
        draft.say("link", "success", _COPIED + _CHOOSE if draft.shared.role is Role.OWNER else _COPIED)

    def _keep_room(self, draft: Draft, room: str | None) -> None:
        """This computer hosts a draft in a room from now on; None where it does not any more."""
        self._keys.change(lambda sharing: sharing.with_hosted(draft.document_id, room))
        self.offer(draft)

    def _links(self) -> Iterator[tuple[str, Link]]:
        for document_id, text in self._keys.sharing.links.items():
            with suppress(BadLink):  # somebody has edited the file of keys
                yield document_id, Link.parse(text)

    def _room_to_be(self, draft: Draft) -> str:
        """The room under which this computer would host a draft: that of before, or of the server from which it takes
        over, by whose name the others' copies know it again."""
        sharing = self._keys.sharing
        before = sharing.rooms.get(draft.document_id)
        link = next((link for document_id, link in self._links() if document_id == draft.document_id), None)
        if before is None and link is not None and link.room not in {*sharing.hosted.values(), *sharing.rooms.values()}:
            return link.room
        return before or secrets.token_hex(8)

    def _room(self, draft: Draft) -> str | None:
        """The room under which this computer hosts a draft."""
        return self._keys.sharing.hosted.get(draft.document_id)


def _works_offline(draft: Draft) -> bool:
    """Whether the person wants no connection for now."""
    return draft.window.actions_["work_offline"].isChecked()
