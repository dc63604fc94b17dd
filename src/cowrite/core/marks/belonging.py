"""Belonging: which text is of which change to come in.

Runs on the document's thread. Positions are UTF-16 units. For example, Bo suggests "red herbs", and Ada writes "and"
in the middle before his suggestion has reached her. In Yjs "and" then has his mark as well. A change began in one copy,
whose client id its entry names, so what another client has written is none of it: "and" is text like all other.

Of a change is what that copy has written, what undo has brought back of it, and what had the mark when somebody
decided, as where the server has brought text back as nobody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from pycrdt import Map

from cowrite.core.crdt.structs import Id
from cowrite.core.entries.fields import Fields, fields_of, whole
from cowrite.core.marks.ai_marks import AiMarks, Runs
from cowrite.core.marks.comeback import MOST_RETURNS
from cowrite.core.marks.turns import Spans, Turn, held_parts, runs_of
from cowrite.core.marks.verdict import ACCEPTED, verdict_in
from cowrite.core.text.richtext import INSERTION
from cowrite_server.document.entry_values import has_value

_OVER = frozenset({"decided", "restored"})
"""Fields of a change's entry on which somebody has decided, or that a restored moment of the history has not."""


class Belonging:
    """What one copy of a document knows of whose text is what.

    Args:
        client: its client id.
        returned: the marks with which it has written text, or brought it back.

    Attributes:
        are_entries: says whether there is an entry of a change.
        entry_of: gives the fields of a change's entry by its id; none where there is no entry.
        is_decided: says of a change by its id whether somebody has ever decided on it.
        source_of: see `Anchors.source_of`.
        are_many: whether more was turned in a change than it is worth to look by whom each is.
    """

    def __init__(self, client: int, returned: AiMarks) -> None:
        self.are_entries: Callable[[], bool] = lambda: False
        self.entry_of: Callable[[str], Fields] = lambda _id: {}
        self.is_decided: Callable[[str], bool] = lambda _id: False
        self.source_of: Callable[[Id], Id | None] = lambda _id: None
        self.are_many = False
        self._client = client
        self._returned = returned
        # Where a decision took the mark of what was to come in from text that its copy had not written: that text by
        # its first ids, and the changes of which it was too much to look.
        self._held: dict[str, list[tuple[Id, int]]] = {}
        self._unsure: set[str] = set()

    def strange(self, turned: Turn, runs: Runs, spans: Spans) -> Iterator[tuple[Turn, bool]]:
        """The parts of text whose mark was turned, and whether one is of a change to come in of which it is no text: it
        was not written by the copy that began the change, nor brought back. Of its own text this copy knows it. What
        had the mark until somebody decided is none of these."""
        id = turned.now
        if self.are_many or not self._can_tell(turned.name, id) or id in self._unsure:
            yield turned, False
            return
        for at, units, run, is_strange in self._by_whom(turned, id, runs, spans):
            for offset, length, is_held in held_parts(run, units, self._held.get(id, ())):
                yield turned._replace(at=at + offset, units=length), is_strange and not is_held

    def hold(self, turned: Turn, runs: Runs, spans: Spans, most: int) -> int:
        """Takes note of text from which a decision takes the mark of a change of which it is no text: as where the
        server has brought it back. Gives how many parts were looked at."""
        id, looked = turned.was, 0
        if turned.name != INSERTION or not isinstance(id, str) or id in self._unsure:
            return 0
        if not most:
            self._unsure.add(id)
        if not most or not self._can_tell(INSERTION, id):
            return 0
        for _at, units, run, is_strange in islice(self._by_whom(turned, id, runs, spans), most):
            looked += 1
            if is_strange:
                self._held.setdefault(id, []).append((run, units))
        if looked == most:  # there may be more
            self._unsure.add(id)
        return looked

    def lost(self, turned: Turn, runs: Runs, spans: Spans, *, may_edit: bool) -> Iterator[Turn]:
        """The parts of text of a change to come in that this copy has written or brought back, and from which the mark
        is gone though nobody has accepted them: as when somebody decides on what they know of the change, and with it
        goes the mark of what they do not know. A rejection takes text away, never a mark from text that stays.

        Args:
            turned: the text.
            runs, spans: see `SuggestedMarks.take_strays`.
            may_edit: whether the person here may write all. Then their copy gives others' text its mark again, too,
                where nobody has ever decided: from who may only suggest no server takes that, be it their own text.
        """
        id = turned.was
        if turned.name != INSERTION or turned.now is not None or not isinstance(id, str) or self.are_many:
            return
        entry = self.entry_of(id)
        verdict, client = verdict_in(entry), whole(entry, "client")
        known = verdict.clock if verdict.state == ACCEPTED else 0
        if not client or (known and client != self._client):
            return
        is_undecided = _OVER.isdisjoint(entry)
        for at, units, run in runs_of(turned, runs, spans):
            is_own = run.client == self._client
            if may_edit and is_undecided and not is_own and run.client == client:
                yield turned._replace(at=at, units=units, wanted=id)
            if known and is_own and any(span.embed is not None for span in spans(at, at + units)):
                continue  # what is written in a footnote meanwhile is joined with what was accepted
            for offset, length, had in self._returned.had(run, units) if is_own else ():
                if had == id and run.clock + offset + length > known:
                    new = max(0, known - run.clock - offset)
                    yield turned._replace(at=at + offset + new, units=length - new, wanted=id)

    def decision_on(self, id: str) -> tuple[Any, ...]:
        """When and by whom a change was decided on last, or with which restoring of the history it has gone."""
        entry = self.entry_of(id)
        return entry.get("decided"), entry.get("decided_by"), entry.get("restored")

    def contrary(self, turned: Turn, runs: Runs, spans: Spans) -> Iterator[Turn]:
        """The parts of text over which others laid the mark of what is to go in a change of this copy, and which it has
        written as what is to come in there: that it takes out itself, and never marks."""
        id = turned.now
        if not isinstance(id, str) or self.are_many or whole(self.entry_of(id), "client") != self._client:
            return
        for at, units, run in runs_of(turned, runs, spans):
            for offset, length, had in self._returned.had(run, units) if run.client == self._client else ():
                if had == id:
                    yield turned._replace(at=at + offset, units=length, wanted=turned.was)

    # Inside

    def _can_tell(self, name: str, id: Any) -> bool:
        """Whether it can be told which text is of a change to come in."""
        return name == INSERTION and isinstance(id, str) and whole(self.entry_of(id), "client") != 0

    def _by_whom(self, turned: Turn, id: str, runs: Runs, spans: Spans) -> Iterator[tuple[int, int, Id, bool]]:
        """The parts of a text with a change's mark: where, how long, the first id, and whether it is none of it."""
        writer = whole(self.entry_of(id), "client")
        knows = writer != self._client or self._returned.knows(id)
        for at, units, run in runs_of(turned, runs, spans):
            if run.client != self._client or not knows:
                yield at, units, run, not self._comes_from(run, writer)
                continue
            for offset, length, had in self._returned.had(run, units):
                yield at + offset, length, Id(run.client, run.clock + offset), had != id

    def _comes_from(self, id: Id, client: int) -> bool:
        """Whether a client has written a unit, or what was brought back as this one, perhaps more than once."""
        source: Id | None = id
        for _ in range(MOST_RETURNS):
            if source is None or source.client == client:
                break
            source = self.source_of(source)
        return source is not None and source.client == client


def entry_of(suggestions: Map[Any], id: str) -> Fields:
    """The fields of a change's entry; none where there is no entry.

    Args:
        suggestions: the root of that name.
        id: of the change.
    """
    return fields_of(suggestions, id) or {}


def is_decided(suggestions: Map[Any], id: str) -> bool:
    """Whether the entry of a change has a verdict: of thousands the whole entries would take long to read.

    Args:
        suggestions, id: see `entry_of`.
    """
    return has_value(suggestions, id, "state")
