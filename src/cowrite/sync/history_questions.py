"""Asks a server for a document's history, and takes its answers, over the connection that carries the document.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from cowrite.sync.questions import QuestionProblem, Questions, Readers, Sentences, Unanswered
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.history import (
    VERSION_NAME_UNITS,
    Brought,
    HistoryReason,
    MomentList,
    Naming,
    OpenedMoment,
    brought_get_message,
    moment_get_message,
    moments_get_message,
    name_version_message,
    read_brought,
    read_moment,
    read_moments,
    restore_message,
)
from cowrite_server.wire.protocol import Message

_SENTENCES: Sentences = {
    HistoryReason.READ_ONLY: "You may look at the history of this document but not restore it.",
    HistoryReason.NO_SUCH_MOMENT: "This moment is no longer kept as one of its own; choose another.",
    HistoryReason.UNREADABLE: "This moment could not be read; try again later.",
    HistoryReason.TOO_LARGE: (
        "The document has no space for what would come back; delete something first or, where that does not help, ask "
        "whoever runs the server to rewrite the document."
    ),
    HistoryReason.BUSY: "The server is still busy with your earlier requests; try again in a moment.",
    Unanswered.OFFLINE: "You are offline; the server keeps the history and shows it when the connection is back.",
    Unanswered.UNUSABLE: (
        "The history of the documents on this computer cannot be opened; another cowrite may be at work on it, a newer "
        "one may have written it, or its disk is full or failing."
    ),
    Unanswered.CUT: (
        "The connection was lost while the document was being restored; whether it was shows when it is back."
    ),
    HistoryReason.NAMED_OTHERWISE: (
        "Somebody has given this version another name meanwhile; the history shows which, and there you can rename it."
    ),
    HistoryReason.BAD_NAME: (
        f"A name needs at least one visible letter, and may have at most {VERSION_NAME_UNITS}; choose another one."
    ),
    HistoryReason.TOO_MANY_NAMES: (
        "This document has as many named versions as its server keeps; take a name away in the history first."
    ),
    HistoryReason.LATER: (
        "The server refused this for a reason that this version of cowrite does not know; update cowrite."
    ),
    Unanswered.EARLIER: (
        "The server of this document is of an earlier version, which keeps no history; whoever runs it can update it."
    ),
}

_NAMING_SENTENCES: Sentences = {
    HistoryReason.READ_ONLY: "You may read the names of versions but not give any.",
    HistoryReason.NO_SUCH_MOMENT: (
        "This moment is no longer kept as one of its own, so it cannot be named; choose another."
    ),
    HistoryReason.UNREADABLE: (
        "The name could not be written, because the history cannot be read or written at the moment; try again later."
    ),
    Unanswered.OFFLINE: (
        "You are offline, and versions are named at the server; name this one when the connection is back."
    ),
    Unanswered.UNUSABLE: (
        "The name could not be written: the history of the documents on this computer cannot be opened. Another "
        "cowrite may be at work on it, a newer one may have written it, or its disk is full or failing."
    ),
    Unanswered.CUT: ("The connection was lost while the version was being named; the history shows whether it was."),
    Unanswered.EARLIER: (
        "The server of this document is of an earlier version, which names no versions; whoever runs it can update it."
    ),
}

_RESTORING_SENTENCES: Sentences = {
    HistoryReason.UNREADABLE: (
        "The document was not restored, because the history cannot be read or written at the moment; try again later."
    ),
    Unanswered.OFFLINE: (
        "The document was not restored, because its server cannot be reached; restore it when the connection is back."
    ),
    Unanswered.UNUSABLE: (
        "The document was not restored: the history of the documents on this computer cannot be opened. Another "
        "cowrite may be at work on it, a newer one may have written it, or its disk is full or failing."
    ),
}


class HistoryProblem(QuestionProblem):
    """A request about the history that came to nothing."""

    sentences = _SENTENCES

    @property
    def naming_sentence(self) -> str:
        """What a person reads who wanted a version named, or its name taken away."""
        return _NAMING_SENTENCES.get(self.reason) or str(self)

    @property
    def restoring_sentence(self) -> str:
        """What a person reads who wanted the document restored."""
        return _RESTORING_SENTENCES.get(self.reason) or str(self)


Failed = Callable[[HistoryProblem], None]


class HistoryQuestions(Questions[HistoryProblem]):
    """What is asked of the history of one document; each question is answered by one of its two functions."""

    def __init__(self) -> None:
        """Starts unconnected."""
        super().__init__(_ANSWERS, Message.HISTORY_REFUSED, HistoryReason, HistoryProblem)
        self.gives_names = False
        """Whether the server that was met last gives versions names."""
        self.tells_brought = False
        """Whether it says who has brought what."""

    def connected(self, hello: Hello) -> None:
        """A server has greeted this client."""
        super().connected(hello)
        self.gives_names = hello.names_versions
        self.tells_brought = hello.tells_brought

    def ask_moments(self, then: Callable[[MomentList], None], failed: Failed) -> None:
        """Asks for all moments."""
        self._ask(moments_get_message, Message.MOMENTS, then, failed, cut=Unanswered.OFFLINE)

    def ask_moment(self, seq: int, then: Callable[[OpenedMoment], None], failed: Failed) -> None:
        """Asks for the document as it was after an entry."""
        message = partial(moment_get_message, seq=seq)
        self._ask(message, Message.MOMENT, then, failed, cut=Unanswered.OFFLINE)

    def ask_brought(
        self, clients: Collection[int], then: Callable[[tuple[Brought, ...]], None], failed: Failed
    ) -> None:
        """Asks which member has brought which units of some client ids, CLIENTS_AT_ONCE at most."""
        if self.problem is None and not self.tells_brought:
            self.answer(lambda: failed(HistoryProblem(Unanswered.EARLIER)))
            return
        message = partial(brought_get_message, clients=clients)
        self._ask(message, Message.BROUGHT, then, failed, cut=Unanswered.OFFLINE)

    def ask_restore(self, seq: int, then: Callable[[], None], failed: Failed) -> None:
        """Asks to make the document what it was after an entry; the edit comes like one of somebody else's."""
        message = partial(restore_message, seq=seq)
        self._ask(message, Message.RESTORED, lambda _: then(), failed)

    def ask_name(self, naming: Naming, then: Callable[[int], None], failed: Failed) -> None:
        """Asks to give a moment a name, or to take it away; `then` is told the number of its last entry."""
        if self.problem is None and not self.gives_names:
            self.answer(lambda: failed(HistoryProblem(Unanswered.EARLIER)))
            return
        message = partial(name_version_message, naming=naming)
        self._ask(message, Message.VERSION_NAMED, then, failed)

    def _knows(self, hello: Hello) -> bool:
        return hello.member is not None  # servers have kept members ever since they answer about history


_ANSWERS: Readers = {
    Message.MOMENTS: read_moments,
    Message.MOMENT: read_moment,
    Message.BROUGHT: read_brought,
    Message.RESTORED: lambda reader: (reader.var_uint(), None),
    Message.VERSION_NAMED: lambda reader: (reader.var_uint(), reader.var_uint()),
}
