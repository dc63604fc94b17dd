"""DraftNotices: what one draft says about itself, above its page and in its status bar.

Runs on the GUI thread. The answers that it offers are names, which the draft acts on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime

from cowrite.bridge.file.on_disk import OnDisk, Safety
from cowrite.core.text.first_words import shortened
from cowrite.gui.window.notice_bar import Answer, Notice, NoticeBar
from cowrite.gui.window.status_strip import Fact, StatusStrip
from cowrite.storage.document.content import Loaded
from cowrite.storage.document.loss import NOTHING_LEFT
from cowrite.storage.layout import SUFFIX
from cowrite.storage.library.originals import Original
from cowrite.sync.rights import Rights
from cowrite.sync.status import Kind, Status, working_offline

ASK = Answer("ask_to_write", "Ask to write")
QUOTE = 60  # characters of a refused text that are shown

_SERVER_TONES = {
    Kind.SAVED: "ok",
    Kind.SHARED: "ok",
    Kind.LOCAL: "ok",
    Kind.CONNECTING: "waiting",
    Kind.SYNCING: "waiting",
    Kind.WAITING: "waiting",
    Kind.OFFLINE: "offline",
}
_SUGGESTING = "What you write is marked, and an editor accepts or rejects it."
_COMMENTING = "Select words to comment on them. To write here, ask an owner of the document."
_READING = "You can select and copy the text. To write here, ask an owner of the document."
_AWAITED = "This document is not here yet. It comes once its server, or the computer that shares it, can be reached."
_HELD_UP = "What you write after it waits as well; in the server’s copy you can go on."
_SAID = "Your comments reach the others all the same."
_NOT_DONE = ("comment", "change", "rename", "import_ideas", "new_decision", "blank", "misspelt")
"""The notices that say why something was not done that the person wanted."""
_NOT_SENT = "What you wrote last is not on the server. It is kept in this copy."
_PROTECTED = "You can select and copy the text, or save a copy and write in that."
_RESTORING = "The document is being restored. The window closes as soon as that is done."
_SILENT = (
    "Your last changes are on their way to the disk, which has not answered for some seconds. You can write on. To "
    "open or close a document may have to wait for it."
)
_HERE = {
    Safety.SAVED: Fact("ok", "Saved on this computer"),
    Safety.SAVING: Fact("ok", "Saving on this computer"),
    Safety.SILENT: Fact("offline", "Saving on this computer, the disk does not answer", _SILENT),
    Safety.FAILED: Fact("problem", "Not saved on this computer"),
}


class DraftNotices:
    """The sentences of one draft.

    Args:
        bar: the notices above the page.
        strip: the status bar.
    """

    def __init__(self, bar: NoticeBar, strip: StatusStrip) -> None:
        self._bar = bar
        self._strip = strip
        self._copy_is_open = False
        self._rights = Rights()
        self._asked, self._may_ask = "", False
        self._refused: Status | None = None  # why that was not taken of which is told
        self._status: Status | int | None = None  # or how many changes wait while the person wants no connection
        self._sealed = 0
        self._is_host = False
        self._is_awaited = False
        self._closed: Notice | None = None  # what is said of a connection that does not go on by itself
        self.files: dict[str, Path] = {}
        """The files that were written last, by the names of the notices that say so."""
        self.refused = ""
        """What was written here, and a server did not take the last time; empty where nobody knows."""

    def say(self, notice: str, kind: str, sentence: str, *answers: Answer) -> None:
        """Shows a sentence, with its answers."""
        self._bar.show_notice(Notice(notice, kind, sentence, answers))

    def take_back(self, notice: str) -> None:
        """What was said is true no more."""
        self._bar.remove(notice)

    def go_on(self) -> None:
        """The person has gone on: why something was not done is of no use to them any more."""
        if not self._bar.isHidden():
            for notice in _NOT_DONE:
                self._bar.remove(notice)

    def show_written_file(self, notice: str, sentence: str, path: Path) -> None:
        """Says that a file or a folder was written, and offers to show where it is, or a file to open it in the
        program that the system has for it."""
        self.files[notice] = path
        opens = not path.is_dir() and path.suffix != SUFFIX
        opening = (Answer("open_file", "Open"),) if opens else ()
        self.say(notice, "success", sentence, *opening, Answer("show_folder", "Show in folder"))

    def show_on_disk(self, on_disk: OnDisk) -> None:
        """Shows how the document stands on this computer."""
        if self._rights.reason:  # what is there was never written by us
            return
        fact = _HERE[on_disk.safety]
        self._strip.show_here(fact._replace(detail=on_disk.problem or fact.detail))
        if on_disk.safety is Safety.FAILED:
            kept = "What you write is kept in this window, and saving is tried again."
            self.say("disk", "problem", f"{on_disk.problem} {kept}")
        elif on_disk.safety is Safety.SAVED:
            self._bar.remove("disk")

    def show_unwritten(self, problem: str) -> None:
        """Shows why the window stays open."""
        self.say("disk", "problem", f"{problem} The window stays open so that nothing is lost.")

    def show_restoring(self) -> None:
        """Says for what closing waits."""
        self._bar.show_notice(
            Notice(
                "restoring", "information", _RESTORING, (Answer("leave", "Close without waiting"),), dismissable=False
            )
        )

    def show_not_restored(self, problem: str) -> None:
        """Shows why the document is not what it was to be, or not all of it, and the window stays open."""
        self.say("restored", "problem", f"{problem} The window has stayed open so that you hear of it.")

    def show_written(self) -> None:
        """Everything is on this computer's disk."""
        self._bar.remove("disk")

    def show_missing(self, loaded: Loaded) -> None:
        """Shows what a damage took, or is not in a copy, until the person has read it."""
        if not loaded.missing and not loaded.behind:
            return
        what = f"What is missing: {'; '.join(loaded.missing)}." if loaded.missing else ""
        if loaded.missing == (NOTHING_LEFT,):
            what = f"{NOTHING_LEFT}."
        if loaded.behind:
            copied = "This file was copied while the document was open, or the log beside it (-wal) was deleted."
            sentence = f"{copied} {loaded.behind}. {what}"
            kept = "The file as it was"
        else:
            sentence = f"This document was damaged. {what}"
            kept = "The damaged file"
        if loaded.damaged_original and loaded.missing:
            sentence = f"{sentence} {kept} is kept as “{loaded.damaged_original}”."
        self.say("missing", "warning", sentence.strip(), Answer("understood", "Understood"))

    def show_copied(self, original: Original) -> None:
        """Shows that this is a copy of a document that is shared, and is not shared itself."""
        away, how = "", ""
        if original.is_away:
            away = ", whose drive is away"
            how = " Connect the drive to go on there, or join with the document’s link to go on without it."
        sentence = f"This is a copy of “{original.path}”{away}, and is not shared: the two go on separately.{how}"
        self.say("copied", "information", sentence)

    def show_awaited(self, problem: str | None) -> None:
        """Shows that a document that was joined has never arrived, until the person has read it; None once it has.

        Args:
            problem: why, as far as that is known.
        """
        if problem is None:
            self._is_awaited = False
            self._bar.remove("awaited")
            return
        sentence = f"{_AWAITED} {problem}".strip()
        if self._is_awaited:  # each try may fail in another way
            self._bar.reword("awaited", sentence)
        else:
            self._is_awaited = True
            self.say("awaited", "warning", sentence)

    def start_sharing(self, *, is_host: bool) -> None:
        """The document comes to a server, which may be within this app itself; no copy of what that one holds is open,
        a copy that was not shared is shared, and a link that was missing is there."""
        self._copy_is_open = False
        self._is_host = is_host
        for notice in ("hosting", "copied", "link"):
            self._bar.remove(notice)

    def show_commented(self, notice: str, names: Sequence[str]) -> None:
        """Says who has commented on the text, and offers to show it; without names, says nothing any more.

        Args:
            notice: its name.
            names: of those who have, each once.
        """
        if not names:
            self._bar.remove(notice)
            return
        who = names[0] if len(names) == 1 else f"{len(names)} people"
        who = " and ".join(names) if len(names) == 2 else who
        verb = "has" if len(names) == 1 else "have"
        show = Answer("show_comments", "Show comments")
        self.say(notice, "information", f"{who} {verb} commented on this text.", show)

    def show_absence(self, notice: str, names: Sequence[str], left: int) -> None:
        """Says that others have changed the text while the person was away, and offers to show it.

        Args:
            notice: its name.
            names: of those who have, each once; none where that is not known.
            left: when the person left, in milliseconds since 1970.
        """
        from cowrite.gui.history.moment_words import listed, phrase

        verb = "has" if len(names) == 1 else "have"
        who = f"{listed(names)} {verb} changed this document" if names else "This document has changed"
        since = phrase(QDateTime.fromMSecsSinceEpoch(left), QDateTime.currentDateTime())
        show = Answer("show_absence", "Show what is new")
        self.say(notice, "information", f"{who} since you were here {since}.", show)

    def show_mentioned(self, notice: str, name: str, words: str, count: int) -> None:
        """Says who mentions the person, and offers to show it.

        Args:
            notice: its name.
            name: of who does so last.
            words: theirs.
            count: how many comments that the person has not seen mention them.
        """
        sentence = f"{name} mentions you: “{shortened(words, QUOTE)}”"
        if count > 1:
            sentence = f"{count} comments mention you. In the newest, {sentence}"
        self.say(notice, "information", sentence, Answer("show_mention", "Show the comment"))

    def show_rights(self, rights: Rights, *, may_ask: bool = False) -> None:
        """Shows what one may not do, and whom to ask; that one may do everything only where that was not so before. Why
        something was not done holds no longer.

        Args:
            rights: what they may do.
            may_ask: whether they can ask to write.
        """
        if rights != self._rights:
            self._asked = ""
            self._bar.remove("formats")
            self.go_on()
        if rights.reason:
            self._strip.show_here(Fact("ok", "Opened for reading only", rights.refusal))
            self.say("role", "information", f"{rights.refusal}. {_PROTECTED}", Answer("save_copy", "Save a copy…"))
        elif not rights.may_edit:
            self._may_ask = may_ask and not self._asked
            self._show_role(rights)
        elif not self._rights.may_edit:
            self.say("role", "success", "You may write in this document now.")
        self._rights = rights

    def show_asking(self, said: str, *, may_ask: bool) -> None:
        """Shows what became of the person's asking to write.

        Args:
            said: sentences; empty where they have not asked.
            may_ask: whether they can ask now, which is offered where it is said that they may not write.
        """
        before, (self._asked, self._may_ask) = (self._asked, self._may_ask), (said, may_ask)
        if before == (said, may_ask):
            return
        if not self._rights.may_edit and not self._rights.reason and (said or "role" in self._bar.ids()):
            self._show_role(self._rights)

    def _show_role(self, rights: Rights) -> None:
        how = _SUGGESTING if rights.only_suggests else _COMMENTING if rights.may_comment else _READING
        answers = (*((ASK,) if self._may_ask else ()), Answer("people", "See who is an owner"))
        self.say("role", "information", f"{rights.refusal}. {self._asked or how}", *answers)

    def show_refused(self, status: Status, text: str) -> None:
        """Shows that the server did not take a change, or an image.

        Args:
            status: why.
            text: what was written here and is not on the server; empty where nobody knows.
        """
        if status.is_of_image:
            self._refused = None
            self.say("refused", "warning", status.refusal_advice)
            return
        self.refused, self._refused = text, status
        change = f"“{shortened(text, QUOTE)}”" if text.strip() else "your last change"
        advice = "It is kept on this computer only." if status.final else status.refusal_advice
        sentence = f"The server did not take {change}. {advice}"
        answers: tuple[Answer, ...] = (Answer("copy_text", "Copy what I wrote"),) if text.strip() else ()
        if not self._rights.may_edit and self._rights.may_comment and not status.final:
            # Behind what it has refused the server takes nothing from here but comments, where there is nothing else.
            sentence = f"{sentence} {_HELD_UP if self._rights.only_suggests else _SAID}"
            answers += self._copy_offer("Open the server’s copy as well")
        self.say("refused", "warning", sentence, *answers)

    def show_status(self, status: Status, *, is_empty: bool = False) -> None:
        """Shows how the document stands with its server, and what can be done where it does not go on by itself.

        Args:
            status: it.
            is_empty: whether it was joined, has never arrived, and nothing was written in its place.
        """
        self._show_server(status)
        self._show_closed(self._closing(status, is_empty=is_empty))
        if status.final:  # what one might do there is nothing to whoever is not let in
            self._bar.remove("role")
            if self._refused is not None and "refused" in self._bar.ids():
                self.show_refused(status, self.refused)
        if status.kind is Kind.SAVED:
            self._bar.remove("refused")

    def show_sealed(self, waiting: int) -> None:
        """Counts among what waits for the server what the person has sealed and it does not have yet."""
        if waiting != self._sealed:
            self._sealed = waiting
            self._show_server(self._status)

    def copy_is_open(self, status: Status) -> None:
        """What the server holds is open as well, so that this is offered no more."""
        self._copy_is_open = True
        self.show_status(status)
        if self._refused is not None and "refused" in self._bar.ids():
            self.show_refused(self._refused, self.refused)

    def show_not_hosted(self, error: Exception) -> None:
        """Shows that hosting could not be resumed, until it is or the person has read it."""
        problem = str(error)
        self._status = None
        self._strip.show_server(Fact("problem", "Not shared from this computer", problem))
        self.say("hosting", "problem", problem, Answer("host", "Try again"))

    def show_offline(self, waiting: int) -> None:
        """Shows that the person wants no connection for now, and how many changes wait for one; what could be tried
        then is offered no more."""
        self._show_server(waiting)
        self._show_closed(None)
        self._bar.remove("hosting")

    def show_unshared(self) -> None:
        """The document has no server any more."""
        self._status = None
        self._strip.show_server(None)
        self._show_closed(None)
        for notice in ("hosting", "refused", "link"):
            self._bar.remove(notice)

    def _show_server(self, status: Status | int | None) -> None:
        self._status = status
        if isinstance(status, Status):
            status = status.with_more(self._sealed)
            words = (status.sentence, status.advice)
            if self._is_host:
                words = (status.sentence_of_host, status.advice_of_host)
            self._strip.show_server(Fact(_SERVER_TONES.get(status.kind, "problem"), *words))
        elif status is not None:
            self._strip.show_server(Fact("offline", working_offline(status + self._sealed)))

    def _show_closed(self, notice: Notice | None) -> None:
        """Says it once, and not again with each letter that waits: the person may have read it."""
        before, self._closed = self._closed, notice
        if notice is None:
            self._bar.remove("closed")
        elif before is not None and notice == before._replace(sentence=notice.sentence):
            self._bar.reword("closed", notice.sentence)
        else:
            self._bar.show_notice(notice)

    def _closing(self, status: Status, *, is_empty: bool) -> Notice | None:
        """What is said where a connection does not go on by itself; None where it does."""
        if status.kind is Kind.STRANGERS:
            copy = self._copy_offer("Open the other one as well")
            answers = (Answer("detach", "Keep them apart"), *copy, Answer("merge", "Put both together"))
            return Notice("closed", "warning", status.advice, answers, dismissable=False)
        if status.close is None:
            return None
        if status.kind is Kind.EPOCH_CHANGED:
            other = self._copy_offer("Open the server’s copy as well")
        else:
            other = (Answer("retry", "Try again"),)
        if is_empty:  # it has never come, and there is nothing to keep
            answers = (Answer("join", "Use another link…"), *other, Answer("put_away", "Move to trash"))
        else:
            answers = (Answer("detach", "Keep my copy, unshared"), *other)
        sentence = f"{status.advice} {_NOT_SENT}" if status.waiting else status.advice
        return Notice("closed", "warning", sentence, answers)

    def _copy_offer(self, words: str) -> tuple[Answer, ...]:
        return () if self._copy_is_open else (Answer("copy", words),)
