"""What can go wrong with the files of models, as types with fields.

Each error says in one sentence what happened, to which file, and what to do.
"""

from __future__ import annotations

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
