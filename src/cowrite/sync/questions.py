"""Questions to a document's server, each with a number, and what came of them.

Sans-I/O: gives messages, takes answers and the time, and tells whoever asked when its owner calls `tell`. Every
question is answered exactly once: by the server, or with the reason why there will be no answer. None outlives its
connection.

Runs on the document's thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from cowrite.errors import CowriteError
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.json_messages import RefusalReason, read_refusal
from cowrite_server.wire.protocol import Message


class Unanswered(StrEnum):
    """Why a question was not asked, or not answered."""

    OFFLINE = "offline"
    """There is no connection."""
    CUT = "cut"
    """The connection ended before the answer."""
    SILENT = "silent"
    """The answer takes too long."""
    EARLIER = "earlier"
    """The server is of an earlier version, which ends a connection on which it is asked so."""
    UNUSABLE = "unusable"
    """What this computer keeps cannot be opened."""


Sentences = Mapping[RefusalReason | Unanswered, str]
"""What a person reads, by why a question came to nothing."""


class QuestionProblem(CowriteError):
    """A question that came to nothing, as far as is known here.

    Attributes:
        reason: why: what the server has named, or why it has named nothing.
    """

    sentences: ClassVar[Sentences]

    def __init__(self, reason: RefusalReason | Unanswered) -> None:
        self.reason = reason
        super().__init__(self.sentences[reason])


Problem = TypeVar("Problem")
Readers = Mapping[int, Callable[[Reader], tuple[int, Any]]]
"""What reads the request and the content of a message whose type has been read, by that type."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take to answer.

    Attributes:
        clock: seconds, monotonic.
        seconds: from asking to giving up.
    """

    clock: Callable[[], float]
    seconds: float


@dataclass(slots=True)
class _Question(Generic[Problem]):
    """One that is open.

    Attributes:
        message: asks it.
        answer: type of the message that answers it, where it is not refused.
        then: is told the answer.
        failed: is told why there is none.
        cut: the reason where the connection ends after it was sent.
        due: when it is given up, in seconds of the clock.
        is_sent: whether the server may have it.
    """

    message: bytes
    answer: int
    then: Callable[[Any], None]
    failed: Callable[[Problem], None]
    cut: Unanswered
    due: float
    is_sent: bool = False


class Questions(Generic[Problem]):
    """The questions of one kind about one document; `Problem` is why one came to nothing."""

    def __init__(
        self,
        answers: Readers,
        refused: Message,
        reasons: type[RefusalReason],
        problem: Callable[[RefusalReason | Unanswered], Problem],
        patience: Patience | None = None,
    ) -> None:
        """Starts unconnected.

        Args:
            answers: reads what a question was asked for.
            refused: type of the message by which the server refuses one.
            reasons: why it does.
            problem: what whoever asked is told where one came to nothing.
            patience: how long an answer may take; None for as long as the connection lasts.
        """
        self.kinds = frozenset((*answers, refused))
        """Types of the messages that `receive` reads."""
        self._answers = answers
        self._refused = refused
        self._reasons = reasons
        self._made = problem
        self._patience = patience
        self._why_not: Unanswered | None = Unanswered.OFFLINE
        self._last = 0
        self._open: dict[int, _Question[Problem]] = {}
        self._told: deque[Callable[[], None]] = deque()

    @property
    def problem(self) -> Problem | None:
        """Why the server cannot be asked at the moment; None where it can."""
        return None if self._why_not is None else self._made(self._why_not)

    def connected(self, hello: Hello) -> None:
        """A server has greeted this client."""
        self._why_not = None if self._knows(hello) else Unanswered.EARLIER

    def disconnected(self) -> None:
        """The connection has ended, and with it all that is not answered."""
        self._why_not = Unanswered.OFFLINE
        for request, question in list(self._open.items()):
            self._fail(request, question.cut if question.is_sent else Unanswered.OFFLINE)

    def receive(self, kind: int, reader: Reader) -> None:
        """Takes in an answer; one to a question that is not open, or not of its kind, has no effect.

        Args:
            kind: one of `kinds`.
            reader: after the message's type.

        Raises:
            MalformedMessage: it is no such message.
        """
        if kind == self._refused:
            request, reason = read_refusal(reader, self._reasons)
            if request in self._open:
                self._fail(request, reason)
            return
        request, content = self._answers[kind](reader)
        if request in self._open and self._open[request].answer == kind:
            then = self._open.pop(request).then
            self._told.append(lambda: then(content))

    def messages_to_send(self) -> list[bytes]:
        """Questions for the open connection, oldest first; what is returned counts as sent."""
        waiting = [question for question in self._open.values() if not question.is_sent]
        for question in waiting:
            question.is_sent = True
        return [question.message for question in waiting]

    def tick(self) -> None:
        """Gives up what has taken too long."""
        if self._patience is None:
            return
        now = self._patience.clock()
        for request in [request for request, question in self._open.items() if question.due <= now]:
            self._fail(request, Unanswered.SILENT)

    def next_tick(self) -> float | None:
        """When `tick` is to be called, in seconds of the clock."""
        if self._patience is None:
            return None
        return min((question.due for question in self._open.values()), default=None)

    def tell(self) -> None:
        """Tells whoever asked what has come of it. They may ask on, and are told of what is known of that too."""
        while self._told:
            self._told.popleft()()

    def answer(self, tell: Callable[[], None]) -> None:
        """Tells whoever asked something that this side knows, by `tell` as all answers are told."""
        self._told.append(tell)

    def _knows(self, hello: Hello) -> bool:
        """Whether a server that has greeted so knows such questions."""
        raise NotImplementedError

    def _ask(
        self,
        message: Callable[[int], bytes],
        answer: int,
        then: Callable[[Any], None],
        failed: Callable[[Problem], None],
        *,
        cut: Unanswered = Unanswered.CUT,
    ) -> None:
        """Asks, unless it is known that there is nobody to answer.

        Args:
            message: the question under its number.
            answer: type of the message that answers it.
            then: is told what that holds, by `tell`.
            failed: is told why there is no answer, by `tell`.
            cut: the reason where the connection ends meanwhile.
        """
        self._last += 1
        due = self._patience.clock() + self._patience.seconds if self._patience else 0.0
        self._open[self._last] = _Question(message(self._last), answer, then, failed, cut, due)
        if self._why_not is not None:
            self._fail(self._last, self._why_not)

    def _fail(self, request: int, reason: RefusalReason | Unanswered) -> None:
        failed, problem = self._open.pop(request).failed, self._made(reason)
        self._told.append(lambda: failed(problem))
