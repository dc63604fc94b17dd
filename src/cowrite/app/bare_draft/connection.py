"""DraftConnection: a draft's connection with a server, from sharing to leaving, and what the person may do there.

Runs on the GUI thread. What only sharing needs is loaded when somebody shares: the window is there sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.app.bare_draft.teammates import Teammates
from cowrite.bridge.file.opening import Opened
from cowrite.bridge.single_shot import single_shot
from cowrite.core.entries.authors import Author
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.gui.page.hint import WRITE
from cowrite.gui.window.views import DRAFT
from cowrite.storage.settings import Person as Me
from cowrite.sync.link import Link
from cowrite.sync.record import SyncRecord
from cowrite.sync.rights import Rights
from cowrite.sync.status import IN_STEP, Kind, Status

if TYPE_CHECKING:
    from cowrite.app.bare_draft.notices import DraftNotices
    from cowrite.bridge.file.image_store import ImageStore
    from cowrite.bridge.file.saved_document import SavedDocument
    from cowrite.bridge.network_thread import NetworkThread
    from cowrite.bridge.shared.document import SharedDocument
    from cowrite.gui.window.document_window import DocumentWindow

CARET_DELAY = 40  # milliseconds in which movements of one's own caret are gathered
AWAITED, NOTHING_WRITTEN = "The text is not here yet", "Nothing is written here yet"
_COMING = Rights(False, False, False, "its text is still coming")
REFUSED_DELAY = 100  # milliseconds in which refusals are gathered: one change can travel as several updates


class DraftConnection(QObject):
    """The connection of one draft, and who else is in it.

    Args:
        opened: the document, and what its file knows of a server.
        me: who sits here.
        saved: its file.
        images: its images.
        window: its window.
        notices: what is said there.
        network: gives the thread where the connection runs; called when there is one.
        member_secret: gives the secret by which the server behind a link knows this person.
        parent: Qt parent.
    """

    changed = Signal()
    """`shared` is another one now, or none, or the document has no server any more."""
    rights_changed = Signal()
    """The person may do something else now."""
    renaming = Signal()
    """The person takes another name: what they have said of themselves by the one so far is to be taken back now, for
    the server lets whoever may not edit speak for nobody but themselves."""
    called_changed = Signal(str)
    """The person may be called otherwise now; the name that was theirs until now, empty where it may be another's."""

    def __init__(
        self,
        opened: Opened,
        me: Me,
        saved: SavedDocument,
        images: ImageStore,
        window: DocumentWindow,
        notices: DraftNotices,
        network: Callable[[], NetworkThread],
        member_secret: Callable[[Link], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document = opened.document
        self._me = me
        self._saved = saved
        self._images = images
        self._window = window
        self._editor = editor = window.editor
        self._notices = notices
        self._network = network
        self._member_secret = member_secret
        self._record = opened.record
        self._joined = opened.joined
        self._rights = opened.rights
        self.shared: SharedDocument | None = None
        self.place = opened.place
        """The server and the room where the document is shared, as its file says; empty where it is not."""
        self.is_host = False
        """Whether the server to which the document came last is within this app."""
        # What the server calls this person, who may be one of two with one name; empty where it leaves that to them.
        self._given = str(opened.called.get(me.name, ""))
        self._is_offline = False  # because the person wants it
        self._is_leaving = self._is_over = False
        self._is_awaited = False  # the text of a document that was joined: it has never come
        self._is_coming = False  # a long text that takes its time
        self._presence_clock = 0
        self._teammates = Teammates(
            document,
            editor,
            window.people,
            lambda: self.shared,
            lambda: self.has_server,
            lambda: self._given,
            me,
            self,
        )
        self._teammates.led.connect(lambda: window.views.show_view(DRAFT))
        self._caret_timer = single_shot(self, self._tell_caret, CARET_DELAY)
        self._refused_timer = single_shot(self, self._show_refused, REFUSED_DELAY)
        document.observe_changes(self._on_change)
        document.observe_updates(self._on_update)
        editor.caret_moved.connect(self._caret_timer.start)
        window.activated.connect(lambda on: self._tell_caret() if on else None)
        window.views.shown.connect(lambda _name: self._tell_caret())

    @property
    def has_server(self) -> bool:
        """Whether the document is on a server too, connected or not."""
        return self.shared is not None or self._record.epoch is not None

    @property
    def me(self) -> Me:
        """Who sits here."""
        return self._me

    @property
    def called(self) -> str:
        """By which name the others know who sits here: the one that the server gave them, or else their own."""
        return self._given or self._me.name

    @property
    def author(self) -> Author:
        """Who sits here, as comments and suggested changes name them."""
        return Author(self.called, self._me.colour, self._me.id)

    @property
    def is_apart(self) -> bool:
        """Whether the document is on a server to which it is not connected now: who is there is not known."""
        if self.shared is None:
            return self._is_offline and self.has_server
        return self.shared.status.kind in (Kind.CONNECTING, Kind.OFFLINE)

    @property
    def epoch(self) -> str | None:
        """The identity of the server's document, or None where it has never been met."""
        return self._record.epoch

    @property
    def comment_refusal(self) -> str:
        """Why the person may not comment, without a full stop; empty where they may."""
        return "" if self.rights.may_comment else "You may read this document but not comment on it"

    @property
    def rights(self) -> Rights:
        """What the person may do; nothing but read while the text is coming."""
        return _COMING if self._is_coming else self._rights

    def take_rights(self, rights: Rights) -> None:
        """From now on the person may do this, and no more; the file keeps it."""
        self._rights = rights
        self._saved.properties.store_rights(rights)
        self.show_rights()

    def show_rights(self) -> None:
        """Shows everywhere what the person may do."""
        rights, window = self.rights, self._window
        window.show_read_only(rights.refusal, suggests=rights.only_suggests, comments=rights.may_comment)
        window.actions_.show_refusal("comment", self.comment_refusal)
        takes_asking = self.shared is not None and self.shared.members.takes_asking
        self._notices.show_rights(self._rights, may_ask=takes_asking)
        self.rights_changed.emit()
        self._show_hint()

    # Its life

    def join(self, link: Link) -> None:
        """Keeps a document that was made for this in step with a room from now on."""
        self.share(link, again=False, joins=True)

    def share(self, link: Link, *, again: bool, joins: bool = False, is_host: bool = False) -> None:
        """Keeps the document in step with a server from now on.

        Args:
            link: where.
            again: whether what its file knows of a server holds for this one.
            joins: whether the document was made to join this room; with `again` its file says so.
            is_host: whether this app itself is the server.
        """
        from cowrite.bridge.shared.document import SharedDocument
        from cowrite.sync.awareness import User
        from cowrite.sync.identity import Identity

        if self._is_over:  # the server of this computer answered too late
            return
        saved, me = self._saved, self._me
        self.leave()
        self.is_host = is_host
        if not again:
            self._record, self._rights, self._joined, self._given = SyncRecord(), Rights(), joins, ""
            saved.properties.forget_server()
            if joins:
                saved.properties.store_joined()
        self.place = link.place
        saved.properties.store_link(link.place)
        self.shared = SharedDocument(
            self._document,
            link,
            self._record,
            User(me.name, me.colour),
            self._images,
            saved.properties.saved_blobs if again else frozenset(),
            self._network(),
            identity=Identity(self._member_secret(link), me.name),
            joins=self._joined,
            presence_clock=self._presence_clock,
            called=self._given,
            parent=self,
        )
        self._is_offline = False
        self._is_awaited = self._joined and self._record.epoch is None and self._document.length <= 1
        self._follow(self.shared)
        self.show_rights()
        self._window.actions_["work_offline"].setChecked(False)
        self._notices.start_sharing(is_host=is_host)
        self._show_status(self.shared.status)
        self._teammates.show()
        self._tell_caret()
        self.changed.emit()

    def go_offline(self) -> None:
        """Ends the connection for now; what is known of the server stays."""
        self.leave()
        self._is_offline = True
        self._notices.show_offline(self._record.waiting)
        self._teammates.show()

    def stop_sharing(self) -> None:
        """Ends the connection and forgets the server; the document stays."""
        self.leave()
        self._is_offline = False
        self._record, self._rights, self._joined, self._given = SyncRecord(), Rights(), False, ""
        self.place = ""
        self._saved.properties.forget_server()
        self._saved.properties.store_link(None)
        self.show_rights()
        self._notices.show_unshared()
        self.called_changed.emit("")
        self._teammates.show()
        self.changed.emit()

    def start_leaving(self) -> None:
        """Says goodbye to the server; `leave` then waits less for it."""
        if self.shared is not None:
            self._is_leaving = True
            self.shared.start_leaving()

    def stay(self) -> None:
        """Connects again where `start_leaving` has said goodbye: the draft stays open after all."""
        if self._is_leaving and (link := self.leave()) is not None:
            self.share(link, again=True, is_host=self.is_host)

    def leave(self) -> Link | None:
        """Ends the connection, and listens to nothing that it still brings.

        Returns:
            Where it led; None where there was none.
        """
        shared, self.shared = self.shared, None
        self._is_leaving = False
        if self._is_awaited:
            self._is_awaited = False
            self._notices.show_awaited(None)
            self._show_hint()
        if shared is None:
            return None
        shared.leave()
        self._presence_clock = shared.presence.clock + 1  # a server says a farewell with the clock that follows
        shared.deleteLater()
        self.changed.emit()
        return shared.link

    def show_me(self, me: Me) -> None:
        """Shows another name or colour of who sits here."""
        called, before, self._me = self.called, self._me, me
        if me.name != before.name:
            self.renaming.emit()
        if self.shared is not None:
            from cowrite.sync.awareness import User

            self.shared.set_user(User(me.name, me.colour))
            self._keep_given(self.shared.presence.called)
        elif me.name != before.name:
            self._keep_given("")
        self._teammates.show_me(me)
        self.called_changed.emit(called)

    def close(self) -> None:
        """The draft is closed; it is not shared any more."""
        self.leave()
        self._is_over = True

    # Inside

    def _follow(self, shared: SharedDocument) -> None:
        shared.status_changed.connect(self._show_status)
        shared.record_changed.connect(self._keep_record)
        shared.rights_changed.connect(self.take_rights)
        shared.arriving.changed.connect(self._show_coming)
        shared.refused.connect(lambda _refusal: self._refused_timer.start())
        shared.members.unanswered.connect(lambda problem: self._notices.say("name", "warning", str(problem)))
        shared.presence.changed.connect(self._take_name)
        shared.presence.changed.connect(self._teammates.show)
        shared.images.saved.connect(self._saved.properties.blob_saved)

    def _show_coming(self, on: bool) -> None:
        self._is_coming = on
        self.show_rights()

    def _show_status(self, status: Status) -> None:
        self._notices.show_status(status, is_empty=self._is_awaited and not status.waiting)
        self._teammates.show_connected(status.kind in IN_STEP or status.kind is Kind.SYNCING)
        if self._is_awaited and (status.kind in IN_STEP or status.kind is Kind.OFFLINE):
            self._is_awaited = status.kind is Kind.OFFLINE
            self._notices.show_awaited(status.detail if self._is_awaited else None)
            self._show_hint()

    def _show_hint(self) -> None:
        """Says on an empty page to write there only where the person may, and knows what is there."""
        write = WRITE if self._rights.may_suggest else NOTHING_WRITTEN
        self._editor.hint.show_words(AWAITED if self._is_awaited else write)

    def _take_name(self) -> None:
        if self.shared is not None and self.shared.presence.called != self._given:
            before = self._given  # empty where the server had not said yet who this is, of several with one name
            self._keep_given(self.shared.presence.called)
            self.called_changed.emit(before)

    def _keep_given(self, called: str) -> None:
        before, self._given = self._given, called
        if before or called:
            self._saved.properties.store_called(self._me.name, called)

    def _on_change(self, change: Change) -> None:
        if self.shared is not None:
            self._caret_timer.start()
            self._teammates.follow_text(change)

    def _on_update(self, update: tuple[bytes, Origin]) -> None:
        if self._is_offline and update[1] is not Origin.STORAGE:
            self._keep_record(self._record._replace(waiting=self._record.waiting + 1))
            self._notices.show_offline(self._record.waiting)

    def _tell_caret(self) -> None:
        if self.shared is None:
            return
        if self._window.views.name == DRAFT:
            self.shared.presence.show_caret(*self._editor.caret())
        else:
            self.shared.presence.hide_caret()

    def _keep_record(self, record: SyncRecord) -> None:
        self._record = record
        self._saved.properties.store_record(record)

    def _show_refused(self) -> None:
        shared = self.shared
        if shared is not None and shared.status.reason is not None:
            shared.find_unsaved_text(lambda text: self._tell_refused(shared, text))

    def _tell_refused(self, shared: SharedDocument, text: str) -> None:
        if shared is self.shared and shared.status.reason is not None:
            self._notices.show_refused(shared.status, text)
