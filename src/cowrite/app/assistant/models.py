"""AssistantModels: the models on this computer and in the catalogue, the page that shows them, and which one is used.

Runs on the GUI thread; files are read, fetched and checked on the thread of `bridge.assistant.model_work`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cowrite.app.assistant.found import Found, find
from cowrite.assist.requests import Calibration
from cowrite.bridge.assistant.model_work import ModelWork
from cowrite.errors import CowriteError
from cowrite.gui.assistant.model_card import amount
from cowrite.gui.assistant.values import Endpoint, ModelRow
from cowrite.gui.widgets.dialog_parts import bring_to_front
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.catalogue import Entry, catalogue, embedders, entry_of
from cowrite.models.errors import Cancelled, WrongHash
from cowrite.models.machine import engine_version, processor
from cowrite.models.progress import IsCancelled, Progress, Report
from cowrite.models.pull import Puller
from cowrite.models.shelf import Offer, encoder_in_use, in_use
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import State, StoredModel
from cowrite.paths import Paths
from cowrite.storage.settings import EndpointChoice

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.gui.assistant.model_page import ModelPage

WAITING = "Waiting for its turn"
MEASURING, STOPPING = "Measuring how fast it is here…", "Stopping…"
_LOOKING = "looking"  # the work that reads the list is about no one model
_STATES: Mapping[State | None, str] = {
    State.GONE: "Its file is not where it was.",
    State.CHANGED: "Its file has changed since it was added; check it.",
}
_NOT_IT = "Its file is not the one that was added. Remove it, then download or add it again."


class AssistantModels(QObject):
    """The models of one person.

    Args:
        paths: where the files are.
        choices: which model is used.
        entries: gives the models that can be fetched.
        hub: the address of the Hugging Face hub; its usual one where left out.
        parent: Qt parent.
    """

    changed = Signal()
    """It is known now which model is to be used, or it is another one."""
    measure_wanted = Signal()
    """The person wants to know how fast the model in use is."""
    measuring_unwanted = Signal()
    """The person does not want to wait for it."""
    endpoint_wanted = Signal(object)
    """gui.assistant.values.Endpoint, as the person has changed it."""

    def __init__(
        self,
        paths: Paths,
        choices: Choices,
        *,
        entries: Callable[[], Sequence[Entry]] = lambda: (*catalogue(), *embedders()),
        hub: str | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._entries = entries
        self._hub = hub
        self._store = ModelStore(paths.models)
        self._calibrations = Calibrations(paths.calibrations)
        self._choices = choices
        self._found: Found | None = None
        self._progress: dict[str, Progress] = {}
        self._problems: dict[str, str] = {}
        self._doing: dict[str, str] = {}
        self._waiting: set[str] = set()  # of what is to be done; one thing is, after the other
        self._measuring = ""
        self._added = ""  # the model whose file was added last, until the page shows that it is here
        self._page: ModelPage | None = None
        self._looks_again = False
        self._work = ModelWork(self)
        self._work.begun.connect(self._on_begun)
        self._work.progressed.connect(self._on_progress)

    @property
    def is_known(self) -> bool:
        """Whether it is known which models are here."""
        return self._found is not None

    @property
    def chosen(self) -> Offer | None:
        """The model to use: the person's choice where it is here, else the smallest one; None where there is none."""
        return in_use(self._offers, self._choices.settings.model)

    @property
    def why_none(self) -> str:
        """Why no model that is here can be used, in a sentence; empty where one can, or none is here."""
        if self.chosen is not None:
            return ""
        broken = [offer for offer in self._offers if offer.state in _STATES and not offer.embeds]
        return f"The model “{broken[0].title}” cannot be used. {_STATES[broken[0].state]}" if broken else ""

    @property
    def encoder(self) -> str:
        """The file of the model that gives vectors for texts; empty where there is none."""
        used = encoder_in_use(self._offers)
        return str(used.path) if used is not None else ""

    def best_settings(self, sha256: str) -> Calibration | None:
        """How a model runs best here, where that was measured."""
        return self._found.best.get(sha256) if self._found is not None else None

    def look(self) -> None:
        """Reads which models are here; `changed` tells."""
        if self._work.is_busy(_LOOKING):  # it may have read already what is another thing now
            self._looks_again = True
            return
        self._looks_again = False
        self._work.run(_LOOKING, lambda _report, _cancelled: self._read(), self._take, self._fail_to_look)

    def show_page(self, parent: QWidget) -> ModelPage:
        """Shows the models to the person."""
        from cowrite.gui.assistant.model_page import ModelPage

        if self._page is not None:
            bring_to_front(self._page)
            return self._page
        page = self._page = ModelPage(parent)
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page.finished.connect(lambda _result: self._forget(page))
        page.destroyed.connect(lambda _page: self._forget(page))  # the window goes, and the page with it
        acts: dict[str, Callable[[str], object]] = {
            "use": self._choices.set_model,
            "pull": self.pull,
            "cancel": self._cancel,
            "measure": lambda _id: self.measure_wanted.emit(),
            "verify": self._verify,
            "remove": self._remove,
        }
        page.asked.connect(lambda act, id_: acts[act](id_))
        page.add_requested.connect(self._ask_file)
        page.endpoint.changed.connect(self.endpoint_wanted)
        self.show()
        page.open()  # with its models: the keyboard begins at the first of them
        self.look()
        return page

    def pull(self, id_: str) -> None:
        """Fetches a model of the catalogue."""
        entry = entry_of(id_, self._entries())

        def work(report: Report, is_cancelled: IsCancelled) -> StoredModel:
            return Puller(self._store, self._hub).pull(entry, report, is_cancelled)

        self._begin(id_, "Asking for it", work)

    def add(self, file: Path) -> None:
        """Takes in a file that the person has; it stays where it is."""

        def work(report: Report, is_cancelled: IsCancelled) -> StoredModel:
            return self._store.add(file, known=self._entries(), report=report, is_cancelled=is_cancelled)

        for other in filter(_is_file, tuple(self._problems)):
            del self._problems[other]  # the person has read it, and tries another file
        self._begin(str(file), f"Reading “{file.name}”", work)

    def show_measuring(self, on: bool) -> None:
        """The model in use is being measured, or no longer."""
        self._measuring = MEASURING if on else ""
        self.show()

    def keep_measured(self, sha256: str, best: Calibration) -> None:
        """Keeps how a model runs best here."""

        def work(_report: Report, _is_cancelled: IsCancelled) -> None:
            self._calibrations.put(Circumstances(processor(), engine_version(), sha256), best)

        self._work.run("measured", work, lambda _done: self.look(), self._fail_to_look)

    def show_endpoint(self, chosen: EndpointChoice, key: str) -> None:
        """Shows the model that runs elsewhere."""
        if self._page is not None:
            self._page.endpoint.show_endpoint(Endpoint(chosen.url, chosen.model, key, chosen.is_on))

    def close(self) -> None:
        """Ends all work on files, and waits for it."""
        self._work.close()

    # Inside

    @property
    def _offers(self) -> tuple[Offer, ...]:
        return self._found.offers if self._found is not None else ()

    def _read(self) -> Found:
        return find(self._store, self._calibrations, self._entries())

    def _take(self, found: Found) -> None:
        is_first, before = self._found is None, (self.chosen, self.encoder)
        best = self._found.best if self._found is not None else {}
        self._found = found
        self.show()
        if is_first or before != (self.chosen, self.encoder) or best != found.best:
            self.changed.emit()
        if self._looks_again:
            self.look()

    def _fail_to_look(self, error: Exception) -> None:
        if not isinstance(error, (CowriteError, OSError)):
            raise error
        self._found = self._found or Found()
        if self._page is not None:
            self._page.show_problem(str(error))
        self.changed.emit()
        if self._looks_again:
            self.look()

    def _begin(self, id_: str, doing: str, work: Callable[[Report, IsCancelled], object]) -> None:
        if self._work.is_busy(id_):
            return
        self._problems.pop(id_, None)
        if self._doing:
            self._waiting.add(id_)
        self._doing[id_] = doing
        self._work.run(id_, work, lambda done: self._end(id_, done), lambda error: self._end(id_, error=error))
        self.show()

    def _end(self, id_: str, done: object = None, error: Exception | None = None) -> None:
        self._doing.pop(id_, None)
        if _is_file(id_) and isinstance(done, StoredModel):
            self._added = done.id
        self._waiting.discard(id_)
        self._progress.pop(id_, None)
        if error is not None and not isinstance(error, CowriteError):
            raise error
        if error is not None and not isinstance(error, Cancelled):
            is_here = any(offer.id == id_ and offer.state is not None for offer in self._offers)
            self._problems[id_] = _NOT_IT if is_here and isinstance(error, WrongHash) else str(error)
        self.look()
        self.show()

    def _cancel(self, id_: str) -> None:
        if not self._work.is_busy(id_):
            if self._measuring:  # the only thing that is done with a model elsewhere
                self._measuring = STOPPING
                self.measuring_unwanted.emit()
                self.show()
            return
        self._doing[id_] = "Stopping"
        self._waiting.discard(id_)
        self._progress.pop(id_, None)
        self._work.cancel(id_)
        self.show()

    def _on_begun(self, id_: str) -> None:
        self._waiting.discard(id_)
        self.show()

    def _on_progress(self, id_: str, progress: Progress) -> None:
        if id_ in self._doing:
            self._progress[id_] = progress
            self.show()

    def _verify(self, id_: str) -> None:
        def work(report: Report, is_cancelled: IsCancelled) -> StoredModel:
            return self._store.verify(id_, report=report, is_cancelled=is_cancelled)

        self._begin(id_, "Checking", work)

    def _remove(self, id_: str) -> None:
        offer = next(offer for offer in self._offers if offer.id == id_)

        def work(_report: Report, _is_cancelled: IsCancelled) -> None:
            if offer.state is not None:
                self._store.remove(id_)
            else:
                self._store.remove_begun(id_, offer.title)

        self._begin(id_, "Removing", work)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._page, "Add a model", str(Path.home()), "Models (*.gguf)")
        if path:
            self.add(Path(path))

    def _forget(self, page: ModelPage) -> None:
        if self._page is page:  # and not one that was opened since
            self._page = None

    def show(self) -> None:
        """Brings the page up to what is there, where it is open."""
        page, found = self._page, self._found
        if page is None or found is None:
            return
        rows = self.rows()
        page.show_models(rows)
        if any(row.id == self._added and row.is_here for row in rows):
            page.show_added(self._added)
            self._added = ""
        page.show_about(f"Models are kept in {self._store.folder}; {amount(found.free)} is free there.")
        elsewhere = self._problems.keys() - {row.id for row in rows}
        page.show_problem("\n".join(self._problems[id_] for id_ in sorted(elsewhere)))

    def rows(self) -> Sequence[ModelRow]:
        """What the page shows, in its order: the catalogue, what the person has added, what is being added."""
        return [*map(self._row, self._offers), *map(self._coming, filter(_is_file, self._doing))]

    def _row(self, offer: Offer) -> ModelRow:
        found, chosen = self._found, self.chosen
        assert found is not None
        is_in_use = chosen is not None and chosen.id == offer.id and not self._choices.settings.endpoint.is_on
        if offer.embeds:
            is_in_use = offer.path is not None and str(offer.path) == self.encoder
        about = " ".join(f"{part}." for part in (offer.maker, offer.suits.rstrip(".")) if part)
        row = ModelRow(
            offer.id,
            offer.title,
            about or f"{offer.origin}, {offer.quantisation}",
            offer.licence,
            offer.size,
            offer.memory,
            offer.speed,
            is_here=offer.state is not None,
            is_sound=offer.state not in _STATES and self._problems.get(offer.id) != _NOT_IT,
            is_in_use=is_in_use,
            is_own=not offer.in_catalogue,
            writes=not offer.embeds,
            done=0.0 if offer.id in found.begun else None,
            problem=self._problems.get(offer.id, "" if offer.state is None else _STATES.get(offer.state, "")),
            fits=is_in_use or found.memory is None or offer.memory <= found.memory,
            stays=not offer.is_own,
            sha256=offer.sha256,
            is_measurable=is_in_use and not offer.embeds and self._choices.settings.assistant,
            is_off=not self._choices.settings.assistant,
        )
        if is_in_use and self._measuring and row.writes:
            return replace(row, doing=self._measuring, done=None)
        return self._with_work(row)

    def _coming(self, file: str) -> ModelRow:
        return self._with_work(ModelRow(file, Path(file).name, str(Path(file).parent)))

    def _with_work(self, row: ModelRow) -> ModelRow:
        doing, progress = self._doing.get(row.id), self._progress.get(row.id)
        if doing is None:
            return row
        if row.id in self._waiting:
            return replace(row, doing=f"{WAITING}…", done=None)
        if progress is None or not progress.total:
            return replace(row, doing=f"{doing}…", done=None)
        words = f"{progress.doing}: {amount(progress.done)} of {amount(progress.total)}"
        return replace(row, doing=words, done=progress.done / progress.total)


def _is_file(id_: str) -> bool:
    return Path(id_).is_absolute()
