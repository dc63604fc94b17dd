"""JoinedFootnotes: the footnotes of a document that are one, as several have written in it at the same moment.

Runs on the document's thread; positions are UTF-16 units. Who writes in a footnote puts another embed in the place of
its embed, so of two who do so apart both embeds stand there, and both say which note they are. Every copy in which
somebody may write puts one in their place, with the words of both, and where one of them has all words it is that one
which stays: each that goes leaves one behind that holds all of it, so nothing goes round, and nothing is lost. Only
what stands in one line is joined, for two who moved it apart have two lines with it; and nothing that is only
suggested. Undo knows embeds alone, too: what the person here had written in a footnote is taken out of what others made
of it, and only this copy knows that what undo has brought back is the same footnote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from operator import itemgetter
from typing import TYPE_CHECKING

from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.document.mending import Mender
from cowrite.core.errors import MalformedUpdate
from cowrite.core.footnotes.note import MERGES, Note, first_id, id_of, note_id, note_of, pen
from cowrite.core.text.change import Change
from cowrite.core.text.footnotes import EMBED, LARGEST_STATE, Identity, Rewording, embed_of, identity_of, is_footnote
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import (
    DELETION,
    EMBED_CHARACTER,
    INSERTION,
    MARK,
    Format,
    Insert,
    Op,
    Span,
    for_typing,
    inline_part,
    utf16_length,
)

if TYPE_CHECKING:
    from cowrite.core.footnotes.shared_words import SharedWords

FEW = 8
"""With so many steps at most only the lines that they change are looked at, and not the whole text."""

MOST_UNDONE = 200
"""With more steps an undo brings back the footnotes that it does as they were, also beside what others made of them."""

_SUGGESTED = {INSERTION, DELETION}

_Step = tuple[int, Span | None]
"""Where a reference stands that goes, and what comes in before it."""


class JoinedFootnotes(Mender):
    """The footnotes of one document.

    Args:
        document: it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._is_joining = False
        # States of what was taken back, where others had gone on from it, and where it went as it was.
        self._taken_out = set[bytes]()
        self._went = set[bytes]()

    def after(self, change: Change) -> tuple[Op, ...]:
        """A change was made that is no undo, and everybody has been told: what is one footnote now is joined, by the
        steps that this gives."""
        is_other = change.origin in (Origin.STORAGE, Origin.UNDO) or self._is_joining
        may_bring = change.may_bring(EMBED, INSERTION, DELETION) and any(map(_may_bring, change.ops))
        if is_other or not may_bring or not self._may_write:
            return ()
        steps = list[_Step]()
        undone = self._document.steps.reworded.taken_back
        # Who knows nothing of an undo may have joined what was taken back to the rest already.
        also = frozenset(each.id for each in undone) if change.origin is Origin.REMOTE else frozenset()
        for notes in self._several(change.ops, also):
            mine = [each for each in undone if each.id == notes[0].id]
            whole = self._all_of(notes)
            before = whole.words
            self._without_undone(whole, mine)
            is_turned = whole.words != before
            if len(notes) > 1 or is_turned:
                # Or of two who have undone something both would put another one there, and that without end.
                steps += _joined(notes, self._document, whole if is_turned else None)
        origin = Origin.LOCAL if change.origin.is_own else Origin.MENDING
        if steps and origin is Origin.LOCAL:
            self._document.steps.go_on()
        return self._put(steps, origin)

    def undone(self, ops: Sequence[Op], *, is_redo: bool, is_last: bool) -> None:
        """An undo or redo was made, and everybody has been told. Where somebody else has written in a footnote since,
        it has brought back what that said beside what it says, or nothing: of this, what the person here had written
        goes, or comes again; see `Mender.undone`."""
        may_bring, written = any(map(_may_bring, ops)), self._document.steps.reworded.turned
        if not (may_bring or written) or not self._may_write or len(ops) > MOST_UNDONE:
            return
        came = {at for at, _ in _places(ops)}
        steps, made = list[_Step](), list[Rewording]()
        for notes in self._concerned(ops if may_bring else (), came, written):
            stand = [note for note in notes if note.at not in came]
            whole = self._all_of(stand or notes)
            before = whole.words
            mine = [each for each in written if each.id == notes[0].id]
            if is_redo:
                self._with_redone(whole, notes, mine)
            elif stand or not mine:
                self._without_undone(whole, mine)
            else:  # what it said last is gone with the undo
                self._went |= {each.state for each in mine}
                whole.write(mine[0].after)
                _take_back(whole, mine)
            after = whole.words
            if len(notes) > 1 or after != before:
                joined = list(_joined(notes, self._document, whole))
                steps += joined
                states = [identity.state for _, put in joined if put and (identity := identity_of(put.embed))]
                made += [Rewording(notes[0].id, before, after, state) for state in states]
        if steps and is_redo and is_last:  # in Yjs there may be nothing that an undo could take out again
            with self._document.steps.apart():
                self._put(steps, Origin.LOCAL)
                for each in made:
                    self._document.steps.reworded.note(each, is_again=True)
        else:
            self._put(steps, Origin.MENDING)

    # Inside

    def _all_of(self, notes: Sequence[Note]) -> SharedWords:
        return _all_of(notes, pen(self._document, " undo"))

    def _concerned(self, ops: Sequence[Op], came: Set[int], written: Iterable[Rewording]) -> list[list[Note]]:
        """The footnotes that an undo or redo may have changed, each as all the references to it.

        Args:
            ops: steps that may have brought some.
            came: where footnotes have come in.
            written: what the person here had written, and now takes back or brings again.
        """
        groups = list(self._several(ops)) if ops else []
        beside = {at for at in came if _SUGGESTED & self._document.rope.attributes_at(at).keys()}
        alone = {each.id for each in written} - {note_id(self._document, at) for at in came - beside}
        return [*groups, *([note] for note in self._standing(alone - {notes[0].id for notes in groups}))]

    def _without_undone(self, whole: SharedWords, written: Sequence[Rewording]) -> None:
        """Takes out of a footnote what the person here had written and takes back, where others have gone on from that:
        then it is still in it."""
        known = [each for each in written if each.state not in self._taken_out and whole.knows(each.state)]
        if known:
            self._taken_out |= {each.state for each in written}
        _take_back(whole, known)

    def _with_redone(self, stands: SharedWords, notes: Sequence[Note], written: Sequence[Rewording]) -> None:
        """Has a footnote say what was so taken out of it, with all else of that redo, or else what that has brought.

        Args:
            stands: what it said without the redo.
            notes: that and what the redo has brought.
            written: what this brings again.
        """
        from cowrite.core.footnotes.shared_words import merged

        out = [each for each in written if each.state in self._taken_out | self._went]
        for states in (self._taken_out, self._went):
            states -= {each.state for each in out}
        for each in written if out else ():
            stands.write(merged(each.before, each.after, stands.words))
        for note in () if out else notes:
            stands.take(note.words.state)

    @property
    def _may_write(self) -> bool:
        return self._document.mends and self._document.suggester is None

    def _put(self, steps: Sequence[_Step], origin: Origin) -> tuple[Op, ...]:
        if not steps:
            return ()
        self._is_joining = True
        try:
            with self._document.edit(origin, directly=True) as edit:
                for at, put in sorted(steps, key=itemgetter(0), reverse=True):
                    if put is not None:
                        edit.insert_span(at, put)
                    edit.delete(at + (put is not None), 1)
        finally:
            self._is_joining = False
        return tuple(edit.ops)

    def _standing(self, ids: Set[str]) -> Iterator[Note]:
        """Where some footnotes stand in which somebody has written; a walk through the text."""
        at = 0
        for span in self._document.spans() if ids else ():
            identity = identity_of(span.embed)
            if (
                identity is not None
                and first_id(self._document, identity.id) in ids
                and not _SUGGESTED & span.attributes.keys()
            ):
                yield note_of(self._document, at, span)
            at += utf16_length(span.text)

    def _several(self, ops: Sequence[Op], also: Set[str] = frozenset()) -> Iterator[list[Note]]:
        """The references within one line that are to one footnote, wherever steps may have brought some.

        Args:
            ops: the steps.
            also: footnotes to which one reference is enough.
        """
        for start, stop in self._stretches(ops):
            at, line = start, list[tuple[int, Span]]()
            for span in self._document.spans(start, stop):
                if is_footnote(span.embed) and not _SUGGESTED & span.attributes.keys():
                    line.append((at, span))
                elif "\n" in span.text:
                    yield from self._alike(line, also)
                    line = []
                at += utf16_length(span.text)
            yield from self._alike(line, also)

    def _stretches(self, ops: Sequence[Op]) -> Iterator[tuple[int, int]]:
        """Whole lines in which steps may have brought a footnote; of many steps all of the text."""
        document, rope = self._document, self._document.rope
        if len(ops) > FEW:
            yield 0, document.length
            return
        stop = -1
        for at, units in sorted(_places(ops)):
            start = max(stop + 1, rope.rfind("\n", at) + 1)
            end = rope.find("\n", min(at + units, rope.units))
            stop = max(stop, rope.units if end < 0 else end)
            if start < stop:
                yield start, stop

    def _alike(self, line: Sequence[tuple[int, Span]], also: Set[str]) -> Iterator[list[Note]]:
        """The references of a line that are to one footnote; see `_several`."""
        if len(line) < 2 and not also:
            return
        alike: dict[str, list[tuple[int, Span]]] = {}
        for at, span in line:
            alike.setdefault(id_of(self._document, at, span), []).append((at, span))
        for id, each in alike.items():
            if len(each) < 2 and id not in also:
                continue
            notes = [note for at, span in each if (note := note_of(self._document, at, span)).id == id]
            if len(notes) > (id not in also) and _are_words(notes):
                yield notes


def _joined(notes: Sequence[Note], document: Document, turned: SharedWords | None) -> Iterator[_Step]:
    """What makes one of several references to one footnote.

    Args:
        notes: the references, in their order.
        document: the document.
        turned: what the footnote is to say; None for all that the references say. Then one of them that says that
            stays; none stays that an undo has brought, for its redo would take it out.
    """
    whole = _all_of(notes, pen(document))
    stays = None
    if turned is None:
        stays = next((note for note in notes if note.words.is_all_of(whole)), None)
    else:
        whole.take(turned.state)
        whole.write(turned.words)
    put = None
    if stays is None and whole.words:
        state = whole.state
        if len(state) > LARGEST_STATE:
            return
        marks = {note.span.attributes.get(MARK) for note in notes}
        looks = for_typing(inline_part(notes[0].span.attributes))
        put = Span(
            EMBED_CHARACTER,
            {**looks, MARK: mark} if len(marks) == 1 and (mark := marks.pop()) is not None else looks,
            embed_of(whole.words, Identity(notes[0].id, state)),
        )
    for note in notes:
        if note is not stays:
            yield note.at, put
            put = None


def _all_of(notes: Sequence[Note], client: int) -> SharedWords:
    """The words of several references to one footnote.

    Raises:
        MalformedUpdate: together they are of something else than words.
    """
    from cowrite.core.footnotes.shared_words import SharedWords

    whole = SharedWords(client)
    for note in notes:
        whole.take(note.words.state)
    return whole


def _are_words(notes: Sequence[Note]) -> bool:
    """Whether what several references say can be joined: anybody may have written there what is sound by itself."""
    try:
        _all_of(notes, MERGES)
    except MalformedUpdate:
        return False
    return True


def _take_back(whole: SharedWords, written: Iterable[Rewording]) -> None:
    """Takes out of a footnote what was made of it, from the last to the first; what goes on from each other as one."""
    joined: list[Rewording] = []
    for each in written:
        if joined and each.is_before(joined[-1]):
            each = joined.pop()._replace(before=each.before)
        joined.append(each)
    for each in joined:
        whole.take_back(each)


def _places(ops: Sequence[Op]) -> Iterator[tuple[int, int]]:
    """Where that is now in which steps may have brought footnotes, and how long what is left of it is."""
    for number, op in enumerate(ops, 1):
        if _may_bring(op):
            later = tuple(ops[number:])
            at = moved(op.at, later, Stick.RIGHT)
            yield at, max(0, moved(op.at + _units(op), later, Stick.LEFT) - at)


def _may_bring(op: Op) -> bool:
    """Whether a step may bring a footnote to where its like stands, or have one that was only suggested stand there."""
    if isinstance(op, Insert):
        return is_footnote(op.span.embed)
    return isinstance(op, Format) and any(name in op.attributes for name in (INSERTION, DELETION))


def _units(op: Op) -> int:
    return utf16_length(op.span.text) if isinstance(op, Insert) else op.length
