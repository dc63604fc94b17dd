"""Measures how the command line's model runs best on this computer, and keeps it where the window keeps it too."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from cowrite.assist.requests import Calibration
from cowrite.commands.model_choice import source_of
from cowrite.commands.model_process import model_at_work
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.machine import engine_version, processor
from cowrite.paths import Paths
from cowrite_server.counting import counted


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model runs best here."""

    title: str
    sha256: str
    best: Calibration

    @property
    def words(self) -> str:
        """All of it in a sentence."""
        threads = counted(self.best.threads, "thread")
        flash = ", by flash attention" if self.best.flash else ""
        speeds = (
            f"{verb} {self.best.rates[name]:.0f} tokens/s"
            for name, verb in (("generation", "writes"), ("prompt", "reads"))
            if name in self.best.rates
        )
        return (
            f"{self.title} {' and '.join(speeds)} here, with {threads} and batches of {self.best.batch} tokens{flash}."
        )

    @property
    def plain(self) -> dict[str, Any]:
        """All of it for JSON."""
        return {
            "done": "measured",
            "title": self.title,
            "sha256": self.sha256,
            **asdict(self.best),
            "rates": dict(self.best.rates),
        }


def measure(wanted: str, paths: Paths) -> Measured:
    """Measures a model: some seconds, in which the machine should have nothing else to do.

    Args:
        wanted: its id or file; empty for the one in use.

    Raises:
        CowriteError: there is no such model, or it cannot be loaded or measured; nothing is kept.
    """
    source = source_of(wanted, paths)
    with model_at_work(source) as (process, line):
        process.prepare()
        line.draw("Measuring how fast it is here")
        best = process.calibrate()
    Calibrations(paths.calibrations).put(Circumstances(processor(), engine_version(), source.sha256), best)
    return Measured(source.name, source.sha256, best)
