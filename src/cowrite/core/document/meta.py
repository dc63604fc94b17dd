"""Meta: what a document says of itself, such as its title, in the root `meta`.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from pycrdt import Map

from cowrite.core.entries.authors import shown_name
from cowrite.core.entries.observers import Observers, weakly
from cowrite.core.text.origin import Origin

ROOT = "meta"


class Meta:
    """What one document says of itself.

    Args:
        root: where it is kept.
        transaction: begins a transaction of an origin, see `Document.transaction`.
    """

    def __init__(self, root: Map[Any], transaction: Callable[[Origin], AbstractContextManager[None]]) -> None:
        self._root = root
        self._transaction = transaction
        self._changes: Observers[None] = Observers()
        self._has_changed = False
        # Not `Map.observe`: it reads all of an event, and yrs panics over what others can write.
        self._subscription = root.integrated.observe(weakly(self._on_event, None))

    @property
    def title(self) -> str:
        """The document's title; empty when it has none."""
        title = self._root.get("title")
        return shown_name(title).strip() if isinstance(title, str) else ""

    @property
    def restored(self) -> str:
        """Which restoring was the last one, see `cowrite_server.history.restoring`; empty where there was none."""
        restored = self._root.get("restored")
        return restored if isinstance(restored, str) else ""

    def set_title(self, title: str, origin: Origin = Origin.LOCAL) -> None:
        """Gives the document a title; an empty one takes it away."""
        with self._transaction(origin):
            self._root["title"] = title

    def observe(self, callback: Callable[[None], None]) -> Callable[[], None]:
        """Calls back when any of it has changed; returns the function that ends it."""
        return self._changes.add(callback)

    def tell(self) -> None:
        """Tells the observers where something has changed since the last time; no transaction may be open."""
        if self._has_changed:
            self._has_changed = False
            self._changes.tell(None)

    def _on_event(self, _event: object) -> None:
        self._has_changed = True
