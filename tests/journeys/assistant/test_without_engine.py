"""The assistant where its engine is not installed or does not load, from the first question to another model."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cowrite.app.assistant import switch
from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.problems import no_engine
from cowrite.gui.assistant.first_choice import FirstChoice
from cowrite.gui.assistant.values import NO_ENGINE
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import EndpointChoice
from helpers.assistant_desk import buttons, put_model, shown, turn_on
from helpers.desk import Desk, notices, write
from helpers.missing_engine import NO_LIBRARY, without_engine

pytestmark = pytest.mark.journey

WHY = "libgomp.so.1: cannot open shared object file: No such file or directory"


@pytest.fixture
def desk(tmp_path: Path, sit: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Ada's, with the assistant on and the real worker, whose engine does not load."""
    monkeypatch.setenv("PYTHONPATH", without_engine(tmp_path, NO_LIBRARY))
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "Ada")})
    put_model(paths)
    turn_on(paths, "Ada")
    return sit()


def asked(desk: Desk) -> Draft:
    draft = desk.new()
    write(draft, "Herbs grow along the wall.")
    draft.window.actions_["summarise"].trigger()
    return draft


def test_the_window_says_what_is_missing_once_and_starts_nothing_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    draft = asked(desk)
    desk.until(lambda: no_engine(WHY) in notices(draft))
    panel = draft.window.panels.assistant
    assert panel is not None
    assert shown(panel).count(no_engine(WHY)) == 1
    assert "three times" not in shown(panel) + notices(draft)
    assert "Start again" in buttons(panel)
    process = desk.application.assistant.assistant.process
    desk.until(lambda: process.process_id is None)
    draft.window.actions_["suggest"].trigger()
    assert process.process_id is None
    caplog.clear()


def test_a_model_that_runs_elsewhere_can_be_asked_then(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    draft = asked(desk)
    desk.until(lambda: no_engine(WHY) in notices(draft))
    panel = draft.window.panels.assistant
    assert panel is not None
    desk.application.choices.set_endpoint(EndpointChoice(True, "http://127.0.0.1:1/v1", "big"))
    desk.until(lambda: "Ask" in buttons(panel))
    desk.until(lambda: no_engine(WHY) not in notices(draft))
    caplog.clear()


@pytest.fixture
def no_engine_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp", None)  # as Python has it of a module that is not installed


@pytest.mark.usefixtures("no_engine_here")
def test_where_it_is_not_installed_the_first_question_and_the_panel_say_so(
    sit: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switch, "OFFER_DELAY", 50)
    desk = sit(is_asked=True)
    draft = desk.new()
    desk.until(lambda: draft.window.findChildren(FirstChoice))
    (offer,) = draft.window.findChildren(FirstChoice)
    desk.until(lambda: NO_ENGINE in shown(offer))
    draft.window.actions_["show_assistant"].trigger()
    panel = draft.window.panels.assistant
    assert panel is not None
    assert NO_ENGINE in shown(panel)
    desk.application.choices.set_endpoint(EndpointChoice(True, "http://models.example.org/v1", "big"))
    desk.until(lambda: "at models.example.org" in shown(panel))
    assert NO_ENGINE not in shown(panel)
    assert "Nothing you write leaves it" not in shown(panel)


def test_where_it_is_installed_nothing_is_said_of_it(sit: Callable[..., Desk]) -> None:
    pytest.importorskip("llama_cpp")
    draft = sit().new()
    draft.window.actions_["show_assistant"].trigger()
    panel = draft.window.panels.assistant
    assert panel is not None
    assert "Nothing you write leaves it." in shown(panel)
    assert NO_ENGINE not in shown(panel)
