"""Which moment of a document a person looks at, and which moments are asked for so that it can be shown.

Sans-I/O. One moment is asked for at a time, the one that is wanted then: who drags over a hundred moments waits for
two. Beside the moment itself the one before it is fetched, or the one with which it is compared, because only the two
together show what is new. Opened moments are kept, up to a number of bytes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from cowrite.sync.history_questions import HistoryProblem
from cowrite_server.wire.history import MomentSummary, OpenedMoment

MOST_BYTES = 64 * 1024 * 1024
"""Bytes of opened moments that are kept beside the one that is shown and the one before it."""

_SPAN_BYTES = 100  # that a span takes, beside its document
_NOTHING = -1  # in the place of the number of the moment with which another one is compared


class Timeline:
    """One document's moments, oldest first, and a place among them."""

    def __init__(self, ask: Callable[[int], None], *, most_bytes: int = MOST_BYTES) -> None:
        """Without moments.

        Args:
            ask: asks for the moment of a number; `take` or `fail` is called with what comes of it, later.
            most_bytes: of opened moments that are kept.
        """
        self._ask = ask
        self._most_bytes = most_bytes
        self._moments: tuple[MomentSummary, ...] = ()
        self._at = -1
        self._compared: int | None = None  # number of the moment
        self._asked: int | None = None
        self._kept: OrderedDict[int, OpenedMoment] = OrderedDict()
        self._problems: dict[int, HistoryProblem] = {}

    @property
    def moments(self) -> tuple[MomentSummary, ...]:
        """All moments, oldest first."""
        return self._moments

    @property
    def at(self) -> int:
        """Index of the moment that is wanted; -1 without moments."""
        return self._at

    @property
    def moment(self) -> MomentSummary | None:
        """The moment that is wanted."""
        return self._moments[self._at] if self._moments else None

    @property
    def opened(self) -> OpenedMoment | None:
        """The document at that moment, if it is here."""
        return self._kept.get(self._moments[self._at].seq) if self._moments else None

    @property
    def is_compared(self) -> bool:
        """Whether the wanted moment is compared with one that somebody chose, in place of the one before it."""
        return self._compared is not None

    @property
    def has_earlier(self) -> bool:
        """Whether there is a moment before the wanted one, or one with which it is compared; else all of it is new."""
        return self._earlier >= 0

    @property
    def before(self) -> OpenedMoment | None:
        """The document at the moment before it, or with which it is compared, if there is one and it is here."""
        return self._kept.get(self._moments[self._earlier].seq) if self._earlier >= 0 else None

    @property
    def problem(self) -> HistoryProblem | None:
        """Why the wanted moment cannot be shown; None where it can, or is on its way."""
        return self._problems.get(self._moments[self._at].seq) if self._moments else None

    @property
    def kept_bytes(self) -> int:
        """Bytes of opened moments."""
        return sum(map(_size, self._kept.values()))

    def show(self, moments: Sequence[MomentSummary]) -> None:
        """Takes the list of moments, which may have grown; the place stays at the moment at which it was.

        The first time the place is the newest moment. What failed is tried again.
        """
        wanted = self.moment
        self._moments = tuple(moments)
        self._problems.clear()
        self._at = len(moments) - 1
        if wanted is not None:  # the newest moment grows, and is then named by a later entry
            place = (index for index, moment in enumerate(moments) if moment.seq >= wanted.seq)
            self._at = next(place, self._at)
        self._go_on()

    def go_to(self, index: int) -> None:
        """Wants another moment; an index beyond the ends stands for the end."""
        self._at = max(0, min(index, len(self._moments) - 1)) if self._moments else -1
        self._compared = None
        self._go_on()

    def compare(self, time: int) -> None:
        """Wants the newest moment, compared with the document as it was at a time.

        Args:
            time: milliseconds since 1970. What was written in one moment before and after it counts as after it; what
                was written in the first one, where history begins only after it, counts as before it.
        """
        self.go_to(len(self._moments) - 1)
        if self._moments:
            ended = [moment.seq for moment in self._moments if moment.ended <= time]
            first = self._moments[0]
            self._compared = ended[-1] if ended else _NOTHING if first.begun <= time else first.seq
        self._go_on()

    def compare_with(self, seq: int) -> None:
        """Wants the newest moment, compared with the one that ends with an entry."""
        self.go_to(len(self._moments) - 1)
        if self._moments:
            self._compared = seq
        self._go_on()

    def take(self, opened: OpenedMoment) -> None:
        """Takes the moment that was asked for."""
        self._asked = None
        self._kept[opened.seq] = opened
        self._go_on()

    def fail(self, problem: HistoryProblem) -> None:
        """The moment that was asked for could not be had; it is not asked for again before `show`."""
        if self._asked is not None:
            self._problems[self._asked] = problem
        self._asked = None
        self._go_on()

    @property
    def _earlier(self) -> int:
        """Index of the moment with which the wanted one is compared; -1 for none."""
        if self._compared is None:
            return self._at - 1
        if self._compared == _NOTHING:
            return -1
        place = (index for index, moment in enumerate(self._moments) if moment.seq >= self._compared)
        return next(place, self._at - 1)

    def _go_on(self) -> None:
        near = [self._moments[index].seq for index in (self._at, self._earlier) if index >= 0]
        for seq in reversed(near):
            if seq in self._kept:
                self._kept.move_to_end(seq)
        while len(self._kept) > len(near) and self.kept_bytes > self._most_bytes:
            self._kept.popitem(last=False)
        if self._asked is None:
            lacking = (seq for seq in near if seq not in self._kept and seq not in self._problems)
            self._asked = next(lacking, None)
            if self._asked is not None:
                self._ask(self._asked)


def _size(opened: OpenedMoment) -> int:
    return len(opened.document) + _SPAN_BYTES * len(opened.spans)
