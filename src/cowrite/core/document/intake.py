"""Intake: what comes into a document from elsewhere, at once or in steps.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from pycrdt import Doc, TransactionEvent

from cowrite.core.crdt.depth import Depth
from cowrite.core.crdt.gaps import LARGE, Gaps
from cowrite.core.document import arrivals
from cowrite.core.document.updates import Updates
from cowrite.core.document.waiting import Waiting
from cowrite.core.entries.entries import Entries
from cowrite.core.errors import is_panic
from cowrite.core.text.origin import Origin

if TYPE_CHECKING:
    from cowrite.core.document.prepared import Prepared

Observed = Callable[..., AbstractContextManager[None]]
"""Takes over what is done within, see `Document._observed`."""


class Intake:
    """What comes into one document.

    Args:
        doc: the CRDT.
        entries: what was asked for of it, by root.
        updates: who is told of each update.
        observed: takes over what comes, see `Observed`.
    """

    def __init__(self, doc: Doc[Any], entries: Mapping[str, Entries], updates: Updates, observed: Observed) -> None:
        self._doc = doc
        self._entries = entries
        self._updates = updates
        self._observed = observed
        self._gaps = Gaps()
        self._depth = Depth()
        self._waiting = Waiting()
        self._filling: Iterator[None] | None = None
        self._whole = b""  # the update of which the transaction that ends now is

    def merge(self, update: bytes, origin: Origin) -> None:
        """Merges an update, see `Document.apply_update`."""
        counted = arrivals.check(update)  # what is in a file too: anybody can have made it
        if origin is not Origin.STORAGE:
            arrivals.check_values(counted)
        self._depth.note(counted, self._doc)
        for part in arrivals.parts(counted, self._doc):
            with self._observed(origin):
                is_merged = False
                try:
                    with self._doc.transaction(origin):
                        if self._entries and self._gaps.note(part.update, self._doc.get_state()):
                            self._look_again()
                        self._waiting.merge(part, self._doc)
                        is_merged = True
                    if not self._waiting.look_again(self._doc) and len(part.update) > LARGE:
                        self._look_again()
                except BaseException as error:
                    if not (is_merged and is_panic(error)):
                        raise
                    self._tell_all_the_same(part.update, origin)

    def fill(self, prepared: Prepared) -> Iterator[None]:
        """Merges a prepared update in steps, see `Document.fill`."""
        self._depth.note(prepared.counted, self._doc)
        self._filling = self._filled(prepared)
        return self._filling

    def finish(self) -> None:
        """Takes the steps that are left of `fill`."""
        for _ in self._filling or ():
            pass

    def update_of(self, event: TransactionEvent) -> bytes:
        """The update of a transaction that has ended."""
        update = self._whole or event.update
        self._waiting.note_change(update)
        return update

    def _filled(self, prepared: Prepared) -> Iterator[None]:
        origin, update, filling = Origin.REMOTE, prepared.counted.update, self._filling
        with self._observed(origin, prepared=prepared):
            try:
                with self._doc.transaction(origin):
                    self._look_again()
                    for portion in prepared.portions:
                        self._doc.apply_update(portion)
                        yield
                    self._filling, self._whole = None, update  # whoever is told of it may ask for something
            except BaseException as error:
                if not (self._whole and is_panic(error)):
                    raise
                self._tell_all_the_same(update, origin)
            finally:
                self._whole = b""
            # The library has joined all of it now, and everybody is still to be told: each takes its time.
            self._filling = filling
            yield
            self._filling = None
        yield

    def _look_again(self) -> None:
        """Takes it that any entry may have changed without an event."""
        for entries in self._entries.values():
            entries.look_again()

    def _tell_all_the_same(self, update: bytes, origin: Origin) -> None:
        """Tells of an update that yrs has taken in while it failed at telling of it, as where a look is an attribute of
        XML."""
        self._look_again()
        self._updates.tell((update, origin))
