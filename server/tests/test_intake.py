"""Intake: what is added to a room's document and goes into its log."""

from __future__ import annotations

import pytest

from cowrite_server.errors import BrokenUpdate
from cowrite_server.intake import Intake
from cowrite_server.permissions import Gate
from cowrite_server.presence import Presence
from cowrite_server.protocol import Role
from cowrite_server.replica import Replica
from poison import CLAIMED_TWICE


class Writer:
    """Somebody who may edit."""

    role = Role.EDITOR


def log_of(turns: list[list[bytes]]) -> list[bytes]:
    """What goes into the log of a room to which this is sent, in each turn by as many writers as there are updates."""
    intake = Intake("room", Replica(), Gate(Presence()))
    log: list[bytes] = []
    for updates in turns:
        accepted, _ = intake.accept({Writer(): [(1, update)] for update in updates}, saved=True)
        log += [data for _, _, data in accepted]
    return log


def takes(document: Replica, update: bytes) -> bool:
    """Whether a document takes one more update."""
    try:
        document.apply(update)
    except BrokenUpdate:
        return False
    return True


@pytest.mark.parametrize("together", [False, True], ids=["one after the other", "in one turn"])
def test_where_writers_contradict_each_other_the_log_means_the_same_however_it_is_read(together: bool) -> None:
    first, second, third = CLAIMED_TWICE
    log = log_of([[first, second]] if together else [[first], [second]])
    merged, one_by_one = Replica(log), Replica()
    for data in log:
        one_by_one.apply(data)
    assert merged.whole() == one_by_one.whole()
    assert takes(merged, third) == takes(one_by_one, third)
