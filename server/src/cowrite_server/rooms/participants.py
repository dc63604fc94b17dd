"""Participants: the clients of one room on this node. They get what is sent to all, and see what anybody shows.

Lives on the server's event loop. When it goes out that somebody has shown something is up to the gathering.
"""

from __future__ import annotations

from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.figures import Figures
from cowrite_server.rooms.client import Client
from cowrite_server.rooms.gathering import Gathering

_CLIENTS_PER_NODE = 100_000
"""Clients that another node may name; it has counted them itself."""


class Participants:
    """Who is in one room. Owns the clients on this node, and of whom on it other nodes have to hear."""

    def __init__(self, presence: Presence, gate: Gate, gathering: Gathering, figures: Figures) -> None:
        """Nobody.

        Args:
            presence: who is in the room on any node, and where; nobody yet.
            gate: hears whose the client ids are.
            gathering: takes whose presence has changed.
            figures: the server's.
        """
        self.clients: dict[Client, None] = {}
        self.presence = presence
        self.moved: set[int] = set()
        """The clients on this node whose presence has changed, by their ids; other nodes have not been told."""
        self._gate = gate
        self._gathering = gathering
        self._figures = figures

    def join(self, client: Client) -> None:
        """Lets a client take part."""
        self.clients[client] = None
        self.presence.join(client)

    def leave(self, client: Client) -> None:
        """A client is gone; all get that."""
        self.clients.pop(client, None)
        self._move(self.presence.leave(client))

    def send(self, frames: bytes, but: Client | None = None) -> None:
        """Sends frames, if there are any, to all clients but one."""
        if frames:
            for client in list(self.clients):
                if client is not but:
                    client.send(frames)
        self._figures.sent_bytes += len(frames) * (len(self.clients) - (but is not None))

    def show(self, client: Client, body: bytes) -> bool:
        """Takes a client's awareness states; all clients get them, the sender included, when `Room.pass_on` is called.
        Tells whether any was news.

        Stock clients close a connection on which nothing arrives for 30 s, and count on the echo of their own
        awareness message for that (yjs/y-websocket#24).

        Raises:
            MalformedMessage: `body` is no content of an awareness message.
        """
        claims = client.name is None and client.id is not None  # where there are no members no name is anybody's
        moved = self.presence.receive(client, body, client.person, client.name, claims=claims)
        for number in moved:
            self._gate.saw(number, client.person)
        self._gathering.moved |= moved
        self.moved |= moved
        return bool(moved)

    def rename(self, client: Client) -> None:
        """Shows a client under its name of now; all clients get it."""
        if client.name is not None:
            self._move(self.presence.rename(client, client.name))

    def show_others(self, node: bytes, body: bytes, everybody: bool) -> None:
        """Takes the awareness states of clients on another node.

        Args:
            node: which node.
            body: the states, the content of an AWARENESS message.
            everybody: whether these are all clients on that node.

        Raises:
            MalformedMessage: `body` is no such content.
        """
        receive = self.presence.receive_all if everybody else self.presence.receive
        self._gathering.move(receive(node, body, most=_CLIENTS_PER_NODE))

    def forget(self, node: bytes) -> None:
        """Another node is gone, and its clients with it."""
        self._gathering.move(self.presence.leave(node))

    def everybody(self) -> bytes:
        """The awareness states of all clients on this node, as the content of an AWARENESS message."""
        return self.presence.body(self.presence.owned(self.clients))

    def take_moved(self) -> set[int]:
        """Takes out the clients on this node whose presence has changed."""
        moved, self.moved = self.moved, set()
        return moved

    def _move(self, numbers: set[int]) -> None:
        self.moved |= numbers
        self._gathering.move(numbers)
