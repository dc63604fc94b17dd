"""The starter model for tests that need a real one."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from shutil import copyfile

from cowrite.assist.requests import Calibration
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.catalogue import STARTER, catalogue
from cowrite.models.machine import engine_version, processor
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import StoredModel
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.lacking import lacking


def starter_model() -> Path:
    """Its file; without it, or without the engine, the test is skipped, or fails in CI."""
    if importlib.util.find_spec("llama_cpp") is None:
        lacking("llama-cpp-python is not installed: python3 bootstrap.py setup")
    if named := os.environ.get("COWRITE_TEST_MODEL"):
        return Path(named)
    environ = {name: value for name, value in os.environ.items() if name != HOME_VARIABLE}
    found = ModelStore(Paths.of(environ).models).find(STARTER)
    if found is None:
        lacking("the starter model is not there: python3 bootstrap.py setup, or set COWRITE_TEST_MODEL")
    return found.path


def add_starter(paths: Paths, threads: int = 1, *, copied_to: Path | None = None) -> StoredModel:
    """Puts it where an application finds it, which has measured already on how many threads it runs best.

    Beside other tests several threads compute no faster: most of their time they wait for each other, on a processor.

    Args:
        paths: of the application.
        threads: on how many it runs.
        copied_to: a file that a test may spoil; None for the one that all tests have.
    """
    file = starter_model() if copied_to is None else Path(copyfile(starter_model(), copied_to))
    model = ModelStore(paths.models).add(file, known=catalogue())
    best = Calibration(threads, batch=128, flash=False, rates={"prompt": 100.0, "generation": 20.0})
    Calibrations(paths.calibrations).put(Circumstances(processor(), engine_version(), model.sha256), best)
    return model
