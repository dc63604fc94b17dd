"""The models of a person: listed, fetched, broken off, added, checked and removed, off the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cowrite.app.assistant.models import AssistantModels
from cowrite.app.choices import Choices
from cowrite.assist.requests import Calibration
from cowrite.gui.assistant.values import ModelRow
from cowrite.models.catalogue import HubSource
from cowrite.models.store import ModelStore
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.gguf_files import gguf
from helpers.hub_server import Hub, serving
from helpers.little_model import CONTENT, SHA256, entry_for
from helpers.model_folder import put_model

ENTRY = entry_for(CONTENT, HubSource("somebody/little", "main", "little.gguf"))


class Shelf:
    """The models, and what the page shows of them."""

    def __init__(self, models: AssistantModels, choices: Choices, qtbot: QtBot) -> None:
        self.models = models
        self.choices = choices
        self._qtbot = qtbot

    def row(self, id_: str = "little") -> ModelRow:
        return next(row for row in self.models.rows() if row.id == id_)

    def until(self, holds: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(holds()))


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(Hub(CONTENT)) as hub:
        yield hub


@pytest.fixture
def shelf(qapp: QApplication, tmp_path: Path, hub: Hub, qtbot: QtBot) -> Iterator[Shelf]:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "home")})
    paths.make()
    choices = Choices(qapp, paths, lambda work: work())
    models = AssistantModels(paths, choices, entries=lambda: [ENTRY], hub=hub.address)
    shelf = Shelf(models, choices, qtbot)
    with qtbot.waitSignal(models.changed):
        models.look()
    yield shelf
    models.close()


def test_nothing_is_told_of_a_download_that_the_end_has_broken_off(
    shelf: Shelf, hub: Hub, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cowrite.models.download.TIMEOUT", 0.5)  # which the end waits for
    hub.stalls_after = 10_000
    shelf.models.pull("little")
    shelf.until(lambda: shelf.row().done)
    with qtbot.assertNotEmitted(shelf.models.changed):
        shelf.models.close()
        QApplication.processEvents()
    assert shelf.row().problem == ""


def test_what_changes_while_the_folder_is_read_is_seen_afterwards(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_read, may_tell, read = threading.Event(), threading.Event(), shelf.models._read

    def slow() -> object:
        found = read()
        has_read.set()
        may_tell.wait()
        return found

    monkeypatch.setattr(shelf.models, "_read", slow)
    shelf.models.look()
    has_read.wait()
    put_model(Paths.of({HOME_VARIABLE: str(tmp_path / "home")}))
    shelf.models.look()
    may_tell.set()
    shelf.until(lambda: any(row.id == "small" for row in shelf.models.rows()))


def test_a_model_is_fetched_with_its_progress_and_used(shelf: Shelf, qtbot: QtBot) -> None:
    assert not shelf.row().is_here
    assert shelf.models.chosen is None
    with qtbot.waitSignal(shelf.models.changed):
        shelf.models.pull("little")
        assert shelf.row().doing
    assert shelf.row().is_here
    assert shelf.row().is_in_use
    assert shelf.row().sha256 == SHA256
    assert shelf.models.chosen is not None
    assert shelf.models.chosen.sha256 == SHA256


def test_a_download_is_broken_off_and_gone_on_with(shelf: Shelf, hub: Hub, qtbot: QtBot) -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def wait() -> None:
        asked.set()
        may_answer.wait(30)

    hub.on_get = wait
    shelf.models.pull("little")
    shelf.until(asked.is_set)
    shelf.models._cancel("little")
    assert "Stopping" in shelf.row().doing
    may_answer.set()
    shelf.until(lambda: not shelf.row().doing)
    assert not shelf.row().is_here
    assert not shelf.row().problem
    hub.on_get = lambda: None
    with qtbot.waitSignal(shelf.models.changed):
        shelf.models.pull("little")
    assert shelf.row().is_here


def test_what_comes_behind_a_download_is_said_to_wait_and_can_be_ended_at_once(
    shelf: Shelf, hub: Hub, tmp_path: Path
) -> None:
    may_answer = threading.Event()
    hub.on_get = lambda: may_answer.wait(30)
    shelf.models.pull("little")
    assert shelf.row().doing == "Asking for it…"
    file = tmp_path / "mine.gguf"
    file.write_bytes(gguf(None))
    shelf.models.add(file)
    assert shelf.row(str(file)).doing == "Waiting for its turn…"
    shelf.models._cancel(str(file))
    shelf.until(lambda: len(shelf.models.rows()) == 1)
    assert shelf.row().doing, "what waits is ended at once"
    shelf.models.add(file)
    said: list[str] = []
    shelf.models._work.begun.connect(lambda id: said.append(shelf.row(id).doing) if id == str(file) else None)
    may_answer.set()
    shelf.until(lambda: {row.id for row in shelf.models.rows() if row.is_here} == {"little", "mine"})
    assert said == ["Reading “mine.gguf”…"], "it waits no longer"


def test_a_file_that_is_a_model_of_the_catalogue_leads_to_that_model(
    shelf: Shelf, tmp_path: Path, qtbot: QtBot
) -> None:
    others = [replace(ENTRY, id=f"other-{number}", sha256=f"{number:064x}") for number in range(6)]
    shelf.models._entries = lambda: [ENTRY, *others]
    file = tmp_path / "fetched by hand.gguf"
    file.write_bytes(CONTENT)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    page = shelf.models.show_page(window)
    shelf.until(lambda: page.card("other-5") is not None)
    page._add.setFocus()
    shelf.models.add(file)
    bar = page._area.verticalScrollBar()
    assert bar.value() > 0, "one sees how far the file is read, below all others"
    shelf.until(lambda: shelf.row().is_here)
    assert bar.value() == 0
    assert page.focusWidget() is page.card("little").first_button
    page.close()


def test_what_was_begun_is_removed_once_no_other_cowrite_fetches_it(shelf: Shelf, tmp_path: Path) -> None:
    store = ModelStore(Paths.of({HOME_VARIABLE: str(tmp_path / "home")}).models)
    part = store.folder / "little~0123456789abcdef.part"
    with store.lock("little", "Little"):
        part.write_bytes(b"begun")
        shelf.models._remove("little")
        shelf.until(lambda: shelf.row().problem)
        assert "Another cowrite" in shelf.row().problem
        assert part.exists()
    shelf.models._remove("little")
    shelf.until(lambda: not part.exists())
    assert shelf.row().problem == ""


def test_what_could_not_be_fetched_says_why_beside_its_model(shelf: Shelf, hub: Hub) -> None:
    hub.etag = "0" * 64
    shelf.models.pull("little")
    shelf.until(lambda: shelf.row().problem)
    assert "Little" in shelf.row().problem
    assert not shelf.row().is_here


def test_a_file_of_ones_own_is_added_checked_and_forgotten(shelf: Shelf, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(gguf(None))
    with qtbot.waitSignal(shelf.models.changed):
        shelf.models.add(file)
    assert shelf.row("mine").is_own
    assert shelf.row("mine").stays
    shelf.models._verify("mine")
    shelf.until(lambda: not shelf.row("mine").doing)
    assert not shelf.row("mine").problem
    file.write_bytes(bytes(len(file.read_bytes())))
    shelf.models._verify("mine")
    shelf.until(lambda: shelf.row("mine").problem and not shelf.row("mine").doing)
    assert shelf.row("mine").problem.startswith("Its file is not the one that was added. Remove it")
    assert not shelf.row("mine").is_sound
    shelf.models._remove("mine")
    shelf.until(lambda: [row.id for row in shelf.models.rows()] == ["little"])
    assert file.exists()


def test_a_file_that_is_no_model_is_refused_by_name_until_another_is_tried(
    shelf: Shelf, tmp_path: Path, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    page = shelf.models.show_page(window)
    file = tmp_path / "letter.gguf"
    file.write_bytes(b"Dear Ada")
    shelf.models.add(file)
    shelf.until(lambda: "letter.gguf" in page._problem.text())
    other = tmp_path / "other.gguf"
    other.write_bytes(b"")
    shelf.models.add(other)
    shelf.until(lambda: "other.gguf" in page._problem.text())
    assert "letter.gguf" not in page._problem.text()
    page.accept()


def test_the_persons_choice_is_used_while_it_is_here_and_else_the_smallest(
    shelf: Shelf, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "mine.gguf"
    file.write_bytes(gguf(None))
    shelf.models.add(file)
    shelf.models.pull("little")
    shelf.until(lambda: {row.id for row in shelf.models.rows() if row.is_here} == {"mine", "little"})
    smallest = shelf.models.chosen
    assert smallest is not None
    other = next(row.id for row in shelf.models.rows() if row.id != smallest.id)
    shelf.choices.set_model(other)
    assert shelf.models.chosen is not None
    assert shelf.models.chosen.id == other
    with qtbot.waitSignal(shelf.models.changed):
        shelf.models._remove(other)
    assert shelf.models.chosen == smallest


def test_what_was_measured_here_is_shown_and_used(shelf: Shelf, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shelf.models.changed):
        shelf.models.pull("little")
    assert shelf.row().pace is None
    with qtbot.waitSignal(shelf.models.changed):
        shelf.models.keep_measured(SHA256, Calibration(2, 128, True, {"generation": 101.7, "prompt": 400.0}))
    assert shelf.row().pace == pytest.approx(101.7)
    best = shelf.models.best_settings(SHA256)
    assert best is not None
    assert (best.threads, best.batch, best.flash) == (2, 128, True)


def test_a_model_that_compares_texts_is_offered_and_used_as_soon_as_it_is_here(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "home")})
    paths.make()
    choices = Choices(qapp, paths, lambda work: work())
    models = AssistantModels(paths, choices)
    with qtbot.waitSignal(models.changed):
        models.look()
    shelf = Shelf(models, choices, qtbot)
    assert not shelf.row("all-minilm-l6-v2").is_here
    assert models.encoder == ""
    put_model(paths, "all-minilm-l6-v2", embeds=True)
    with qtbot.waitSignal(models.changed):
        models.look()
    row = shelf.row("all-minilm-l6-v2")
    assert row.is_in_use
    assert not row.writes
    assert models.encoder.endswith("all-minilm-l6-v2.gguf")
    assert models.chosen is None
    models.close()


def test_the_keyboard_begins_at_the_first_model_of_the_page(shelf: Shelf, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    page = shelf.models.show_page(window)
    assert page.focusWidget() is page.card("little").first_button
    page.accept()


def test_the_page_of_a_window_that_has_gone_is_opened_anew(shelf: Shelf, qtbot: QtBot) -> None:
    first, second = QWidget(), QWidget()
    qtbot.addWidget(second)
    page = shelf.models.show_page(first)
    first.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    shelf.models.show()
    anew = shelf.models.show_page(second)
    assert anew is not page
    assert anew.card("little") is not None
    anew.accept()
