"""Asks a server for a document's history, and takes its answers, over the connection that carries the document.

Runs on the document's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from cowrite.sync.questions import Questions, Readers, refusal_of
from cowrite_server.wire.hello import Hello
from cowrite_server.wire.history import (
    VERSION_NAME_UNITS,
    HistoryReason,
    MomentList,
    Naming,
    OpenedMoment,
    moment_get_message,
    moments_get_message,
    name_version_message,
    read_moment,
    read_moments,
    restore_message,
)
from cowrite_server.wire.protocol import Message


class HistoryFailure(StrEnum):
    """Why a request came to nothing."""

    READ_ONLY = "read-only"
    NO_SUCH_MOMENT = "no-such-moment"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    BUSY = "busy"
    OFFLINE = "offline"
    """There is no connection to a server that keeps history, or there is none any more."""
    UNUSABLE = "unusable"
    """The histories on this computer cannot be opened."""
    UNCERTAIN = "uncertain"
    """The connection went away while the server was restoring, or naming."""
    NAMED_OTHERWISE = "named-otherwise"
    BAD_NAME = "bad-name"
    TOO_MANY_NAMES = "too-many-names"
    LATER = "later"
    NO_NAMES = "no-names"
    """The server is of an earlier version, and gives moments no names."""
    NO_HISTORY = "no-history"
    """The server is of a version that keeps no history; one ends a connection on which it is asked."""

    @property
    def sentence(self) -> str:
        """What a person reads."""
        return _SENTENCES[self]

    @property
    def naming_sentence(self) -> str:
        """What a person reads who wanted a version named, or its name taken away."""
        return _NAMING_SENTENCES.get(self) or self.sentence


_SENTENCES = {
    HistoryFailure.READ_ONLY: "You may look at the history of this document but not restore it.",
    HistoryFailure.NO_SUCH_MOMENT: "This moment is no longer kept as one of its own; choose another.",
    HistoryFailure.UNREADABLE: "This moment could not be read; try again later.",
    HistoryFailure.TOO_LARGE: (
        "The document has no space for what would come back; delete something first or, where that does not help, ask "
        "whoever runs the server to rewrite the document."
    ),
    HistoryFailure.BUSY: "The server is still busy with your earlier requests; try again in a moment.",
    HistoryFailure.OFFLINE: "You are offline; the server keeps the history and shows it when the connection is back.",
    HistoryFailure.UNUSABLE: (
        "The history of the documents on this computer cannot be opened; another cowrite may be at work on it, a newer "
        "one may have written it, or its disk is full or failing."
    ),
    HistoryFailure.UNCERTAIN: (
        "The connection was lost while the document was being restored; whether it was shows when it is back."
    ),
    HistoryFailure.NAMED_OTHERWISE: (
        "Somebody has given this version another name meanwhile; the history shows which, and there you can rename it."
    ),
    HistoryFailure.BAD_NAME: (
        f"A name needs at least one visible letter, and may have at most {VERSION_NAME_UNITS}; choose another one."
    ),
    HistoryFailure.TOO_MANY_NAMES: (
        "This document has as many named versions as its server keeps; take a name away in the history first."
    ),
    HistoryFailure.LATER: (
        "The server refused this for a reason that this version of cowrite does not know; update cowrite."
    ),
    HistoryFailure.NO_NAMES: (
        "The server of this document is of an earlier version, which names no versions; whoever runs it can update it."
    ),
    HistoryFailure.NO_HISTORY: (
        "The server of this document is of an earlier version, which keeps no history; whoever runs it can update it."
    ),
}

_NAMING_SENTENCES = {
    HistoryFailure.READ_ONLY: "You may read the names of versions but not give any.",
    HistoryFailure.NO_SUCH_MOMENT: (
        "This moment is no longer kept as one of its own, so it cannot be named; choose another."
    ),
    HistoryFailure.UNREADABLE: (
        "The name could not be written, because the history cannot be read or written at the moment; try again later."
    ),
    HistoryFailure.OFFLINE: (
        "You are offline, and versions are named at the server; name this one when the connection is back."
    ),
    HistoryFailure.UNUSABLE: (
        "The name could not be written: the history of the documents on this computer cannot be opened. Another "
        "cowrite may be at work on it, a newer one may have written it, or its disk is full or failing."
    ),
    HistoryFailure.UNCERTAIN: (
        "The connection was lost while the version was being named; the history shows whether it was."
    ),
}

Failed = Callable[[HistoryFailure], None]


class HistoryQuestions(Questions[HistoryFailure]):
    """What is asked of the history of one document; each question is answered by one of its two functions."""

    def __init__(self) -> None:
        """Starts unconnected."""
        super().__init__(_ANSWERS, _REFUSALS, offline=HistoryFailure.OFFLINE, cut=HistoryFailure.OFFLINE)
        self.gives_names = False
        """Whether the server that was met last gives versions names."""

    def connected(self, hello: Hello) -> None:
        """A server has greeted this client."""
        super().connected(hello)
        self.gives_names = hello.names_versions

    def ask_moments(self, then: Callable[[MomentList], None], failed: Failed) -> None:
        """Asks for all moments."""
        self._ask(moments_get_message, Message.MOMENTS, then, failed)

    def ask_moment(self, seq: int, then: Callable[[OpenedMoment], None], failed: Failed) -> None:
        """Asks for the document as it was after an entry."""
        self._ask(lambda request: moment_get_message(request, seq), Message.MOMENT, then, failed)

    def ask_restore(self, seq: int, then: Callable[[], None], failed: Failed) -> None:
        """Asks to make the document what it was after an entry; the edit comes like one of somebody else's."""
        message = partial(restore_message, seq=seq)
        self._ask(message, Message.RESTORED, lambda _: then(), failed, cut=HistoryFailure.UNCERTAIN)

    def ask_name(self, naming: Naming, then: Callable[[int], None], failed: Failed) -> None:
        """Asks to give a moment a name, or to take it away; `then` is told the number of its last entry."""
        if self.problem is None and not self.gives_names:
            self.answer(lambda: failed(HistoryFailure.NO_NAMES))
            return
        message = partial(name_version_message, naming=naming)
        self._ask(message, Message.VERSION_NAMED, then, failed, cut=HistoryFailure.UNCERTAIN)

    def _why_not(self, hello: Hello) -> HistoryFailure | None:
        # Servers have kept members ever since they answer about history.
        return HistoryFailure.NO_HISTORY if hello.member is None else None


_ANSWERS: Readers = {
    Message.MOMENTS: read_moments,
    Message.MOMENT: read_moment,
    Message.RESTORED: lambda reader: (reader.var_uint(), None),
    Message.VERSION_NAMED: lambda reader: (reader.var_uint(), reader.var_uint()),
}
_REFUSALS: Readers = {Message.HISTORY_REFUSED: refusal_of(HistoryReason, HistoryFailure)}
