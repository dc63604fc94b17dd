"""A model on this computer, and whether its file is still what was taken in.

Runs on any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class State(StrEnum):
    """What became of a model's file since it was taken in."""

    PRESENT = "present"
    CHANGED = "changed"  # its size or time differs
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model on this computer.

    Attributes:
        id: by which people and commands call it.
        title: as people are shown it.
        path: of its file.
        is_own: whether the file is in the folder of models; else it is where the person has it.
        size: bytes.
        modified: when the file was last written, in nanoseconds since 1970.
        sha256: of the file, in hexadecimal.
        maker, licence: empty where they are not known.
        origin: where it came from, in words.
        quantisation: how its weights are stored.
        parameters: how many weights it has.
        embeds: whether it gives vectors for texts, and writes none.
        memory: bytes that it takes once it is loaded.
        added: when it was taken in, as ISO 8601 says it.
    """

    id: str
    title: str
    path: Path
    is_own: bool
    size: int
    modified: int
    sha256: str
    maker: str
    licence: str
    origin: str
    quantisation: str
    parameters: int
    embeds: bool
    memory: int
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
