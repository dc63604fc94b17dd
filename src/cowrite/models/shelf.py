"""All models that a person can choose from: those of the catalogue and those of their own, on this computer or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from cowrite.assist.requests import Calibration
from cowrite.models.catalogue import Entry
from cowrite.models.known_model import KnownModel
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import State, StoredModel

Measured = Callable[[str], Calibration | None]
"""What was measured with the model of this SHA-256 on this computer."""


@dataclass(frozen=True, slots=True)
class Offer(KnownModel):
    """One model, as a person is shown it.

    Attributes:
        suits: what it is good for, in a sentence; empty for a person's own.
        origin: where it comes from, in words.
        in_catalogue: whether it can be fetched.
        state: of its file; None where it is not on this computer.
        path: of its file; None likewise.
        modified: when its file was written as it was taken in, in nanoseconds since 1970; 0 where it is not here.
        is_own: whether the file is in the folder of models, and goes with the model; else it stays where the person
            has it.
        speed: tokens that it writes in a second on this computer; None where that was not measured.
    """

    suits: str
    origin: str
    in_catalogue: bool
    state: State | None
    path: Path | None
    modified: int
    is_own: bool
    speed: float | None

    @property
    def is_present(self) -> bool:
        """Whether it can be loaded."""
        return self.state is State.PRESENT


Model = TypeVar("Model", Offer, StoredModel)


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


def offers(store: ModelStore, entries: Sequence[Entry], measured: Measured) -> tuple[Offer, ...]:
    """Lays out all models: a person's own by name, then those of the catalogue in its order."""
    stored = {model.id: model for model in store.models()}
    listed = tuple(_offer(entry, stored.pop(entry.id, None), measured) for entry in entries)
    return tuple(_offer(model, model, measured) for model in stored.values()) + listed


def _offer(known: Entry | StoredModel, here: StoredModel | None, measured: Measured) -> Offer:
    """A model of the catalogue, or a person's own, and what is on this computer of it."""
    facts: dict[str, Any] = {field.name: getattr(known, field.name) for field in fields(KnownModel)}
    if here is not None:
        facts |= {"title": here.title or known.title, "sha256": known.sha256 or here.sha256}
    calibration = measured(facts["sha256"]) if facts["sha256"] else None
    return Offer(
        **facts,
        suits=known.suits if isinstance(known, Entry) else "",
        origin=known.source.words if isinstance(known, Entry) else known.origin,
        in_catalogue=isinstance(known, Entry),
        state=None if here is None else here.state,
        path=None if here is None else here.path,
        modified=0 if here is None else here.modified,
        is_own=here is None or here.is_own,
        speed=None if calibration is None else calibration.rates.get("generation"),
    )
