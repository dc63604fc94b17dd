"""Burden: no document grows beyond what the server can read without keeping everybody waiting."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from cowrite_server.errors import StoreFailed
from cowrite_server.rooms.burden import Burden
from cowrite_server.wire.history import HistoryReason
from cowrite_server.wire.protocol import Reason
from house import MakeHouse
from slow_updates import entries_of_one_key

STEP = 150
"""Entries of one update, which is not tried."""

WRITTEN, DELETED = b"\x01", b"\x00"
"""What updates begin with."""


async def test_a_document_that_small_updates_make_slow_grows_no_more_and_can_be_read(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(document_seconds=0.01)
    ann, ben = await house.client(), await house.client()
    await ann.write("words")
    for number in range(60):
        await ann.send_update(entries_of_one_key(STEP, STEP * number))
        await ann.until_saved()
        if ann.refused:
            break
    assert [(each.reason, each.limit) for each in ann.refused] == [(Reason.TOO_LARGE, "document_seconds")]
    assert "may grow no more" in caplog.text
    await ben.until(lambda: ben.text == "words")
    del ben.body[0]
    await ben.push()
    await ben.until_saved()
    assert not ben.refused  # a document that is full may get smaller
    assert await ben.restore(1) is HistoryReason.TOO_LARGE
    assert not house.server._figures.refusals["document_bytes"]  # it is not by that one
    taken = ben.doc.get_state()
    await house.stop()
    await house.start()
    cleo = await house.client()
    assert cleo.text == "ords"
    assert cleo.doc.get_state() == taken
    while not cleo.refused:
        await cleo.write(".")
        await cleo.until_saved()
    assert cleo.refused[0].limit == "document_seconds"
    caplog.clear()


async def test_a_room_whose_document_cannot_be_weighed_is_served_on(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(document_seconds=0.0)

    async def fail(*_: object) -> None:
        raise StoreFailed("it is away")

    monkeypatch.setattr(house.server._store, "read_history", fail)
    ann = await house.client()
    for number in range(3):
        await ann.send_update(entries_of_one_key(STEP, STEP * number))
        await ann.until_saved()
    assert not ann.refused
    assert "gets no snapshot" in caplog.text
    caplog.clear()


class Scales:
    """Where a document that may take a second is weighed."""

    def __init__(self) -> None:
        self.now = 100.0
        self.times = 0
        self.burden = Burden("room", 1.0, self._weigh, lambda: self.now)

    def _weigh(self) -> None:
        self.times += 1

    def give(self, seconds: float) -> None:
        """What it takes is known two seconds after it was asked for."""
        self.now += 2
        self.burden.weighed(seconds)


def test_nobody_waits_where_a_large_document_is_weighed_that_has_grown_little() -> None:
    scales, ann = Scales(), Mock()
    burden = scales.burden
    burden.note(1.1)
    scales.give(0.95)
    burden.note(1.05)
    assert scales.times == 1  # it is heavy, and that is known
    burden.note(1.3)
    burden.hold(ann)
    assert scales.times == 2
    assert not ann.wait.called
    burden.note(1.5)
    burden.hold(ann)
    assert ann.wait.called
    assert burden.weighed(1.0) == [ann]


def test_a_document_that_seemed_slow_while_the_computer_was_may_grow_again(caplog: pytest.LogCaptureFixture) -> None:
    scales = Scales()
    burden = scales.burden
    burden.note(1.1)
    scales.give(1.1)
    assert burden.refuses(WRITTEN)
    assert not burden.refuses(DELETED)
    assert scales.times == 1  # it was weighed just now
    scales.now += 20
    assert burden.refuses(WRITTEN)
    assert scales.times == 2
    scales.give(0.5)
    assert not burden.refuses(WRITTEN)
    assert "may grow again" in caplog.text
    caplog.clear()
