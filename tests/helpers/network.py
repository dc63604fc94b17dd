"""A network of a few replicas that does everything that networks do, in one process and the same way for one seed.

Messages arrive late, in any order, twice, or never; replicas are cut off from each other and joined again. A test
hands updates in, lets the network work, and at the end has it settle: what was dropped is then repaired as a real
connection repairs it, by exchanging state vectors.

    network = FakeNetwork(seed, {"ada": ada.apply_remote, "bo": bo.apply_remote})
    network.send("ada", ada.write("Hello"))
    network.run(100)
    network.settle(lambda source, target: documents[source].update_since(documents[target].state_vector()))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Weather:
    """What happens to a message when its turn comes; probabilities.

    Attributes:
        drop: it is lost.
        duplicate: it arrives and stays on the way, to arrive again.
    """

    drop: float = 0.1
    duplicate: float = 0.1


@dataclass(frozen=True)
class _Parcel:
    source: str
    target: str
    update: bytes


class FakeNetwork:
    """Carries updates between replicas."""

    def __init__(
        self, seed: int, deliver: Mapping[str, Callable[[bytes], None]], weather: Weather | None = None
    ) -> None:
        """Joins all replicas to all others.

        Args:
            seed: the same seed and the same calls give the same deliveries; put it into assertion messages.
            deliver: what takes an update in, by the replica's name.
            weather: how bad the network is.
        """
        self.seed = seed
        self._random = Random(seed)
        self._deliver = dict(deliver)
        self._weather = weather or Weather()
        self._parcels: list[_Parcel] = []
        self._islands: dict[str, int] = dict.fromkeys(deliver, 0)
        self.log: list[str] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The replicas."""
        return tuple(self._deliver)

    @property
    def under_way(self) -> int:
        """Number of messages that have neither arrived nor been lost."""
        return len(self._parcels)

    def send(self, source: str, update: bytes) -> None:
        """A replica sends an update to all others."""
        self._parcels += [_Parcel(source, target, update) for target in self._deliver if target != source]

    def step(self) -> bool:
        """One message, picked at random, arrives, arrives and is kept to arrive again, or is lost.

        Returns:
            whether there was one that could move.
        """
        movable = [i for i, parcel in enumerate(self._parcels) if self._are_joined(parcel.source, parcel.target)]
        if not movable:
            return False
        chosen = self._random.choice(movable)
        chance = self._random.random()
        parcel = self._parcels[chosen]
        if chance < self._weather.drop:
            del self._parcels[chosen]
            self._note("lost", parcel)
        elif chance < self._weather.drop + self._weather.duplicate:
            self._note("arrived, and will again", parcel)
            self._deliver[parcel.target](parcel.update)
        else:
            del self._parcels[chosen]
            self._note("arrived", parcel)
            self._deliver[parcel.target](parcel.update)
        return True

    def run(self, steps: int) -> None:
        """Up to so many steps; fewer when nothing can move."""
        for _ in range(steps):
            if not self.step():
                break

    def partition(self, *islands: Iterable[str]) -> None:
        """Cuts the network: only replicas of one island reach each other. Whoever is named nowhere is alone."""
        self._islands = {name: -1 - number for number, name in enumerate(self._deliver)}
        for number, island in enumerate(islands):
            self._islands |= dict.fromkeys(island, number)
        self.log.append(f"partition {[sorted(island) for island in islands]}")

    def partition_at_random(self) -> None:
        """Cuts the network into up to three islands."""
        self._islands = {name: self._random.randrange(3) for name in self._deliver}
        self.log.append(f"partition {self._islands}")

    def heal(self) -> None:
        """Joins all replicas again; what waited at the cut can move."""
        self._islands = dict.fromkeys(self._deliver, 0)
        self.log.append("heal")

    def settle(self, resync: Callable[[str, str], bytes | None]) -> None:
        """Heals, delivers everything that is under way in random order, and repairs what was lost.

        Args:
            resync: gives what `source` (first) has and `target` (second) lacks as an update, or None for nothing.
        """
        self.heal()
        self._random.shuffle(self._parcels)
        while self._parcels:
            parcel = self._parcels.pop()
            self._note("arrived", parcel)
            self._deliver[parcel.target](parcel.update)
        # Everything to the first replica, then everything from it: after that nobody lacks anything.
        first, *rest = self._deliver
        for source, target in [(name, first) for name in rest] + [(first, name) for name in rest]:
            update = resync(source, target)
            if update is not None:
                self._note("resynced", _Parcel(source, target, update))
                self._deliver[target](update)

    def _are_joined(self, source: str, target: str) -> bool:
        return self._islands[source] == self._islands[target]

    def _note(self, what: str, parcel: _Parcel) -> None:
        self.log.append(f"{parcel.source} -> {parcel.target}: {len(parcel.update)} bytes {what}")
