"""What was measured on this computer: how each model runs best here, and how fast.

A calibration belongs to one processor, one version of the engine and one model; with another of them it counts no
longer. Losing the file costs a few seconds of measuring anew.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cowrite.assist.requests import Calibration
from cowrite.storage.json_file import read_or_set_aside, write_object

KEPT = 64  # calibrations; the oldest go


@dataclass(frozen=True, slots=True)
class Circumstances:
    """For what a calibration holds.

    Attributes:
        processor: `models.machine.processor()`.
        engine: the version of the engine.
        sha256: of the model's file.
    """

    processor: str
    engine: str
    sha256: str

    @property
    def key(self) -> str:
        """All of it as one text."""
        return " | ".join((self.processor, self.engine, self.sha256))


class Calibrations:
    """The calibrations of this computer.

    Args:
        path: of their file, `Paths.calibrations`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, circumstances: Circumstances) -> Calibration | None:
        """The calibration for these circumstances; None where nothing was measured.

        Raises:
            StorageFailed: the system refuses to read the file, and to call it otherwise.
        """
        return _calibration(read_or_set_aside(self._path).values.get(circumstances.key))

    def put(self, circumstances: Circumstances, calibration: Calibration) -> None:
        """Keeps what was measured.

        Raises:
            StorageError: it could not be written.
        """
        values = dict(read_or_set_aside(self._path).values)
        values.pop(circumstances.key, None)
        values[circumstances.key] = {**asdict(calibration), "rates": dict(calibration.rates)}
        write_object(self._path, dict(list(values.items())[-KEPT:]))


def _calibration(plain: Any) -> Calibration | None:
    try:
        rates = {str(name): float(rate) for name, rate in plain["rates"].items()}
        threads, batch = int(plain["threads"]), int(plain["batch"])
        return Calibration(threads, batch, plain["flash"] is True, rates) if threads > 0 and batch > 0 else None
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
