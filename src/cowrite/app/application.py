"""Application: makes all that outlives a document, and joins it together.

Runs on the GUI thread; the composition root.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore  # PySide makes a class when it is first named, and few are named at the start
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from cowrite.app.assistant.needs import Needs
from cowrite.app.assistant.switch import AssistantSwitch
from cowrite.app.attention import Attention
from cowrite.app.choices import Choices
from cowrite.app.commands.answers import connect_answers
from cowrite.app.commands.brainstorm_table import connect_brainstorming
from cowrite.app.commands.draft_commands import connect_commands
from cowrite.app.commands.shown_choices import ShownChoices
from cowrite.app.documents.library_flow import LibraryFlow
from cowrite.app.documents.open_documents import OpenDocuments
from cowrite.app.documents.quitting import Quitting
from cowrite.app.documents.reading_notice import ReadingNotice
from cowrite.app.documents.session_keeper import SessionKeeper
from cowrite.app.draft.draft import Draft
from cowrite.app.draft.words import DraftWords
from cowrite.app.files.dropped_files import DroppedFiles
from cowrite.app.guide_flow import GuideFlow
from cowrite.app.keeping import Keeping
from cowrite.app.sharing.hosting import Hosting
from cowrite.app.sharing.joining import Joining
from cowrite.app.sharing.keys import Keys
from cowrite.app.sharing.outside_links import OutsideLinks
from cowrite.app.sharing.own_colour import OwnColour
from cowrite.app.sharing.sharing import DraftSharing
from cowrite.app.spelling import Spelling
from cowrite.app.word_goals import WordGoals
from cowrite.bridge.file.local_history import LocalHistories
from cowrite.bridge.file.opening import Opened
from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.single_shot import single_shot
from cowrite.clock import monotonic_milliseconds
from cowrite.errors import CowriteError
from cowrite.gui.keyboard.keyboard_focus import KeyboardFocus
from cowrite.paths import Paths
from cowrite.storage.errors import LibraryClosed
from cowrite.storage.json_file import write_own_object
from cowrite.storage.sealed_items import kept_at

if TYPE_CHECKING:
    from cowrite.app.history.left_histories import LeftHistories
    from cowrite.app.templates.flow import TemplateFlow
    from cowrite.bridge.network_thread import NetworkThread
    from cowrite.gui.history.window import HistoryWindow

_log = logging.getLogger(__name__)

GONE = 2_000  # milliseconds from the end of a document until nothing that goes on holds it any more


class Application(QObject):
    """Everything that runs in one cowrite process.

    Args:
        app: Qt's application object.
        paths: where this person's files are.
        clock: milliseconds, for undo steps.
    """

    ending = Signal()
    """The event loop is over."""

    def __init__(self, app: QApplication, paths: Paths, *, clock: Callable[[], int] = monotonic_milliseconds) -> None:
        super().__init__(app)
        self.paths = paths
        paths.make()
        self.storage = StorageThread(self)
        keep = Keeping(self.storage, self.say, self._take_back, self).keep
        self.choices = Choices(app, paths, partial(keep, "kept settings"), self)
        self.choices.histories_wanted.connect(self.show_left_histories)
        keys = paths.data / "keys" / "sharing.json"
        self.keys = Keys(keys, partial(keep, "keys"))
        self._network: NetworkThread | None = None
        self.histories = LocalHistories(paths.histories, self.network)
        self.hosting = Hosting(paths.data / "hosted", self.network, lambda: self.keys.sharing, self)
        self.hosting.keys_changed.connect(
            lambda port, invites: self.keys.change(lambda sharing: replace(sharing, port=port, invites=invites))
        )
        self.hosting.notice.connect(self._say_to_all)
        self.sharing = DraftSharing(self.keys, self.hosting, self)
        self.documents = OpenDocuments(
            self.storage,
            paths,
            clock,
            self._new_path,
            self._make_draft,
            self._connect_draft,
            app.setQuitOnLastWindowClosed,
            self,
        )
        drafts, front, on_the_way = self.documents.drafts, self.documents.front, self.documents.on_the_way
        self._shown_choices = ShownChoices(self.choices, drafts, self)
        self.assistant = AssistantSwitch(Needs(self.choices, paths, self.storage, self.keys), drafts, self)
        self._library_flow = LibraryFlow(self.documents, self.choices, self.storage, paths, self)
        self._reading_notice = ReadingNotice(front, self._library_flow, on_the_way)
        self.joining = Joining(self.documents, self.sharing, self.choices, paths.originals, self._put_away, self.say)
        self.links = OutsideLinks(self.joining, self.sharing, self.documents, self.say)
        self.guide = GuideFlow(app, self.choices, self.say, self)
        keep_session = partial(keep, "kept session", by_itself=True)
        self.session = SessionKeeper(paths.session, keep_session, drafts, front, self._is_waiting, self)
        self._quitting = Quitting(app, drafts, self.session, on_the_way)
        self.spelling = Spelling(self.choices, drafts, partial(keep, "own words"), self.say, paths.own_words, self)
        self.goals = WordGoals(paths.goals, partial(keep, "kept goals", by_itself=True), self.say, self)
        self._attention = Attention(app, self)
        self._trim_timer = single_shot(self, _trim, GONE)
        self._connect_parts()
        KeyboardFocus(app, self)
        app.setQuitOnLastWindowClosed(True)
        app.aboutToQuit.connect(self._end)

    def _connect_parts(self) -> None:
        documents, library = self.documents, self._library_flow
        documents.opened.connect(self.spelling.add)
        documents.opened.connect(lambda draft: DraftWords(draft, self.goals))
        self.ending.connect(self.spelling.end)
        self.ending.connect(self.goals.end)
        documents.opened.connect(self.session.note)
        documents.closed.connect(self._closed)
        documents.moved.connect(self._moved)
        documents.not_opened.connect(self._say_not_opened)
        for renamed in (documents.renamed, library.renamed):
            renamed.connect(self._renamed)
        library.forgotten.connect(self.sharing.forget)
        library.forgotten.connect(self.histories.forget)
        library.forgotten.connect(self._forget_beside)
        library.template_wanted.connect(self.ask_template)
        library.join_wanted.connect(self.joining.ask)
        library.guide_wanted.connect(self.guide.show)

    def network(self) -> NetworkThread:
        """The thread for connections; started when the first document is shared."""
        if self._network is None:
            from cowrite.bridge.network_thread import NetworkThread

            self._network = NetworkThread(self)
        return self._network

    # Opening

    def start(self, what: Sequence[str]) -> None:
        """Opens files and links, or without any what was open the last time; else the library or a new draft."""
        self._open_first(what)
        problems = {"settings": self.choices.problem, "keys": self.keys.problem, "session": self.session.problem}
        for notice, problem in problems.items():
            if problem:
                self.say(problem, notice)

    def open_all(self, what: Sequence[str]) -> bool:
        """Opens files and links; says whether all of them are open now, on their way, or asked about."""

        def open_one(each: str) -> bool:
            if "://" in each and not each.startswith("file://"):
                return self.links.follow(each)
            # File managers hand over addresses.
            path = Path(QtCore.QUrl(each).toLocalFile() if each.startswith("file://") else each)
            return self.documents.open(path) is not None or path in self.documents.on_the_way

        return False not in [open_one(each) for each in what]

    def come_to_front(self) -> None:
        """Brings a window to the person: that of the draft in front, or the library."""
        front = self.documents.front()
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
                if gone := self.session.restore(self.documents.open, lambda id: self.choices.library.find({id})):
                    files = " and ".join(f"“{path}”" for path in gone)
                    self.say(f"Open last time, but not there now: {files}.")
            except CowriteError as error:
                self.say(str(error))
        if not self.documents.drafts and not self.documents.on_the_way:
            library = self._library_flow
            if self.documents.is_asking:
                library.show(is_used=False)  # behind the question
            elif library.is_shown or (self.choices.library.folder.exists() and library.has_documents()):
                self.show_library()  # a window in front of it would hide why something was not opened
            else:
                self.documents.new()

    def show_library(self) -> None:
        """Shows all documents."""
        self._library_flow.show()

    def say(self, sentence: str, notice: str = "application") -> None:
        """Shows a sentence where the person looks: in the window in front, or in the library."""
        draft = self.documents.front()
        if draft is not None:
            draft.say(notice, "problem", sentence)
        else:
            self._library_flow.say(sentence, notice)

    # Inside

    def _is_waiting(self) -> bool:
        """Whether documents are on their way, or one is asked about before any is open."""
        documents = self.documents
        return bool(documents.on_the_way) or (self.links.dialog is not None and not documents.drafts)

    def _say_not_opened(self, error: CowriteError) -> None:
        """Shows why a file was not opened; of several that are opened together each is told."""
        sentence = str(error)
        if isinstance(error, LibraryClosed) and self.documents.front() is None:
            self._library_flow.say_closed(error)  # there is no menu that leads to another folder
            return
        self.say(sentence, f"file {hash(sentence)}")

    def _say_to_all(self, sentence: str) -> None:
        for draft in self.documents.drafts:
            draft.say("host", "warning", sentence)

    def _new_path(self, title: str) -> Path:
        return self.choices.library.new_path(title)  # in the folder that is chosen by then

    def _make_draft(self, opened: Opened) -> Draft:
        settings, theme = self.choices.settings, self.choices.theme
        with ExitStack() as stack:
            stack.callback(lambda: self.storage.run_now(opened.close))
            draft = Draft(
                opened,
                settings.person,
                theme,
                self.storage,
                self.network,
                self.choices.library,
                self.paths,
                self.keys.member_secret,
                self.histories,
                settings.history,
            )
            stack.pop_all()  # the draft closes it
        return draft

    def _connect_draft(self, draft: Draft) -> None:
        self.choices.opened(draft.path)  # then it stands among the recent ones of its own menu, too
        acts: dict[str, Callable[[], object]] = {
            "new_from_template": lambda: self.ask_template(draft.window),
            "join": self.joining.ask,
            "library": self.show_library,
            "history": lambda: self.show_history(draft),
            "guide": self.guide.show,
            "quit": self.quit,
        }
        connect_brainstorming(draft)
        connect_commands(draft, self.documents, self.sharing, self.choices, self.paths, acts)
        compare = partial(self.show_history, compares=True)
        connect_answers(draft, self.sharing, self.joining.join_copy, compare, self._put_away)
        for shown in (draft.window.views.shown, draft.brainstorming.presented):
            shown.connect(lambda *_: self.session.note_what_is_new())
        DroppedFiles(draft.editor, draft.window.notices, self.documents.open)
        draft.window.people.share_requested.connect(lambda: self.sharing.share(draft))
        draft.window.people.manage_requested.connect(lambda: self.sharing.show_people(draft))
        self._attention.add(draft)
        self._reading_notice.add(draft)
        self.assistant.add(draft)
        self._shown_choices.add(draft)
        OwnColour(draft, self.documents.drafts, self.choices)
        self.sharing.share_again(draft)

    def ask_template(self, parent: QWidget) -> TemplateFlow:
        """Asks for a template, and starts a document with its text; `parent` is the window in front."""
        from cowrite.app.templates.flow import TemplateFlow

        flow = TemplateFlow(self.documents, self.choices, self.storage, self.paths.document_templates, parent)
        self.ending.connect(flow.end)
        return flow

    def show_history(self, draft: Draft, *, compares: bool = False) -> HistoryWindow:
        """Shows what a draft was at any moment; or first, all that is new since the person was here last."""
        from cowrite.app.history.flow import show_history

        return show_history(draft, lambda: self.choices.set_history(True), compares=compares)

    def show_left_histories(self, window: QWidget) -> LeftHistories:
        """Shows the histories whose documents are nowhere to be found."""
        from cowrite.app.history.left_histories import LeftHistories

        return LeftHistories(self.documents, self.choices, self.histories, self.storage, self.paths, window)

    def quit(self) -> None:
        """Closes all documents and ends, unless one of them cannot be written and the person keeps it open."""
        self._quitting.quit()

    def _put_away(self, draft: Draft) -> None:
        """Closes a draft, and moves its document to the trash a moment later; opening it again lets it stay."""
        if self.documents.drafts == [draft]:  # cowrite ends with its last window
            self.show_library()
        self._library_flow.trash_soon(str(draft.path))

    def _closed(self, draft: Draft) -> None:
        self.assistant.remove(draft)
        self._reading_notice.remove(draft)
        if self.documents.drafts:  # closing the last window ends cowrite, and its document is what the next start shows
            self.session.note()
        self._trim_timer.start()

    def _moved(self, draft: Draft) -> None:
        self.choices.opened(draft.path)
        self.session.note()

    def _renamed(self, before: Path, now: Path) -> None:
        """The file of a document has another name now: what leads to it goes along."""
        self.choices.renamed(before, now)
        self._shown_choices.show_renamed(before, now)
        self.session.renamed(before, now)

    def _forget_beside(self, document_id: str) -> None:
        """A document is gone: so is what was half written on its pad, and what was taken out of its suggestions."""
        for folder in (self.paths.half_notes, self.paths.decided_changes):
            path = kept_at(folder, document_id)
            gone = partial(write_own_object, path, {})
            self.storage.run(gone, None, lambda error: _log.warning("something of a document stays: %s", error))

    def _take_back(self, notice: str) -> None:
        self._library_flow.take_back_said(notice)
        for draft in self.documents.drafts:
            draft.window.notices.remove(notice)

    def _end(self) -> None:
        """The event loop is over: writes and closes what is left."""
        self.ending.emit()
        flows = (self.assistant.end, self._library_flow.finish)
        self._quitting.end((*flows, self.hosting.close, self.histories.close, self._end_network, self.storage.close))

    def _end_network(self) -> None:
        if self._network is not None:
            self._network.close()


def _trim() -> None:
    """Gives back the memory of documents that were closed: Python may not look for it for hours, and GNU's C library
    would keep it. Ten of 500 pages take a gigabyte."""
    from cowrite.worker import memory  # needed by those who close one only

    gc.collect()
    memory.trim()
