"""Application: all open drafts, the library, and what outlives them.

Runs on the GUI thread; the composition root.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtWidgets  # PySide makes a class when it is first named, and few are named at the start
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from cowrite.app.assistant.needs import Needs
from cowrite.app.assistant.switch import AssistantSwitch
from cowrite.app.attention import Attention
from cowrite.app.choices import Choices
from cowrite.app.draft.answers import connect_answers
from cowrite.app.draft.commands import connect_commands
from cowrite.app.draft.dialogs import ask_unwritten
from cowrite.app.draft.draft import Draft
from cowrite.app.draft.sharing import DraftSharing
from cowrite.app.files.dropped_files import DroppedFiles
from cowrite.app.files.on_the_way import OnTheWay
from cowrite.app.files.open_drafts import draft_at
from cowrite.app.files.opening import Opening
from cowrite.app.files.reading_notice import ReadingNotice
from cowrite.app.guide_flow import GuideFlow
from cowrite.app.keeping import Keeping
from cowrite.app.library_flow import LibraryFlow
from cowrite.app.quitting import Quitting
from cowrite.app.session_keeper import SessionKeeper
from cowrite.app.sharing.hosting import Hosting, with_keys
from cowrite.app.sharing.keys import Keys
from cowrite.app.sharing.outside_links import OutsideLinks
from cowrite.app.shown_choices import ShownChoices
from cowrite.app.spelling import Spelling
from cowrite.app.word_goals import WordGoals
from cowrite.bridge.file.local_history import LocalHistories
from cowrite.bridge.file.opening import Opened
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.clock import monotonic_milliseconds
from cowrite.errors import CowriteError
from cowrite.gui.keyboard.keyboard_focus import KeyboardFocus
from cowrite.paths import Paths
from cowrite.storage.library.library import Library
from cowrite.storage.library.originals import Originals
from cowrite.storage.names import JOINED, UNTITLED
from cowrite.sync.link import BadLink, Link

if TYPE_CHECKING:
    from cowrite.app.files.encoding_flow import EncodingQuestions
    from cowrite.app.history.left_histories import LeftHistories
    from cowrite.app.templates.flow import TemplateFlow
    from cowrite.bridge.shared.network_thread import NetworkThread
    from cowrite.convert.errors import UnknownEncoding
    from cowrite.gui.history.window import HistoryWindow
    from cowrite.gui.people.join_dialog import JoinDialog


class Application(QObject):
    """Everything that runs in one cowrite process.

    Args:
        app: Qt's application object.
        paths: where this person's files are.
        clock: milliseconds, for undo steps.
    """

    opened = Signal(object)
    """A Draft has been opened."""
    ending = Signal()
    """The event loop is over."""

    def __init__(self, app: QApplication, paths: Paths, *, clock: Callable[[], int] = monotonic_milliseconds) -> None:
        super().__init__(app)
        self.paths = paths
        paths.make()
        self.storage = StorageThread(self)
        self.sealed = paths.sealed
        keep = Keeping(self.storage, self.say, self._take_back).keep
        self.choices = Choices(app, paths, partial(keep, "kept settings"), self)
        self.choices.library_changed.connect(self._use_library)
        self.choices.histories_wanted.connect(self.show_left_histories)
        keys = paths.data / "keys" / "sharing.json"
        self.keys = Keys(keys, self.storage, lambda sentence: self.say(sentence, "keys"))
        self._network: NetworkThread | None = None
        self.library = Library(self.choices.library_folder, paths.search_index)
        self.histories = LocalHistories(paths.histories, self.network)
        self.hosting = Hosting(paths.data / "hosted", self.network, lambda: self.keys.sharing, self)
        self.hosting.keys_changed.connect(
            lambda port, invites: self.keys.change(lambda sharing: with_keys(sharing, port, invites))
        )
        self.hosting.notice.connect(self._say_to_all)
        self.sharing = DraftSharing(self.keys, self.hosting, self)
        self.drafts: list[Draft] = []
        self.links = OutsideLinks(self)
        self._encodings: EncodingQuestions | None = None
        self._used: Draft | None = None  # the one that the person was in last, be it in a dialog of its window
        self._on_the_way = OnTheWay(
            self.storage,
            paths,
            clock,
            self._show,
            self.say_not_opened,
            app.setQuitOnLastWindowClosed,
        )
        self._opening = Opening(self, self._on_the_way, clock, self._show)
        self._shown_choices = ShownChoices(self.choices, self.drafts, self)
        self.assistant = AssistantSwitch(Needs(self.choices, paths, self.storage, self.keys), self.drafts, self)
        self._library_flow = LibraryFlow(self)
        self._reading_notice = ReadingNotice(self._front, self._library_flow, self._on_the_way)
        self.guide = GuideFlow(app, self.choices, self.say, self)
        keep_session = partial(keep, "kept session", is_tried_again=True)
        self.session = SessionKeeper(paths.session, keep_session, self.drafts, self._front, self._is_waiting, self)
        self._quitting = Quitting(app, self.drafts, self.session, self._on_the_way)
        self.spelling = Spelling(self.choices, self.drafts, self.storage, self.say, paths.own_words, self)
        self.goals = WordGoals(paths.goals, partial(keep, "kept goals", is_tried_again=True), self.say, self)
        self._attention = Attention(app, self)
        for add, end in ((self.spelling.add, self.spelling.end), (self.goals.add, self.goals.end)):
            self.opened.connect(add)
            self.ending.connect(end)
        KeyboardFocus(app, self)
        app.setQuitOnLastWindowClosed(True)
        app.aboutToQuit.connect(self._end)

    def network(self) -> NetworkThread:
        """The thread for connections; started when the first document is shared."""
        if self._network is None:
            from cowrite.bridge.shared.network_thread import NetworkThread

            self._network = NetworkThread(self)
        return self._network

    # Opening

    def start(self, what: Sequence[str]) -> None:
        """Opens files and links, or without any what was open the last time; else the library or a new draft."""
        self._open_first(what)
        if self.choices.problem:
            self.say(self.choices.problem, "settings")
        if self.keys.problem:
            self.say(self.keys.problem, "keys")

    def open_all(self, what: Sequence[str]) -> bool:
        """Opens files and links; says whether all of them are open now, on their way, or asked about."""

        def open_one(each: str) -> bool:
            if "://" in each and not each.startswith("file://"):
                return self.links.follow(each)
            # File managers hand over addresses.
            path = Path(QtCore.QUrl(each).toLocalFile() if each.startswith("file://") else each)
            return self.open_path(path) is not None or path in self._on_the_way

        return False not in [open_one(each) for each in what]

    def come_to_front(self) -> None:
        """Brings a window to the person: that of the draft in front, or the library."""
        front = self._front()
        if front is not None:
            front.come_to_front()
        else:
            self.show_library()

    def _open_first(self, what: Sequence[str]) -> None:
        self.open_all(what)
        if self.links.dialog is not None:
            return  # what stands behind it is what the person came from
        if not what and self.choices.settings.restore_session:
            try:
                if gone := self.session.restore(self.open_path, lambda id: self.library.find({id})):
                    files = " and ".join(f"“{path}”" for path in gone)
                    self.say(f"Open last time, but not there now: {files}.")
            except CowriteError as error:
                self.say(str(error))
        if not self.drafts and not self._on_the_way:
            if self._encodings:
                self._library_flow.show(is_used=False)  # behind the question
            elif self._library_flow.is_shown or (self.library.folder.exists() and self._library_flow.has_documents()):
                self.show_library()  # a window in front of it would hide why something was not opened
            else:
                self.new_document()

    def new_document(self, title: str = UNTITLED) -> Draft | None:
        """Starts an empty document, which is on disk from its first key on; its file is called by the title."""
        return self._opening.open(lambda: self.library.new_path(title), create=True, new=True)

    def open_state(self, title: str, state: bytes) -> Draft | None:
        """Starts a document of its own with all that another one was.

        Args:
            title: what its file is called.
            state: the other one as one update.
        """
        draft = self._opening.open(lambda: self.library.new_path(title or UNTITLED), create=True, new=False)
        if draft is not None:
            draft.document.apply_remote(state)
        return draft

    def open_path(
        self, path: Path, then: Callable[[Draft], None] = lambda _draft: None, *, now: bool = False
    ) -> Draft | None:
        """Opens a document, or brings its window to the front where it is open already.

        Args:
            path: its file, or that of another program.
            then: is called with the draft once it is open; see `OnTheWay`.
            now: whether to wait for a large one.

        Returns:
            The draft; None where it is on its way, or cannot be opened, which is said.
        """
        draft = self._opening.at(path, then, now=now)
        if draft is not None:
            then(draft)
        return draft

    def join_text(self, text: str) -> Draft | None:
        """Opens the document that a link leads to; a sentence is shown where it is no link."""
        try:
            link = Link.parse(text)
        except BadLink as error:
            self.say(str(error))
            return None
        return self.join(link)

    def join(self, link: Link, *, as_copy: bool = False) -> Draft | None:
        """Opens the document that a link leads to: the one on this computer where there is one."""
        if not as_copy:
            from cowrite.app.sharing.known_documents import open_known

            known = open_known(self, link)
            if known is not None:
                return known
        draft = self._opening.open(lambda: self.library.new_path(JOINED), create=True, new=False)
        if draft is not None:
            draft.connection.join(link)
            self.sharing.keep_link(draft, link)
            if not as_copy and (elsewhere := self.sharing.ids_elsewhere(link)):
                from cowrite.app.sharing.known_documents import MovedQuestion

                MovedQuestion(self, draft, elsewhere)
        return draft

    def put_away(self, draft: Draft) -> None:
        """Closes a draft, and moves its document to the trash a moment later; opening it again lets it stay."""
        self._library_flow.trash_soon(str(draft.path))

    def show_library(self) -> None:
        """Shows all documents."""
        self._library_flow.show()

    def say(self, sentence: str, notice: str = "application") -> None:
        """Shows a sentence where the person looks: in the window in front, or in the library."""
        draft = self._front()
        if draft is not None:
            draft.say(notice, "problem", sentence)
        else:
            self._library_flow.say(sentence, notice)

    def say_not_opened(self, error: CowriteError) -> None:
        """Shows why a file was not opened; of several that are opened together each is told. Where its encoding is to
        be known, asks for it, and opens it."""
        from cowrite.convert.errors import UnknownEncoding

        if isinstance(error, UnknownEncoding):
            self._ask_encoding(error)
            return
        sentence = str(error)
        self.say(sentence, f"file {hash(sentence)}")

    def _ask_encoding(self, error: UnknownEncoding) -> None:
        if self._encodings is None:
            from cowrite.app.files.encoding_flow import EncodingQuestions

            self._encodings = EncodingQuestions(
                self._window_in_front, lambda path, encoding: self._opening.bring_in(path, encoding=encoding), self
            )
        self._encodings.ask(error)

    def _window_in_front(self) -> QtWidgets.QWidget | None:
        front = self._front()
        return front.window if front is not None else QApplication.activeWindow()

    def wait_for_documents(self) -> None:
        """Has those that are on their way arrive now, for what is done to a file differs when it is open."""
        self._on_the_way.wait()

    def close_draft(self, path: Path) -> Path | None:
        """Closes the document in a file, if it is open, and returns its path, for closing may rename it; None where it
        stays open."""
        self.wait_for_documents()
        draft = self.draft_at(path)
        if draft is None:
            return path
        before = draft.path
        if not draft.window.close():
            return None
        return path if draft.path == before else path.with_name(draft.path.name)

    def file_renamed(self, before: Path, now: Path) -> None:
        """The file of a closed document has another name now: what leads to it goes along."""
        self.choices.renamed(before, now)
        self._shown_choices.show_renamed(before, now)
        self.session.renamed(before, now)

    def draft_at(self, path: Path) -> Draft | None:
        """The draft in a file, see `open_drafts.draft_at`."""
        return draft_at(self.drafts, path)

    # Inside

    def _is_waiting(self) -> bool:
        """Whether documents are on their way, or one is asked about before any is open."""
        return bool(self._on_the_way) or (self.links.dialog is not None and not self.drafts)

    def _say_to_all(self, sentence: str) -> None:
        for draft in self.drafts:
            draft.say("host", "warning", sentence)

    def _show(self, opened: Opened) -> Draft:
        settings, theme = self.choices.settings, self.choices.theme
        with ExitStack() as stack:
            stack.callback(lambda: self.storage.run_now(opened.close))
            draft = Draft(
                opened,
                settings.person,
                theme,
                self.storage,
                self.network,
                self.library,
                self.sealed,
                self.keys.member_secret,
                self.histories,
                settings.history,
            )
            stack.pop_all()  # the draft closes it
        draft.setParent(self)
        self.drafts.append(draft)
        self._use(draft)
        self.choices.opened(draft.path)
        self._connect(draft)  # then it stands among the recent ones of its own menu, too
        self.sharing.share_again(draft)
        draft.window.show()
        if opened.shared_original is not None:
            draft.notices.show_copied(opened.shared_original)
        self.opened.emit(draft)
        self.session.note()
        return draft

    def _connect(self, draft: Draft) -> None:
        draft.closed.connect(self._closed)
        draft.refused.connect(self._refused)
        draft.file_renamed.connect(partial(self._draft_renamed, draft.document_id))
        draft.window.activated.connect(lambda on: self._use(draft) if on else None)
        connect_commands(self, draft)
        connect_answers(self, draft)
        DroppedFiles(draft, self.open_path)
        draft.window.people.share_requested.connect(lambda: self.sharing.share(draft))
        draft.window.people.manage_requested.connect(lambda: self.sharing.show_people(draft))
        self._attention.add(draft)
        self._reading_notice.add(draft)
        self.assistant.add(draft)
        self._shown_choices.add(draft)

    def ask_join(self, link: str = "") -> JoinDialog:
        """Asks for a link and opens what it leads to.

        Args:
            link: one that another program has handed over, about which the person is asked.
        """
        from cowrite.app.sharing.join_flow import ask_join

        front = self._front()
        if link and front is not None:
            front.come_to_front()
        return ask_join(self.choices, self.join_text, front.window if front else None, link)

    def ask_template(self, parent: QtWidgets.QWidget) -> TemplateFlow:
        """Asks for a template, and starts a document with its text; `parent` is the window in front."""
        from cowrite.app.templates.flow import TemplateFlow

        return TemplateFlow(self, parent)

    def show_history(self, draft: Draft, *, compares: bool = False) -> HistoryWindow:
        """Shows what a draft was at any moment; or first, all that is new since the person was here last."""
        from cowrite.app.history.flow import show_history

        return show_history(draft, lambda: self.choices.set_history(True), compares=compares)

    def show_left_histories(self, window: QtWidgets.QWidget) -> LeftHistories:
        """Shows the histories whose documents are nowhere to be found."""
        from cowrite.app.history.left_histories import LeftHistories

        return LeftHistories(self, window)

    def quit(self) -> None:
        """Closes all documents and ends, unless one of them cannot be written and the person keeps it open."""
        self._quitting.quit()

    def _refused(self, draft: Draft) -> None:
        def close() -> None:
            draft.give_up()
            draft.window.close()

        ask_unwritten(draft, close)

    def _closed(self, draft: Draft) -> None:
        self.drafts.remove(draft)
        self._used = None if draft is self._used else self._used
        self.assistant.remove(draft)
        self._reading_notice.remove(draft)
        if self.drafts:  # closing the last window ends cowrite, and its document is what the next start shows
            self.session.note()
        draft.window.deleteLater()
        draft.deleteLater()
        self._library_flow.refresh()

    def _draft_renamed(self, document_id: str, before: Path, now: Path) -> None:
        self.file_renamed(before, now)
        self.storage.run(lambda: Originals(self.paths.originals).note(document_id, now))

    def _front(self) -> Draft | None:
        """The draft in front, or that was so before another window was, perhaps of another program."""
        return self._used or next(reversed(self.drafts), None)

    def _use(self, draft: Draft) -> None:
        if draft in self.drafts:  # a window comes into use once more while it goes
            self._used = draft

    def _use_library(self) -> None:
        self.library = Library(self.choices.library_folder, self.paths.search_index)

    def _take_back(self, notice: str) -> None:
        self._library_flow.take_back_said(notice)
        for draft in self.drafts:
            draft.window.notices.remove(notice)

    def _end(self) -> None:
        """The event loop is over: writes and closes what is left."""
        self.ending.emit()
        flows = (self.assistant.end, self._library_flow.finish)
        self._quitting.end((*flows, self.hosting.close, self.histories.close, self._end_network, self.storage.close))

    def _end_network(self) -> None:
        if self._network is not None:
            self._network.close()
