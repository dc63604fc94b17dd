"""AssistantModels: the models on this computer and in the catalogue, the page that shows them, and which one is used.

Runs on the GUI thread; files are read, fetched and checked on the thread of `bridge.model_work`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cowrite.app.assistant_options import AssistantOptions
from cowrite.bridge.model_work import ModelWork
from cowrite.errors import CowriteError
from cowrite.gui.assistant_values import ModelRow
from cowrite.gui.model_card import amount
from cowrite.models.catalogue import Entry, catalogue, entry_of
from cowrite.models.errors import Cancelled
from cowrite.models.progress import IsCancelled, Progress, Report
from cowrite.models.pull import Puller
from cowrite.models.store import PART, ModelStore, State, StoredModel

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.gui.model_page import ModelPage

_LOOKING = ""  # the work that reads the list is about no model


@dataclass(frozen=True, slots=True)
class Found:
    """What is there.

    Attributes:
        models: on this computer.
        entries: of the catalogue.
        begun: ids of the catalogue of which a part is here.
        free: bytes on the disk of the folder.
    """

    models: tuple[StoredModel, ...] = ()
    entries: tuple[Entry, ...] = ()
    begun: frozenset[str] = frozenset()
    free: int = 0


class AssistantModels(QObject):
    """The models of one person.

    Args:
        folder: where the files are.
        choices: which model is used.
        measured: gives the tokens a second that were measured here for a model's SHA-256, or None.
        memory: gives the bytes of memory that this computer has.
        parent: Qt parent.
    """

    changed = Signal()
    """Other models are here, or another one is to be used."""
    measure_wanted = Signal(object)
    """StoredModel: the person wants to know how fast it is."""
    endpoint_wanted = Signal(object)
    """gui.assistant_values.Endpoint, as the person has changed it."""

    def __init__(
        self,
        folder: Path,
        choices: Choices,
        measured: Callable[[str], float | None],
        memory: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = ModelStore(folder)
        self._choices = choices
        self._measured = measured
        self._memory = memory
        self._found: Found | None = None
        self._progress: dict[str, Progress] = {}
        self._problems: dict[str, str] = {}
        self._doing: dict[str, str] = {}
        self._page: ModelPage | None = None
        self._work = ModelWork(self)
        self._work.progressed.connect(self._on_progress)

    @property
    def is_known(self) -> bool:
        """Whether it is known which models are here."""
        return self._found is not None

    @property
    def chosen(self) -> StoredModel | None:
        """The model to use: the person's choice where it is here, else the smallest one; None where there is none."""
        if self._found is None:
            return None
        there = [model for model in self._found.models if model.state is State.PRESENT and not model.embeds]
        wanted = self._choices.settings.model
        return next((model for model in there if model.id == wanted), None) or min(
            there, key=lambda model: model.parameters, default=None
        )

    def look(self) -> None:
        """Reads which models are here; `changed` tells."""
        self._work.run(_LOOKING, lambda _report, _cancelled: self._read(), self._take, self._fail_to_look)

    def show(self, parent: QWidget) -> ModelPage:
        """Shows the models to the person."""
        from cowrite.gui.model_page import ModelPage

        if self._page is not None:
            self._page.raise_()
            self._page.activateWindow()
            return self._page
        page = self._page = ModelPage(self._choices.theme, parent)
        page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        page.destroyed.connect(self._forget_page)
        page.use_requested.connect(self._choices.set_model)
        page.pull_requested.connect(self.pull)
        page.cancel_requested.connect(self._work.cancel)
        page.verify_requested.connect(self._verify)
        page.removal_requested.connect(self._remove)
        page.measure_requested.connect(self._measure)
        page.add_requested.connect(self._ask_file)
        page.endpoint_changed.connect(self.endpoint_wanted)
        page.setWindowModality(Qt.WindowModality.WindowModal)
        page.open()
        self._show()
        self.look()
        return page

    def pull(self, id_: str) -> None:
        """Fetches a model of the catalogue."""
        entries = self._found.entries if self._found is not None else catalogue()
        entry = entry_of(id_, entries)

        def work(report: Report, is_cancelled: IsCancelled) -> StoredModel:
            return Puller(self._store).pull(entry, report, is_cancelled)

        self._begin(id_, "Waiting for its turn", work)

    def add(self, file: Path) -> None:
        """Takes in a file that the person has; it stays where it is."""

        def work(report: Report, is_cancelled: IsCancelled) -> StoredModel:
            return self._store.add(file, report=report, is_cancelled=is_cancelled)

        self._begin(str(file), f"Reading “{file.name}”", work)

    def show_measured(self) -> None:
        """A speed was measured: shows it."""
        self._show()

    def show_endpoint(self, options: AssistantOptions, key: str, problem: str = "") -> None:
        """Shows the model that runs elsewhere."""
        from cowrite.gui.assistant_values import Endpoint

        if self._page is not None:
            shown = Endpoint(options.endpoint_url, options.endpoint_model, key, options.uses_endpoint)
            self._page.show_endpoint(shown, problem)

    def close(self) -> None:
        """Ends all work on files, and waits for it."""
        self._work.close()

    # Inside

    def _read(self) -> Found:
        folder = self._store.folder
        entries = catalogue()
        parts = [path.name for path in folder.glob(f"*~*{PART}")] if folder.is_dir() else []
        begun = frozenset(entry.id for entry in entries if any(name.startswith(f"{entry.id}~") for name in parts))
        there = folder if folder.is_dir() else next(parent for parent in folder.parents if parent.is_dir())
        return Found(tuple(self._store.models()), entries, begun, shutil.disk_usage(there).free)

    def _take(self, found: Found) -> None:
        before, self._found = self.chosen, found
        self._show()
        if before != self.chosen or before is None:
            self.changed.emit()

    def _fail_to_look(self, error: Exception) -> None:
        self._found = self._found or Found()
        if self._page is not None:
            self._page.show_problem(str(error))
        self.changed.emit()

    def _begin(self, id_: str, doing: str, work: Callable[[Report, IsCancelled], StoredModel]) -> None:
        if self._work.is_busy(id_):
            return
        self._problems.pop(id_, None)
        self._doing[id_] = doing
        self._work.run(id_, work, lambda _model: self._end(id_), lambda error: self._end(id_, error))
        self._show()

    def _end(self, id_: str, error: Exception | None = None) -> None:
        self._doing.pop(id_, None)
        self._progress.pop(id_, None)
        if error is not None and not isinstance(error, CowriteError):
            raise error
        if error is not None and not isinstance(error, Cancelled):
            self._problems[id_] = str(error)
        self.look()
        self._show()

    def _on_progress(self, id_: str, progress: Progress) -> None:
        if id_ in self._doing:
            self._progress[id_] = progress
            self._show()

    def _verify(self, id_: str) -> None:
        def work(report: Report, is_cancelled: IsCancelled) -> StoredModel:
            return self._store.verify(id_, report=report, is_cancelled=is_cancelled)

        self._begin(id_, "Checking", work)

    def _remove(self, id_: str) -> None:
        if any(model.id == id_ for model in (self._found.models if self._found else ())):
            self._begin(id_, "Removing", lambda _report, _cancelled: self._store.remove(id_))
            return
        for part in self._store.folder.glob(f"{id_}~*{PART}"):
            part.unlink(missing_ok=True)
        self.look()

    def _measure(self, id_: str) -> None:
        model = next((model for model in (self._found.models if self._found else ()) if model.id == id_), None)
        if model is not None:
            self.measure_wanted.emit(model)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self._page, "Add a model", str(Path.home()), "Models (*.gguf)")
        if path:
            self.add(Path(path))

    def _forget_page(self) -> None:
        self._page = None

    def _show(self) -> None:
        page, found = self._page, self._found
        if page is None or found is None:
            return
        page.show_models(self.rows())
        page.show_about(f"Models are kept in {self._store.folder}; {amount(found.free)} are free there.")
        elsewhere = {id_ for id_ in self._problems if id_ not in {row.id for row in self.rows()}}
        page.show_problem("\n".join(self._problems[id_] for id_ in sorted(elsewhere)))

    def rows(self) -> Sequence[ModelRow]:
        """What the page shows, in its order: the catalogue, then what the person has added."""
        if self._found is None:
            return ()
        here = {model.id: model for model in self._found.models}
        chosen, memory = self.chosen, self._memory()
        rows = []
        for entry in self._found.entries:
            model = here.pop(entry.id, None)
            row = ModelRow(
                entry.id,
                entry.title,
                f"{entry.maker}. {entry.suits}",
                entry.licence,
                entry.size,
                entry.memory,
                done=0.0 if entry.id in self._found.begun else None,
            )
            rows.append(row if model is None else self._with_file(row, model))
        for model in here.values():
            about = f"{model.maker}. {model.quantisation}" if model.maker else f"{model.quantisation}, {model.path}"
            row = ModelRow(model.id, model.title, about, model.licence, is_own=True)
            rows.append(self._with_file(row, model))
        rows += [ModelRow(id_, Path(id_).name, str(Path(id_).parent)) for id_ in self._doing if Path(id_).is_absolute()]
        return [
            replace(
                row,
                fits=not row.memory or row.memory <= memory,
                is_in_use=chosen is not None
                and chosen.id == row.id
                and not self._choices.assistant_options.uses_endpoint,
                doing=self._words_of(row.id),
                done=self._share_of(row.id) if row.id in self._doing else row.done,
                problem=self._problems.get(row.id, row.problem),
            )
            for row in rows
        ]

    def _with_file(self, row: ModelRow, model: StoredModel) -> ModelRow:
        states = {
            State.GONE: f"Its file is not where it was: “{model.path}”.",
            State.CHANGED: "Its file has changed since it was added; check it.",
        }
        return replace(
            row,
            size=model.size,
            memory=model.memory,
            pace=self._measured(model.sha256),
            is_here=True,
            problem=states.get(model.state, ""),
        )

    def _words_of(self, id_: str) -> str:
        if id_ not in self._doing:
            return ""
        progress = self._progress.get(id_)
        if progress is None or not progress.total:
            return f"{self._doing[id_]}…"
        return f"{progress.doing}: {amount(progress.done)} of {amount(progress.total)}"

    def _share_of(self, id_: str) -> float | None:
        progress = self._progress.get(id_)
        return progress.done / progress.total if progress is not None and progress.total else None
