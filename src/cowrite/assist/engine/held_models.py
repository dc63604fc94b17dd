"""HeldModels: which models are in the worker's memory, and the one that is to write.

Sans-I/O, as the Engine, whose part it is.
"""

from __future__ import annotations

from cowrite.assist.engine.asking import Source
from cowrite.assist.requests import Model


class HeldModels:
    """The worker holds one model that writes at most, and beside it perhaps one that gives vectors.

    Attributes:
        chosen: the model that is to write; None where nobody has chosen one.
        writer: the one in memory that writes; None for none.
        have_encoder: whether one is in memory that gives vectors.
    """

    def __init__(self) -> None:
        self.chosen: Source | None = None
        self.writer: Source | None = None
        self.have_encoder = False
        self._known: dict[Source, Model] = {}

    @property
    def model(self) -> Model | None:
        """The chosen model as it was loaded last; None before the first time."""
        return None if self.chosen is None else self._known.get(self.chosen.identity)

    @property
    def ready(self) -> Model | None:
        """The chosen model where it is in memory; None where it is not."""
        return self.model if self.writer == self.chosen else None

    @property
    def has_other(self) -> bool:
        """Whether another model is in memory than the one that is chosen, however that is run."""
        writer, chosen = self.writer, self.chosen
        return writer is not None and chosen is not None and writer.identity != chosen.identity

    @property
    def are_any(self) -> bool:
        """Whether one is in memory."""
        return self.writer is not None or self.have_encoder

    def take(self, source: Source, model: Model) -> None:
        """A model that writes has come into memory.

        Args:
            source: where it is from.
            model: what it is.
        """
        self.writer, self._known[source.identity] = source, model

    def let_go(self) -> None:
        """None is in memory any more."""
        self.writer, self.have_encoder = None, False
