"""DraftAssistant: the assistant beside one draft: suggestions in its text, ideas for its board, and its panel.

Runs on the GUI thread. Nothing of ideas and panel is loaded before somebody asks for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.assistant.ghost import Suggestions
from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin

if TYPE_CHECKING:
    from cowrite.app.assistant.assistant import Assistant
    from cowrite.app.assistant.expand_flow import ExpandFlow
    from cowrite.app.assistant.flow import AssistantFlow

STOPPED = "assistant"  # the notice that says that the model's process is not started again by itself
UNKEPT = "style card"


class DraftAssistant(QObject):
    """The assistant beside one draft.

    Args:
        draft: the draft.
        assistant: has the model.
    """

    def __init__(self, draft: Draft, assistant: Assistant) -> None:
        super().__init__(assistant)
        self._draft = draft
        self._assistant = assistant
        self.suggestions = Suggestions(draft, assistant, self)
        self.suggestions.busy_changed.connect(self._show_stop)
        self._flow: AssistantFlow | None = None
        self._expansion: ExpandFlow | None = None
        self._slots = (
            (assistant.changed, self._show_standing),
            (assistant.turned_off, self.stop),
            (assistant.died, self._say),
            (assistant.loaded, self._unsay),
            (assistant.stopped, self._say_stopped),
            (assistant.style_unkept, self._say_unkept),
        )
        for signal, slot in self._slots:
            signal.connect(slot)
        self._unobserve = draft.document.observe_updates(self._on_update)
        self._show_standing()

    @property
    def flow(self) -> AssistantFlow:
        """What becomes of what the person does in the panel; made with the panel."""
        if self._flow is None:
            from cowrite.app.assistant.flow import AssistantFlow

            self._flow = AssistantFlow(self._draft, self._assistant, self.suggestions, lambda: self.is_busy, self)
            self._flow.busy_changed.connect(self._show_stop)
            self._flow.stop_wanted.connect(self.stop)
        return self._flow

    @property
    def expansion(self) -> ExpandFlow:
        """The ideas that the assistant is asked for."""
        if self._expansion is None:
            from cowrite.app.assistant.expand_flow import ExpandFlow

            self._expansion = ExpandFlow(self._draft, self._assistant, self)
        return self._expansion

    @property
    def is_busy(self) -> bool:
        """Whether the model is asked for something, be it not for a suggestion."""
        return any(each is not None and each.is_busy for each in (self._flow, self._expansion))

    def expand(self) -> None:
        """The person wants ideas for the selected notes, or the session's question."""
        self._assistant.when_known(self.expansion.ask, self._draft)

    def stop(self) -> None:
        """Ends what runs."""
        for each in (self.suggestions, self._expansion, self._flow):
            if each is not None:
                each.stop()

    def end(self) -> None:
        """The draft is closed."""
        for signal, slot in self._slots:
            signal.disconnect(slot)
        self._unobserve()
        for each in (self._flow, self._expansion, self.suggestions):
            if each is not None:
                each.end()
        self.deleteLater()

    # Inside

    def _say(self, sentence: str) -> None:
        """Says what went wrong, where somebody waits or looks."""
        if self._flow is not None:
            self._flow.say(sentence)

    def _unsay(self) -> None:
        """The model is there again after its process had ended."""
        if self._flow is not None:
            self._flow.unsay()

    def _say_stopped(self, sentence: str) -> None:
        self._draft.say(STOPPED, "warning", sentence)

    def _say_unkept(self, sentence: str) -> None:
        if sentence:
            self._draft.say(UNKEPT, "problem", sentence)
        else:
            self._draft.window.notices.remove(UNKEPT)

    def _on_update(self, update: tuple[bytes, Origin]) -> None:
        if update[1] is Origin.LOCAL:
            self._assistant.give_way()

    def _show_standing(self) -> None:
        """Says in the window, also where the panel is closed, what must be seen of the assistant."""
        self._draft.window.status.show_place(self._assistant.place if self._assistant.is_on else "")
        if not (self._assistant.is_on and self._assistant.why_stopped):
            self._draft.window.notices.remove(STOPPED)
        self._show_stop()

    def _show_stop(self) -> None:
        self._draft.window.actions_["assistant_stop"].setEnabled(self.is_busy or self.suggestions.is_busy)
