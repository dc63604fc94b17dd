"""AssistantSwitch: whether the assistant is on.

Runs on the GUI thread. While it is off nothing of the assistant is loaded, started or read: what it is made of is
imported when the person turns it on, or looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cowrite.app.assistant.needs import MakeProcess, Needs
from cowrite.app.assistant.words import OFF, assist_words
from cowrite.app.draft.draft import Draft
from cowrite.storage.settings import Trigger

if TYPE_CHECKING:
    from cowrite.app.assistant.assistant import Assistant
    from cowrite.app.assistant.draft import DraftAssistant
    from cowrite.bridge.likeness import Vectors

OFFER_DELAY = 700  # milliseconds from the first window until the person is asked: they may have begun to write


ASKING = {
    "rewrite_shorter": "rewrite-shorter",
    "rewrite_longer": "rewrite-longer",
    "rewrite_plainer": "rewrite-plainer",
    "rewrite_formal": "rewrite-formal",
    "rewrite_friendly": "rewrite-friendly",
    "rewrite_correct": "rewrite-correct",
    "rewrite_translate": "rewrite-translate",
    "rewrite_own": "rewrite-own",
    "ask": "ask",
    "decisions": "decisions",
    "summarise": "summarise",
    "outline": "outline",
    "expand": "draft",
    "title": "title",
    "describe": "describe",
}
"""Commands that ask for a task, and the task's name."""


class AssistantSwitch(QObject):
    """The assistant of one Application, on or off.

    Args:
        needs: what the assistant is made with; has the person's choice.
        drafts: the open ones; later ones come into it.
        parent: Qt parent.
    """

    def __init__(self, needs: Needs, drafts: Sequence[Draft], parent: QObject) -> None:
        super().__init__(parent)
        self._needs = needs
        self._choices = needs.choices
        self._drafts = drafts
        self._assistant: Assistant | None = None
        self._beside: dict[Draft, DraftAssistant] = {}
        self._choices.assistant_changed.connect(self._take)

    @property
    def is_on(self) -> bool:
        """Whether the person has turned it on."""
        return self._choices.settings.assistant

    @property
    def assistant(self) -> Assistant | None:
        """The assistant; None while it was not needed."""
        return self._assistant

    def make_with(self, make_process: MakeProcess) -> None:
        """Says what makes the process that speaks with the worker, before the assistant is made."""
        self._needs = self._needs._replace(make_process=make_process)

    def add(self, draft: Draft) -> None:
        """A draft has been opened."""
        actions = draft.window.actions_
        draft.brainstorming.encoder = self
        marks = draft.window.assist_marks
        marks.words = lambda assist, unit: assist_words(
            draft.document, assist, draft.bringers.assist_source(assist, unit)
        )
        draft.bringers.changed.connect(marks.refresh)
        draft.bringers.changed.connect(draft.decisions.refresh)
        draft.decisions.assist_words = lambda assist: assist_words(
            draft.document, assist, draft.bringers.assist_source(assist, None)
        )
        for name, task in ASKING.items():
            actions[name].triggered.connect(lambda _on=False, task=task: self.of(draft).flow.want(task))
        draft.comments.decisions_wanted.connect(lambda id: self._look_in_thread(draft, id))
        actions["expand_ideas"].triggered.connect(lambda _on=False: self._expand(draft))
        actions["suggest"].triggered.connect(lambda _on=False: self._suggest(draft))
        actions["models"].triggered.connect(lambda _on=False: self._loaded().show_models(draft.window))
        actions["style_card"].triggered.connect(lambda _on=False: self._loaded().show_style_card(draft.window))
        actions["assistant_stop"].triggered.connect(lambda _on=False: self.of(draft).stop())
        actions["show_assistant"].toggled.connect(lambda on: self._show_panel(draft) if on else None)
        actions["suggest_after_pause"].triggered.connect(self._choices.set_suggest_after_pause)
        actions["assistant_on"].triggered.connect(lambda on: self._turn(draft, on=on))
        self._show_choice(draft)
        if self._assistant is not None or self.is_on:
            self._join(draft, self._loaded())
        if not self._choices.settings.assistant_decided and len(self._drafts) == 1:
            QTimer.singleShot(OFFER_DELAY, draft.window, lambda: self._offer(draft))

    def remove(self, draft: Draft) -> None:
        """A draft has been closed."""
        gone = self._beside.pop(draft, None)
        if gone is not None:
            gone.end()

    def of(self, draft: Draft) -> DraftAssistant:
        """The assistant beside one draft; raises KeyError for one that is closed."""
        self._loaded()
        return self._beside[draft]

    def end(self) -> None:
        """The app ends."""
        for each in self._beside.values():
            each.end()
        if self._assistant is not None:
            self._assistant.end()

    def encode(self, texts: Sequence[str], then: Callable[[Vectors | None], None]) -> None:
        """See `likeness.Encoder`: the worker computes, behind all that a person waits for."""
        assistant = self._assistant if self.is_on else None
        if assistant is None:
            then(None)
            return

        def ask() -> None:
            if assistant.embedder is None:
                then(None)
            else:
                assistant.embedder.encode(texts, then)

        # What is asked before it is known which models are here ends when it is.
        assistant.when_known(ask)

    def _offer(self, draft: Draft) -> None:
        if not draft.is_closed and not self._choices.settings.assistant_decided:
            place = self._place()
            offer = draft.window.offer.ask(place, has_engine=bool(place) or self._needs.engine_is_here())
            offer.chosen.connect(lambda on: self._turn(draft, on=on))
            # Who lets the question pass is not asked again; the menu has it.
            draft.window.closing.connect(lambda: self._choices.set_assistant(on=self.is_on))

    def _turn(self, draft: Draft, *, on: bool) -> None:
        """The person turns it on or off in a window, which leads on to the models where there is none."""
        self._choices.set_assistant(on)

        def lead_on() -> None:
            if self.is_on and not self._loaded().has_model:
                draft.window.actions_["show_assistant"].setChecked(True)

        if on:
            self._loaded().when_known(lead_on, draft)

    def _place(self) -> str:
        """The host at which the model runs; empty for this computer."""
        endpoint = self._choices.settings.endpoint
        if not endpoint.is_on:
            return ""
        from cowrite.gui.assistant.endpoint_form import host_of

        return host_of(endpoint.url)

    def _take(self) -> None:
        """The person has chosen otherwise."""
        if self.is_on and self._assistant is None:
            self._loaded()
        if self._assistant is not None:
            self._assistant.show_choice()
        for draft in self._drafts:
            draft.window.offer.remove()
            self._show_choice(draft)

    def _show_choice(self, draft: Draft) -> None:
        actions, trigger = draft.window.actions_, self._choices.settings.suggestions.trigger
        actions["assistant_on"].setChecked(self.is_on)
        actions["suggest_after_pause"].setChecked(trigger is Trigger.PAUSE)
        actions["suggest_after_pause"].setEnabled(self.is_on)
        draft.window.page_menu.offers_rewriting = self.is_on

    def _suggest(self, draft: Draft) -> None:
        if self.is_on:
            self.of(draft).suggestions.ask()
        else:
            self._show_panel(draft)
            draft.window.actions_["show_assistant"].setChecked(True)

    def _expand(self, draft: Draft) -> None:
        if self.is_on:
            self.of(draft).expand()
        else:
            draft.say("expand", "information", OFF)

    def _look_in_thread(self, draft: Draft, id: str) -> None:
        self.of(draft).flow.look_in_thread(id)

    def _show_panel(self, draft: Draft) -> None:
        self.of(draft).flow.show_panel()

    def _loaded(self) -> Assistant:
        if self._assistant is None:
            from cowrite.app.assistant.assistant import Assistant

            self._assistant = Assistant(self._needs, self)
            for draft in self._drafts:
                self._join(draft, self._assistant)
        return self._assistant

    def _join(self, draft: Draft, assistant: Assistant) -> None:
        if draft not in self._beside:
            from cowrite.app.assistant.draft import DraftAssistant

            self._beside[draft] = DraftAssistant(draft, assistant)
