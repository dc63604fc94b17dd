"""DecisionFlow: what becomes of what a person does with the decisions of a draft.

Runs on the GUI thread. Loaded when somebody looks at decisions, or makes one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cowrite.app.decisions.sheets import DecisionSheets, Origins
from cowrite.bridge.single_shot import single_shot
from cowrite.core.brainstorm import deciding
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.found import FoundDecision
from cowrite.core.decisions.grounds import Ground, ground_of, with_ground
from cowrite.core.decisions.reviews import Finding
from cowrite.core.entries.entries import NoSuchEntry
from cowrite.core.text.origin import Origin
from cowrite.gui.commands.shown_key import ShownKey
from cowrite.gui.decisions.values import Row
from cowrite.gui.decisions.view import DecisionsView
from cowrite.gui.window.notice_bar import Answer

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.app.session.brainstorming import Brainstorming

SETTLED = 200  # milliseconds of quiet after which lineage and evidence are looked at again
BURST = 1500  # milliseconds of quiet after which what is typed next is another step of undo
NAME = "decisions"
_GONE = "decision gone"
_TAKEN_OUT = "A teammate has taken the decision in which you were writing out of the log."


class DecisionFlow(QObject):
    """The decisions of one draft.

    Args:
        draft: it.
        brainstorming: has the decisions, and shows what they rest on.
        assist_words: see `DecisionSheets`.
    """

    put_wanted = Signal(str)
    """The id of a decision that the person wants to have in the draft."""

    def __init__(self, draft: BareDraft, brainstorming: Brainstorming, assist_words: Callable[[str], str]) -> None:
        super().__init__(draft)
        self._draft = draft
        self._brainstorming = brainstorming
        self._brainstorm = brainstorming.brainstorm
        self._sheets = DecisionSheets(self._brainstorm, assist_words)
        self._view: DecisionsView | None = None
        self._shown = ""
        self._gone = ""  # the one in which the person was writing when a teammate took it out
        self._origins = Origins()
        self._timer = single_shot(self, self.look_where_shown, SETTLED)
        self._burst = single_shot(self, self._brainstorm.decisions.end_step, BURST)
        self._brainstorm.observe(self._on_change)
        draft.window.views.shown.connect(lambda name: self._look_again() if name == NAME else None)
        draft.document.observe_changes(lambda _change: self._timer.start())
        draft.window.notices.answered.connect(self._answered)

    def make_view(self) -> DecisionsView:
        """The view, which is filled from now on."""
        view = self._view = DecisionsView(self._draft.window.views)
        card = view.card
        for signal, act in (
            (view.new_wanted, self.new), (view.log.chosen, self._show), (view.log.removed, self._remove),
            (view.action_added, self._add_action), (view.export_wanted, self._export), (view.undo_wanted, self._undo),
            (view.redo_wanted, self._redo), (view.lineage.grounded, self._ground),
            (view.lineage.loosened, self._loosen), (view.lineage.jumped, self._jump), (card.typed, self._type),
            (card.written, self._write), (card.put, self._put), (view.left, self._brainstorm.decisions.end_step),
            (card.asked, self._do), (card.jumped, self._jump), (card.evidence, self._do_with_evidence),
            (card.reviewed, self._review),
        ):  # fmt: skip
            signal.connect(act)
        for rows in (card.action_rows, view.action_page.rows):
            rows.changed.connect(self._change_action)
            rows.removed.connect(self._remove_action)
            rows.jumped.connect(self._jump)
        ShownKey(self._draft.window.actions_["new_decision"], view.show_new_key, view)
        self._show_all()  # the rest when it is shown
        return view

    def rows(self) -> list[Row]:
        """All decisions as the log has them."""
        return self._sheets.rows()

    # What others ask for

    def show_actions(self) -> None:
        """Shows what is to be done."""
        view = self._brainstorming.view(NAME)
        assert isinstance(view, DecisionsView)
        view.show_page("actions")
        self._brainstorming.show(NAME)

    def new(self) -> str:
        """Makes a decision, of the passage or the ideas that are selected in the view that is shown, and lets the
        person write it; gives its id."""
        editor, views = self._draft.editor, self._draft.window.views
        if views.current is not None and (ids := views.current.selected_ids()):
            return self.new_from(ids)
        start, stop = sorted(editor.caret())
        if views.name == "draft" and start != stop:
            return self._open(self._brainstorm.decisions.add(deciding.from_passage(self._brainstorm, start, stop)))
        return self._open(self.begin())

    def new_from(self, ids: Sequence[str]) -> str:
        """Makes a decision of notes and groups, or of a closed poll, and lets the person write it; gives its id, or
        nothing where the poll is open or the person may write no longer."""
        if not self._draft.connection.rights.may_edit:
            return ""
        if len(ids) == 1 and ids[0].startswith("poll:"):
            drafted = deciding.from_poll(self._brainstorm, ids[0])
            if drafted is None:
                self._draft.say(NAME, "information", "You can make a decision from this vote once it is closed.")
                return ""
        else:
            drafted = deciding.from_ideas(self._brainstorm, ids)
        return self._open(self._brainstorm.decisions.add(drafted))

    def begin(self) -> str:
        """Makes a decision of which nothing is known yet; gives its id."""
        session = self._brainstorm.session
        return self._brainstorm.decisions.add(
            Decision("", "", rule=session.rule, decider=session.decider, session=session.id)
            if session is not None
            else Decision("", "")
        )

    def accept(self, found: FoundDecision) -> str:
        """Makes a decision of what a model found and the person accepts, with its evidence anchored; gives its id."""
        return deciding.accept_found(self._brainstorm, found)

    def show_due(self) -> None:
        """Shows the decisions that are due for review, the first of them open."""
        due = self._brainstorm.decisions.due(self._sheets.today)
        self._brainstorming.show(NAME)
        if self._view is not None:
            self._view.show_page("log")
            self._view.log.show_kind("due")
            if due:
                self._show(due[0].id)

    def look_where_shown(self) -> None:
        """Looks again at what is due, or has changed; while another view is shown, nobody waits for it."""
        if self._draft.window.views.name == NAME:
            self._look_again()

    # What is shown

    def _show(self, id: str) -> None:
        """Shows another decision."""
        self._brainstorm.decisions.end_step()
        self._shown = id
        self._origins = self._sheets.origins(id)
        self._show_sheet()

    def _open(self, id: str) -> str:
        self._brainstorming.go_to(id)
        if self._view is not None:
            self._view.log.show_kind("all")
            self._show(id)
            self._view.write_in_card()
        return id

    def _show_sheet(self) -> None:
        if self._view is not None:
            self._view.show_sheet(self._sheets.sheet(self._shown, self._origins))

    def _on_change(self, ids: frozenset[str]) -> None:
        if self._view is None:
            return
        if any(id.startswith(("decision:", "action:")) for id in ids):
            self._show_all()
        self._view.show_undo(self._brainstorm.can_undo(), self._brainstorm.can_redo())
        self._timer.start()

    def _show_all(self) -> None:
        if self._view is None:
            return
        rows = self._sheets.rows()
        if self._shown not in {row.id for row in rows}:
            gone, self._shown = self._shown, rows[-1].id if rows else ""
            is_writing = self._view.leave_card() and self._draft.connection.rights.may_edit
            if is_writing and self._draft.document.origin is Origin.REMOTE:
                self._gone = gone
                self._draft.say(_GONE, "information", _TAKEN_OUT, Answer("bring_back", "Bring it back"))
        self._view.show_rows(rows)
        self._view.show_actions(self._sheets.lines())
        self._show_sheet()

    def _look_again(self) -> None:
        """Looks again at what takes a look at everything."""
        if self._view is not None:
            self._origins = self._sheets.origins(self._shown)
            self._show_all()
            self._view.show_undo(self._brainstorm.can_undo(), self._brainstorm.can_redo())

    # What the person does

    def _type(self, name: str, value: object) -> None:
        self._brainstorm.decisions.one_step(f"{self._shown}/{name}")
        self._burst.start()
        self._set(**{name: value})

    def _write(self, name: str, text: str, caret: int) -> None:
        self._brainstorm.decisions.one_step(f"{self._shown}/{name}")
        self._burst.start()
        self._set(caret=caret, **{name: text})

    def _put(self, name: str, value: object) -> None:
        self._brainstorm.decisions.end_step()
        self._set(**{name: value})

    def _set(self, **fields: Any) -> None:
        self._safely(lambda: self._brainstorm.decisions.put(self._shown, **fields))

    def _safely(self, act: Callable[[], object]) -> None:
        """Does something with an entry that a teammate may have taken away a moment ago."""
        if not self._draft.connection.rights.may_edit:
            return
        try:
            act()
        except NoSuchEntry:
            self._look_again()

    def _do(self, what: str) -> None:
        brainstorm, id = self._brainstorm, self._shown
        brainstorm.decisions.end_step()
        match what:
            case "accept":
                self._safely(lambda: deciding.accept(brainstorm, id))
            case "reject":
                self._set(status=Status.REJECTED)
            case "reopen":
                self._set(status=Status.PROPOSED, superseded_by="")
            case "supersede":
                self._safely(lambda: self._open(deciding.supersede(brainstorm, id)))
            case "draft":
                self.put_wanted.emit(id)
            case "remove":
                self._remove(id)
            case "action":
                self._add_action(id)
            case "evidence":
                self._add_evidence()

    def _remove(self, id: str) -> None:
        self._safely(lambda: self._brainstorm.decisions.remove(id))
        if self._brainstorm.decisions.get(id) is None:
            self._draft.say(NAME, "information", "The decision is out of the log. Undo in Decisions brings it back.")

    def _answered(self, notice: str, answer: str) -> None:
        if notice == _GONE and answer == "bring_back":
            self._safely(lambda: self._bring_back(self._gone))

    def _bring_back(self, id: str) -> None:
        self._brainstorm.decisions.bring_back(id)
        self._open(id)

    def _add_evidence(self) -> None:
        decision = self._brainstorm.decisions.get(self._shown)
        start, stop = sorted(self._draft.editor.caret())
        if start == stop:
            self._draft.say(NAME, "information", "Select a passage in the draft first; then add it here.")
        elif decision is not None:
            self._set(evidence=(*decision.evidence, self._brainstorm.decisions.evidence(start, stop)))

    def _do_with_evidence(self, what: str, at: int) -> None:
        decision = self._brainstorm.decisions.get(self._shown)
        if decision is None or at >= len(decision.evidence):
            return
        if what == "renew":
            self._safely(lambda: deciding.take_new_wording(self._brainstorm, self._shown, at))
        elif what == "remove":
            self._set(evidence=(*decision.evidence[:at], *decision.evidence[at + 1 :]))
        else:
            evidence = decision.evidence[at]
            start, stop = (self._draft.document.resolve(anchor) for anchor in (evidence.start, evidence.stop))
            if start is not None and stop is not None:
                self._brainstorming.show("draft")
                self._draft.editor.set_caret(stop, start)

    def _review(self, finding: str, note: str, next_on: str) -> None:
        def look() -> None:
            id = deciding.review(self._brainstorm, self._shown, Finding(finding), note, next_on)
            if id and id != self._shown:
                self._open(id)

        self._brainstorm.decisions.end_step()
        self._safely(look)

    def _ground(self, sentence: str, id: str) -> None:
        decision = self._brainstorm.decisions.get(self._shown)
        if decision is not None:
            ids = dict.fromkeys((*ground_of(decision.grounds, sentence).ids, id))
            self._put("grounds", with_ground(decision.grounds, Ground(sentence, tuple(ids))))
            self._look_again()

    def _loosen(self, sentence: str, id: str) -> None:
        decision = self._brainstorm.decisions.get(self._shown)
        if decision is not None:
            ids = tuple(each for each in ground_of(decision.grounds, sentence).ids if each != id)
            self._put("grounds", with_ground(decision.grounds, Ground(sentence, ids)))
            self._look_again()

    def _add_action(self, decision: str) -> None:
        self._brainstorm.decisions.end_step()
        session = self._brainstorm.session
        action = Action("", "", decision=decision, session=session.id if session else "")
        made: list[str] = []
        self._safely(lambda: made.append(self._brainstorm.decisions.actions.add(action)))
        if self._view is not None and decision:
            self._view.card.focus_last_action()
        elif self._view is not None and made:
            self._view.action_page.focus_action(made[0])

    def _change_action(self, action: Action) -> None:
        before = self._brainstorm.decisions.actions.get(action.id) or action
        if replace(before, is_done=action.is_done) == action:  # a tick is an act of its own
            self._brainstorm.decisions.end_step()
        else:
            self._brainstorm.decisions.one_step(action.id)
            self._burst.start()
        self._safely(lambda: self._brainstorm.decisions.actions.change(action))

    def _remove_action(self, id: str) -> None:
        self._brainstorm.decisions.end_step()
        self._safely(lambda: self._brainstorm.decisions.actions.remove(id))

    def _jump(self, id: str) -> None:
        if id:
            self._brainstorming.go_to(id)

    def _undo(self) -> None:
        self._brainstorm.undo()
        self._draft.window.notices.remove(NAME)  # it may say of what was undone how to undo it
        self._look_again()

    def _redo(self) -> None:
        self._brainstorm.redo()
        self._look_again()

    def _export(self, kind: str, only_this: bool) -> None:
        from cowrite.app.decisions.export import ask_export

        ask_export(self._draft, self._brainstorm, kind, {self._shown} if only_this else None)
