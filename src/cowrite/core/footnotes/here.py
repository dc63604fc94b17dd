"""FootnoteHere: one footnote of a document while somebody writes in it.

Runs on the document's thread; positions are UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from cowrite.core.document.document import Document
from cowrite.core.footnotes.note import Note, note_id, note_of, places_in_line
from cowrite.core.text.change import Change
from cowrite.core.text.footnotes import (
    EMBED,
    LARGEST_STATE,
    Identity,
    Rewording,
    Words,
    embed_of,
    footnote_of,
    identity_of,
    is_footnote,
)
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Delete, Insert, Op, Span, for_typing, inline_part, plain_text, utf16_length
from cowrite.core.writing.embeds import embed_at
from cowrite.core.writing.lines import outside_code


def footnote_at(document: Document, at: int) -> Words | None:
    """What the footnote says whose reference is the character behind a position; None where there is none."""
    span = embed_at(document, at)
    return None if span is None else footnote_of(span.embed)


class FootnoteHere:
    """One note of a document while somebody writes in it: its place is followed, and others' words come in.

    Args:
        document: the draft.
        at: where its reference stands, or is to stand (UTF-16 units).
        is_new: whether there is no reference yet; the first words bring it.

    Attributes:
        changed: is called when somebody else has changed the note.
        gone: is called when somebody has taken it out of the text.
    """

    def __init__(self, document: Document, at: int, *, is_new: bool = False) -> None:
        self._document = document
        self._at = at
        self._stands = not is_new
        self._known: Words = () if is_new else footnote_at(document, at) or ()
        self._id = "" if is_new else note_id(document, at)
        self._note: Note | None = None  # as it was written here last
        self._former: Words | None = None  # of the note that stays beside this one, which is only suggested
        self.changed: Callable[[], None] = lambda: None
        self.gone: Callable[[], None] = lambda: None
        self._end = document.observe_changes(self._follow)

    @property
    def at(self) -> int:
        """Where its reference stands, or is to stand (UTF-16 units)."""
        return self._at

    @property
    def stands(self) -> bool:
        """Whether its reference stands in the text."""
        return self._stands

    @property
    def words(self) -> Words:
        """What it says, or said last."""
        return self._known

    def write(self, words: Iterable[Span]) -> None:
        """Has the note say this, for everybody. Without words it is taken out of the text, and one that others have
        taken out is there again."""
        embed = embed_of(words)
        if footnote_of(embed) == self._known and (self._stands or not self._known):
            return
        if not embed[EMBED]:
            self.remove()
            return
        at = self._at = self._at if self._stands else outside_code(self._document, min(self._at, self._document.length))
        beside = self._document.rope.attributes_at(at) if self._stands else {}
        before, said, stood = self._known, footnote_of(embed) or (), self._stands
        if stood:
            embed = self._written(at, said)
        with self._document.edit(Origin.LOCAL, self) as edit:
            edit.insert_embed(at, embed, for_typing(inline_part(beside)))
            if self._stands:
                edit.delete(at + 1, 1)
        if stood and self._document.suggester is None and (identity := identity_of(embed)) is not None:
            self._document.steps.reworded.note(Rewording(self._id, before, said, identity.state))

    def remove(self) -> None:
        """Takes the note out of the text."""
        if self._stands:
            with self._document.edit(Origin.LOCAL, self) as edit:
                edit.delete(self._at, 1)
            self._stands = False
        self._known = ()

    def close(self) -> None:
        """Follows the note no longer."""
        self._end()

    def _written(self, at: int, said: Words) -> dict[str, Any]:
        """The embed of the note that stands at a place, in other words."""
        span, note = embed_at(self._document, at), self._note
        if span is None or len(plain_text(said)) > LARGEST_STATE:
            return embed_of(said)
        if note is None or note.span.embed != span.embed:
            note = note_of(self._document, at, span)
        note.words.write(said)
        embed = embed_of(said, Identity(note.id, note.words.state))
        self._note = note._replace(at=at, span=replace(span, embed=embed))
        return embed

    def _follow(self, change: Change) -> None:
        """Takes note of where the note is after a change, and of what others have made of it."""
        was_there, is_own = self._stands, change.source is self
        self._at, self._stands = self._found(_carried(change.ops, self._at, stands=was_there), is_own=is_own)
        words = footnote_at(self._document, self._at) if self._stands else None
        if words is not None and (words != self._known or not was_there):
            self._known, self._id = words, note_id(self._document, self._at)
            if not is_own:
                self.changed()
        elif was_there and not self._stands and not is_own:
            self.gone()

    def _found(self, carried: _Carried, *, is_own: bool) -> tuple[int, bool]:
        """Where the note is after a change that has carried its reference, and whether it stands there.

        What comes in as a note right where this one goes, in the same change, is this one in other words, and where it
        was only suggested, it is the former one again. One that was taken out comes back with an undo.
        """
        at, stands, fresh = carried
        if not stands and (self._stands or is_own):
            beside = [each for each in fresh if each in (at - 1, at)] or (
                fresh if is_own else places_in_line(self._document, at, self._id)
            )
            if beside:
                at, stands = beside[0], True
        elif not stands and (back := [each for each in fresh if self._is_this(each, at)]):
            at, stands = back[0], True
        elif is_own and fresh:  # only suggested: the former stays beside it, marked
            at, self._former = fresh[0], self._known
        if not stands and self._stands and self._former:
            beside = [each for each in (at - 1, at) if each >= 0 and footnote_at(self._document, each) == self._former]
            if beside:
                at, stands, self._former = beside[0], True, None
        return at, stands

    def _is_this(self, each: int, at: int) -> bool:
        """Whether a note that comes in is this one, which was taken out at a place."""
        is_back = bool(self._id) and note_id(self._document, each) == self._id
        return is_back or (each == at and bool(self._known) and footnote_at(self._document, each) == self._known)


class _Carried(NamedTuple):
    """Where a change has carried the reference of a note.

    Attributes:
        at: where it stands, or would stand.
        stands: whether it is still there.
        fresh: where references have come in.
    """

    at: int
    stands: bool
    fresh: list[int]


def _carried(ops: Iterable[Op], at: int, *, stands: bool) -> _Carried:
    fresh: list[int] = []
    for op in ops:
        if isinstance(op, Insert):
            length = utf16_length(op.span.text)
            fresh = [each + length if op.at <= each else each for each in fresh]
            if is_footnote(op.span.embed):
                fresh.append(op.at)
            if op.at < at or (op.at == at and stands):
                at += length
        elif isinstance(op, Delete):
            end = op.at + op.length
            fresh = [each - op.length if each >= end else each for each in fresh if not op.at <= each < end]
            if op.at <= at < end:
                stands = False
            at = at - op.length if at >= end else min(at, op.at)
    return _Carried(at, stands, fresh)
