"""Assistant: the language model of one Application, which all its drafts share.

Runs on the GUI thread. It is made when the person turns the assistant on, or looks at what it is. The worker's process
starts with the first thing that is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cowrite.app.assistant.needs import Needs
from cowrite.gui.assistant.endpoint_form import host_of
from cowrite.storage.settings import EndpointChoice, Trigger

if TYPE_CHECKING:
    from cowrite.app.assistant.models import AssistantModels
    from cowrite.app.assistant.style import Unkept
    from cowrite.app.assistant.tasks import Tasks
    from cowrite.app.bare_draft.bare_draft import BareDraft
    from cowrite.assist.engine.asking import Source
    from cowrite.assist.requests import Calibration, Model
    from cowrite.assist.tasks.jobs import Job
    from cowrite.bridge.assistant.assistant_process import AssistantProcess
    from cowrite.bridge.assistant.carried_job import CarriedJob
    from cowrite.bridge.assistant.embedder import Embedder
    from cowrite.gui.assistant.model_page import ModelPage
    from cowrite.gui.assistant.style_card_dialog import StyleCardDialog
    from cowrite.gui.assistant.values import Endpoint


class Assistant(QObject):
    """The assistant of one Application.

    Args:
        needs: what it works with.
        parent: Qt parent.
    """

    changed = Signal()
    """How it stands is another now: on or off, the model, what the process does."""
    turned_off = Signal()
    """The person has turned it off: what was asked for is to be ended."""
    died = Signal(str)
    """The worker has ended by itself; how that is told people."""
    loaded = Signal()
    """The model is there, again perhaps."""
    stopped = Signal(str)
    """The worker is not started again by itself; why, in a sentence."""
    style_unkept = Signal(str)
    """The style card could not be kept, in a sentence; an empty one where the person looks at it again."""

    def __init__(self, needs: Needs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needs = needs
        self._choices = needs.choices
        self.clock = needs.clock
        self._models: AssistantModels | None = None
        self._tasks: Tasks | None = None
        self._process: AssistantProcess | None = None
        self._fraction: float | None = None
        self._stopped = ""
        self._acts: list[tuple[Callable[[], None], BareDraft | None]] = []
        self._used: Source | None = None
        self._embedder: Embedder | None = None
        self._unkept: Unkept | None = None

    # How it stands

    @property
    def is_on(self) -> bool:
        """Whether the person has turned it on."""
        return self._choices.settings.assistant

    @property
    def after_pause(self) -> bool:
        """Whether suggestions come by themselves."""
        return self._choices.settings.suggestions.trigger is Trigger.PAUSE

    @property
    def longest_pause(self) -> float:
        """Seconds without a key after which they come at the latest."""
        return self._choices.settings.suggestions.pause / 1000

    @property
    def confidence(self) -> float | None:
        """How sure the model must be of what is suggested, 0 to 1; None for what cowrite comes with."""
        return self._choices.settings.suggestions.confidence

    @property
    def why_stopped(self) -> str:
        """Why the worker is not started again by itself, in a sentence; empty where it is."""
        return self._stopped

    @property
    def fraction(self) -> float | None:
        """How much of the model is loaded, 0 to 1, while it is being loaded."""
        return self._fraction

    @property
    def is_loading(self) -> bool:
        """Whether the worker is being started or the model loaded."""
        from cowrite.assist.engine.asking import Phase

        return self._process is not None and self._process.phase in (Phase.STARTING, Phase.LOADING)

    @property
    def place(self) -> str:
        """The host to which the text goes; empty for this computer."""
        endpoint = self._choices.settings.endpoint
        return host_of(endpoint.url) if endpoint.is_on else ""

    @property
    def has_engine(self) -> bool:
        """Whether there is what a model runs on: the engine, or a place elsewhere."""
        return bool(self.place) or self._needs.engine_is_here()

    @property
    def has_model(self) -> bool:
        """Whether there is a model to ask."""
        return self.source is not None

    @property
    def model_name(self) -> str:
        """What the model in use is called; empty for none."""
        endpoint = self._choices.settings.endpoint
        if endpoint.is_on:
            return endpoint.model or host_of(endpoint.url)
        chosen = self.models.chosen
        return chosen.title if chosen is not None else ""

    @property
    def source(self) -> Source | None:
        """What is asked: the model here, or the one elsewhere."""
        from cowrite.assist.engine.asking import Endpoint, ModelFile

        endpoint = self._choices.settings.endpoint
        if endpoint.is_on:
            return Endpoint(endpoint.url, endpoint.model, self._key_of(endpoint.url))
        chosen = self.models.chosen
        if chosen is None or chosen.path is None:
            return None
        best = self.models.best_settings(chosen.sha256)
        file = ModelFile(str(chosen.path), chosen.title, chosen.sha256, chosen.modified)
        return file if best is None else replace(file, threads=best.threads, batch=best.batch, flash=best.flash)

    @property
    def model(self) -> Model | None:
        """The model as it was loaded last."""
        return self._process.model if self._process is not None else None

    @property
    def models(self) -> AssistantModels:
        """The models on this computer; looked for with the first call."""
        if self._models is None:
            from cowrite.app.assistant.models import AssistantModels

            self._models = AssistantModels(self._needs.paths, self._choices, parent=self)
            self._models.changed.connect(self._use)
            self._models.measure_wanted.connect(self._measure)
            self._models.measuring_unwanted.connect(self._stop_measuring)
            self._models.endpoint_wanted.connect(self._set_endpoint)
            self._models.look()
        return self._models

    def when_known(self, act: Callable[[], None], draft: BareDraft | None = None) -> None:
        """Does something as soon as it is known which models are here.

        Args:
            act: does it.
            draft: in which it is done; not where that is closed by then.
        """
        if self.models.is_known:
            act()
        else:
            self._acts.append((act, draft))

    @property
    def tasks(self) -> Tasks:
        """What can be asked for, the style card among it."""
        if self._tasks is None:
            from cowrite.app.assistant.tasks import Tasks

            self._tasks = Tasks(self._needs.paths)
        return self._tasks

    @property
    def process(self) -> AssistantProcess:
        """What speaks with the worker; made with the first thing that is asked."""
        if self._process is None:
            process = self._process = self._needs.make_process(self)
            process.phase_changed.connect(lambda _phase: self.changed.emit())
            process.loading.connect(self._on_loading)
            process.loaded.connect(self._on_loaded)
            process.not_loaded.connect(self.models.look)  # its file may be gone, or another one
            process.died.connect(self._on_died)
            process.calibrated.connect(self._on_calibrated)
            process.switched_off.connect(self._on_switched_off)
            self._take_source(process)
        return self._process

    def give_way(self) -> None:
        """Somebody types: a model at work leaves them a core for a moment."""
        if self._process is not None:
            self._process.give_way()

    def carry_out_suggestion(self, make: Callable[[Model], Job[Any]]) -> CarriedJob:
        """Asks for a suggestion at a caret; it takes the place of the one before it, and comes before all else."""
        from cowrite.assist.requests import Lane

        return self.process.carry_out(make, Lane.GHOST)

    def show_choice(self) -> None:
        """The person has chosen otherwise: on or off, the model, an option."""
        if not self.is_on:
            self.turned_off.emit()
            if self._process is not None:
                self._process.close()
        else:
            self._use()
        if self._models is not None:
            self._models.show()
        self.changed.emit()

    def start_again(self) -> None:
        """The person wants the worker started once more after it ended too often."""
        self._stopped = ""
        self.process.switch_on()
        self.changed.emit()

    def end(self) -> None:
        """The app ends."""
        if self._process is not None:
            self._process.end()
        if self._models is not None:
            self._models.close()

    # Dialogs

    def show_models(self, parent: QWidget) -> ModelPage:
        """Shows the models to the person."""
        page = self.models.show_page(parent)
        self._show_endpoint()
        return page

    def show_style_card(self, parent: QWidget) -> StyleCardDialog:
        """Shows the person's style card, to be changed."""
        from cowrite.app.assistant.style import StyleFlow, Unkept

        if self._unkept is None:
            self._unkept = Unkept(self.style_unkept.emit)
        self.style_unkept.emit("")
        return StyleFlow(self.tasks.style_path, self._needs.storage, self._unkept, parent).dialog

    # Inside

    def _use(self) -> None:
        if self._process is not None and self.is_on and not self._differs_in_settings_only(self.source):
            self._take_source(self._process)
        self.changed.emit()
        if self.models.is_known:
            acts, self._acts = self._acts, []
            for act, draft in acts:
                if draft is None or not draft.is_closed:
                    act()

    @property
    def embedder(self) -> Embedder | None:
        """What compares texts by their meaning; None while the assistant is off, or has no model for it."""
        if not self.is_on or not self.models.encoder:
            return None
        if self._embedder is None:
            from cowrite.bridge.assistant.embedder import Embedder

            self._embedder = Embedder(lambda: self.process, lambda: self.models.encoder)
        return self._embedder

    def _take_source(self, process: AssistantProcess) -> None:
        before, self._used = self._used, self.source
        process.use(self._used)
        if self._stopped and not _is_same(before, self._used):  # another model may do what this one could not
            self.start_again()

    def _differs_in_settings_only(self, source: Source | None) -> bool:
        """Whether it is the model in use, and only runs better otherwise: then nobody's answer is given up for it."""
        is_busy = self._process is not None and self._process.is_busy
        return is_busy and source is not None and _is_same(self._used, source)

    def _on_loading(self, fraction: float) -> None:
        self._fraction = fraction
        self.changed.emit()

    def _on_loaded(self, model: Model) -> None:
        self._fraction = None
        self.loaded.emit()
        if not model.place and model.sha256 and self.models.best_settings(model.sha256) is None:
            self.process.calibrate()  # a few seconds behind all else, once for each model and computer
        self.changed.emit()

    def _on_died(self, sentence: str) -> None:
        self._fraction = None
        self.died.emit(sentence)
        self.changed.emit()

    def _on_switched_off(self, sentence: str) -> None:
        self._stopped = sentence
        self.stopped.emit(sentence)
        self.changed.emit()

    def _measure(self) -> None:
        """Has measured how the model in use runs best here, and how fast that is."""
        if self.is_on and self.has_model and not self.place:
            self.models.show_measuring(True)
            self.process.calibrate()

    def _stop_measuring(self) -> None:
        self.process.stop_calibrating()

    def _on_calibrated(self, found: Calibration | None) -> None:
        self.models.show_measuring(False)
        model = self.model
        if found is not None and model is not None and model.sha256:
            self.models.keep_measured(model.sha256, found)

    def _set_endpoint(self, endpoint: Endpoint) -> None:
        if endpoint.url and endpoint.key != self._key_of(endpoint.url):
            self._needs.keys.change(lambda sharing: sharing.with_endpoint(endpoint.url, endpoint.key))
        self._choices.set_endpoint(EndpointChoice(endpoint.is_on, endpoint.url, endpoint.model))

    def _show_endpoint(self) -> None:
        chosen = self._choices.settings.endpoint
        self.models.show_endpoint(chosen, self._key_of(chosen.url))

    def _key_of(self, url: str) -> str:
        return self._needs.keys.sharing.endpoints.get(url, "")


def _is_same(one: Source | None, other: Source | None) -> bool:
    """Whether two sources are one model, however it is run."""
    from cowrite.assist.engine.asking import ModelFile

    if isinstance(one, ModelFile) and isinstance(other, ModelFile):
        return one.identity == other.identity
    return one == other
