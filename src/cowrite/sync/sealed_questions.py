"""What this client asks its server about sealed notes and ballots, and what that says about them unasked.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cowrite.sync.questions import QuestionProblem, Questions, Readers, Sentences, Unanswered
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.protocol import Message
from cowrite_server.wire.sealed import (
    Count,
    SealedItem,
    SealedList,
    SealedReason,
    open_box_message,
    read_sealed,
    read_sealed_counts,
    seal_message,
    sealed_get_message,
    take_back_message,
)

_SENTENCES: Sentences = {
    SealedReason.READ_ONLY: "You may read this document but not contribute to it.",
    SealedReason.OPENED: "This was revealed already.",
    SealedReason.NO_SUCH_BOX: "The server does not know this session yet; try again in a moment.",
    SealedReason.TOO_LARGE: "A note is too long for the server to keep it sealed; shorten it.",
    SealedReason.TOO_MANY: "The server takes no more sealed notes; the others stay on this computer.",
    SealedReason.DOCUMENT_FULL: "The document has no space for what lies sealed; delete something first.",
    SealedReason.UNKNOWN: "The server does not know you from others who have the same link, and keeps nothing sealed.",
    SealedReason.UNREADABLE: "The server cannot read or write its disk at the moment; try again in a while.",
    SealedReason.BUSY: "The server is still busy with earlier requests; try again in a moment.",
    SealedReason.LATER: (
        "The server refused what was to lie sealed, for a reason that this version of cowrite does not know; update "
        "cowrite."
    ),
    Unanswered.OFFLINE: "You are offline; what lies sealed at the server is revealed when the connection is back.",
    Unanswered.CUT: "The connection was lost meanwhile; whether it was done shows when it is back.",
    Unanswered.EARLIER: "This server keeps nothing sealed; whoever runs it can update it.",
}


class SealedProblem(QuestionProblem):
    """A request about what is sealed that was not carried out, as far as is known here."""

    sentences = _SENTENCES

    @property
    def passes(self) -> bool:
        """Whether the same request may be carried out a while later."""
        return self.reason in (SealedReason.UNREADABLE, SealedReason.BUSY, SealedReason.NO_SUCH_BOX)


Failed = Callable[[SealedProblem], None]


class SealedQuestions(Questions[SealedProblem]):
    """The requests of one document's connection; each is answered by one of its two functions."""

    def __init__(self) -> None:
        """Starts unconnected."""
        super().__init__(_ANSWERS, Message.SEAL_REFUSED, SealedReason, SealedProblem)
        self.kinds |= {Message.SEALED_COUNTS, Message.SEALED_CHANGED}
        self._counted: Callable[[Mapping[str, Count]], None] = lambda counts: None
        self._changed: Callable[[], None] = lambda: None

    def when_counted(self, counted: Callable[[Mapping[str, Count]], None]) -> None:
        """Has it told, by `tell`, how much lies in boxes that changed."""
        self._counted = counted

    def when_changed(self, changed: Callable[[], None]) -> None:
        """Has it told, by `tell`, that this person has sealed something else on another computer."""
        self._changed = changed

    def list(self, then: Callable[[SealedList], None], failed: Failed) -> None:
        """Asks for what this person has sealed, and how much everybody has."""
        self._ask(sealed_get_message, Message.SEALED, then, failed)

    def seal(self, item: SealedItem, then: Callable[[], None], failed: Failed) -> None:
        """Asks to lay an item into its box."""
        self._do(lambda request: seal_message(request, item), then, failed)

    def take_back(self, box: str, item: str, then: Callable[[], None], failed: Failed) -> None:
        """Asks to take an item out of its box."""
        self._do(lambda request: take_back_message(request, box, item), then, failed)

    def open_box(self, box: str, then: Callable[[], None], failed: Failed) -> None:
        """Asks to put all that lies in a box into the document."""
        self._do(lambda request: open_box_message(request, box), then, failed)

    def receive(self, kind: int, reader: Reader) -> None:
        """Takes in an answer, or what nobody asked for; see `Questions.receive`."""
        if kind == Message.SEALED_COUNTS:
            counts = read_sealed_counts(reader)
            self._told.append(lambda: self._counted(counts))
        elif kind == Message.SEALED_CHANGED:
            self._told.append(self._changed)
        else:
            super().receive(kind, reader)

    def _knows(self, hello: Hello) -> bool:
        return hello.seals

    def _do(self, message: Callable[[int], bytes], then: Callable[[], None], failed: Failed) -> None:
        """Asks for what is on the server's disk when it says so."""
        self._ask(message, Message.SEAL_DONE, lambda _: then(), failed)


_ANSWERS: Readers = {
    Message.SEALED: read_sealed,
    Message.SEAL_DONE: lambda reader: (reader.var_uint(), None),
}
