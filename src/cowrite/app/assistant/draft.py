"""DraftAssistant: what one draft asks of the model, and what becomes of the answers.

Runs on the GUI thread. Nothing that the model writes is in the document before the person accepts it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from cowrite.app.assistant.ghost import Suggestions
from cowrite.app.draft.draft import Draft
from cowrite.assist.prompt_files import Kind
from cowrite.core.change import Change
from cowrite.core.search import word_count
from cowrite.gui.assistant.values import Context, Order, Phase, Source, Standing
from cowrite.gui.views import DRAFT

if TYPE_CHECKING:
    from cowrite.app.assistant.assistant import Assistant
    from cowrite.app.assistant.decisions import Pool
    from cowrite.app.assistant.work import Work
    from cowrite.app.ideas.expand_flow import ExpandFlow
    from cowrite.bridge.assistant_process import CarriedJob
    from cowrite.gui.assistant.panel import AssistantPanel

FOLLOW_DELAY = 120  # milliseconds in which changes of selection and text are gathered


class DraftAssistant(QObject):
    """The assistant beside one draft.

    Args:
        draft: the draft.
        assistant: has the model.
    """

    decision_accepted = Signal(str)
    """The id of a decision that was made of what the model found."""

    def __init__(self, draft: Draft, assistant: Assistant) -> None:
        super().__init__(assistant)
        self._draft = draft
        self._assistant = assistant
        self._panel: AssistantPanel | None = None
        self._job: CarriedJob | None = None
        self._work: Work | None = None
        self._is_working = False
        self._began: float | None = None
        self._pieces = 0
        self.suggestions = Suggestions(draft, assistant, self)
        self.suggestions.busy_changed.connect(self._show_stop)
        self._expansion: ExpandFlow | None = None
        self._follow_timer = QTimer(self)
        self._follow_timer.setSingleShot(True)
        self._follow_timer.setInterval(FOLLOW_DELAY)
        self._follow_timer.timeout.connect(self._follow)
        self._unobserve = draft.document.observe_changes(self._on_change)
        assistant.changed.connect(self._show_standing)
        self._show_standing()

    @property
    def panel(self) -> AssistantPanel | None:
        """The panel, once the person has asked for it."""
        return self._panel

    @property
    def work(self) -> Work | None:
        """What was asked last, and what came of it."""
        return self._work

    @property
    def is_busy(self) -> bool:
        """Whether there is something to stop."""
        return self._job is not None or (self._expansion is not None and self._expansion.is_busy)

    # What the person wants

    def show_panel(self) -> AssistantPanel:
        """Brings the panel up to what there is; made where there is none."""
        if self._panel is None:
            self._panel = self._draft.window.make_assistant()
            self._connect(self._panel)
        if self._assistant.is_on:
            self._assistant.tasks.read_again()
            self._panel.show_tasks(self._assistant.tasks.choices())
            self._panel.show_problem(self._assistant.tasks.problems)
        self._show_standing()
        self._follow()
        return self._panel

    def want(self, task: str) -> None:
        """The person has chosen a task in a menu: asks for it, or for what it needs to know first."""
        self._draft.window.actions_["show_assistant"].setChecked(True)
        panel = self.show_panel()
        if not self._assistant.is_on:
            panel.take_keyboard()
            return
        panel.form.choose(task)
        self._assistant.when_known(lambda: self._ask_for(panel, task))

    def look_in_thread(self, id: str) -> None:
        """The person wants decisions looked for in what was said in a thread of comments."""
        self._draft.window.actions_["show_assistant"].setChecked(True)
        panel = self.show_panel()
        if not self._assistant.is_on:
            panel.take_keyboard()
            return
        panel.form.choose("decisions")
        self._assistant.when_known(lambda: self._look_in_thread(id))

    def _look_in_thread(self, id: str) -> None:
        placed = self._draft.comments.flow.comments.get(id)
        if placed is None or self._job is not None or not self._assistant.has_model:
            return
        from cowrite.app.assistant.decisions import DecidingWork, of_thread
        from cowrite.app.assistant.work import Order as Asked

        self._drop_work()
        asked = Asked(self._assistant.tasks.files["decisions"], self._draft.document, (0, 0))
        self._begin(DecidingWork(asked, of_thread(placed.thread)))

    def _ask_for(self, panel: AssistantPanel, task: str) -> None:
        choice = panel.form.task
        if choice is not None and choice.id == task and not choice.asks and not self.is_busy:
            panel.form.ask()
        else:
            panel.take_keyboard()

    @property
    def expansion(self) -> ExpandFlow:
        """The ideas that the assistant is asked for."""
        if self._expansion is None:
            from cowrite.app.ideas.expand_flow import ExpandFlow

            self._expansion = ExpandFlow(self._draft, self._assistant, self)
        return self._expansion

    def expand(self) -> None:
        """The person wants ideas for the selected notes, or the session's question."""
        self._assistant.when_known(self.expansion.ask)

    def stop(self) -> None:
        """Ends what runs."""
        self.suggestions.stop()
        if self._expansion is not None:
            self._expansion.stop()
        if self._job is not None:
            self._job.stop()

    def say(self, sentence: str) -> None:
        """Says what went wrong, where somebody waits or looks."""
        if self._panel is not None and (self._job is not None or self._panel.isVisible()):
            self._panel.show_problem(sentence, "offline")

    def end(self) -> None:
        """The draft is closed."""
        self._unobserve()
        self._assistant.changed.disconnect(self._show_standing)
        job, self._job = self._job, None
        if job is not None:
            job.stopped.disconnect()  # it is told when the panel is gone
            job.stop()
        if self._expansion is not None:
            self._expansion.end()
        self._drop_work()
        self.suggestions.end()
        self.deleteLater()

    # Asking

    def _ask(self, order: Order) -> None:
        self._assistant.when_known(lambda: self._ask_now(order))

    def _ask_now(self, order: Order) -> None:
        if self._job is not None or not self._assistant.is_on or not self._assistant.has_model:
            return
        from cowrite.app.assistant.work import Order as Asked
        from cowrite.app.assistant.work import work_for

        document, (anchor, head) = self._draft.document, self._draft.editor.caret()
        file = self._assistant.tasks.files[order.task]
        asked = Asked(file, document, (min(anchor, head), max(anchor, head)), order.words)
        self._drop_work()
        if file.kind is Kind.DECIDE:
            from cowrite.app.assistant.decisions import DecidingWork

            self._begin(DecidingWork(asked, self._pool(order)))
        else:
            self._begin(work_for(asked))

    def _pool(self, order: Order) -> Pool | None:
        """The text that is searched, where it is not the draft."""
        from cowrite.app.assistant.decisions import of_notes, pasted

        if order.source is Source.NOTES:
            storm = self._draft.brainstorming.brainstorm
            return of_notes(storm.visibility.for_model(storm.session))
        return pasted(order.pasted) if order.source is Source.PASTED else None

    def _again(self) -> None:
        if self._work is not None and self._job is None:
            work = self._work.again()
            self._drop_work()
            self._begin(work)

    def _drop_work(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.close()

    def _begin(self, work: Work) -> None:
        self._work = work
        card, problem = self._assistant.tasks.style()
        if self._panel is not None:
            self._panel.show_problem(problem, "offline")
        self._is_working = False
        self._begin_count()
        job = self._job = self._assistant.process.carry_out(lambda model: work.job(model, card))
        job.progressed.connect(lambda progress: self._on_progress(work, progress))
        job.reading.connect(lambda _done, _total: self._on_working())
        job.wrote.connect(lambda token: self._on_token(work, token.text))
        job.voided.connect(work.void)
        job.step_done.connect(lambda _completion: self._begin_count())
        job.done.connect(lambda result: self._on_done(work, result, job.pace))
        job.failed.connect(self._on_failed)
        job.stopped.connect(lambda: self._on_stopped(work))
        self._show_outcome()
        self._show_standing()

    def _begin_count(self) -> None:
        """Counts the pieces of another text: between two texts the model reads."""
        self._began, self._pieces = None, 0

    def _on_working(self) -> None:
        if not self._is_working:
            self._is_working = True
            self._show_standing()

    def _on_progress(self, work: Work, progress: Any) -> None:
        work.progress(progress)
        self._is_working = True
        self._show_outcome()
        self._show_standing()

    def _on_token(self, work: Work, text: str) -> None:
        self._on_working()
        now = self._assistant.clock()
        self._began = self._began if self._began is not None else now
        self._pieces += 1
        work.write(text)
        if self._panel is not None:
            if now > self._began:
                self._panel.show_context(Context(pace=(self._pieces - 1) / (now - self._began)))
            self._show_outcome()
            if self._pieces == 1:
                self._show_standing()

    def _on_done(self, work: Work, result: Any, pace: float | None) -> None:
        self._job = None
        model = self._assistant.model
        assert model is not None, "an answer comes from a model that was loaded"
        work.finish(result, model)
        self._show_outcome()
        self._show_standing()
        if self._panel is not None:
            self._panel.show_context(replace(work.context(), pace=pace))
            if self._panel.isAncestorOf(self._panel.window().focusWidget() or self._panel):
                self._panel.result.take_keyboard()

    def _on_failed(self, problem: Exception) -> None:
        self._job = None
        self._drop_work()
        self._show_outcome()
        self._show_standing()
        if self._panel is not None:
            self._panel.show_problem(str(problem))

    def _on_stopped(self, work: Work) -> None:
        self._job = None
        if work is self._work:
            self._drop_work()
        self._show_outcome()
        self._show_standing()

    # What becomes of it

    def _accept(self, places: tuple[int, ...] | None = None) -> None:
        """Takes over all, or some of the alterations."""
        if self._work is None or self._draft.editor.isReadOnly():
            return
        caret = self._work.accept(self._draft.me.name, places)
        if caret is not None:
            self._draft.editor.set_caret(caret)
        self._after_deciding()

    def _reject(self, place: int | None = None) -> None:
        if self._work is None:
            return
        if place is None:
            self._drop_work()
        else:
            self._work.reject(place)
        self._after_deciding()

    def _after_deciding(self) -> None:
        if self._work is not None and self._work.is_settled:
            self._drop_work()
        self._show_outcome()
        if self._work is None:
            self._draft.editor.setFocus()

    def _accept_decision(self, number: int) -> None:
        """Makes one of the document's decisions of what was found."""
        from cowrite.app.assistant.decisions import DecidingWork

        if not isinstance(self._work, DecidingWork) or self._draft.editor.isReadOnly():
            return
        found = self._work.take_over(number, self._draft.me.name)
        if found is not None:
            self.decision_accepted.emit(self._draft.brainstorming.decisions.accept(found))
            self._show_outcome()

    def _jump(self, quote: int) -> None:
        work = self._work
        span = work.place_of(quote) if work is not None else None
        if work is not None and work.source is Source.NOTES:
            self._draft.brainstorming.go_to(work.part_of(quote))
        elif work is not None and work.source is Source.THREAD:
            self._draft.comments.flow.go_to(work.part_of(quote))
        elif work is not None and work.source is Source.PASTED and span is not None and self._panel is not None:
            self._panel.form.source.select(*span)
        elif span is not None:
            self._draft.window.views.show_view(DRAFT)
            self._draft.editor.set_caret(span[1], span[0])
            self._draft.editor.setFocus()

    def _go_to_paragraph(self, at: int) -> None:
        self._draft.editor.set_caret(min(at, self._draft.document.length))
        self._draft.editor.setFocus()

    # What is shown

    def _connect(self, panel: AssistantPanel) -> None:
        window, assistant = self._draft.window, self._assistant
        panel.turned_on.connect(window.actions_["assistant_on"].trigger)
        panel.models_requested.connect(lambda: assistant.show_models(window))
        panel.style_requested.connect(lambda: assistant.show_style_card(window))
        panel.start_requested.connect(assistant.start_again)
        panel.form.asked.connect(self._ask)
        panel.form.stop_requested.connect(self.stop)
        panel.result.accepted.connect(self._accept)
        panel.result.alteration_accepted.connect(lambda place: self._accept((place,)))
        panel.result.choice_accepted.connect(lambda place: self._accept((place,)))
        panel.result.rejected.connect(self._reject)
        panel.result.alteration_rejected.connect(self._reject)
        panel.result.again_requested.connect(self._again)
        panel.result.quote_activated.connect(self._jump)
        panel.result.decision_accepted.connect(self._accept_decision)
        panel.context.paragraph_activated.connect(self._go_to_paragraph)
        key = window.actions_["suggest"].shortcut().toString()
        panel.show_hint(f"{key} in the text asks for a suggestion there; Tab accepts it.")
        self._draft.editor.caret_moved.connect(self._follow_timer.start)

    def _on_change(self, _change: Change) -> None:
        if self._panel is not None and not self._follow_timer.isActive():
            self._follow_timer.start()

    def _follow(self) -> None:
        """Brings the panel up to selection and text."""
        panel = self._panel
        if panel is None or not panel.isVisible():
            return
        anchor, head = self._draft.editor.caret()
        selected = self._draft.document.rope.text(min(anchor, head), max(anchor, head)) if anchor != head else ""
        panel.form.show_subject(word_count(selected), 1 if self._draft.document.text().strip() else 0)
        if self._work is not None and self._work.follow():
            self._show_outcome()

    def _show_outcome(self) -> None:
        if self._panel is not None:
            self._panel.show_outcome(self._work.outcome() if self._work is not None else None)

    def _show_standing(self) -> None:
        self._show_stop()
        if self._panel is not None:
            standing = self._standing()
            if standing.phase in (Phase.OFF, Phase.STOPPED):
                self._panel.show_problem("")  # that the next question starts the worker again is no longer true
            self._panel.show_standing(standing)
            if standing.phase not in (Phase.OFF, Phase.NO_MODEL) and self._panel.form.task is None:
                self._panel.show_tasks(self._assistant.tasks.choices())

    def _show_stop(self) -> None:
        self._draft.window.actions_["assistant_stop"].setEnabled(self.is_busy or self.suggestions.is_busy)

    def _standing(self) -> Standing:
        assistant = self._assistant
        if not assistant.is_on:
            return Standing(Phase.OFF)
        place, name = assistant.place, assistant.model_name
        if assistant.is_stopped:
            return Standing(Phase.STOPPED, name, place)
        if not assistant.has_model:
            if not assistant.models.is_known:
                return Standing(Phase.LOADING, sentence="Looking which models are here…", place=place)
            return Standing(Phase.NO_MODEL, place=place)
        if self._job is None:
            return Standing(Phase.READY, name, place)
        if self._is_working:
            sentence = self._work.sentence if self._work is not None else ""
            return Standing(Phase.WORKING, name, place, sentence, may_stop=True)
        if assistant.is_loading:
            return Standing(Phase.LOADING, name, place, f"Loading {name}…", done=assistant.fraction, may_stop=True)
        return Standing(Phase.WAITING, name, place, may_stop=True)
