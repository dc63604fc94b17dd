"""Looks after news: none is missed, and none is made often."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from cowrite.bridge import paced
from cowrite.bridge.paced import Paced


@pytest.fixture
def looks() -> list[int]:
    """A number for each look."""
    return []


@pytest.fixture
def made(qapp, looks: list[int]) -> Paced:
    """What looks after news."""
    parent = QObject(qapp)
    made = Paced(lambda: looks.append(len(looks)), parent)
    yield made
    parent.deleteLater()


def test_what_comes_together_is_looked_at_once_and_what_comes_next_after_a_rest(
    made: Paced, looks: list[int], qtbot
) -> None:
    for _ in range(20):
        made.soon()
    assert looks == []
    qtbot.waitUntil(lambda: looks == [0])
    assert not made._due.isActive()
    made._rest.start(60_000)  # as if it had just begun, however busy the machine is
    for _ in range(20):
        made.soon()
    assert made._due.interval() > 50_000
    made._due.start(0)  # the rest is over
    qtbot.waitUntil(lambda: looks == [0, 1])
    assert made._rest.isActive()


def test_who_looks_at_once_has_looked_after_the_news_that_there_was_and_may_do_so_often(
    made: Paced, looks: list[int]
) -> None:
    made.soon()
    made.now()
    made.now()
    assert looks == [0, 1]
    assert not made._due.isActive()
    made.soon()
    assert made._due.interval() == paced.GATHERING
    made.stop()
    assert not made._due.isActive()
