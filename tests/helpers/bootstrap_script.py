"""The checkout, and its scripts as modules, bootstrap.py and parts of it: they stand where no import finds them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

CHECKOUT = Path(__file__).resolve().parents[2]


def load(name: str, folder: Path = CHECKOUT) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its parts import each other by this name
    spec.loader.exec_module(module)
    return module


steps = load("bootstrap_steps")
engines = load("bootstrap_engine")
system = load("bootstrap_system")
bootstrap = load("bootstrap_commands")
