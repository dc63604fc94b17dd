"""The network that other tests trust does what it says."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.crdt.structs import read_clocks
from helpers.network import FakeNetwork, Weather
from helpers.sync_fakes import TextDocument

FINE = Weather(drop=0.0, duplicate=0.0)


def network_of(seed: int, documents: dict[str, TextDocument], weather: Weather | None = None) -> FakeNetwork:
    return FakeNetwork(seed, {name: document.apply_remote for name, document in documents.items()}, weather)


@pytest.mark.parametrize("count", [2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(3))
def test_replicas_are_equal_after_any_weather_once_the_network_has_settled(seed: int, count: int) -> None:
    random = Random(seed)
    documents = {f"replica {number}": TextDocument() for number in range(count)}
    network = network_of(seed, documents, Weather(drop=0.3, duplicate=0.3))
    for step in range(60):
        name = random.choice(list(documents))
        document = documents[name]
        network.send(name, document.erase() if random.random() < 0.05 else document.write(f"[{step}]"))
        if random.random() < 0.1:
            network.partition_at_random()
        if random.random() < 0.1:
            network.heal()
        network.run(random.randrange(4))
    network.settle(lambda source, target: documents[source].update_since(documents[target].state_vector()))
    assert len({document.text for document in documents.values()}) == 1, f"seed {seed}"
    known = [read_clocks(document.state_vector()) for document in documents.values()]
    assert all(each == known[0] for each in known), f"seed {seed}"


def test_the_same_seed_does_the_same() -> None:
    logs = []
    for _ in range(2):
        arrived: list[bytes] = []
        network = FakeNetwork(7, {"a": arrived.append, "b": arrived.append, "c": arrived.append})
        for number in range(20):
            network.send("a", bytes([number]) * number)
        network.run(30)
        logs.append((network.log, arrived))
    assert logs[0] == logs[1]


def test_messages_overtake_each_other() -> None:
    arrived: list[bytes] = []
    network = FakeNetwork(1, {"a": arrived.append, "b": arrived.append}, FINE)
    for number in range(20):
        network.send("a", bytes([number]))
    network.run(20)
    assert sorted(arrived) == [bytes([number]) for number in range(20)]
    assert arrived != sorted(arrived)


def test_a_partition_holds_messages_back_until_it_is_healed() -> None:
    arrived: list[bytes] = []
    network = FakeNetwork(1, {"a": arrived.append, "b": arrived.append, "c": arrived.append}, FINE)
    network.partition(["a", "b"], ["c"])
    network.send("a", b"x")
    network.run(10)
    assert (arrived, network.under_way) == ([b"x"], 1)
    network.heal()
    network.run(10)
    assert arrived == [b"x", b"x"]


def test_bad_weather_loses_and_repeats() -> None:
    arrived: list[bytes] = []
    network = FakeNetwork(3, {"a": arrived.append, "b": arrived.append}, Weather(drop=0.3, duplicate=0.3))
    for number in range(100):
        network.send("a", bytes([number]))
    network.run(10_000)
    assert len(set(arrived)) < 100
    assert len(arrived) > len(set(arrived))
