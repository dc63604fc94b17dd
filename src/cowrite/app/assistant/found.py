"""Found: which models are here and in the catalogue, and what this computer has for them.

Runs on any thread; reads files.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from cowrite.assist.requests import Calibration
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.catalogue import Entry
from cowrite.models.machine import engine_version, processor
from cowrite.models.shelf import Offer, offers
from cowrite.models.store import PART, ModelStore
from cowrite.worker.memory import available


@dataclass(frozen=True, slots=True)
class Found:
    """What is there.

    Attributes:
        offers: all models, here or not.
        best: by SHA-256, how a model runs best here.
        begun: ids of the catalogue of which a part is here.
        free: bytes on the disk of the folder.
        memory: bytes of memory that are free; None where the system does not say.
    """

    offers: tuple[Offer, ...] = ()
    best: Mapping[str, Calibration] = field(default_factory=lambda: MappingProxyType({}))
    begun: frozenset[str] = frozenset()
    free: int = 0
    memory: int | None = None


def find(store: ModelStore, calibrations: Calibrations, entries: Sequence[Entry]) -> Found:
    """Looks what is there.

    Args:
        store: of the models' files.
        calibrations: how models ran here.
        entries: of the catalogue.

    Raises:
        CowriteError: what is there cannot be read.
        OSError: nor can its folder.
    """
    folder = store.folder
    parts = [path.name for path in folder.glob(f"*~*{PART}")] if folder.is_dir() else []
    begun = frozenset(entry.id for entry in entries if any(name.startswith(f"{entry.id}~") for name in parts))
    there = folder if folder.is_dir() else next(parent for parent in folder.parents if parent.is_dir())
    machine, engine = processor(), engine_version()
    best: dict[str, Calibration] = {}

    def measured(sha256: str) -> Calibration | None:
        found = calibrations.find(Circumstances(machine, engine, sha256))
        if found is not None:
            best[sha256] = found
        return found

    laid_out = offers(store, entries, measured)
    return Found(laid_out, best, begun, shutil.disk_usage(there).free, available())
