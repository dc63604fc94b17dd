"""People who seal notes and ballots before a server without sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cowrite.bridge.file.storage_thread import StorageThread
from helpers.sealed_server import Person, SealedServer, settle


@pytest.fixture
def server() -> SealedServer:
    return SealedServer()


@pytest.fixture
def person(tmp_path: Path, storage: StorageThread, server: SealedServer) -> Iterator[Callable[..., Person]]:
    people: list[Person] = []

    def person(name: str = "Ada", *, alone: bool = False, at: str = "") -> Person:
        people.append(Person(name, tmp_path, storage, None if alone else server, at))
        if not alone:
            people[-1].connect()
            settle(people)
        return people[-1]

    yield person
    settle([each for each in people if each.server is not None])
    for each in people:
        each.box.end()
