"""The starter model for tests that need a real one."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from cowrite.models.catalogue import STARTER
from cowrite.models.store import ModelStore
from cowrite.paths import HOME_VARIABLE, Paths


def starter_model() -> Path:
    """Its file; without it, or without the engine, the test is skipped, or fails in CI."""
    is_ci = os.environ.get("CI") == "true"
    if importlib.util.find_spec("llama_cpp") is None:
        reason = "llama-cpp-python is not installed: python3 bootstrap.py setup"
        pytest.fail(reason) if is_ci else pytest.skip(reason)
    if named := os.environ.get("COWRITE_TEST_MODEL"):
        return Path(named)
    environ = {name: value for name, value in os.environ.items() if name != HOME_VARIABLE}
    found = ModelStore(Paths.of(environ).models).find(STARTER)
    if found is None:
        reason = "the starter model is not there: python3 bootstrap.py setup, or set COWRITE_TEST_MODEL"
        pytest.fail(reason) if is_ci else pytest.skip(reason)
    return found.path
