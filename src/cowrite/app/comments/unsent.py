"""UnsentComments: what a person is writing of comments on a draft, until it is sent or given up.

Runs on the GUI thread. A comment on a passage, replies and other wordings are kept in the document's file, and the
person goes on with them the next time. A comment that is left unsent is offered once more, and the words of a reply
whose thread somebody has taken back can be copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from cowrite.app.comments.shown import in_words
from cowrite.bridge.single_shot import single_shot
from cowrite.core.comments.comments import MOST_QUOTE
from cowrite.core.crdt.anchor import Anchor, BadAnchor, Stick
from cowrite.core.text.first_words import shortened
from cowrite.gui.window.notice_bar import Answer, Notice

if TYPE_CHECKING:
    from cowrite.bridge.file.kept_properties import KeptProperties
    from cowrite.gui.comments.panel import CommentsPanel
    from cowrite.gui.page.editor import Editor
    from cowrite.gui.window.notice_bar import NoticeBar

KEEP_DELAY = 500  # milliseconds of quiet until the words of a comment that is being written are kept
LEFT = "comment left"  # the notice of one that was given up
LOST = "reply lost"  # the notice of one whose comment was taken back meanwhile


class UnsentComments(QObject):
    """What is being written of comments on one draft.

    Args:
        editor: where it is written.
        properties: keeps it in the document's file.
        notices: where what is left is offered.
        show: shows the panel beside the page, and gives it.
        parent: Qt parent.
    """

    def __init__(
        self,
        editor: Editor,
        properties: KeptProperties,
        notices: NoticeBar,
        show: Callable[[], CommentsPanel],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._document = editor.draft
        self._properties = properties
        self._notices = notices
        self._show = show
        self._panel: CommentsPanel | None = None
        self._passage: tuple[Anchor, Anchor] | None = None  # what is being commented on
        self._quote = ""  # its words
        self._kept: Mapping[str, Any] = {}  # what the file has of the comment that is being written
        self._left: Mapping[str, Any] = {}  # the comment that was given up last
        self._lost = ""  # the reply that there was nothing left to answer with
        self._keep_timer = single_shot(self, self.keep, KEEP_DELAY)
        notices.answered.connect(self._answered)

    def follow(self, panel: CommentsPanel) -> None:
        """Keeps what is written in the panel, which has just been made."""
        self._panel = panel
        panel.given_up.connect(self._leave)
        panel.form.field.textChanged.connect(self._keep_timer.start)
        panel.begun.connect(self._keep_timer.start)

    def begin(self, start: int, stop: int, quote: str) -> None:
        """Lets the person write a comment on a passage, or go on with the one that they write on it.

        Args:
            start, stop: where the passage stands.
            quote: its words.
        """
        self._notices.remove(LEFT)
        panel = self._show()
        if self._begun():  # and not sent
            if self.passage() == (start, stop):
                panel.form.open()
                return
            self._leave()
        # Others may write meanwhile, before the words and behind them.
        self._passage = self._document.anchor(start, Stick.RIGHT), self._document.anchor(stop, Stick.LEFT)
        self._quote = quote[:MOST_QUOTE]
        panel.open_form(in_words(quote))

    def go_on(self, unsent: Mapping[str, Any]) -> None:
        """Lets the person go on with a comment, replies and other wordings that were begun the last time; nothing where
        they make no sense."""
        replies, wordings = (_texts(unsent.get(name)) for name in ("replies", "wordings"))
        if replies or wordings:
            self._show().go_on(replies, wordings)
            self._kept = unsent
            self._editor.setFocus()
        try:
            passage = Anchor.from_json(unsent.get("start")), Anchor.from_json(unsent.get("stop"))
        except BadAnchor:
            return
        words, quote = unsent.get("text"), unsent.get("quote")
        if isinstance(words, str) and isinstance(quote, str) and words.strip():
            panel = self._show()
            self._passage, self._quote, self._kept = passage, quote, unsent
            panel.open_form(in_words(quote))
            panel.form.field.setPlainText(words)
            self._editor.setFocus()

    def keep(self) -> None:
        """Keeps what is being written in the document's file: a comment, replies and other wordings."""
        unsent = self._begun()
        if self._panel is not None:
            begun = {"replies": self._panel.replies(), "wordings": self._panel.wordings()}
            unsent |= {name: texts for name, texts in begun.items() if texts}
        if unsent != self._kept:
            self._kept = unsent
            self._properties.store_unsent(unsent)

    def passage(self) -> tuple[int | None, int | None]:
        """Where what is being commented on stands now; None for an end that is gone."""
        assert self._passage is not None, "the form is opened with a passage"
        start, stop = self._passage
        return self._document.resolve(start), self._document.resolve(stop)

    def end(self) -> None:
        """The comment was sent, or is not to be."""
        assert self._panel is not None
        self._editor.setFocus()  # first: Qt would lead the keyboard somewhere from a form that goes
        self._panel.close_form()
        self._passage = None
        self.keep()

    def say_lost(self, replies: Sequence[str]) -> None:
        """Lets the person have the words of replies to what somebody has just taken back."""
        if replies:
            kept = [self._lost] if LOST in self._notices.ids() else []
            self._lost = "\n\n".join([*kept, *replies])
            words = f"The comment that you were answering was taken back. You wrote: “{shortened(self._lost)}”"
            self._notices.show_notice(Notice(LOST, "information", words, (Answer(LOST, "Copy it"),)))

    # Inside

    def _begun(self) -> dict[str, Any]:
        """The comment that is being written, as `go_on` takes it; nothing where none is."""
        if self._panel is None or self._passage is None or not self._panel.form.text():
            return {}
        start, stop = self._passage
        words = self._panel.form.field.toPlainText()
        return {"start": start.to_json(), "stop": stop.to_json(), "quote": self._quote, "text": words}

    def _leave(self) -> None:
        """Lets the comment be that is being written, and offers to go on with it."""
        self._left = self._begun()
        self.end()
        if self._left:
            notice = Notice(LEFT, "information", "Your comment was not sent.", (Answer(LEFT, "Go on with it"),))
            self._notices.show_notice(notice)

    def _answered(self, notice: str, _answer: str) -> None:
        if notice == LOST:
            self._notices.remove(LOST)
            QGuiApplication.clipboard().setText(self._lost)
        if notice == LEFT:
            self._notices.remove(LEFT)
            left = self._left
            if self._begun():
                self._leave()
            self.go_on(left)
            self._kept = {}  # of this the file has nothing any more
            self._show().form.field.setFocus()


def _texts(value: Any) -> dict[str, str]:
    """The texts by ids of what a file holds as such."""
    if not isinstance(value, Mapping):
        return {}
    return {id: text for id, text in value.items() if isinstance(text, str) and text.strip()}
