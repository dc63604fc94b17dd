"""What can go wrong with the files of models, as types with fields.

Each error says in one sentence what happened, to which file, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cowrite.errors import CowriteError


class ModelError(CowriteError):
    """A model could not be taken in, read or kept."""


class BadModel(ModelError):
    """A file is none of the models that can be loaded; it has not been given to the model's library.

    Attributes:
        path: the file.
        reason: what is wrong with it, as the rest of a sentence.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"“{path}” cannot be used as a model: {reason}.")
        self.path = path
        self.reason = reason


class UnknownModel(ModelError):
    """There is no model of this name.

    Attributes:
        name: as it was asked for.
    """

    def __init__(self, name: str, known: Sequence[str]) -> None:
        there = f"There are: {', '.join(known)}." if known else "`cowrite models list` shows which there are to fetch."
        super().__init__(f"There is no model “{name}”. {there}")
        self.name = name


class WrongHash(ModelError):
    """A file is not the one that it should be: its SHA-256 differs. Where it had just been fetched it is gone again.

    Attributes:
        path: the file.
        expected, found: SHA-256 in hexadecimal.
    """

    def __init__(self, path: Path, title: str, expected: str, found: str, advice: str) -> None:
        super().__init__(
            f"“{title}” is not the file that it should be: its SHA-256 is {found}, not {expected}. {advice}"
        )
        self.path = path
        self.expected = expected
        self.found = found


class NoRoom(ModelError):
    """The disk has no room for a model; nothing was fetched.

    Attributes:
        folder: where it would have gone.
        needed: bytes.
        free: bytes.
    """

    def __init__(self, folder: Path, title: str, needed: int, free: int) -> None:
        super().__init__(
            f"There is no room for “{title}” in “{folder}”: until it is there it takes {in_bytes(needed)}, and "
            f"{in_bytes(free)} is free. Delete something there, or choose a smaller model."
        )
        self.folder = folder
        self.needed = needed
        self.free = free


class NotFetched(ModelError):
    """A model could not be fetched; what came of it is kept, and the next try goes on from there where it can.

    Attributes:
        reason: what went wrong, as the rest of a sentence.
    """

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(f"“{title}” could not be fetched: {reason}.")
        self.reason = reason


class Cancelled(ModelError):
    """The person who had asked for it ended it."""

    def __init__(self, title: str) -> None:
        super().__init__(f"“{title}” was interrupted; the next try resumes it if it can.")


class ModelBusy(ModelError):
    """Another cowrite works on this model."""

    def __init__(self, title: str) -> None:
        super().__init__(f"Another cowrite is fetching or removing “{title}”. Wait until it is done.")


class ModelLoaded(ModelError):
    """A model is in the memory of a process, and its file cannot be deleted meanwhile, as on Windows."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"“{title}” is loaded, and Windows deletes no file that is. Choose another model or turn the assistant "
            "off, then remove it."
        )


class ModelGone(ModelError):
    """The file of a model is not where it was.

    Attributes:
        path: where it was.
    """

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(f"“{path}” is not there any more. Put it back, or forget it: cowrite models remove {name}")
        self.path = path


class ModelChanged(ModelError):
    """The file of a model is not as it was when it was taken in, so what is known of it may be untrue.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(
            f"“{path}” has changed since it was added, and is not used. "
            f"See whether it is still the same: cowrite models verify {name}"
        )
        self.path = path


def in_bytes(count: int) -> str:
    """A number of bytes as people read it: 98 MB, 2.5 GB."""
    return f"{count / 1e9:.1f} GB" if count >= 1_000_000_000 else f"{count / 1e6:.0f} MB"
