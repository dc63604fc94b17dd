"""AssistantFlow: what becomes of what a person does in the assistant's panel beside one draft.

Runs on the GUI thread. Nothing that the model writes is in the document before the person accepts it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cowrite.app.assistant.attempt import Attempt
from cowrite.app.assistant.quotes import go_to_quote
from cowrite.app.assistant.standing import standing_of
from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.problems import AssistantProblem, Reason
from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.change import Change
from cowrite.core.text.richtext import plain_text
from cowrite.core.text.suggested_text import as_suggested
from cowrite.core.text.word_count import word_count
from cowrite.core.writing.tables import cells_between
from cowrite.gui.assistant.values import Context, Order, Phase

if TYPE_CHECKING:
    from cowrite.app.assistant.assistant import Assistant
    from cowrite.app.assistant.ghost import Suggestions
    from cowrite.app.assistant.work import Work
    from cowrite.assist.requests import Model

FOLLOW_DELAY = 120  # milliseconds in which changes of selection and text are gathered
WRITTEN_DELAY = 40  # milliseconds in which what the model writes is gathered, at least
REST = 3  # so many times as long as it took to show it nothing more of it is shown: a model may write faster than that

APART = "Between the selected cells there are others. Select one cell, or whole rows, and ask again."


class AssistantFlow(QObject):
    """What is asked in one draft's panel, and what came of it.

    Args:
        draft: the draft; its panel is made with this.
        assistant: has the model.
        suggestions: those at the draft's caret.
        is_model_asked: says whether the model is asked for something in the draft, here or elsewhere.
        parent: Qt parent.
    """

    busy_changed = Signal()
    """The model is asked for something now, or no longer."""
    stop_wanted = Signal()
    """The person wants all ended that runs in the draft."""

    def __init__(
        self,
        draft: Draft,
        assistant: Assistant,
        suggestions: Suggestions,
        is_model_asked: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._draft = draft
        self._assistant = assistant
        self._suggestions = suggestions
        self._is_model_asked = is_model_asked
        self._panel = draft.window.panels.make_assistant()
        self._work: Work | None = None
        self._earlier: Work | None = None  # whose outcome is shown again where nothing comes of what was asked since
        self._attempt: Attempt | None = None  # at the work, while the model is asked
        self._says_end = False  # that the model's process has ended
        self._has_lost = False  # the last question went with it, and the panel says so
        self._wanted: Callable[[], None] | None = None  # as soon as it is known which models are here
        self._follow_timer = single_shot(self, self._follow, FOLLOW_DELAY)
        self._written_timer = single_shot(self, self._show_written, WRITTEN_DELAY)
        self._unobserve = draft.document.observe_changes(self._on_change)
        assistant.changed.connect(self._show_standing)
        self._connect()

    @property
    def work(self) -> Work | None:
        """What was asked last, and what came of it."""
        return self._work

    @property
    def is_busy(self) -> bool:
        """Whether the model is asked for something now."""
        return self._attempt is not None

    # What the person wants

    def show_panel(self) -> None:
        """Brings the panel up to what there is."""
        if self._assistant.is_on:
            self._assistant.tasks.read_again()
            self._panel.form.show_tasks(self._assistant.tasks.choices())
            self._panel.show_problem(self._assistant.tasks.problems)
        self._show_standing()
        if self._work is None:
            self._show_suggestion()
        self._follow()

    def want(self, task: str) -> None:
        """The person has chosen a task in a menu: asks for it, or for what it needs to know first."""
        if self._may_choose(task):
            self._do_when_known(lambda: self._ask_for(task))

    def look_in_thread(self, id: str) -> None:
        """The person wants decisions looked for in what was said in a thread of comments."""
        if self._may_choose("decisions"):
            self._do_when_known(lambda: self._look_in_thread(id))

    def stop(self) -> None:
        """Ends what runs."""
        if self._attempt is not None:
            self._attempt.stop()

    def say(self, sentence: str) -> None:
        """Says what went wrong, where somebody waits or looks; whoever has lost an answer by it knows already."""
        if not self._has_lost and (self.is_busy or self._panel.isVisible()):
            self._says_end = True
            self._panel.show_problem(sentence, "offline")

    def unsay(self) -> None:
        """The model is there again: who waits for no answer need not know any more that its process had ended."""
        if self._says_end and not self.is_busy:
            self._says_end = False
            self._panel.show_problem("")

    def end(self) -> None:
        """The draft is closed."""
        self._unobserve()
        self._written_timer.stop()
        self._assistant.changed.disconnect(self._show_standing)
        self._wanted = None
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.abandon()  # the panel is gone before it would tell
        for work in filter(None, (self._work, self._earlier)):
            work.close()
        self._work = self._earlier = None

    # Asking

    @property
    def _may_ask(self) -> bool:
        return not self.is_busy and self._assistant.is_on and self._assistant.has_model

    def _may_choose(self, task: str) -> bool:
        """Shows the panel with a task chosen; says whether that could be, or the assistant is off."""
        self._draft.window.actions_["show_assistant"].setChecked(True)
        self.show_panel()
        if self._assistant.is_on:
            self._panel.form.choose(task)
        else:
            self._panel.take_keyboard()
        return self._assistant.is_on

    def _do_when_known(self, act: Callable[[], None]) -> None:
        """Does something as soon as it is known which models are here: of several things what was wanted last."""
        is_waiting, self._wanted = self._wanted is not None, act
        if not is_waiting:
            self._assistant.when_known(self._do_wanted, self._draft)
        self._show_standing()

    def _do_wanted(self) -> None:
        act, self._wanted = self._wanted, None
        if act is not None:
            act()

    def _ask_for(self, task: str) -> None:
        form = self._panel.form
        if form.task is not None and form.task.id == task and not form.task.asks and not self._is_model_asked():
            form.ask()
        else:
            self._panel.take_keyboard()

    def _look_in_thread(self, id: str) -> None:
        placed = self._draft.comments.flow.comments.get(id)
        if placed is None or not self._may_ask:
            return
        from cowrite.app.assistant.orders import work_on_thread

        self._begin(work_on_thread(placed.thread, self._assistant.tasks, self._draft.document))

    def _ask(self, order: Order) -> None:
        self._do_when_known(lambda: self._ask_now(order))

    def _ask_now(self, order: Order) -> None:
        if not self._may_ask:
            return
        from cowrite.app.assistant.orders import work_of

        work = work_of(
            order,
            self._assistant.tasks,
            self._draft.document,
            self._draft.editor.selection(),
            lambda: self._draft.brainstorming.brainstorm,
        )
        if work is None:
            self._panel.show_problem(APART)
        else:
            self._begin(work)

    def _again(self) -> None:
        if self._work is None or self.is_busy:
            return
        again = self._work.again()
        if again is not None:
            self._begin(again)
        else:
            from cowrite.app.assistant.work import GONE

            self._panel.show_problem(GONE)

    def _drop_work(self) -> None:
        """Nobody looks at it any more; the one before it, where one is kept, is there again."""
        work, self._work, self._earlier = self._work, self._earlier, None
        if work is not None:
            work.close()
        if self._work is not None:
            self._work.follow()
            self._panel.context.show_context(self._work.context())

    def _begin(self, work: Work) -> None:
        self._earlier, self._work = self._work, work
        card, problem = self._assistant.tasks.style()
        self._says_end = self._has_lost = False
        self._panel.show_problem(problem, "offline")
        attempt = Attempt(work, card, self._assistant.process, self._assistant.clock, self)
        attempt.wrote.connect(self._show_soon)
        attempt.went_on.connect(self._show_standing)
        attempt.paced.connect(lambda pace: self._panel.context.show_context(Context(pace=pace)))
        attempt.done.connect(lambda result, model: self._on_done(work, result, model, attempt.pace))
        attempt.failed.connect(self._on_failed)
        attempt.stopped.connect(lambda: self._on_stopped(work))
        self._await(attempt)
        self._show()

    def _await(self, attempt: Attempt | None) -> None:
        if self._attempt is not None:
            self._attempt.deleteLater()
        self._attempt = attempt
        self.busy_changed.emit()

    def _on_done(self, work: Work, result: Any, model: Model, pace: float | None) -> None:
        self._await(None)
        work.finish(result, model)
        earlier, self._earlier = self._earlier, None
        if earlier is not None:
            earlier.close()
        self.unsay()
        self._show()
        self._panel.context.show_context(replace(work.context(), pace=pace))
        has_keyboard = self._panel.isAncestorOf(self._panel.window().focusWidget() or self._panel)
        if has_keyboard and not self._panel.form.is_written_in:  # whose next blank would press a button of the result
            self._panel.result.take_keyboard()

    def _on_failed(self, problem: Exception) -> None:
        self._await(None)
        self._drop_work()
        self._show()
        sentence = str(problem)
        self._has_lost = isinstance(problem, AssistantProblem) and problem.reason is Reason.DIED
        self._panel.show_problem("" if sentence == self._assistant.why_stopped else sentence)  # which stands there then

    def _on_stopped(self, work: Work) -> None:
        self._await(None)
        if work is self._work:
            self._drop_work()
        self._show()

    # What becomes of it

    def _accept(self, places: tuple[int, ...] | None = None) -> None:
        """Takes over all, or some of the alterations."""
        if self._work is None or self._draft.editor.isReadOnly():
            return
        caret = self._work.accept(self._draft.called, places)
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

        if not isinstance(self._work, DecidingWork) or not self._draft.connection.rights.may_edit:
            return
        found = self._work.take_over(number, self._draft.called)
        if found is not None:
            self._draft.decisions.flow.accept(found)
            self._show_outcome()

    def _go_to_quote(self, quote: int) -> None:
        if self._work is not None:
            go_to_quote(self._draft, self._panel.form.source, self._work, quote)

    def _go_to_paragraph(self, at: int) -> None:
        self._draft.editor.set_caret(min(at, self._draft.document.length))
        self._draft.editor.setFocus()

    # What is shown

    def _connect(self) -> None:
        panel, window, assistant = self._panel, self._draft.window, self._assistant
        panel.turned_on.connect(window.actions_["assistant_on"].trigger)
        panel.models_requested.connect(lambda: assistant.show_models(window))
        panel.style_requested.connect(lambda: assistant.show_style_card(window))
        panel.start_requested.connect(assistant.start_again)
        panel.form.asked.connect(self._ask)
        panel.form.stop_requested.connect(self.stop_wanted)
        panel.result.accepted.connect(self._accept)
        panel.result.difference.accepted.connect(lambda place: self._accept((place,)))
        panel.result.choices.activated.connect(lambda place: self._accept((place,)))
        panel.result.rejected.connect(self._reject)
        panel.result.difference.rejected.connect(self._reject)
        panel.result.again_requested.connect(self._again)
        panel.result.quotes.activated.connect(self._go_to_quote)
        panel.result.decisions.quote_activated.connect(self._go_to_quote)
        panel.result.decisions.accepted.connect(self._accept_decision)
        panel.context.paragraph_activated.connect(self._go_to_paragraph)
        key = window.actions_["suggest"].shortcut().toString()
        panel.show_hint(f"{key} in the text asks for a suggestion there; Tab accepts it.")
        self._suggestions.suggested.connect(self._show_suggestion)
        self._suggestions.suggested.connect(self._show_standing)
        self._draft.editor.caret_moved.connect(self._follow_timer.start)

    def _show_suggestion(self) -> None:
        """Shows what the model saw for the last suggestion at the caret."""
        context = self._suggestions.context if self._panel.isVisible() and not self.is_busy else None
        if context is not None:
            self._panel.context.show_context(context)

    def _on_change(self, _change: Change) -> None:
        if not self._follow_timer.isActive():
            self._follow_timer.start()

    def _follow(self) -> None:
        """Brings the panel up to selection and text."""
        if not self._panel.isVisible():
            return
        document, (start, stop) = self._draft.document, self._draft.editor.selection()
        selected = plain_text(as_suggested(cells_between(document, start, stop) or document.spans(start, stop)))
        self._panel.form.show_subject(word_count(selected), 1 if self._draft.document.text().strip() else 0)
        if self._work is not None and self._work.follow():
            self._show_outcome()

    def _show_soon(self) -> None:
        if not self._written_timer.isActive():
            self._written_timer.start()

    def _show_written(self) -> None:
        begun = perf_counter()
        self._show_outcome()
        self._written_timer.setInterval(max(WRITTEN_DELAY, round(REST * 1000 * (perf_counter() - begun))))

    def _show(self) -> None:
        self._written_timer.stop()
        self._show_outcome()
        self._show_standing()

    def _show_outcome(self) -> None:
        work = self._work
        outcome = work.outcome() if work is not None else None
        if work is not None and outcome is not None:
            outcome = replace(outcome, record=work.record(self._draft.called))
        self._panel.show_outcome(outcome)

    def _show_standing(self) -> None:
        sentence = self._work.sentence if self._work is not None else ""
        standing = standing_of(
            self._assistant, self._attempt, sentence, self._suggestions, has_wish=self._wanted is not None
        )
        if standing.phase in (Phase.OFF, Phase.STOPPED) or (standing.phase is Phase.NO_MODEL and standing.sentence):
            self._panel.show_problem("")  # that the next question starts the worker again is no longer true
        self._panel.show_standing(standing)
        if standing.phase not in (Phase.OFF, Phase.NO_MODEL) and self._panel.form.task is None:
            self._panel.form.show_tasks(self._assistant.tasks.choices())
