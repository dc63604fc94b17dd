"""Document: the shared draft, one pycrdt Doc that is wire-compatible with Yjs.

Runs on the thread that made it, or to which it was moved. Every change of the body goes through `Document.edit` or
`Document.apply_update` and names its origin. Reading and converting positions is the rope's work (`core.document.body`)
and never walks the CRDT. What changed is told to observers in UTF-16 positions.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Self
from weakref import finalize

from pycrdt import Doc, Map, Text, Transaction, TransactionEvent

from cowrite.core.crdt.anchor import BODY, Anchor, Stick
from cowrite.core.crdt.anchors import Anchors
from cowrite.core.crdt.clocks import clock_of
from cowrite.core.crdt.structs import Id
from cowrite.core.crdt.text_structs import read_texts
from cowrite.core.document.announcement import Announcement
from cowrite.core.document.assists import ROOT as ASSISTS
from cowrite.core.document.assists import AssistRecord, Assists
from cowrite.core.document.body import Body
from cowrite.core.document.body_steps import BodySteps
from cowrite.core.document.edit import Edit
from cowrite.core.document.editing import Editing, Edits
from cowrite.core.document.intake import Intake
from cowrite.core.document.mending import Mender, Mending
from cowrite.core.document.meta import ROOT as META
from cowrite.core.document.meta import Meta
from cowrite.core.document.step_text import StepText
from cowrite.core.document.takeover import Takeover
from cowrite.core.document.updates import Updates
from cowrite.core.entries.entries import Entries
from cowrite.core.entries.observers import Observers, weakly
from cowrite.core.errors import WrongThread
from cowrite.core.marks.belonging import entry_of, is_decided
from cowrite.core.marks.step_marks import Passing, StepMarks
from cowrite.core.text.change import Change
from cowrite.core.text.first_words import first_words
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import SUGGESTIONS, Op, Span, Utf16
from cowrite.core.text.rope import Rope
from cowrite.core.text.suggested_text import as_it_stands, as_suggested
from cowrite_server.document.ranges import Ranges

if TYPE_CHECKING:
    from cowrite.core.document.prepared import Prepared
    from cowrite.core.document.suggester import Suggester

_NOTHING = b"\0"
"""The state vector of who knows nothing."""

MOST_CLIENT = 2**32 - 1  # the highest client id that Yjs draws; left to who has to come behind all others


class Document(ABC):
    """A shared rich-text document.

    People write in a MendedDocument; what only is to be read can be an UnmendedDocument.

    Args:
        client_id: this replica's number in the CRDT, from 1 to 2**53 - 1; drawn at random when left out, below 2**32 as
            Yjs draws it. Two replicas that are alive at one time must never have the same.
        clock: milliseconds, for grouping edits into undo steps.

    Attributes:
        assists: the records of the assistant's text.
        meta: what the document says of itself, such as its title.
        steps: what this person has done to the body, to be taken back and brought back.
        undone: what text the last undo or redo took away and brought.
        mends: whether it puts right what changes of others have done to marks. Not where this person may write nothing
            in the body: no server would take that, nor what comes behind it, and those who may do it as well.
    """

    def __init__(self, *, client_id: int | None = None, clock: Callable[[], int]) -> None:
        self._home = threading.get_ident()
        # Left to itself pycrdt draws 53 bits, of which y-py keeps 32: what it wrote beside our text would not find its
        # place here, and our text it would send back as another's, a second time.
        drawn = SystemRandom().randrange(1, MOST_CLIENT) if client_id is None else client_id
        self._doc: Doc[Any] = Doc(client_id=drawn)
        self._body = Body(self._doc.get(BODY, type=Text), self.client_id)
        suggestions = self._doc.get(SUGGESTIONS, type=Map)
        self.assists = Assists(self._doc.get(ASSISTS, type=Map), self._begin, suggestions)
        self._rope = self._body.rope
        self._anchors = Anchors(self._doc, self._body.text, self._rope)
        self._body.runs = self._anchors.runs
        self._body.units_of = self._anchors.units_of
        self._body.steady = self._anchors.steady
        self._body.suggested.belonging.are_entries = lambda: bool(len(suggestions))
        self._body.suggested.belonging.entry_of = partial(entry_of, suggestions)
        self._body.suggested.belonging.is_decided = partial(is_decided, suggestions)
        self._body.suggested.belonging.source_of = self._anchors.source_of
        self._origin = Origin.LOCAL
        self._edits = Edits(
            self._body,
            self.client_id,
            begin=self._begin_edit,
            transact=self._transact,
            keep=self.assists.keep,
            ended=self._tell_edit,
        )
        text = StepText(self.client_id, self._rope, self._anchors, self._edits)
        self.steps = BodySteps(self._body.text, text, clock, self.settle)
        self._announcement = Announcement(self.steps)
        self.undone = Passing()
        self.mends = True
        self._updates = Updates()
        self._changes: Observers[Change] = Observers()
        self._mending = Mending(self._menders())
        self.meta = Meta(self._doc.get(META, type=Map), self.transaction)
        self._restored = ""
        self.meta.observe(weakly(self._note_restoring, None))
        self._entries: dict[str, Entries] = {}
        self._intake = Intake(self._doc, self._entries, self._updates, self._observed)
        subscription = self._doc.observe(weakly(self._on_transaction, None))
        finalize(self, self._doc.unobserve, subscription).atexit = False  # or the Doc would keep itself alive

    @classmethod
    def new(cls, *, clock: Callable[[], int], title: str = "") -> Self:
        """A document that has never existed before: one empty line.

        The line's break is written once, here, by the document's maker, and never by one who joins.
        """
        document = cls(clock=clock)
        with document.edit(Origin.IMPORT) as edit:
            edit.insert(Utf16(0), "\n")
            if title:
                document.meta.set_title(title, Origin.IMPORT)
        return document

    @abstractmethod
    def _menders(self) -> tuple[Mender, ...]:
        """Who puts right what changes have left odd in it, in the order in which they do."""

    def move_here(self) -> None:
        """Has the document run on this thread from now on; the one that made it must have no more to do with it."""
        self._home = threading.get_ident()

    def let_go(self) -> None:
        """Lets go of all that it holds, when nothing is to be done with it any more.

        Its parts hold each other. Left alone, a long text would stay until a search for garbage comes to it, and would
        make that one take seconds.
        """
        self._rope.let_go()
        vars(self).clear()

    @property
    def client_id(self) -> int:
        """This replica's number in the CRDT."""
        return int(self._doc.client_id)

    @property
    def rope(self) -> Rope:
        """The body, for reading only."""
        self.settle()
        return self._rope

    @property
    def length(self) -> Utf16:
        """Length of the body in UTF-16 units, the closing line break included."""
        return Utf16(self.rope.units)

    @property
    def is_closed(self) -> bool:
        """Whether the body ends with a line break that is no cell's.

        Where it does, that break ends the last line and no empty line follows; where it does not (a document that a
        Quill editor began), the last line has no break yet and so no block attributes. Below a table there is such a
        line, which may be empty.
        """
        self.settle()
        return self._body.is_closed

    def line_breaks(self, start: int, stop: int) -> list[Utf16]:
        """Positions of the breaks that end the lines which a range touches (all in UTF-16 units).

        A range that ends just behind a break does not touch the next line. A last line that is open (see `is_closed`)
        is named by the document's length.
        """
        self.settle()
        return self._body.line_breaks(start, stop)

    def text(self) -> str:
        """The characters of the body; an embed is EMBED_CHARACTER."""
        return self.rope.text()

    def spans(self, start: int = 0, stop: int | None = None) -> Iterator[Span]:
        """The rich text between two positions (UTF-16 units); see `Rope.spans`."""
        return self.rope.spans(start, stop)

    def stored_spans(self) -> list[Span]:
        """The rich text as the CRDT itself holds it: a walk over the whole document, for checking the rope."""
        self._begin()
        return self._body.stored_spans()

    @property
    def anchors(self) -> Anchors:
        """What names places of the body, and finds them again."""
        self._begin()
        return self._anchors

    def anchor(self, at: int, stick: Stick) -> Anchor:
        """The anchor for a position (UTF-16 units); see `Anchors.make`."""
        return self.anchors.make(at, stick)

    def resolve(self, anchor: Anchor) -> Utf16 | None:
        """Where an anchor lies now, or None where its text has not arrived; see `Anchors.resolve`."""
        return self.anchors.resolve(anchor)

    def announce(self, write: Callable[[], None]) -> None:
        """Takes note of a change of the body that the person sees already, and that is not made here yet.

        So a letter is on the screen before its edit has begun. Nobody finds the document without it: whatever reads or
        changes the body has it written first, and who says what is saved is told at once (`observe_announcements`).

        Args:
            write: makes the change by `edit`. Is called once, at the latest with the next `settle`.
        """
        self._announcement.make(write)

    @property
    def announced_for(self) -> int:
        """Milliseconds since a change was announced that is not made yet; 0 where there is none."""
        return self._announcement.age

    def settle(self) -> None:
        """Makes the change that was announced, if there is one."""
        self._announcement.settle()

    def one_change(self) -> AbstractContextManager[None]:
        """While this lasts, nothing is put right: what is done within counts as one change, after which that comes."""
        return self._mending.held()

    @property
    def suggester(self) -> Suggester | None:
        """Who suggests what is done here; None where it is done."""
        return self._edits.suggester

    @suggester.setter
    def suggester(self, suggester: Suggester | None) -> None:
        self._edits.suggester = suggester

    def edit(
        self,
        origin: Origin,
        source: object | None = None,
        *,
        record: AssistRecord | None = None,
        carried: Sequence[AssistRecord] = (),
        directly: bool = False,
    ) -> AbstractContextManager[Edit]:
        """Begins one transaction on the body: `with document.edit(Origin.LOCAL) as edit: edit.insert(…)`.

        While there is a `suggester`, what this person does is only suggested, see `core.document.suggesting`.

        Args:
            origin: where the change comes from.
            source: who makes it, handed on in `Change.source`.
            record: of the assistant's use whose text this is: all that is inserted carries its mark, and the record is
                written with it. Undo takes the text back and leaves the record, which then claims nothing.
            carried: more records to write with it, as when text with marks is pasted.
            directly: whether it is done also while there is a suggester.

        Raises:
            EditWithinSuggestion: an edit is open that is only suggested.
        """
        return Editing(self._edits, origin, source, record, carried, directly=directly)

    def apply_update(self, update: bytes, origin: Origin = Origin.REMOTE) -> None:
        """Merges an update in Yjs' encoding (v1).

        Raises:
            MalformedUpdate: the bytes are no update, or one that would harm the process; nothing has changed.
        """
        self._begin()
        self._intake.merge(update, origin)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was ever written in it, here or elsewhere."""
        self._begin()
        return self._doc.get_state() == _NOTHING

    def fill(self, prepared: Prepared) -> Iterator[None]:
        """Merges into a blank document an update from elsewhere that was prepared, step by step.

        Until the last step its body is blank for whoever reads it. Whatever is done with its CRDT meanwhile has the
        rest merged first.

        Args:
            prepared: by `prepare`, and for this document alone.

        Returns:
            The steps, some milliseconds each.

        Raises:
            MalformedUpdate: see `apply_update`.
        """
        self._begin()
        return self._intake.fill(prepared)

    def apply_remote(self, update: bytes) -> None:
        """Merges an update from a teammate; see `apply_update`."""
        self.apply_update(update, Origin.REMOTE)

    def state_vector(self) -> bytes:
        """What this replica has seen, in Yjs' encoding."""
        self._begin()
        return bytes(self._doc.get_state())

    def update_since(self, state_vector: bytes) -> bytes:
        """The update that brings a replica from `state_vector` to here, in Yjs' encoding (v1)."""
        self._begin()
        return bytes(self._doc.get_update(state_vector))

    def state(self) -> bytes:
        """The whole document as one update."""
        self._begin()
        return bytes(self._doc.get_update())

    @property
    def heading(self) -> str:
        """What the document can be called while it has no title: the beginning of its first line that has words, as it
        stands; where only suggestions have words, as it is suggested."""
        return first_words(as_it_stands(self.spans())) or first_words(as_suggested(self.spans()))

    def entries(self, root: str) -> Entries:
        """The entries of a root that holds things by their ids, such as `board`; the same object each time."""
        if root not in self._entries:
            self._begin()  # they cannot be watched from the middle of a transaction on
            self._entries[root] = Entries(self._doc.get(root, type=Map), self)
        return self._entries[root]

    def newest_of(self, client: int, units: range) -> Iterable[tuple[int, range]]:
        """By which ids units go after undo has brought them back, see `Redone.newest_of`."""
        return self._anchors.redone.newest_of(client, units)

    @property
    def origin(self) -> Origin:
        """The origin of the change that is being made, or was made last."""
        return self._origin

    @contextmanager
    def acting(self, origin: Origin) -> Iterator[None]:
        """What is done within, and is not a transaction of the document's own, has this origin."""
        self._begin()
        outer, self._origin = self._origin, origin
        try:
            yield
        finally:
            self._tell_roots()
            self._origin = outer

    @contextmanager
    def transaction(self, origin: Origin) -> Iterator[None]:
        """Changes within go out as one update and are one step of undo; transactions nest."""
        with self.acting(origin), self._doc.transaction(origin):
            yield

    def can_undo(self) -> bool:
        """Whether there is an own edit to take back."""
        self.settle()
        return self.steps.can_undo()

    def can_redo(self) -> bool:
        """Whether there is an own edit to bring back."""
        self.settle()
        return self.steps.can_redo()

    def undo(self) -> None:
        """Takes back this person's newest step; what teammates wrote stays."""
        self._begin()
        with self._observed(Origin.UNDO):
            self.steps.undo()

    def redo(self) -> None:
        """Brings back the step that was taken back last."""
        self._begin()
        with self._observed(Origin.UNDO, is_redo=True):
            self.steps.redo()

    def recall_struck(self, is_own: Callable[[object], bool]) -> None:
        """Takes text that is suggested to go for what this person has suggested; see `SuggestedMarks.recalls`."""
        with self._body.steady():
            self._body.suggested.recalls(is_own, runs=self._body.runs, spans=self._rope.spans())

    @property
    def deleted(self) -> Ranges:
        """The units that this person has deleted in this copy by writing; see `Edits.deleted`."""
        return self._edits.deleted

    def struck_again(self, back: Iterable[tuple[Id, Id, int]]) -> list[tuple[Id, int, str]]:
        """What this person has suggested to go of text that has come back by other ids; see `Struck.follow`."""
        self._begin()
        return self._body.suggested.struck.follow(back, clock_of(self._doc.get_state(), self.client_id))

    def rejected_strokes(self, id: str) -> tuple[list[tuple[Id, int]], list[tuple[Id, int]]]:
        """What this person has suggested to go and somebody has rejected, and what still is; see `Struck.rejected`."""
        return self._body.suggested.struck.rejected(id)

    def observe_updates(self, callback: Callable[[tuple[bytes, Origin]], None]) -> Callable[[], None]:
        """Calls back after each transaction with its update and origin; returns the function that ends it."""
        return self._updates.add(callback)

    def observe_changes(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Calls back after each change of the body; returns the function that ends it."""
        return self._changes.add(callback)

    def observe_announcements(self, callback: Callable[[None], None]) -> Callable[[], None]:
        """Calls back when a change is announced; returns the function that ends it."""
        return self._announcement.observe(callback)

    @contextmanager
    def _observed(self, origin: Origin, *, prepared: Prepared | None = None, is_redo: bool = False) -> Iterator[None]:
        """Takes over into the rope what a transaction does to the body, and tells the observers.

        Args:
            origin: of the transaction.
            prepared: see `Takeover`.
            is_redo: whether it is a redo.
        """
        undo = self.steps if origin is Origin.UNDO else None
        takeover = Takeover(
            self._doc,
            self._body,
            self._anchors,
            self._transact,
            is_first=undo is None and prepared is None and not self._rope.units,
            prepared=prepared,
            undo=undo,
            mends=self.mends,
            may_edit=self.suggester is None or self.suggester.may_edit,
        )
        self._edits.forget()
        self._origin = origin
        if origin is Origin.UNDO:
            self._updates.hold()  # an undo and what has to be put right after it go out as one
        try:
            yield
        finally:
            try:
                ops = takeover.end(origin, is_redo=is_redo)
            finally:  # or all that is written from then on would be held as well
                self._updates.release(origin)
            if undo is not None:
                self.undone = takeover.passing
            elif ops:
                self.steps.note_others()
            if ops:
                names = None if prepared is None else prepared.names
                ops = self._tell_change(Change(ops, origin, names=names))
            if undo is not None:
                self._mending.undone(ops, is_redo=is_redo, is_last=not undo.can_redo())
            self._tell_roots()

    def _transact(self, origin: Origin) -> Transaction:
        self._origin = origin
        return self._doc.transaction(origin)

    def _tell_roots(self) -> None:
        """Tells what has happened beside the body, now that no transaction is open in which it cannot be read."""
        self.meta.tell()
        for entries in self._entries.values():
            entries.tell()

    def _note_restoring(self, _none: None) -> None:
        """Undo begins anew where history has brought something back: it would bring it back once more, beside it."""
        if self._restored != self.meta.restored:
            self._restored = self.meta.restored
            self.steps.forget()

    def _on_transaction(self, event: TransactionEvent) -> None:
        update = self._intake.update_of(event)
        if self._origin is Origin.UNDO:
            structs = read_texts(update).structs
            self._anchors.redone.note(structs)
            self._body.came_back(structs)
        else:
            self._edits.wrote(update)
        if self._updates:
            self._updates.tell((update, self._origin))

    def _begin(self) -> None:
        """What comes before all work on the document.

        Raises:
            WrongThread: this is not the thread that made the document.
        """
        # pycrdt accepts any thread and would run our observers on it.
        if threading.get_ident() != self._home:
            raise WrongThread(self._home, threading.get_ident())
        self._intake.finish()
        self._announcement.settle()

    def _begin_edit(self) -> None:
        self._begin()
        self._mending.before_edit()

    def _tell_edit(self, change: Change | None, marks: StepMarks | None) -> None:
        if marks is not None:
            self.steps.note_more(marks)
        if change is not None:
            if change.origin.is_own:
                self.steps.note_looks(change.ops)
            self._tell_change(change)
        self._tell_roots()

    def _tell_change(self, change: Change) -> tuple[Op, ...]:
        """Tells everybody of a change, and has put right what it has brought; gives the steps of all that."""
        self._changes.tell(change)
        return self._mending.after(change)
