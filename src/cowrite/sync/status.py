"""How a document stands with its server, and the words in which the status bar says it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from cowrite_server.counting import counted
from cowrite_server.wire.protocol import Close, Reason


class Kind(StrEnum):
    """The cases that a person can tell apart."""

    LOCAL = "local"
    """The document is not shared."""
    CONNECTING = "connecting"
    """The first connection is being made."""
    SYNCING = "syncing"
    """Connected; the two copies are not yet known to be equal."""
    SAVED = "saved"
    """Every local change is on the server's disk."""
    WAITING = "waiting"
    """Connected; the server has not yet confirmed some changes."""
    SHARED = "shared"
    """Connected to a server that never says what is on its disk."""
    OFFLINE = "offline"
    """The connection is gone and is being made again."""
    REFUSED = "refused"
    """Connected; the server did not accept a local change."""
    WITHDRAWN = "withdrawn"
    """The link was revoked. Final."""
    EPOCH_CHANGED = "epoch-changed"
    """The server's document is another one than this copy. Final."""
    STRANGERS = "strangers"
    """The room holds another document; nothing is exchanged until a person says so."""
    CLOSED = "closed"
    """The server ended the connection in another way that trying again cannot help. Final."""


IN_STEP = (Kind.SAVED, Kind.WAITING, Kind.SHARED, Kind.REFUSED)
"""Where all that the server has is here."""

_FINAL_KINDS = {Close.WITHDRAWN: Kind.WITHDRAWN, Close.EPOCH_CHANGED: Kind.EPOCH_CHANGED}

_REFUSALS = {
    Reason.READ_ONLY: "You may read this document but not change it",
    Reason.ONLY_SUGGESTING: "You may suggest changes to this document but not make them",
    Reason.ONLY_COMMENTING: "You may comment on this document but not change it",
    Reason.INCOMPLETE: "A change builds on text that the server does not have",
    Reason.MALFORMED: "The server could not read a change that was made here",
    Reason.TOO_LARGE: "A change is larger than the server accepts",
    Reason.UNKNOWN: "The server did not accept a change, for a reason that this version of cowrite does not know",
}
_LIMITS = {
    "document_bytes": "This document is as large as the server accepts",
    "message_bytes": "A change is larger than the server accepts at once",
    "update_seconds": "A change has more parts than the server can take at once",
    "document_seconds": "This document has more parts than the server can read at once",
    "blob_bytes": "An image is larger than the server accepts",
    "room_blob_bytes": "The images of this document are together as large as the server accepts",
}
_ASK = ", or ask an owner of the document to let you write."
_WAYS_OUT: dict[str, str] = {
    Reason.READ_ONLY: _ASK,
    Reason.ONLY_SUGGESTING: _ASK,
    Reason.ONLY_COMMENTING: _ASK,
    Reason.UNKNOWN: ", and update cowrite.",
    "document_bytes": ", or delete something else in this document. It still opens and exports as it is here.",
    "message_bytes": ", or take it out again and put it in piece by piece.",
    "update_seconds": ", or take it out again and put it in piece by piece.",
    "document_seconds": (
        ", and ask whoever runs the server to rewrite this document: to delete something hardly helps. It still opens "
        "and exports as it is here."
    ),
    "blob_bytes": ", or put in a smaller one.",
    "room_blob_bytes": ", put it into another document, or ask whoever runs the server for more.",
}


class Status(NamedTuple):
    """How a document stands with its server.

    Attributes:
        kind: which case.
        waiting: number of local changes, pictures and sealed items of which the server has not said that they are on
            its disk.
        reason: why a change was refused, for REFUSED.
        limit: name of the limit in `protocol.Limits` that was passed, if it was one.
        most: that limit, in bytes; None where the server has not said it.
        rests: whether the server wants to be left alone for a while, for OFFLINE: too much was sent to it.
        close: the server's close code, for the three final kinds.
        confirms: whether the server says what is on its disk; where not, nothing is ever called saved there.
        detail: what happened to the connection in one sentence, for OFFLINE; empty where nobody knows.
    """

    kind: Kind
    waiting: int = 0
    reason: Reason | None = None
    close: Close | None = None
    confirms: bool = True
    detail: str = ""
    limit: str | None = None
    most: int | None = None
    rests: bool = False

    @classmethod
    def closed(cls, close: Close, waiting: int) -> Status:
        """The status after a close that is final."""
        return cls(_FINAL_KINDS.get(close, Kind.CLOSED), waiting, close=close)

    def with_more(self, waiting: int) -> Status:
        """The status where more waits for the server than changes of the document."""
        kind = Kind.WAITING if waiting and self.kind is Kind.SAVED else self.kind
        return self._replace(kind=kind, waiting=self.waiting + waiting)

    @property
    def final(self) -> bool:
        """Whether the connection stays closed until a person does something."""
        return self.close is not None

    @property
    def sentence(self) -> str:
        """What the status bar shows, without a full stop."""
        if self.close is not None:
            return self.close.sentence.split(";")[0].rstrip(".")
        if self.reason is not None:
            return self._refusal(self.reason)
        match self.kind:
            case Kind.LOCAL:
                return "Saved on this computer"
            case Kind.CONNECTING:
                return f"Connecting, {counted(self.waiting, 'change')} waiting" if self.waiting else "Connecting"
            case Kind.SYNCING:
                return "Catching up with the server"
            case Kind.SAVED:
                return "Saved on the server"
            case Kind.WAITING:
                return f"Saving on the server, {counted(self.waiting, 'change')} waiting"
            case Kind.SHARED:
                return "Connected, saved on this computer"
            case Kind.OFFLINE:
                return self._offline()
            case Kind.STRANGERS:
                return "The server holds another document"
            case _:
                return "Not connected"

    @property
    def sentence_of_host(self) -> str:
        """What the status bar shows in the place of `sentence` where the server is within this app itself: what is
        there is no safer than what is saved here, but others can have it."""
        match self.kind if self.close is None and self.reason is None else None:
            case Kind.SAVED:
                return "Shared from this computer"
            case Kind.CONNECTING | Kind.SYNCING:
                return "Beginning to share"
            case Kind.WAITING:
                return f"Sharing, {counted(self.waiting, 'change')} waiting"
            case Kind.OFFLINE:
                waits = f", {counted(self.waiting, 'change')} waiting" if self.waiting else ""
                return f"Not shared at the moment{waits}"
            case _:
                return self.sentence

    @property
    def advice_of_host(self) -> str:
        """The same of `advice`."""
        match self.kind if self.close is None and self.reason is None else None:
            case Kind.SAVED:
                return "Others reach it while cowrite runs on this computer, and keep what they have got."
            case Kind.WAITING:
                return "The others may not have it yet. If it stays like this, see whether the disk is full."
            case _:
                return self.advice

    @property
    def advice(self) -> str:
        """More words for a tooltip: what happened and what to do about it; empty where there is nothing to add."""
        if self.close is not None:
            return self.close.sentence
        if self.reason is not None:
            changes = counted(max(self.waiting, 1), "change")
            return f"{self._refusal(self.reason)}; {changes} kept on this computer only."
        if self.kind is Kind.STRANGERS:
            return (
                "This link leads to another document, which is on the server already. No text was sent and none taken; "
                "choose whether the two become one."
            )
        if self.kind is Kind.WAITING:
            return (
                "The server has not said yet that it is on its disk. If it stays like this, tell whoever runs the "
                "server: its disk may be full."
            )
        return self.detail

    @property
    def is_of_image(self) -> bool:
        """Whether what was refused is an image, and not a change of the text."""
        return self.limit in ("blob_bytes", "room_blob_bytes")

    @property
    def refusal_advice(self) -> str:
        """Why a change was refused, where it is now and what can be done about it, as sentences."""
        if self.reason is None:
            return ""
        kept = "It is kept on this computer only: copy it where you need it"
        return f"{self._refusal(self.reason)}. {kept}{_WAYS_OUT.get(self.limit or self.reason, '.')}"

    def _refusal(self, reason: Reason) -> str:
        size = f" ({_size(self.most)})" if self.most else ""
        return _LIMITS.get(self.limit or "", _REFUSALS[reason]) + size

    def _offline(self) -> str:
        if self.rests:
            waits = f", {counted(self.waiting, 'change')} waiting" if self.waiting else ""
            return f"Offline for a minute: too much was sent{waits}"
        if self.waiting:
            return f"Offline, {counted(self.waiting, 'change')} waiting"
        return "Offline, all changes saved on the server" if self.confirms else "Offline, saved on this computer"


def working_offline(waiting: int) -> str:
    """What the status bar shows while the person wants no connection: how many changes wait for one."""
    return f"Working offline, {counted(waiting, 'change')} waiting" if waiting else "Working offline"


def close_of(code: int | None) -> Close | None:
    """The protocol's close of that code, or None where the code is not one of the protocol's."""
    return next((close for close in Close if close == code), None)


def _size(count: int) -> str:
    """Bytes as people read them."""
    for unit, name in ((1024 * 1024, "MB"), (1024, "kB")):
        if count >= unit:
            return f"{count / unit:.1f}".removesuffix(".0") + f" {name}"
    return counted(count, "byte")
