"""CommentTelling: what a person is told of the comments on a draft that they do not see.

Runs on the GUI thread. That somebody mentions the person comes first, and is told, the next time too, until they have
seen it: it was in sight beside the page, or they have taken the notice away; while they are in another program their
desktop points to the window. What others have said besides is told while the comments are closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.comments.shown import Source, mentioning
from cowrite.core.comments.comments import Placed, Remark
from cowrite.core.comments.mentions import Names
from cowrite.gui.people.byline import by_whom

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft

NOTICE = "commented"
SHOW_MENTION = "show_mention"


class CommentTelling(QObject):
    """Tells of the comments of one draft.

    Args:
        draft: it.
        seen: ids of the comments and replies that mention the person, and that they have seen.
        go_to: shows a comment or reply by its id.
        parent: Qt parent.
    """

    def __init__(self, draft: BareDraft, seen: Iterable[str], go_to: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._draft = draft
        self._go_to = go_to
        self._told: set[str] = set()  # what others have said last, and the person was shown or told of
        self._seen = set(seen)
        self._mentions: list[Remark] = []  # those that are told, the newest one last
        self._source = ""  # on whose word the newest one was said
        self._commented: list[str] = []  # who, and on whose word, is said to have commented
        draft.window.notices.answered.connect(self._answered)
        draft.window.notices.dismissed.connect(self._dismissed)

    def tell(
        self, placed: Iterable[Placed], names: Names, in_sight: Set[str], source: Source, *, is_open: bool
    ) -> None:
        """Says who mentions the person, else who has said what is still to be answered.

        Args:
            placed: all threads.
            names: by which people are mentioned.
            in_sight: the ids of the comments and replies that the person sees.
            source: says on whose word something was said.
            is_open: whether the person has opened the comments.
        """
        me = self._draft.me.id
        threads = [each.thread for each in placed if not each.thread.is_resolved]
        mentions = [said for thread in threads for said in mentioning(thread, me, names)]
        last = [thread.remarks[-1] for thread in threads]
        waiting = [said for said in last if said.text and said.author.id != me]
        is_new = not self._told.issuperset(said.id for said in waiting)
        self._told.update(said.id for said in waiting)
        self._see(said for said in mentions if said.id in in_sight)
        before = self._mentions
        self._mentions = sorted((said for said in mentions if said.id not in self._seen), key=lambda said: said.created)
        if self._mentions:
            self._tell_mentions(before, source)
            self._commented = []
        else:
            is_wanted = not is_open and not self._draft.connection.comment_refusal
            self._tell_comments(waiting if is_wanted else (), source, is_news=is_new or bool(before))

    # Inside

    def _tell_mentions(self, before: Sequence[Remark], source: Source) -> None:
        """Says who mentions the person, unless that is what was told before."""
        words, known = ([(said.id, said.text) for said in each] for each in (self._mentions, before))
        newest = self._mentions[-1]
        on = source(newest)
        if words == known and on == self._source:
            return
        self._source = on
        self._draft.notices.show_mentioned(NOTICE, _who(newest, on), newest.text, len(words))
        if not set(words) <= set(known):  # else they have seen one of several, or it was settled
            self._draft.attention_wanted.emit(self._draft)

    def _tell_comments(self, waiting: Iterable[Remark], source: Source, *, is_news: bool) -> None:
        """Says who has said what waits for an answer; where that is no news, only those of whom it stands there."""
        names = list(dict.fromkeys(_who(said, source(said)) for said in waiting)) if is_news or self._commented else []
        if is_news or names != self._commented:
            self._commented = names
            self._draft.notices.show_commented(NOTICE, names)

    def _see(self, mentions: Iterable[Remark]) -> None:
        """The person has seen these."""
        new = {said.id for said in mentions} - self._seen
        if new:
            self._seen |= new
            self._draft.saved.properties.store_seen_mentions(sorted(self._seen))

    def _answered(self, notice: str, answer: str) -> None:
        if notice == NOTICE and answer == SHOW_MENTION and self._mentions:
            self._go_to(self._mentions[-1].id)

    def _dismissed(self, notice: str) -> None:
        if notice == NOTICE:
            self._see(self._mentions)
            self._mentions = []
            self._commented = []


def _who(said: Remark, source: str) -> str:
    """Who has said something, and on whose word, at the beginning of a sentence."""
    return f"{by_whom(said.author.name, source)}{',' if source else ''}"
