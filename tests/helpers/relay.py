"""A server between replicas, in one process and the same way for one seed.

It has one order for all updates, as a real one has, and hands them to each replica in that order: late, some twice,
and after a while without a network all at once. What a replica wrote without a network reaches the server when it is
back. `tests.helpers.network` is wilder: there updates overtake each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from random import Random

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin


class Relay:
    """Carries updates between replicas by way of one log.

    Args:
        seed: the same seed and the same calls give the same deliveries.
        deliver: what takes an update in, by the replica's name.
    """

    def __init__(self, seed: int, deliver: Mapping[str, Callable[[bytes], None]]) -> None:
        self._random = Random(seed)
        self._deliver = dict(deliver)
        self._log: list[tuple[str, bytes]] = []
        self._unsent: dict[str, list[bytes]] = {name: [] for name in deliver}
        self._read = dict.fromkeys(deliver, 0)
        self._away: set[str] = set()

    def send(self, source: str, update: bytes) -> None:
        """A replica has changed something."""
        self._unsent[source].append(update)
        self._pass_on(source)

    def run(self, steps: int) -> None:
        """So many times something happens: somebody is reached, or loses or finds the network."""
        for _ in range(steps):
            name = self._random.choice(list(self._deliver))
            if self._random.random() < 0.1:
                self._away ^= {name}
                self._pass_on(name)
            elif name not in self._away:
                self._bring(name, 1)
                if self._random.random() < 0.1 and self._read[name]:
                    self._read[name] -= 1  # it will come a second time

    def settle(self) -> None:
        """Everybody has the network, and everything arrives."""
        self._away = set()
        for name in self._deliver:
            self._pass_on(name)
        for name in self._deliver:
            self._bring(name, len(self._log))

    def _pass_on(self, source: str) -> None:
        if source not in self._away:
            self._log += [(source, update) for update in self._unsent[source]]
            self._unsent[source] = []

    def _bring(self, name: str, count: int) -> None:
        for source, update in self._log[self._read[name] : self._read[name] + count]:
            self._read[name] += 1
            if source != name:
                self._deliver[name](update)


def relayed(seed: int) -> tuple[dict[str, MendedDocument], Relay]:
    """Three people's replicas of a new document, by their names, and what carries their changes."""
    first = MendedDocument.new(clock=lambda: 0)
    documents = {
        name: MendedDocument(client_id=number, clock=lambda: 0) for number, name in enumerate(("ada", "bo", "cy"), 1)
    }
    for document in documents.values():
        document.apply_remote(first.state())
    network = Relay(seed, {name: each.apply_remote for name, each in documents.items()})

    def send(name: str, told: tuple[bytes, Origin]) -> None:
        update, origin = told
        if origin is not Origin.REMOTE:
            network.send(name, update)

    for name, each in documents.items():
        each.observe_updates(partial(send, name))
    return documents, network
