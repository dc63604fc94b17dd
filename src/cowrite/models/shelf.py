"""All models that a person can choose from: those of the catalogue and those of their own, on this computer or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from cowrite.assist.requests import Calibration
from cowrite.models.catalogue import Entry
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import State, StoredModel

Measured = Callable[[str], Calibration | None]
"""What was measured with the model of this SHA-256 on this computer."""


class Candidate(Protocol):
    """A model of which one may be used; see StoredModel and Offer."""

    @property
    def id(self) -> str:
        """By which people call it."""

    @property
    def parameters(self) -> int:
        """How many weights it has."""

    @property
    def embeds(self) -> bool:
        """Whether it gives vectors for texts, and writes none."""

    @property
    def is_present(self) -> bool:
        """Whether it can be loaded."""


Model = TypeVar("Model", bound=Candidate)


def in_use(models: Iterable[Model], wanted: str) -> Model | None:
    """The model that writes: the person's choice where it can be loaded, else the smallest one; None where none can.

    Args:
        wanted: the id of their choice; empty for none.
    """
    there = [model for model in models if model.is_present and not model.embeds]
    chosen = next((model for model in there if model.id == wanted), None)
    return chosen or min(there, key=lambda model: model.parameters, default=None)


def encoder_in_use(models: Iterable[Model]) -> Model | None:
    """The model that gives vectors for texts: the first by its id; None where none can be loaded."""
    return min((model for model in models if model.is_present and model.embeds), key=lambda each: each.id, default=None)


@dataclass(frozen=True, slots=True)
class Offer:
    """One model, as a person is shown it. Sizes are bytes.

    Attributes:
        suits: what it is good for, in a sentence; empty for a person's own.
        memory: that it takes once it is loaded.
        origin: where it comes from, in words.
        in_catalogue: whether it can be fetched.
        state: of its file; None where it is not on this computer.
        path: of its file; None likewise.
        modified: when its file was written as it was taken in, in nanoseconds since 1970; 0 where it is not here.
        is_own: whether the file is in the folder of models, and goes with the model; else it stays where the person
            has it.
        speed: tokens that it writes in a second on this computer; None where that was not measured.
        embeds: whether it gives vectors for texts, and writes none.
    """

    id: str
    title: str
    maker: str
    licence: str
    quantisation: str
    parameters: int
    size: int
    memory: int
    sha256: str
    suits: str
    origin: str
    in_catalogue: bool
    state: State | None
    path: Path | None
    speed: float | None
    embeds: bool
    is_own: bool
    modified: int

    @property
    def is_present(self) -> bool:
        """Whether it can be loaded."""
        return self.state is State.PRESENT


def offers(store: ModelStore, entries: Sequence[Entry], measured: Measured) -> tuple[Offer, ...]:
    """Lays out all models: those of the catalogue in its order, then a person's own by name."""
    stored = {model.id: model for model in store.models()}
    listed = tuple(_of_entry(entry, stored.pop(entry.id, None), measured) for entry in entries)
    return listed + tuple(_of_own(model, measured) for model in stored.values())


def _speed(sha256: str, measured: Measured) -> float | None:
    calibration = measured(sha256) if sha256 else None
    return None if calibration is None else calibration.rates.get("generation")


def _of_entry(entry: Entry, model: StoredModel | None, measured: Measured) -> Offer:
    sha256 = entry.sha256 or (model.sha256 if model is not None else "")
    return Offer(
        id=entry.id,
        title=entry.title if model is None else model.title or entry.title,  # as the person calls it
        maker=entry.maker,
        licence=entry.licence,
        quantisation=entry.quantisation,
        parameters=entry.parameters,
        size=entry.size,
        memory=entry.memory,
        sha256=sha256,
        suits=entry.suits,
        origin=entry.source.words,
        in_catalogue=True,
        state=None if model is None else model.state,
        path=None if model is None else model.path,
        speed=_speed(sha256, measured),
        embeds=entry.embeds,
        is_own=model is None or model.is_own,
        modified=0 if model is None else model.modified,
    )


def _of_own(model: StoredModel, measured: Measured) -> Offer:
    return Offer(
        id=model.id,
        title=model.title,
        maker=model.maker,
        licence=model.licence,
        quantisation=model.quantisation,
        parameters=model.parameters,
        size=model.size,
        memory=model.memory,
        sha256=model.sha256,
        suits="",
        origin=model.origin,
        in_catalogue=False,
        state=model.state,
        path=model.path,
        speed=_speed(model.sha256, measured),
        embeds=model.embeds,
        is_own=model.is_own,
        modified=model.modified,
    )
