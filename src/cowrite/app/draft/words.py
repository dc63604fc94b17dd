"""DraftWords: how far one draft is on the way to the person's goals, and what of its words they have written today.

Runs on the GUI thread. Words are counted in pauses (`gui.window.word_count`). What the text has grown by until then is
the person's, or else others', by the letters that each of them has put in and taken out. What others suggest is theirs,
also where the person decides on it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, INSERTION, Delete, Format, Insert, Op, utf16_length
from cowrite.gui.widgets.asking import open_dialog
from cowrite.gui.window.words_label import Goals

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft
    from cowrite.app.word_goals import WordGoals

USUAL = 1 / 6  # words a letter
_OWN = frozenset({Origin.LOCAL, Origin.ASSIST, Origin.UNDO})


class DraftWords(QObject):
    """The words of one draft.

    Args:
        draft: it.
        goals: the person's, told of what they write while there is one for the day.
    """

    def __init__(self, draft: Draft, goals: WordGoals) -> None:
        super().__init__(draft)
        self._draft = draft
        self._goals = goals
        self._counted: int | None = None
        self._own = self._others = 0  # UTF-16 units that have come in since, less those that went
        self._end: Callable[[], None] | None = None
        draft.window.actions_["word_goals"].triggered.connect(lambda _checked=False: self._ask())
        draft.window.words.counted.connect(self._count)
        goals.changed.connect(self._show)
        goals.ending.connect(self._finish)
        draft.window.closing.connect(self._finish)
        goals.tell()

    def _ask(self) -> None:
        from cowrite.gui.dialogs.word_goals_dialog import WordGoalsDialog

        draft, goals = self._draft, self._goals
        if draft.window.words.is_behind:
            draft.window.words.begin()
        words, before = draft.window.words.length.words, goals.a_day
        dialog = WordGoalsDialog(goals.goal_of(draft.document_id), before, words, goals.written, draft.window)
        # What was chosen in another window while this one was asked stays.
        dialog.chosen.connect(
            lambda goal, a_day: goals.choose(draft.document_id, goal, goals.a_day if a_day == before else a_day)
        )
        open_dialog(dialog)

    def _count(self) -> None:
        words = self._draft.window.words.length.words
        before, self._counted = self._counted, words
        own, others, self._own, self._others = self._own, self._others, 0, 0
        if own and before is not None:
            self._goals.write(own_words(words - before, own, others))

    def _finish(self) -> None:
        """Nobody waits until what was written just now is counted; of a long text it is taken by its letters."""
        if self._own:
            self._draft.window.words.begin()
        if self._own:
            self._goals.write(self._own * USUAL)
            self._own = 0

    def _show(self) -> None:
        goals = self._goals
        if goals.a_day and self._end is None:
            self._end = self._draft.document.observe_changes(self._note)
            self._counted = None if self._draft.window.words.is_behind else self._draft.window.words.length.words
        elif not goals.a_day and self._end is not None:
            self._end()
            self._end, self._own, self._others = None, 0, 0
        self._draft.window.status.show_goals(Goals(goals.goal_of(self._draft.document_id), goals.a_day, goals.written))

    def _note(self, change: Change) -> None:
        may_be_own = change.origin in _OWN and not self._draft.changes.has_decided(change)
        for op in change.ops:
            grown = _grown(op)
            if grown and may_be_own and not self._is_of_others(op):
                self._own += grown
            else:
                self._others += grown

    def _is_of_others(self, op: Op) -> bool:
        """Whether this is a part of what others suggest, as where undo brings it back."""
        attributes = op.span.attributes if isinstance(op, Insert) else op.attributes if isinstance(op, Format) else {}
        ids = {attributes.get(INSERTION), attributes.get(DELETION)} - {None}
        return bool(ids) and not all(map(self._draft.changes.flow.changes.is_own, ids))


def _grown(op: Op) -> int:
    """By how many UTF-16 units a step makes the text longer that is counted, without what is suggested to go."""
    if isinstance(op, Insert):
        return 0 if DELETION in op.span.attributes else utf16_length(op.span.text)
    if isinstance(op, Delete):
        return -op.length
    return (op.length if op.attributes[DELETION] is None else -op.length) if DELETION in op.attributes else 0


def own_words(grown: int, own: int, others: int) -> float:
    """How many words are the person's of those by which a text has grown, which several may have written.

    Args:
        grown: words by which it has.
        own: UTF-16 units by which the person has made it longer.
        others: units by which others have.
    """
    if not others:
        return grown
    letters = own + others
    rate = grown / letters if letters else 0.0
    return own * (rate if 0 < rate <= 1 else USUAL)
