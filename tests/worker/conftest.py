"""Models for the tests of the worker: small ones that are made here, and the starter model where it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cowrite.paths import Paths
from cowrite.worker.process import calm_threads
from cowrite.worker.work import Settings
from helpers.lacking import lacking
from helpers.worker_seat import WorkerSeat

calm_threads()  # as the worker does, before the library is loaded

IS_CI = os.environ.get("CI") == "true"
STARTER = "SmolLM2-135M-Instruct.Q4_1.gguf"


def _starter() -> Path | None:
    if named := os.environ.get("COWRITE_TEST_MODEL"):
        return Path(named) if Path(named).is_file() else None
    environ = {name: value for name, value in os.environ.items() if name != "COWRITE_HOME"}
    return next(iter((Paths.of(environ).data / "models").rglob(STARTER)), None)


FOUND = _starter()


@pytest.fixture(scope="session")
def library() -> None:
    """llama.cpp; without it the test is skipped, or fails in CI."""
    if not IS_CI:
        pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed: python3 bootstrap.py setup")


@pytest.fixture(scope="session")
def starter(library: None) -> Path:
    """The starter model's file."""
    if FOUND is None:
        lacking("the starter model is not there: python3 bootstrap.py setup, or set COWRITE_TEST_MODEL")
    return FOUND


@pytest.fixture(scope="module")
def worker(starter: Path) -> Iterator[WorkerSeat]:
    """One worker with the starter model, for all tests that leave it well."""
    with WorkerSeat() as seat:
        assert seat.load(starter, "Starter", threads=1)["type"] == "loaded"
        yield seat


@pytest.fixture(scope="module")
def engine(starter: Path) -> Iterator[Any]:
    """The same within this process."""
    from helpers.llama_seat import LlamaSeat

    seat = LlamaSeat(starter, Settings(threads=1))
    yield seat
    seat.engine.unload()


@pytest.fixture(scope="session")
def tiny(library: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes tiny models, each once: `tiny("hybrid")`, `tiny(template=…)`."""
    from helpers.tiny_models import tiny_model

    made: dict[tuple[Any, ...], Path] = {}

    def make(kind: Any = "plain", template: str = "") -> Path:
        if (kind, template) not in made:
            made[kind, template] = tiny_model(tmp_path_factory.mktemp("tiny") / f"{kind}.gguf", kind, template)
        return made[kind, template]

    return make


@pytest.fixture
def seat(library: None) -> Iterator[Callable[..., Any]]:
    """Makes engines with a model each, which are unloaded at the end."""
    from helpers.llama_seat import LlamaSeat

    made: list[LlamaSeat] = []

    def make(*arguments: Any) -> LlamaSeat:
        made.append(LlamaSeat(*arguments))
        return made[-1]

    yield make
    for each in made:
        each.engine.unload()
