"""SharedHistory: asks the server of a shared document for its history, and tells the answers on the GUI thread.

Runs on the GUI thread, like the exchange that it speaks through; the messages travel as all others do, by way of
`bridge.shared_document`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from cowrite.sync.history_exchange import (
    HistoryExchange,
    HistoryFailed,
    HistoryFailure,
    MomentOpened,
    MomentsListed,
)
from cowrite_server.history_protocol import MomentList, OpenedMoment

Failed = Callable[[HistoryFailure], None]


class SharedHistory(QObject):
    """The history of one shared document. Every question gets one answer, and none after the connection's end.

    Args:
        exchange: holds the requests.
        send: has what the exchange has to send sent, and `tell` called, soon.
        parent: Qt parent.
    """

    def __init__(self, exchange: HistoryExchange, send: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exchange = exchange
        self._send = send
        self._waiting: dict[int, tuple[Callable[[Any], None], Failed]] = {}

    @property
    def is_online(self) -> bool:
        """Whether there is a server to ask."""
        return self._exchange.hello is not None

    def ask_moments(self, then: Callable[[MomentList], None], failed: Failed) -> None:
        """Asks for all moments."""
        self._note(self._exchange.ask_moments(), then, failed)

    def ask_moment(self, seq: int, then: Callable[[OpenedMoment], None], failed: Failed) -> None:
        """Asks for the document as it was after an entry."""
        self._note(self._exchange.ask_moment(seq), then, failed)

    def restore(self, seq: int, then: Callable[[], None], failed: Failed) -> None:
        """Makes the document what it was after an entry, for everybody, by an edit that nobody can undo."""
        self._note(self._exchange.ask_restore(seq), lambda _: then(), failed)

    def tell(self) -> None:
        """Tells what has come of questions."""
        while events := self._exchange.take_events():  # whoever is told may ask on
            for event in events:
                then, failed = self._waiting.pop(event.request)
                match event:
                    case HistoryFailed(_, failure):
                        failed(failure)
                    case MomentsListed(_, answer) | MomentOpened(_, answer):
                        then(answer)
                    case _:
                        then(None)

    def end(self) -> None:
        """The document is not shared any more: answers what is open with "offline"."""
        self._exchange.disconnected()
        self.tell()

    def _note(self, request: int, then: Callable[[Any], None], failed: Failed) -> None:
        self._waiting[request] = (then, failed)
        self._send()
