"""CommentFlow: what becomes of what a person does with the comments of a draft, and where they are shown.

Runs on the GUI thread. While nobody has commented, no key is listened to; otherwise marks and panel follow the text
a few times a second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor

from cowrite.app.comments.carried import CarriedComments
from cowrite.app.comments.marks import CommentMarks
from cowrite.app.comments.nameable import Nameable
from cowrite.app.comments.shown import listed
from cowrite.app.comments.telling import CommentTelling
from cowrite.app.comments.unsent import UnsentComments
from cowrite.bridge.single_shot import every_minute, single_shot
from cowrite.clock import milliseconds_now
from cowrite.core.comments.comments import COMMENTS, Comments, Placed, Remark
from cowrite.core.comments.mentions import Names, may_mention
from cowrite.core.entries.entries import NoSuchEntry
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import plain_text
from cowrite.core.text.suggested_text import as_copied
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.window.views import DRAFT

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.bare_draft.bringers import DraftBringers
    from cowrite.gui.comments.panel import CommentsPanel

FOLLOW_DELAY = 250  # milliseconds in which changes of the text are gathered
SIGHT_DELAY = 250  # milliseconds until what has come into sight counts as seen
NOTHING_SELECTED = "Select the text that you want to comment on."


class CommentFlow(QObject):
    """The comments of one draft.

    Args:
        draft: it.
        bringers: what its server knows of who has said something.
        seen: ids of what mentions the person, and they have seen the last time.
        parent: Qt parent.

    Attributes:
        comments: what is said about it.
        unsent: what the person is writing.
    """

    decisions_wanted = Signal(str)
    """The id of the thread in which the person wants decisions looked for."""

    def __init__(self, draft: BareDraft, bringers: DraftBringers, seen: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._draft = draft
        self._bringers = bringers
        self.comments = Comments(draft.document, chance=SystemRandom(), clock=milliseconds_now)
        self._panel: CommentsPanel | None = None
        self._placed: list[Placed] = []
        self.unsent = UnsentComments(draft.editor, draft.saved.properties, draft.window.notices, self._show, self)
        self._text_timer = single_shot(self, self._follow_text, FOLLOW_DELAY)
        self._marks = CommentMarks(draft.editor, draft.window.reading, self._source, self)
        self._marks.shown.connect(self._show_current)
        self._minute_timer = every_minute(self, self.refresh)
        self._nameable = Nameable(draft.connection, self)
        self._nameable.changed.connect(self._name_again)
        bringers.changed.connect(self.refresh)
        self._telling = CommentTelling(draft, seen, self._go_to_mention, self)
        self._sight_timer = single_shot(self, self._tell, SIGHT_DELAY)
        self._undone: list[Change] = []
        self._undo_timer = single_shot(self, self._keep_returned)
        self._end: Callable[[], None] | None = None  # of following the text
        CarriedComments(draft.document, self.comments, draft.editor.comments)
        self.comments.observe(lambda _change: self.refresh())
        self.refresh()

    # What the person wants

    def begin(self) -> None:
        """Lets the person write a comment on what is selected, or on the word at the caret."""
        draft = self._draft
        if refusal := draft.connection.comment_refusal:
            draft.say("comment", "information", f"{refusal}.")
            return
        draft.window.views.show_view(DRAFT)
        cursor = draft.editor.textCursor()
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        start, stop = cursor.selectionStart(), min(cursor.selectionEnd(), draft.document.length)
        quote = plain_text(as_copied(draft.document.spans(start, stop)))
        if not quote.strip():
            draft.say("comment", "information", NOTHING_SELECTED)
            return
        draft.window.notices.remove("comment")
        self.unsent.begin(start, stop, quote)

    def show_panel(self) -> None:
        """Shows what was said beside the draft, with the keyboard there."""
        was_there = self._panel is not None
        panel = self._made()
        self._show_draft()
        if was_there:  # else it was just filled
            self.refresh()
        panel.take_keyboard(self._marks.current)

    def go_to(self, id: str) -> None:
        """Shows a thread in the panel, and its place in the text; by its id, or that of a reply in it."""
        placed = self.comments.get(id)
        if placed is None:
            return
        panel = self._show()
        if placed.thread.is_resolved:
            panel.show_resolved.setChecked(True)
        self._activate(placed.thread.id)
        panel.show_current(placed.thread.id)
        panel.take_keyboard(placed.thread.id)

    def refresh(self) -> None:
        """Shows all threads as they are now, and where they stand."""
        self._placed = self.comments.all()
        self._listen(bool(self._placed))
        if self._panel is not None:  # before the marks, for the one at the caret is brought into sight there
            me, names = self._draft.me.id, self._names()
            threads = [listed(each, me, names, self._source) for each in self._placed]
            replies = self._panel.replies()
            self._panel.show_threads(threads, self._draft.connection.comment_refusal)
            there = {each.thread.id for each in self._placed}
            self.unsent.say_lost([text for id, text in replies.items() if id not in there])
        self._marks.show(self._placed)
        if self._panel is not None and self._panel.isVisible():  # what is new in it has no place yet
            self._sight_timer.start()
        else:
            self._tell()

    # Inside

    def _tell(self) -> None:
        """Tells the person what others have said that they do not see."""
        if not self._draft.is_closed:
            in_sight = frozenset() if self._panel is None else self._panel.in_sight
            is_open = self._draft.window.actions_["show_comments"].isChecked()
            self._telling.tell(self._placed, self._names(), in_sight, self._source, is_open=is_open)

    def _go_to_mention(self, id: str) -> None:
        """Shows a comment or reply in its thread."""
        self.go_to(id)
        if self._panel is not None:
            self._panel.show_remark(id)

    def _names(self) -> Names:
        """By which people are mentioned in what was said."""
        said = [said for each in self._placed for said in each.thread.remarks]
        if any(may_mention(each.text) for each in said):
            self._nameable.want()
        return self._nameable.names(each.author.name for each in said if each.author.id != self._draft.me.id)

    def _source(self, said: Remark) -> str:
        """On whose word somebody has said something."""
        return self._bringers.source(COMMENTS, said.id, said.author.name)

    def _name_again(self) -> None:
        """More people can be named now."""
        self.refresh()
        if self._panel is not None:
            self._panel.offer_again()

    def _names_to_write(self) -> Names:
        """The same while the person is about to mention somebody."""
        self._nameable.want(newest=True)
        return self._nameable.names()

    def _show(self) -> CommentsPanel:
        """The panel, beside the page."""
        panel = self._made()
        self._show_draft()
        self._draft.window.actions_["show_comments"].setChecked(True)
        return panel

    def _show_draft(self) -> None:
        """Shows the draft, beside which the panel stands."""
        if self._draft.window.views.name != DRAFT:
            self._draft.window.views.show_view(DRAFT)

    def _made(self) -> CommentsPanel:
        if self._panel is None:
            panel = self._panel = self._draft.window.panels.make_comments()
            panel.names = self._names_to_write
            panel.sight_changed.connect(self._sight_timer.start)
            panel.comment_wanted.connect(self.begin)
            panel.written.connect(self._write)
            self.unsent.follow(panel)
            panel.activated.connect(self._activate)
            panel.replied.connect(self._reply)
            panel.resolved.connect(self._resolve)
            panel.changed.connect(self._change)
            panel.removed.connect(lambda id: self._do(lambda: self.comments.remove(id)))
            panel.decisions_wanted.connect(self.decisions_wanted)
            panel.undo_wanted.connect(lambda: self._do(self.comments.undo))
            panel.redo_wanted.connect(lambda: self._do(self.comments.redo))
            self.refresh()
        return self._panel

    def _do(self, act: Callable[[], object]) -> bool:
        """Does something with comments, where the person may and it can be done still; says whether it is done."""
        if refusal := self._draft.connection.comment_refusal:
            self._draft.say("comment", "information", f"{refusal}.")
            return False
        try:
            act()
        except NoSuchEntry as error:
            self._draft.say("comment", "information", str(error))
            return False
        return True

    def _write(self, text: str) -> None:
        start, stop = self.unsent.passage()
        if start is None or stop is None or start >= stop:
            self._draft.say("comment", "information", "The text that you commented on is gone.")
            return
        if self._do(lambda: self.comments.add(start, stop, text, self._draft.author)):
            self.unsent.end()
            say(self._draft.editor, "Comment made")

    def _reply(self, id: str, text: str) -> None:
        row = self._panel.row(id) if self._panel is not None else None
        if self._do(lambda: self.comments.reply(id, text, self._draft.author)) and row is not None:
            row.end_reply()

    def _change(self, id: str, text: str) -> None:
        if self._do(lambda: self.comments.change(id, text)) and self._panel is not None:
            self._panel.end_wording(id)

    def _resolve(self, id: str, on: bool) -> None:
        placed = self.comments.get(id)
        if placed is not None:
            self._do(lambda: self.comments.resolve(placed.thread) if on else self.comments.reopen(id))

    def _activate(self, id: str) -> None:
        """Puts the caret into the text of a thread."""
        placed = self.comments.get(id)
        if placed is not None and placed.place is not None:
            self._draft.window.views.show_view(DRAFT)
            self._draft.editor.set_caret(placed.place[0])
            self._draft.editor.position_visible(placed.place[0])
            self._draft.editor.setFocus()

    # Following

    def _listen(self, on: bool) -> None:
        """Follows text and caret, or no longer: where nothing was said, a key costs nothing for it."""
        if on == (self._end is not None):
            return
        self._marks.follow(on)
        if self._end is not None:
            self._end()
            self._end = None
            self._minute_timer.stop()
        else:
            self._end = self._draft.document.observe_changes(self._follow_soon)
            self._minute_timer.start()

    def _follow_soon(self, change: Change) -> None:
        if not self._text_timer.isActive():
            self._text_timer.start()
        if change.origin is Origin.UNDO:
            self._undone.append(change)
            self._undo_timer.start()

    def _keep_returned(self) -> None:
        """Writes down where threads stand on text that an own undo has brought back: nobody else can know it."""
        undone, self._undone = self._undone, []
        if not self._draft.is_closed:
            for change in undone:
                self.comments.keep_returned(change)

    def _follow_text(self) -> None:
        if self._draft.is_closed:
            return
        before = self._placed
        self._placed = self.comments.all()
        self._marks.show(self._placed)
        if self._panel is not None and [_sides(each) for each in before] != [_sides(each) for each in self._placed]:
            self.refresh()

    def _show_current(self, id: str) -> None:
        if self._panel is not None:
            self._panel.show_current(id)


def _sides(placed: Placed) -> tuple[str, bool]:
    """What the panel shows of where a thread stands."""
    return placed.thread.id, placed.place is None
