"""Suggestions: what the model proposes at the caret of one draft, from the question to the key that accepts it.

Runs on the GUI thread. Asked by key, or after a pause where the person wants it so. While the assistant is off nothing
here listens to the draft.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cowrite.app.assistant.pacing import LATE, Pacing
from cowrite.app.bare_draft.bare_draft import BareDraft
from cowrite.bridge.single_shot import single_shot
from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.text.change import Change
from cowrite.core.text.offsets import code_point_of_utf16
from cowrite.core.text.origin import Origin
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import DELETION, Insert, utf16_length
from cowrite.core.writing.line import line_at

if TYPE_CHECKING:
    from cowrite.app.assistant.assistant import Assistant
    from cowrite.app.assistant.suggested import Suggested
    from cowrite.bridge.assistant.carried_job import CarriedJob
    from cowrite.gui.assistant.ghost import GhostText
    from cowrite.gui.assistant.values import Context
    from cowrite.gui.look.theme import Theme

ASKING = "The model is thinking of a suggestion…"
NOT_RATED = "The model does not say how sure it is: each suggestion is shown, however unsure."
NOTHING = "The model has nothing to suggest here."
SAID_FOR = 3000  # milliseconds that the status bar says why there is no suggestion


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A suggestion that was asked for, and is awaited.

    Attributes:
        at: at which position; UTF-16 units.
        by_key: whether by key.
        line: what stands before that in its line, and behind it.
        when: seconds of the clock.
    """

    at: int
    by_key: bool
    line: tuple[str, str]
    when: float


class Suggestions(QObject):
    """The suggestions of one draft.

    Args:
        draft: the draft.
        assistant: has the model.
        parent: Qt parent.
    """

    busy_changed = Signal()
    """The model is asked for a suggestion now, or no longer."""
    suggested = Signal()
    """The model has answered, shown or not."""

    def __init__(self, draft: BareDraft, assistant: Assistant, parent: QObject) -> None:
        super().__init__(parent)
        self._draft = draft
        self._assistant = assistant
        self._pacing = Pacing()
        self._ghost: GhostText | None = None
        self._job: CarriedJob | None = None
        self._asked: _Awaited | None = None
        self._suggested: Suggested | None = None
        self._says_unrated = True  # that the model does not say how sure it is; it is said once
        self._seed = 0
        self._unobserve: Callable[[], None] | None = None
        self._timer = single_shot(self, self._ask_if_due)
        self._silence_timer = single_shot(self, lambda: self._say(""))
        assistant.changed.connect(self._listen)
        assistant.loaded.connect(self._pacing.forget)
        draft.window.theme_changed.connect(self._show_theme)
        self._listen()

    @property
    def shown(self) -> str:
        """What is shown now; empty for nothing."""
        return self._ghost.text if self._ghost is not None else ""

    @property
    def is_busy(self) -> bool:
        """Whether the model is asked for a suggestion now."""
        return self._job is not None

    @property
    def is_rated(self) -> bool:
        """Whether the model has said how sure it was of its last suggestion, where that matters."""
        return self._suggested is None or self._suggested.is_rated

    @property
    def slowness(self) -> float:
        """How long the model takes to begin, in seconds, where that is too long to be asked by itself; else 0."""
        return 0.0 if self._pacing.is_fast_enough or not self._assistant.after_pause else self._pacing.latency

    @property
    def context(self) -> Context | None:
        """What the model saw for its last suggestion; None where there was none."""
        return self._suggested.context() if self._suggested is not None else None

    def ask(self) -> None:
        """The person wants a suggestion at the caret; where one is shown, another one."""
        self._pacing.moved()
        self._assistant.when_known(self._ask_by_key, self._draft)

    def _ask_by_key(self) -> None:
        if not self._assistant.has_model or self._assistant.why_stopped:
            self._draft.window.actions_["show_assistant"].setChecked(True)
            return
        self._seed = self._seed + 1 if self.shown else 0
        self._ask(by_key=True)

    def stop(self) -> None:
        """Shows nothing more, and asks for nothing."""
        self._pacing.moved()
        self._timer.stop()
        self._cancel()
        if self._ghost is not None:
            self._ghost.hide()

    def end(self) -> None:
        """The draft is closed."""
        self.stop()
        self._assistant.changed.disconnect(self._listen)
        self._assistant.loaded.disconnect(self._pacing.forget)
        if self._unobserve is not None:
            self._unobserve()

    # Inside

    def _show_theme(self, theme: Theme) -> None:
        if self._ghost is not None:
            self._ghost.show_colour(theme.ghost)

    def _listen(self) -> None:
        """Listens to the draft while the assistant is on."""
        if self._assistant.is_on and self._unobserve is None:
            self._unobserve = self._draft.document.observe_changes(self._on_change)
        elif not self._assistant.is_on and self._unobserve is not None:
            self._unobserve()
            self._unobserve = None
            self.stop()
        if not self._assistant.after_pause:
            self._end_unasked()

    def _end_unasked(self) -> None:
        """Ends what nobody has asked for: the person wants none by itself."""
        self._timer.stop()
        self._pacing.moved()
        if self._asked is not None and not self._asked.by_key:
            self._cancel()
        if self._ghost is not None and self._ghost.by_itself:
            self._ghost.hide()

    def _on_change(self, change: Change) -> None:
        if self._asked is not None and self._job is not None:
            at = moved(self._asked.at, change.ops, Stick.LEFT)
            if change.origin is Origin.REMOTE and self._line_at(at) == self._asked.line:
                self._asked = replace(self._asked, at=at)
            else:
                self._cancel()
        if change.origin is not Origin.LOCAL or not self._assistant.after_pause:
            return
        last = change.ops[-1]
        if isinstance(last, Insert) and not self.shown:
            self._pacing.longest = self._assistant.longest_pause
            self._pacing.typed(self._assistant.clock())
            self._timer.start(round(self._pacing.pause * 1000))
        else:
            self._pacing.moved()

    def _line_at(self, at: int) -> tuple[str, str]:
        """What stands before a position in its line, and behind it."""
        document = self._draft.document
        line = line_at(document, at)
        return document.rope.text(line.start, at), document.rope.text(at, line.end)

    def _ask_if_due(self) -> None:
        if self._pacing.due is None or not self._draft.editor.textCursor().atBlockEnd():
            self._pacing.moved()
            return
        now = self._assistant.clock()
        if self._pacing.take(now):
            self._seed = 0
            state = self._draft.editor.caret(), self._draft.document.length
            self._assistant.when_known(
                lambda: (
                    self._ask(by_key=False)
                    if state == (self._draft.editor.caret(), self._draft.document.length)
                    else None
                ),
                self._draft,
            )
        elif self._pacing.due is not None:  # the timer was early, or the clock is another one
            self._timer.start(max(1, round((self._pacing.due - now) * 1000)))

    def _ask(self, *, by_key: bool) -> None:
        self._cancel()
        ghost = self._made_ghost()
        ghost.hide()
        at = self._draft.editor.caret()[1]
        can_show = ghost.can_show() and not self._draft.editor.is_choosing
        is_wanted = self._assistant.is_on and (by_key or self._assistant.after_pause)
        if not is_wanted or not self._assistant.has_model or not can_show:
            return
        read = ReadText(self._draft.document.spans(), DELETION, with_embeds=False)
        place = code_point_of_utf16(read.text, read.position(at))
        self._pacing.moved()  # of what was typed just now the draft has told as it was read
        if not read.text[:place].strip():
            self._say("Write a few words first; the model goes on from there." if by_key else "", by_key)
            return
        from cowrite.app.assistant.suggested import continuation

        card, _ = self._assistant.tasks.style()
        make = continuation(self._assistant.tasks, read, place, card, self._seed, self._assistant.confidence)
        job = self._assistant.carry_out_suggestion(make)
        self._await(job, _Awaited(at, by_key, self._line_at(at), self._assistant.clock()))
        job.done.connect(lambda result: self._on_done(job, result))
        job.failed.connect(lambda problem: self._on_failed(job, problem))
        job.stopped.connect(lambda: self._on_stopped(job))
        if by_key:
            self._silence_timer.stop()
            self._say(ASKING)

    def _cancel(self) -> None:
        job = self._job
        self._await(None, None)
        if job is not None:
            job.stop()
            self._say("")

    def _await(self, job: CarriedJob | None, asked: _Awaited | None) -> None:
        was_busy, self._job, self._asked = self.is_busy, job, asked
        if self.is_busy != was_busy:
            self.busy_changed.emit()

    def _on_done(self, job: CarriedJob, suggested: Suggested) -> None:
        if job is not self._job or self._asked is None:
            return
        asked = self._asked
        self._await(None, None)
        usage = suggested.usage
        if usage.seconds_to_first_token is not None:
            model = self._assistant.model
            keeps_read = model is not None and model.rewinds and not model.place
            self._pacing.measured(usage.seconds_to_first_token, usage.evaluated if keeps_read else 0)
        self._suggested = suggested
        self.suggested.emit()
        is_here = self._draft.editor.caret() == (asked.at, asked.at)
        is_late = not asked.by_key and self._assistant.clock() - asked.when > LATE  # and would only disturb
        if is_here and not is_late:
            self._made_ghost().show(suggested.text, by_itself=not asked.by_key)
        is_first_unrated = not suggested.is_rated and self._says_unrated
        self._says_unrated = self._says_unrated and suggested.is_rated
        nothing = NOTHING if asked.by_key and is_here and not suggested.text else ""
        self._say(NOT_RATED if is_first_unrated else nothing, True)

    def _on_failed(self, job: CarriedJob, problem: Exception) -> None:
        if job is self._job and self._asked is not None:
            by_key = self._asked.by_key
            self._await(None, None)
            self._say(str(problem) if by_key else "", True)

    def _on_stopped(self, job: CarriedJob) -> None:
        """Another window's suggestion has taken its place."""
        if job is self._job:
            self._await(None, None)
            self._say("")

    def _made_ghost(self) -> GhostText:
        if self._ghost is None:
            from cowrite.gui.assistant.ghost import GhostText

            self._ghost = GhostText(self._draft.editor, self._draft.window.theme.ghost, self._assistant.clock)
            self._ghost.accepted.connect(self._accept)
        return self._ghost

    def _accept(self, text: str, _whole: bool) -> None:
        suggested, at = self._suggested, self._made_ghost().at
        if suggested is None or self._draft.editor.isReadOnly():
            return
        editor = self._draft.editor

        def put_in() -> None:
            self._suggested = suggested.accept(self._draft.document, at, text, self._draft.called)
            editor.set_caret(at + utf16_length(text))

        editor.by_key(put_in)

    def _say(self, sentence: str, passing: bool = False) -> None:
        self._draft.window.assist_marks.show_notice(sentence)
        if sentence and passing:
            self._silence_timer.start(SAID_FOR)
