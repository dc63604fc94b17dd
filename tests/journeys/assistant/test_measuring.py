"""How fast the model in use is, measured from the page of models: begun, ended before its time, and refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from shiboken6 import isValid

from cowrite.assist.engine.asking import Phase
from cowrite.bridge.assistant.assistant_process import AssistantProcess
from cowrite.gui.assistant.model_card import ModelCard
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.assistant_desk import buttons, press, put_model, shown, turn_on
from helpers.desk import Desk
from helpers.fake_worker import FakeWorker

pytestmark = pytest.mark.journey


class Measuring:
    """Somebody who has the page of models open; their one model writes."""

    def __init__(self, desk: Desk, worker: FakeWorker) -> None:
        self.desk = desk
        desk.application.assistant.make_with(lambda parent: AssistantProcess(parent, command=worker.command()))
        draft = desk.new()
        draft.window.actions_["models"].trigger()
        assistant = desk.application.assistant.assistant
        assert assistant is not None
        self.assistant = assistant
        self._page = assistant.show_models(draft.window)
        standing = "In use" if desk.application.choices.settings.assistant else "Chosen"
        desk.until(lambda: standing in shown(self._page))

    @property
    def card(self) -> ModelCard:
        return self._page.card("small")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")})
    put_model(paths)
    return paths


def test_the_models_are_shown_again_when_their_page_has_gone_with_its_window(
    paths: Paths, sit: Callable[..., Desk]
) -> None:
    turn_on(paths, "Ada")
    measuring = Measuring(sit(), FakeWorker())
    desk = measuring.desk
    (draft,) = desk.application.documents.drafts
    other = desk.new()
    assert desk.application.documents.close(draft.path)
    desk.until(lambda: not isValid(draft.window))
    measuring.assistant.models.look()
    page = measuring.assistant.show_models(other.window)
    desk.until(lambda: "In use" in shown(page))


def test_measuring_that_is_cancelled_ends_and_can_be_begun_again(paths: Paths, sit: Callable[..., Desk]) -> None:
    turn_on(paths, "Ada")
    measuring = Measuring(sit(), FakeWorker(waits="calibrate"))
    process = measuring.assistant.process
    for _ in range(2):
        press(measuring.card, "Measure")
        measuring.desk.until(lambda: process.phase is Phase.READING)
        assert "Measuring how fast it is here" in shown(measuring.card)
        assert buttons(measuring.card) == ["Cancel"]
        press(measuring.card, "Cancel")
        assert "Stopping…" in shown(measuring.card)
        measuring.desk.until(lambda: "Measure" in buttons(measuring.card))
        assert process.phase is Phase.READY


def test_what_was_measured_is_shown_when_it_is_done(paths: Paths, sit: Callable[..., Desk]) -> None:
    turn_on(paths, "Ada")
    measuring = Measuring(sit(), FakeWorker(rate=77.0))
    press(measuring.card, "Measure")
    measuring.desk.until(lambda: "77 tokens/s measured here" in measuring.card._facts.text())
    assert "Measure" in buttons(measuring.card)


def test_measuring_is_offered_only_while_the_assistant_is_on(paths: Paths, sit: Callable[..., Desk]) -> None:
    measuring = Measuring(sit(), FakeWorker())
    assert buttons(measuring.card) == ["Check", "Remove"]
    measuring.desk.application.choices.set_assistant(True)
    assert buttons(measuring.card) == ["Measure", "Check", "Remove"]
