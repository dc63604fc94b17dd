"""KnownModel: what is known of a language model that is not loaded, be it on this computer or not."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A language model.

    Attributes:
        id: by which people and commands call it.
        title: as people are shown it.
        maker: who trained it; empty where that is not known, as its licence.
        licence: by its SPDX name.
        quantisation: how its weights are stored.
        parameters: how many weights it has.
        size: bytes of its file.
        sha256: of the file, in hexadecimal; empty where only its source knows it.
        memory: bytes that it takes once it is loaded.
        embeds: whether it gives vectors for texts, and writes none.
    """

    id: str
    title: str
    maker: str
    licence: str
    quantisation: str
    parameters: int
    size: int
    sha256: str
    memory: int
    embeds: bool = field(default=False, kw_only=True)
