"""Which model a command works with, and how it runs best on this computer; no Qt."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from cowrite.assist.engine.asking import ModelFile
from cowrite.commands.terminal import Unreadable
from cowrite.errors import CowriteError
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.catalogue import STARTER
from cowrite.models.machine import engine_version, processor
from cowrite.models.shelf import in_use
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import StoredModel
from cowrite.paths import Paths
from cowrite.storage.placing import is_file
from cowrite.storage.settings import read_settings


class NoModel(CowriteError):
    """There is no model to work with.

    Attributes:
        broken: the id of one whose file is not as it was; empty where there is none.
    """

    def __init__(self, broken: str = "") -> None:
        sentence = f"There is no model on this computer yet; `cowrite models pull {STARTER}` fetches one."
        if broken:
            sentence = (
                f"The model “{broken}” cannot be used; `cowrite models verify {broken}` says what is wrong with it."
            )
        super().__init__(sentence)
        self.broken = broken


def source_of(wanted: str, paths: Paths) -> ModelFile:
    """The model that is wanted, to be run as was measured to be best on this computer, where it was.

    Args:
        wanted: its id or file; empty for the one that the window uses.
        paths: where this person's files are.

    Raises:
        NoModel: there is none on this computer that can be used.
        Unreadable: there is no such file, or it is a folder.
        ModelError: no model has this id, or its file is gone, has changed or is no model.
    """
    source = _found(wanted, paths)
    best = Calibrations(paths.calibrations).find(Circumstances(processor(), engine_version(), source.sha256))
    return source if best is None else replace(source, threads=best.threads, batch=best.batch, flash=best.flash)


def _found(wanted: str, paths: Paths) -> ModelFile:
    store = ModelStore(paths.models)
    if wanted and (is_file(Path(wanted)) or wanted.endswith(".gguf")):
        return _loose(Path(wanted))
    if wanted and store.find(wanted) is None and Path(wanted).is_dir():
        return _loose(Path(wanted))
    if wanted:
        return _stored(store.get_usable(wanted))
    known = [model for model in store.models() if not model.embeds]
    used = in_use(known, read_settings(paths.settings).model)
    if used is None:
        raise NoModel(known[0].id if known else "")
    return _stored(used)


def _stored(model: StoredModel) -> ModelFile:
    return ModelFile(os.fspath(model.path), model.title, model.sha256, model.modified)


def _loose(path: Path) -> ModelFile:
    from cowrite.models.gguf import examine
    from cowrite.models.hashing import sha256_of

    if path.is_dir():
        raise Unreadable(str(path), "it is a folder; name the GGUF file in it")
    if not path.is_file():
        raise Unreadable(str(path), "there is no such file")
    found = examine(path)
    return ModelFile(os.fspath(path.absolute()), found.name, sha256_of(path))
