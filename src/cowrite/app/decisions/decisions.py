"""DraftDecisions: the decisions that stand in the text of a draft, and those that are due.

Runs on the GUI thread. There from the start, so it loads nothing of decisions before there is one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import every_minute, single_shot
from cowrite.core.decisions.cards import EMBED, Card, embedded
from cowrite.core.entries.entries import EntriesChange
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Utf16, utf16_length
from cowrite.gui.window.notice_bar import Answer

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.decisions.flow import DecisionFlow
    from cowrite.app.session.brainstorming import Brainstorming
    from cowrite.gui.decisions.picker import DecisionPicker

DECISIONS = "decisions"  # the root that `core.decisions` names, which is not loaded for this
DUE = "reviews"
THERE = "decision there"
_THERE = "This decision stands in the draft already, and is in sight. Another one comes below the line at the caret."
SETTLED = 200  # milliseconds of quiet after which evidence is compared again


def today() -> str:
    """The day that it is (YYYY-MM-DD)."""
    return time.strftime("%Y-%m-%d")


class DraftDecisions(QObject):
    """What one draft shows of decisions besides the view.

    Args:
        draft: it.
        brainstorming: has the decisions.

    Attributes:
        assist_words: see `DecisionSheets`.
    """

    def __init__(self, draft: BareDraft, brainstorming: Brainstorming) -> None:
        super().__init__(draft)
        self._draft = draft
        self._brainstorming = brainstorming
        self._flow: DecisionFlow | None = None
        self.assist_words: Callable[[str], str] = str
        self._is_told = False
        self._offered = ""  # the decision that the person may put in again
        self._today = today()
        self._day_timer = every_minute(self, self._look_at_day)
        self._timer = single_shot(self, draft.editor.decisions.refresh, SETTLED)
        self._entries = draft.document.entries(DECISIONS)
        self._entries.observe(self._on_decisions)
        draft.document.observe_changes(lambda _change: self._on_text())
        draft.editor.decisions.show_cards(self.card)
        draft.editor.decisions.opened.connect(brainstorming.go_to)
        brainstorming.decision_wanted.connect(self._make_from)
        brainstorming.actions_wanted.connect(self._show_actions)
        draft.window.notices.answered.connect(self._answered)
        self._tell_due()

    @property
    def flow(self) -> DecisionFlow:
        """What becomes of what the person does with decisions."""
        if self._flow is None:
            from cowrite.app.decisions.flow import DecisionFlow

            self._flow = DecisionFlow(self._draft, self._brainstorming, self._words_of_assist)
            self._flow.put_wanted.connect(self.put)
        return self._flow

    def refresh(self) -> None:
        """Shows anew what is said of who wrote a decision."""
        if self._flow is not None:
            self._flow.look_where_shown()

    def card(self, id: str) -> Card | None:
        """A decision as the draft shows it; None where it is not there."""
        if self._entries.get(id) is None:
            return None
        from cowrite.core.decisions.records import card_of

        decisions = self._brainstorming.brainstorm.decisions
        decision = decisions.get(id)
        return None if decision is None else card_of(decision, decisions)

    def put(self, id: str) -> None:
        """Puts a decision into the draft; one that stands there already is shown there, and offered once more."""
        place = self._place_of(id)
        if place is None:
            self.insert(id)
            return
        self._offered = id
        self._brainstorming.show("draft")
        self._draft.editor.position_visible(place)
        self._draft.say(THERE, "information", _THERE, Answer("again", "Put it in again"))

    def insert(self, id: str) -> None:
        """Puts a decision into the draft, below the line at the caret, and shows it there."""
        self._draft.window.notices.remove(THERE)  # it may be of another decision, or not stand there any more
        self._brainstorming.show("draft")
        self._draft.editor.edits.insert_below({EMBED: id})
        self._draft.editor.position_visible(self._draft.editor.caret()[1])

    def ask_insert(self) -> DecisionPicker | None:
        """Asks which decision is to stand in the draft, and puts it there."""
        if self._draft.editor.isReadOnly():
            return None
        from cowrite.gui.decisions.picker import DecisionPicker

        picker = DecisionPicker(self._draft.window)
        picker.show_rows(self.flow.rows())
        picker.picked.connect(self.insert)
        picker.offer_new(self._draft.connection.rights.may_edit)
        picker.new_wanted.connect(self._insert_new)
        picker.open()
        return picker

    def _insert_new(self) -> None:
        if self._draft.connection.rights.may_edit:  # which may have changed since it was offered
            self.insert(self.flow.begin())

    def make(self) -> None:
        """Makes a decision, see `DecisionFlow.new`, where the person may write; else says why not."""
        rights = self._draft.connection.rights
        if rights.may_edit:
            self.flow.new()
        else:
            self._draft.say("new_decision", "information", f"{rights.refusal}.")

    # Inside

    def _words_of_assist(self, assist: str) -> str:
        return self.assist_words(assist)  # as it is by then

    def _make_from(self, ids: Sequence[str]) -> None:
        self.flow.new_from(ids)

    def _show_actions(self) -> None:
        self.flow.show_actions()

    def _place_of(self, id: str) -> Utf16 | None:
        """Where a decision stands in the text first; None where it does not."""
        at = 0
        for span in self._draft.document.spans():
            if embedded(span.embed) == id:
                return Utf16(at)
            at += utf16_length(span.text)
        return None

    def _on_decisions(self, change: EntriesChange) -> None:
        if not self._day_timer.isActive():
            self._day_timer.start()
        if self._draft.editor.decisions.are_shown:
            self._draft.editor.decisions.refresh()
        if self._is_told:
            self._tell_what_is_left()
        elif change.origin is Origin.REMOTE:  # the document has been joined, and arrives
            self._tell_due()

    def _on_text(self) -> None:
        if self._draft.editor.decisions.are_shown:
            self._timer.start()

    def _tell_due(self) -> None:
        """Says once how many decisions are due for review: when the document is opened, or has arrived, or on a day
        on which more are."""
        if self._is_told or not self._entries.ids("decision"):
            return
        self._day_timer.start()
        if due := self._due():
            self._is_told = True
            self._draft.say(DUE, "information", _due_words(due), Answer("show", "Show" if due == 1 else "Show them"))

    def _tell_what_is_left(self) -> None:
        """Says of how many it is still so, and nothing more when somebody has looked at all."""
        if due := self._due():
            self._draft.window.notices.reword(DUE, _due_words(due))
        else:
            self._draft.window.notices.remove(DUE)

    def _look_at_day(self) -> None:
        if (day := today()) == self._today:
            return
        due, self._today = self._due(), day
        if self._due() > due:
            self._is_told = False
            self._tell_due()
        else:
            self._tell_what_is_left()
        if self._flow is not None:
            self._flow.look_where_shown()

    def _due(self) -> int:
        """How many decisions are due for review."""
        entries = list(self._entries.all("decision"))
        in_force = [fields for _, fields in entries if fields.get("status") in ("accepted", "superseded")]
        superseded = {str(fields.get("supersedes") or "") for fields in in_force}
        return sum(
            fields.get("status") == "accepted"
            and id not in superseded
            and "" < str(fields.get("review_on") or "") <= self._today
            for id, fields in entries
        )

    def _answered(self, notice: str, _answer: str) -> None:
        if notice == THERE:
            self.insert(self._offered)
        if notice == DUE:
            self.flow.show_due()


def _due_words(due: int) -> str:
    return "One decision is due for review." if due == 1 else f"{due} decisions are due for review."
