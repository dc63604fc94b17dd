"""Struck: what this person has suggested to go, and what others do there before they see it.

Runs on the document's thread. For example, Bo strikes "one two" while Ada writes "X" in the middle and Cy strikes "two
three". In Yjs Bo's mark lies over "X", too, and where the mark of Cy ends, his own ends as well. His copy knows better:
nobody has asked for "X" to go, and as long as nobody has decided, nobody else sets or takes away his mark. A copy that
has Bo's mark already when "X" comes can tell as well that he has not seen "X".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from cowrite.core.crdt.structs import Id
from cowrite.core.entries.fields import whole
from cowrite.core.marks.ai_marks import MOST_LOOKS, Runs
from cowrite.core.marks.belonging import Belonging
from cowrite.core.marks.comeback import MOST_RETURNS, units_of
from cowrite.core.marks.turns import Spans, Turn, runs_of
from cowrite.core.marks.verdict import ACCEPTED, REJECTED, verdict_in
from cowrite.core.text.richtext import DELETION, Span
from cowrite_server.document.ranges import Ranges, put, without

MOST_GONE = 10_000
"""Characters that are known of what others took away of one change."""


Standing = list[tuple[Id, int, str]]
"""Text by its first unit and its units, and the change in which it is to go."""


Parts = list[tuple[Id, int]]
"""Text by the first unit and the number of each part that was written in a row."""


class _Strike(NamedTuple):
    """Text that this person has suggested to go.

    Attributes:
        first: its first unit.
        units: how long it is.
        clock: how much this copy had written by then.
        decision: how the change was decided on then.
    """

    first: Id
    units: int
    clock: int
    decision: tuple[Any, ...]


class Struck:
    """What one copy of a document knows of it.

    Args:
        client: its client id.
        belonging: which text is of which change.
    """

    def __init__(self, client: int, belonging: Belonging) -> None:
        self._client = client
        self._belonging = belonging
        self._taken: dict[str, list[str]] = {}  # by the id of the change: what others took away in one of theirs
        # By the id of the change: how it was decided on before more was suggested in it, and what others took away.
        self._decisions: dict[str, tuple[Any, ...]] = {}
        self._gone: dict[str, str] = {}
        self._strikes: dict[str, list[_Strike]] = {}
        self._ever: dict[str, Ranges] = {}  # all that was, also what was taken back
        self._unsure: set[str] = set()  # changes of which that is not known
        self._taken_off: dict[str, Ranges] = {}  # by the change that this person has rejected, and not laid again since

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self._decisions)

    def sets(self, id: str) -> None:
        """This person suggests text to go in a change."""
        self._decisions[id] = self._belonging.decision_on(id)

    def strikes(self, id: str, first: Id, units: int, clock: int = 0) -> None:
        """This person has suggested that text goes in a change.

        Args:
            id: of the change.
            first: of the text's first unit.
            units: how long it is.
            clock: how much this copy had written before; 0 where whoever decides is taken to know of it.
        """
        strike = _Strike(first, units, clock, self._belonging.decision_on(id))
        self._strikes.setdefault(id, []).append(strike)
        known, new = self._ever.setdefault(id, {}), {first.client: [(first.clock, units)]}
        put(known, without(new, known))

    def spares(self, id: str) -> None:
        """They have taken back that something goes in a change: what of the rest is theirs is not known any more."""
        self._strikes.pop(id, None)

    def is_unsure(self, id: str) -> None:
        """This person suggests text to go in a change of which it is not known by which ids it goes."""
        self._unsure.add(id)

    def rejects(self, id: str, first: Id, units: int) -> None:
        """They have rejected that text goes in a change.

        Args:
            id, first, units: see `strikes`.
        """
        known = self._taken_off.setdefault(id, {})
        put(known, without({first.client: [(first.clock, units)]}, known))

    def is_laid_again(self, turned: Turn, runs: Runs, spans: Spans) -> bool:
        """Whether some of a text was struck in a change when this person rejected that, and is again: by a copy that
        had not heard of it, and put a mark right. In Yjs that reaches further now, too. Of each unit this is so once:
        who strikes it after that means it."""
        id = turned.now
        held = self._taken_off.get(id) if isinstance(id, str) else None
        if not held or verdict_in(self._belonging.entry_of(id)).state != REJECTED:
            return False
        laid = units_of((run, units) for _, units, run in runs_of(turned, runs, spans))
        again = without(laid, without(laid, held))
        if again:
            self._taken_off[id] = without(held, again)
        return bool(again)

    def standing(self) -> Standing:
        """What this person has suggested to go, in changes on which nobody has decided who had that on the page."""
        if self._belonging.are_many:
            return []
        return [(each.first, each.units, id) for id in self._strikes for each in self._standing(id)]

    def follow(self, back: Iterable[tuple[Id, Id, int]], clock: int) -> Standing:
        """What this person has suggested to go, and still does, of text that has come back by other ids. Who accepts
        that without having this stroke on the page has it stay: so it is there again, for somebody to decide on.

        Args:
            back: that text: the first unit then and now, and the units, of each part that was written in a row.
            clock: see `strikes`.
        """
        found: Standing = []
        for was, now, units in back:
            for id in self._strikes:
                for each in list(self._standing(id)):
                    start = max(each.first.clock, was.clock)
                    length = min(each.first.clock + each.units, was.clock + units) - start
                    if each.first.client == was.client and length > 0:
                        by = Id(now.client, now.clock + start - was.clock)
                        self.strikes(id, by, length, clock)
                        found.append((by, length, id))
        return found

    def rejected(self, id: str) -> tuple[Parts, Parts]:
        """What this person has suggested to go in a change that somebody has rejected who knew of that, and what they
        still do; neither where nobody has rejected it."""
        strikes = self._strikes.get(id, ())
        if not strikes or verdict_in(self._belonging.entry_of(id)).state != REJECTED:
            return [], []
        standing = set(self._standing(id))
        gone, stays = [each for each in strikes if each not in standing], standing
        return [(each.first, each.units) for each in gone], [(each.first, each.units) for each in stays]

    def _standing(self, id: str) -> Iterator[_Strike]:
        decision, known = self._belonging.decision_on(id), verdict_in(self._belonging.entry_of(id)).clock
        is_accepted = self._is_accepted(id)  # what is there still has somebody else's mark, or has come back
        return (each for each in self._strikes[id] if is_accepted or each.decision == decision or known <= each.clock)

    def _is_unknown(self, first: Id, units: int, id: str) -> bool:
        """Whether whoever has decided on a change last did not know that text was to go in it."""
        known = verdict_in(self._belonging.entry_of(id)).clock
        return any((each.first, each.units) == (first, units) and known <= each.clock for each in self._strikes[id])

    def _is_accepted(self, id: str) -> bool:
        return verdict_in(self._belonging.entry_of(id)).state == ACCEPTED

    def goes(self, spans: Iterable[Span]) -> None:
        """Takes note of text that others take away, before it is."""
        for span in spans:
            id = span.attributes.get(DELETION)
            if isinstance(id, str):
                self._taken.setdefault(id, []).append(span.text)
            if id in self._decisions:
                self._gone[id] = (self._gone.get(id, "") + span.text)[-MOST_GONE:]

    def has(self, id: Any) -> bool:
        """Whether this person has suggested text to go in a change."""
        return id in self._decisions

    def is_open(self, id: Any) -> bool:
        """Whether they have begun it as well, and nobody has decided on it since."""
        if id not in self._decisions or self._decisions[id] != self._belonging.decision_on(id):
            return False
        return whole(self._belonging.entry_of(id), "client") == self._client

    def lost(self, turned: Turn, standing: Standing, runs: Runs, spans: Spans) -> Iterator[Turn]:
        """The parts of text that is not to go any more though it should: as where the mark of somebody else lay over
        it and is gone, or where somebody decides on what stands right before it."""
        if turned.name != DELETION or turned.now is not None or not standing:
            return
        standing = [
            each
            for each in standing
            if each[2] != turned.was or not self._is_accepted(each[2]) or self._is_unknown(*each)
        ]
        for at, units, run in runs_of(turned, runs, spans):
            for first, length, id in standing:
                start, stop = max(first.clock, run.clock), min(first.clock + length, run.clock + units)
                if first.client == run.client and start < stop:
                    yield turned._replace(at=at + start - run.clock, units=stop - start, wanted=id)

    def tells(self, id: Any) -> bool:
        """Whether it is known what was ever suggested to go in a change: this copy has begun it, so nobody else goes on
        with it."""
        if id not in self._ever or id in self._unsure:
            return False
        return whole(self._belonging.entry_of(id), "client") == self._client

    def strange(self, turned: Turn, runs: Runs, spans: Spans) -> Iterator[Turn]:
        """The parts of text over which others have laid the mark of a change and that nobody has ever suggested to go
        in it.

        Args:
            turned: that text; the change is one that `tells`.
            runs, spans: see `SuggestedMarks.take_strays`.
        """
        ever = self._ever[turned.now]
        for at, units, run in runs_of(turned, runs, spans):
            for client, found in without({run.client: [(run.clock, units)]}, ever).items():
                for clock, length in found:
                    if not self._is_struck_source(Id(client, clock), length, ever):
                        yield turned._replace(at=at + clock - run.clock, units=length, wanted=None)

    def _is_struck_source(self, first: Id, units: int, ever: Ranges) -> bool:
        """Whether some text may be brought back, and was suggested to go before; of much it is not looked at."""
        if self._belonging.source_of(first) is None:
            return False
        sources = (source for unit in range(units) for source in self._sources(Id(first.client, first.clock + unit)))
        return units > MOST_LOOKS or any(not without({id.client: [(id.clock, 1)]}, ever) for id in sources)

    def _sources(self, id: Id) -> Iterator[Id]:
        """What a unit was before it was brought back, each time."""
        for _ in range(MOST_RETURNS):
            source = self._belonging.source_of(id)
            if source is None:
                break
            yield source
            id = source

    def forget(self) -> None:
        """What others do next is another change of theirs."""
        self._taken.clear()

    def comes_back(self, id: str, first: Id, text: str) -> bool:
        """Whether text with the mark of a change is what somebody moves or brings back, and not what they wrote in its
        place.

        Args:
            id: of the change.
            first: of the text's first unit.
            text: its characters.
        """
        if self._belonging.source_of(first) is None:
            taken = self._taken.get(id, [])
            return text in taken or text == "".join(taken)  # where this person wrote within what somebody moved
        return id not in self._decisions or text in self._gone.get(id, "")
