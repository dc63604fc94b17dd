"""A small model file, and its entry in a catalogue."""

from __future__ import annotations

import hashlib

from cowrite.models.catalogue import Entry, HubSource, WheelSource
from cowrite.models.store import ModelStore
from helpers.gguf_files import Weights, gguf

CONTENT = gguf(None, [Weights("token_embd.weight", (1024, 1024), 0, 4 * 2**20)])
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def entry_for(content: bytes, source: HubSource | WheelSource) -> Entry:
    """The entry of a model with this content."""
    sha256 = hashlib.sha256(content).hexdigest()
    return Entry("little", "Little", "Somebody", "MIT", "F32", 1, len(content), sha256, 1, "Tests.", source)


def nothing_is_loadable(store: ModelStore) -> bool:
    """Whether a folder holds no model, and no file that would be taken for one."""
    return store.models() == [] and not list(store.folder.glob("*.gguf"))
