"""ExpandFlow: ideas of the assistant for the notes that are selected, or for the session's question.

Runs on the GUI thread. They come three at a time and lie on the board as the model's, dashed, until a person adopts or
removes them. While people write or vote alone, the model is not asked and told nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cowrite.app.assistant.records import Source
from cowrite.app.assistant.words import OFF
from cowrite.assist.prompts.lenses import Lenses, load_lenses
from cowrite.assist.requests import Model
from cowrite.assist.tasks.expanding import Expanded, Expanding, expand
from cowrite.assist.tasks.jobs import Job, Progress
from cowrite.core.board.similar import LetterLikeness, Likeness, VectorLikeness
from cowrite.core.board.spread import spread
from cowrite.core.brainstorm.model_notes import is_silent, put_model_notes
from cowrite.errors import CowriteError
from cowrite.gui.window.notice_bar import Answer
from cowrite.paths import resources
from cowrite_server.counting import counted

if TYPE_CHECKING:
    from cowrite.app.assistant.assistant import Assistant
    from cowrite.app.draft.draft import Draft
    from cowrite.bridge.assistant.carried_job import CarriedJob
    from cowrite.core.brainstorm.brainstorm import Brainstorm

NOTICE = "expand"
TASK = "expand"
SILENT = "People work alone in this phase: the assistant is told nothing of it and gives no ideas before it is over."
NOTHING = "Select a note, or begin a session with a question: the assistant finds ideas for that."
MORE = Answer("more", "Three more")
STOP = Answer("stop", "Stop")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ideas are wanted for: a question, and notes to go on from."""

    question: str
    notes: tuple[str, ...]  # their ids
    text: str  # what they say


class ExpandFlow(QObject):
    """The ideas of one draft.

    Args:
        draft: it.
        assistant: has the model, and what compares texts.
        parent: Qt parent.
    """

    def __init__(self, draft: Draft, assistant: Assistant, parent: QObject) -> None:
        super().__init__(parent)
        self._draft = draft
        self._assistant = assistant
        self._chance = SystemRandom()
        self._lenses: Lenses | None = None
        self._job: CarriedJob | None = None
        self._wanted: Wanted | None = None
        self._shown: list[str] = []  # what it gave before: it does not come again when somebody has removed it
        draft.window.notices.answered.connect(self._answered)

    @property
    def is_busy(self) -> bool:
        """Whether the model is looking for ideas."""
        return self._job is not None

    def ask(self) -> None:
        """The person wants ideas."""
        brainstorm, view = self._brainstorm, self._draft.window.views.current
        selected = view.selected_notes() if view is not None else []
        told = {note.id: note for note in brainstorm.visibility.for_model(brainstorm.session)}
        notes = tuple(id for id in selected if id in told)
        question = brainstorm.session.question if brainstorm.session is not None else ""
        self._look_for(Wanted(question, notes, "; ".join(told[id].text for id in notes)))

    def stop(self) -> None:
        """Ends the search."""
        if self._job is not None:
            self._job.stop()

    def end(self) -> None:
        """The draft is closed: nobody is told any more."""
        job, self._job = self._job, None
        if job is not None:
            job.stopped.disconnect()
            job.stop()

    # Inside

    @property
    def _brainstorm(self) -> Brainstorm:
        return self._draft.brainstorming.brainstorm

    def _look_for(self, wanted: Wanted) -> None:
        if self._job is not None:
            return
        if refusal := self._draft.connection.rights.refusal:
            self._draft.say(NOTICE, "information", f"{refusal}.")
            return
        if not self._assistant.is_on:  # a notice with its answer may still be there
            self._draft.say(NOTICE, "information", OFF)
            return
        brainstorm = self._brainstorm
        if is_silent(brainstorm):
            self._draft.say(NOTICE, "warning", SILENT)
            return
        if not (wanted.question.strip() or wanted.text.strip()):
            self._draft.say(NOTICE, "information", NOTHING)
            return
        self._lenses = self._lenses or load_lenses(resources())
        groups = [group.title for group in brainstorm.board.groups()]
        there = [note.text for note in brainstorm.visibility.for_model(brainstorm.session) if note.text.strip()]
        embedder = self._assistant.embedder
        task = Expanding(
            self._lenses,
            wanted.question,
            note=wanted.text,
            there=tuple(dict.fromkeys([*self._shown, *groups, *there])),
            encoder=embedder.path if embedder is not None else "",
            seed=self._chance.randrange(2**31),
        )
        self._wanted = wanted
        card, _ = self._assistant.tasks.style()

        def make(model: Model) -> Job[tuple[Expanded, Model]]:
            return (yield from expand(model, card, task)), model

        job = self._job = self._assistant.process.carry_out(make)
        job.progressed.connect(self._show_progress)
        job.done.connect(lambda made: self._put(wanted, *made))
        job.failed.connect(self._fail)
        job.stopped.connect(self._end)
        self._draft.say(NOTICE, "information", "The assistant looks for ideas.", STOP)

    def _show_progress(self, progress: Progress) -> None:
        sentence = f"{progress.doing} ({progress.done + 1} of {progress.total})."
        self._draft.window.notices.reword(NOTICE, sentence)

    def _put(self, wanted: Wanted, expanded: Expanded, model: Model) -> None:
        self._job = None
        brainstorm = self._brainstorm
        if not self._draft.connection.rights.may_edit:  # whoever asked may write no longer, and the page says why
            self._end()
            return
        if is_silent(brainstorm):  # the group has gone on meanwhile
            self._draft.say(NOTICE, "warning", SILENT)
            return
        session = brainstorm.session
        record = Source.of(TASK, expanded.made, model).record(brainstorm.document, brainstorm.me)
        if session is not None and session.is_anonymous:
            record = record._replace(by="", client=0)
        self._shown += [idea.text for idea in expanded.ideas]
        ideas = [(idea.text, idea.lens.title) for idea in expanded.ideas]
        there = [note.id for note in brainstorm.visibility.found(wanted.notes)]
        ids = put_model_notes(brainstorm, ideas, record, there)
        self._draft.brainstorming.go_to(ids[0])
        self._tell_spread(len(ids))

    def _tell_spread(self, count: int) -> None:
        """Says what came of it, and over how many topics the ideas go, before and after."""
        texts = list(dict.fromkeys(note.text for note in self._brainstorm.visibility.published()))
        embedder = self._assistant.embedder

        def tell(made: Mapping[str, Sequence[float]] | None) -> None:
            if self._draft.is_closed:
                return
            likeness: Likeness = LetterLikeness() if made is None else VectorLikeness(made)
            found = spread(self._brainstorm.visibility.published(), likeness)
            ideas = "One idea is" if count == 1 else f"{count} ideas are"
            them = "it" if count == 1 else "them"
            topics = counted(found.before, "topic")
            touched = f"The notes touch {topics}; with the assistant’s it is {found.after}."
            sentence = f"{ideas} on the board, dashed until somebody adopts or removes {them}. {touched}"
            self._draft.say(NOTICE, "success", sentence, MORE)

        if embedder is None:
            tell(None)
        else:
            embedder.encode(texts, tell)

    def _fail(self, problem: CowriteError) -> None:
        self._job = None
        self._draft.say(NOTICE, "warning", str(problem), MORE._replace(text="Try again"))

    def _end(self) -> None:
        self._job = None
        self._draft.window.notices.remove(NOTICE)

    def _answered(self, notice: str, answer: str) -> None:
        if notice != NOTICE:
            return
        if answer == STOP.id:
            self.stop()
        elif self._wanted is not None:
            self._look_for(self._wanted)
