"""A model on this computer, and whether its file is still what was taken in.

Runs on any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cowrite.models.known_model import KnownModel


class State(StrEnum):
    """What became of a model's file since it was taken in."""

    PRESENT = "present"
    CHANGED = "changed"  # its size or time differs
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class StoredModel(KnownModel):
    """A model on this computer.

    Attributes:
        path: of its file.
        is_own: whether the file is in the folder of models; else it is where the person has it.
        modified: when the file was last written, in nanoseconds since 1970.
        origin: where it came from, in words.
        added: when it was taken in, as ISO 8601 says it.
    """

    path: Path
    is_own: bool
    modified: int
    origin: str
    added: str

    @property
    def state(self) -> State:
        """Whether the file is there and as it was, as far as size and time tell."""
        try:
            now = self.path.stat()
        except OSError:
            return State.GONE
        return State.PRESENT if (now.st_size, now.st_mtime_ns) == (self.size, self.modified) else State.CHANGED

    @property
    def is_present(self) -> bool:
        """Whether it can be loaded."""
        return self.state is State.PRESENT


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a model beside its file."""

    title: str
    maker: str = ""
    licence: str = ""
    origin: str = ""
