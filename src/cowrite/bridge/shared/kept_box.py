"""KeptBox: the sealed box of one document, on this computer and at its server.

Runs on the GUI thread. What a person writes is kept here first, so that neither a lost connection nor kill -9 takes it,
and goes to the server's box as soon as there is one in reach. It is let go of when it has come back with the document:
as a note on the board, a ballot of a closed poll. Without a server it is revealed from here.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from PySide6.QtCore import QObject, Signal

from cowrite.bridge.file.storage_thread import StorageThread
from cowrite.bridge.shared.kept_store import KeptStore, Key
from cowrite.bridge.shared.latecomers import late_ballots, late_notes
from cowrite.bridge.shared.openings import Openings, is_of_poll
from cowrite.bridge.shared.sealed import Reach, SharedSealed
from cowrite.bridge.shared.sealed_delivery import SealedDelivery
from cowrite.bridge.single_shot import single_shot
from cowrite.core.board.board import ROOT
from cowrite.core.board.items import Note, fields_of, note_of
from cowrite.core.board.model_words import words_left_of
from cowrite.core.document.document import Document
from cowrite.core.entries.entries import EntriesChange
from cowrite.core.entries.observers import Observers
from cowrite.core.errors import MalformedUpdate
from cowrite.core.sessions.polls import Ballot
from cowrite.core.sessions.sealing import Contributions
from cowrite.core.text.origin import Origin
from cowrite.storage.sealed_items import Gone, KeptItem, SealedItems
from cowrite.sync.questions import Unanswered
from cowrite.sync.sealed_questions import SealedProblem
from cowrite_server.document.revealing import Contribution, revealing
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.sealed import BALLOT, Count, SealedReason

TRY_AGAIN = 10_000  # milliseconds until what the document did not take is put into it again

_ALONE = "What you wrote lies sealed on this computer alone; the server gets it when the connection is back."
_NO_BOX = "This server keeps nothing sealed, so what you write lies sealed on this computer alone."
_STAYS = (
    "This server keeps nothing sealed and you may not write on the board, so what you write stays on this computer; "
    "ask somebody who may write there to add it."
)
_NO_POLLS = (
    "This server keeps nothing sealed, so it could not count what each of you votes; whoever runs it can update it. "
    "Until then, ask in the text or in a comment."
)
_LATE_NOTE = "The notes were revealed before yours had arrived; ask somebody who may write on the board to add them."
_KNOWN_NOTE = "The others’ notes were revealed before yours; the server’s history knows from whom late ones come."
_NOT_TAKEN = (
    "What lies sealed could not be put into the document. It stays on this computer and is tried again; should that go "
    "on, close the document and open it again."
)

_log = logging.getLogger(__name__)


class KeptBox(QObject):
    """A `core.sessions.sealing.SealedBox`.

    Args:
        document: where things are revealed.
        file: where one's own are kept.
        storage: where that is worked on.
        chance: draws order and ids where things are revealed from here; not to be foreseen.
        clock: milliseconds since 1970.
        me: gives the name of who sits here.
        may_write: whether whoever sits here may change the document.
        has_server: whether the document has a server, connected or not.
        parent: Qt parent.
    """

    came_late = Signal(str, str)
    """Something that one did to a box came too late: the box's id, and what became of it, in a sentence."""

    def __init__(
        self,
        document: Document,
        file: SealedItems,
        storage: StorageThread,
        *,
        chance: Random,
        clock: Callable[[], int],
        me: Callable[[], str],
        may_write: Callable[[], bool],
        has_server: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._entries = document.entries(ROOT)
        self._chance = chance
        self._clock = clock
        self._me = me
        self._may_write = may_write
        self._openings = Openings(self._entries, me, may_write)
        self._said: dict[str, str] = {}  # by box, what became of one's own there otherwise than one meant
        self._changes: Observers[frozenset[str]] = Observers()
        self._kept = KeptStore(file, storage, self._on_kept, self)
        self._delivery = SealedDelivery(
            *(self._kept, has_server, self._openings.is_open, self._openings.is_due, self._is_still_wanted),
            *(self._settle, self._changed, self._tell, self),
        )
        self._unobserve = self._entries.observe(self._on_entries)
        # What is kept is not looked at in the middle of telling what has changed.
        self._timer = single_shot(self, self._look)
        self._not_taken: set[str] = set()  # boxes of which the document did not take what lies in them
        self._again = single_shot(self, self._try_again, TRY_AGAIN)
        self._timer.start(0)

    # What a SealedBox does

    def notes(self, session: str) -> list[Note]:
        """See `SealedBox.notes`."""
        # What was revealed is on the board, or about to be; what was not and cannot come there has no other place.
        shown = [item for item in self._of(session) if not self._openings.is_open(session) or self._is_stuck(item)]
        return [replace(note_of(item.id, item.fields), is_sealed=True) for item in shown]

    def put(self, notes: Iterable[Note]) -> None:
        """See `SealedBox.put`."""
        self._keep([KeptItem(note.session, note.id, _sealed(note)) for note in notes])

    def take_back(self, ids: Iterable[str]) -> None:
        """See `SealedBox.take_back`."""
        wanted = set(ids)
        gone = {key: Gone(item.known, item.at_server) for key, item in self._kept.items.items() if key[1] in wanted}
        self._drop(gone)
        if self._delivery.reach is Reach.NONE:  # what lies at a server is to go there where the document comes back
            self._kept.gone |= {key: each for key, each in gone.items() if each.there is not None}
        else:
            self._kept.gone |= gone
        self._changed(gone)
        self._delivery.deliver()

    def contributions(self, session: str) -> Contributions:
        """See `SealedBox.contributions`."""
        return Contributions(*self._count(session))

    def is_counted(self) -> bool:
        """See `SealedBox.is_counted`."""
        return self._delivery.is_counted

    def reveal(self, session: str) -> None:
        """See `SealedBox.reveal`."""
        self._open(session)

    def ballot(self, poll: str) -> Ballot | None:
        """See `SealedBox.ballot`."""
        item = self._kept.items.get((poll, BALLOT))
        return None if item is None or self._openings.is_open(poll) else Ballot.of_json(item.fields)

    def put_ballot(self, poll: str, ballot: Ballot) -> None:
        """See `SealedBox.put_ballot`."""
        before = self._kept.items.get((poll, BALLOT))
        # By its id it counts once where the server was moved and knows its author by another link, as another member.
        id = (before.fields.get("id") if before is not None else None) or f"{self._chance.randrange(2**64):016x}"
        self._keep([KeptItem(poll, BALLOT, {**_said_by(ballot.to_json()), "id": id})])

    def voters(self, poll: str) -> int:
        """See `SealedBox.voters`."""
        return self._count(poll).items

    def close(self, poll: str) -> None:
        """See `SealedBox.close`."""
        self._open(poll)

    def no_polls(self) -> str:
        """See `SealedBox.no_polls`."""
        return _NO_POLLS if self._delivery.is_shared and self._delivery.reach is Reach.NONE else ""

    def problem(self, box: str) -> str:
        """See `SealedBox.problem`."""
        said = self._kept.problem or self._said.get(box, "") or self._delivery.problem(box)
        reach = self._delivery.reach
        if said or reach is Reach.HERE:
            return said
        if reach is Reach.NONE:
            if not (self._delivery.is_shared and self._of(box)):
                return ""
            return _NO_BOX if self._may_write() else _STAYS
        if box in self._delivery.wanted:
            return str(SealedProblem(Unanswered.OFFLINE))
        waits = any(each == box for each, _ in self._kept.gone) or any(not item.is_delivered for item in self._of(box))
        return _ALONE if waits else ""

    def observe(self, callback: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """See `SealedBox.observe`."""
        return self._changes.add(callback)

    # What its owner does

    def use(self, shared: SharedSealed | None) -> None:
        """The document is shared from now on, or is not any more."""
        self._delivery.use(shared)
        self._timer.start(0)

    @property
    def waiting(self) -> int:
        """Number of one's own that are on their way to the server, or wait for it."""
        return self._delivery.waiting

    @property
    def images(self) -> frozenset[str]:
        """The names of the images in one's own notes."""
        return frozenset(str(item.fields["image"]) for item in self._kept.items.values() if item.fields.get("image"))

    def end(self) -> None:
        """Listens no longer, and waits until everything is on the disk."""
        self._unobserve()
        self._delivery.end()
        self._timer.stop()
        self._again.stop()
        self._kept.close()

    # Keeping

    def _of(self, box: str) -> list[KeptItem]:
        return [item for item in self._kept.items.values() if item.box == box]

    def _is_stuck(self, item: KeptItem) -> bool:
        return not item.is_delivered and not self._may_write()

    def _is_still_wanted(self, box: str) -> bool:
        why = "" if self._openings.is_due(box) else self._openings.refusal(box)
        if why:
            self._say_late(box, why)
        return not why

    def _count(self, box: str) -> Count:
        if self._openings.is_open(box):
            return Count(0, 0)
        own = [(item.box, item.id) for item in self._of(box)]
        if self._delivery.reach is Reach.NONE:
            return Count(len(own), min(len(own), 1))
        return self._delivery.count(box, own)

    def _keep(self, items: Iterable[KeptItem]) -> None:
        new = {(item.box, item.id): item for item in items}
        for key, item in new.items():
            before = self._kept.items.get(key)
            if before is None and key not in self._kept.gone:
                self._delivery.begin(key)
            gone = Gone(before.known, before.at_server) if before is not None else self._kept.gone.pop(key, Gone())
            self._kept.items[key] = item._replace(earlier=gone.known, there=gone.there)
            self._said.pop(item.box, None)
        self._delivery.forget(new)
        self._changed(new)
        if any(self._openings.is_open(box) for box, _ in new):
            self._timer.start(0)
        self._delivery.deliver()

    def _drop(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._kept.items.pop(key, None)
        self._delivery.forget(keys)

    def _changed(self, keys: Iterable[Key]) -> None:
        ids = {each for key in keys for each in key}
        if ids:
            self._kept.save()
            self._tell(ids)

    def _tell(self, ids: Iterable[str]) -> None:
        self._changes.tell(frozenset(ids))

    def _on_kept(self, ids: Iterable[str]) -> None:
        """The disk does otherwise than before, and has perhaps given what it did not give until now."""
        self._tell(ids)
        if ids:
            self._timer.start(0)

    def _on_entries(self, change: EntriesChange) -> None:
        boxes = self._delivery.wanted | self._delivery.boxes
        has_ended = any(id.startswith("session:") for id in change.ids) and any(map(self._openings.is_due, boxes))
        if has_ended or any(map(self._openings.is_open, boxes & change.ids)):
            self._timer.start(0)

    def _look(self) -> None:
        """Finds out what has become of what is kept."""
        if self._delivery.reach is Reach.HERE:
            self._delivery.look()
        elif self._delivery.reach is Reach.NONE:
            for box in {box for box, _ in self._kept.items}:
                if self._openings.is_open(box):
                    self._settle(box)
                elif self._openings.is_due(box):
                    self._open(box)

    # Into the document

    def _open(self, box: str) -> None:
        self._said.pop(box, None)
        if self._delivery.reach is not Reach.NONE:
            self._openings.want(box)
            self._delivery.want(box)
        elif self._entries.get(box) is None:
            self._said[box] = str(SealedProblem(SealedReason.NO_SUCH_BOX))
        else:
            self._insert(box, self._of(box), late=False)
        self._tell([box])

    def _settle(self, box: str) -> None:
        """Lets go of what was kept for a box that was opened; notes that were not in it come onto the board late."""
        if is_of_poll(box):
            for words in late_ballots(self._entries, box, self._of(box), self._me()):
                self._say_late(box, words)
            self._insert(box, [], late=True)
            return
        late = late_notes(self._entries, box, self._of(box))
        if late and not self._may_write():
            self._say_late(box, _STAYS if self._delivery.reach is Reach.NONE else _LATE_NOTE)
            return
        if late and self._delivery.is_shared and (self._entries.get(box) or {}).get("is_anonymous") is True:
            self._say_late(box, _KNOWN_NOTE)  # these go there by their author's own connection
        self._insert(box, late, late=True)

    def _say_late(self, box: str, words: str) -> None:
        if self._said.get(box) != words:
            self._said[box] = words
            self.came_late.emit(box, words)

    def _insert(self, box: str, items: Iterable[KeptItem], *, late: bool) -> None:
        """Puts items into the document by a client of their own, and lets go of all that was kept for their box."""
        marks = {"is_late": True} if late else {}
        contributions = [Contribution("", self._me(), item.id, {**item.fields, **marks}) for item in items]
        if contributions or not late:
            try:
                update = revealing(self._document.state(), box, contributions, self._clock(), self._chance)
                if update != EMPTY_UPDATE:
                    self._document.apply_update(update, Origin.IMPORT)
            except (BrokenUpdate, MalformedUpdate) as error:
                _log.warning("what lies sealed cannot be put into a document: %s", error)
                self._said[box] = _NOT_TAKEN
                self._not_taken.add(box)
                self._again.start()
                self._tell([box])
                return
        keys = [(item.box, item.id) for item in self._of(box)]
        self._drop(keys)
        self._changed(keys)

    def _try_again(self) -> None:
        boxes, self._not_taken = self._not_taken, set()
        for box in boxes:
            self._said.pop(box, None)
            if self._openings.is_open(box):
                self._settle(box)
            else:
                self._open(box)


def _sealed(note: Note) -> dict[str, Any]:
    """A note as it lies in its box; see `revealing` for what comes of it in a session that is anonymous."""
    fields, left = _plain(fields_of(note)), words_left_of(note)
    return fields | {"model_words": left} if left else fields


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as JSON gives them back."""
    plain: dict[str, Any] = json.loads(json.dumps(fields))
    return plain


def _said_by(ballot: Mapping[str, Any]) -> dict[str, Any]:
    """A ballot without its voter, whom the server knows by itself."""
    return {name: value for name, value in _plain(ballot).items() if name != "voter"}
