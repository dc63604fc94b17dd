"""Which model `cowrite assist` runs, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.assist.requests import Calibration
from cowrite.commands.model_choice import source_of
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.errors import ModelChanged, ModelGone
from cowrite.models.machine import engine_version, processor
from cowrite.models.store import ModelStore
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import Settings, save_settings
from helpers.little_model import CONTENT, SHA256
from helpers.model_folder import put_model


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of({HOME_VARIABLE: str(tmp_path / "home")})


def test_a_model_runs_as_was_measured_to_be_best_on_this_computer(tmp_path: Path, paths: Paths) -> None:
    file = tmp_path / "little.gguf"
    file.write_bytes(CONTENT)
    source = source_of(str(file), paths)
    assert (source.sha256, source.flash) == (SHA256, None)
    best = Calibration(3, 64, True, {"generation": 100.0})
    Calibrations(paths.calibrations).put(Circumstances(processor(), engine_version(), SHA256), best)
    source = source_of(str(file), paths)
    assert (source.threads, source.batch, source.flash) == (3, 64, True)


def test_a_model_whose_file_has_changed_is_not_used_under_its_old_hash(tmp_path: Path, paths: Paths) -> None:
    file = tmp_path / "little.gguf"
    file.write_bytes(CONTENT)
    ModelStore(paths.models).add(file)
    assert source_of("little", paths).sha256 == SHA256
    file.write_bytes(CONTENT + b"\x01")
    with pytest.raises(ModelChanged, match=r"has changed since .* cowrite models verify little"):
        source_of("little", paths)
    file.unlink()
    with pytest.raises(ModelGone, match="is not there any more"):
        source_of("little", paths)


def test_without_a_name_the_model_is_the_one_that_the_window_uses(paths: Paths) -> None:
    put_model(paths, "a-large-one", parameters=2_000)
    put_model(paths, "small", parameters=1_000)
    put_model(paths, "the-encoder", parameters=10, embeds=True)
    assert Path(source_of("", paths).path).stem == "small"
    save_settings(paths.settings, Settings(model="a-large-one"))
    assert Path(source_of("", paths).path).stem == "a-large-one"
    save_settings(paths.settings, Settings(model="gone"))
    assert Path(source_of("", paths).path).stem == "small"
