"""Which model `cowrite assist` runs, and how."""

from __future__ import annotations

from pathlib import Path

from cowrite.assist.requests import Calibration
from cowrite.commands.assist import source_of
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.machine import engine_version, processor
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.little_model import CONTENT, SHA256


def test_a_model_runs_as_was_measured_to_be_best_on_this_computer(tmp_path: Path) -> None:
    paths = Paths.of({HOME_VARIABLE: str(tmp_path / "home")})
    file = tmp_path / "little.gguf"
    file.write_bytes(CONTENT)
    source = source_of(str(file), paths)
    assert (source.sha256, source.flash) == (SHA256, None)
    best = Calibration(3, 64, True, {"generation": 100.0})
    Calibrations(paths.calibrations).put(Circumstances(processor(), engine_version(), SHA256), best)
    source = source_of(str(file), paths)
    assert (source.threads, source.batch, source.flash) == (3, 64, True)
