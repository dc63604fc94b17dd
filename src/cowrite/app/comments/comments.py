"""DraftComments: whether there are comments on a draft, and who asks for them.

Runs on the GUI thread. There from the start, so it loads nothing of comments before there is one, or somebody wants to
write or see one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.single_shot import single_shot

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.bare_draft.bringers import DraftBringers
    from cowrite.app.comments.flow import CommentFlow
    from cowrite.core.comments.comments import Placed
    from cowrite.core.writing.restored import Restored

COMMENTS = "comments"  # the root that `core.comments` names, which is not loaded for this


class DraftComments(QObject):
    """The comments of one draft.

    Args:
        draft: it.
        bringers: what its server knows of who has said something.
        unsent: what was begun the last time, a comment, replies and other wordings; empty for none.
        seen_mentions: ids of what mentions the person, and they have seen the last time.
    """

    decisions_wanted = Signal(str)
    """The id of the thread in which the person wants decisions looked for."""

    def __init__(
        self, draft: BareDraft, bringers: DraftBringers, unsent: Mapping[str, Any], seen_mentions: Sequence[str]
    ) -> None:
        super().__init__(draft)
        self._unsent = unsent
        self._seen_mentions = seen_mentions
        self._draft = draft
        self._bringers = bringers
        self._flow: CommentFlow | None = None
        actions = draft.window.actions_
        actions["comment"].triggered.connect(lambda _on=False: self.flow.begin())
        actions["show_comments"].toggled.connect(lambda on: self.flow.show_panel() if on else None)
        self._soon = single_shot(self, self._follow)  # the window is there first
        entries = draft.document.entries(COMMENTS)
        self._end = entries.observe(lambda _change: self._soon.start())
        draft.connection.rights_changed.connect(self._refresh)
        draft.connection.called_changed.connect(self._refresh)
        if entries.ids("thread") or unsent:
            self._soon.start()

    @property
    def flow(self) -> CommentFlow:
        """What becomes of what the person does with comments; from now on they are marked in the text."""
        if self._flow is None:
            from cowrite.app.comments.flow import CommentFlow

            self._end()
            self._flow = CommentFlow(self._draft, self._bringers, self._seen_mentions, self)
            self._flow.decisions_wanted.connect(self.decisions_wanted)
        return self._flow

    def placed(self) -> Sequence[Placed]:
        """All that is said about the draft, and where."""
        return self.flow.comments.all() if self._draft.document.entries(COMMENTS).ids("thread", removed=True) else ()

    def bring_in(self, threads: Sequence[Placed]) -> None:
        """Takes in what was said in a file of another program; there is nothing yet."""
        if threads:
            from cowrite.core.comments.comments import bring_in

            bring_in(self._draft.document, threads)

    def stand_again(self, restored: Callable[[], Restored]) -> None:
        """Has comments stand where they stood, in text that was restored.

        Args:
            restored: gives the document as it was made what it was.
        """
        if self.placed():
            self.flow.comments.stand_again(restored())

    def keep(self) -> None:
        """Keeps a comment that is being written, for the next time."""
        if self._flow is not None:
            self._flow.unsent.keep()

    def _follow(self) -> None:
        if self._draft.is_closed:
            return
        unsent, self._unsent = self._unsent, {}
        if unsent:
            self.flow.unsent.go_on(unsent)
        else:
            _ = self.flow

    def _refresh(self) -> None:
        """The person may do something else now, or is called otherwise."""
        if self._flow is not None:
            self._flow.refresh()
