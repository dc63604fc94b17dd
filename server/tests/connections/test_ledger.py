"""SAVED n: the first n updates are on disk, or were refused before."""

from __future__ import annotations

from cowrite_server.connections.ledger import Ledger


def test_updates_that_are_settled_at_once_are_told_at_once() -> None:
    ledger = Ledger()
    assert ledger.next() == 1
    assert ledger.news() == 1
    assert ledger.news() is None


def test_a_held_update_holds_back_those_after_it() -> None:
    ledger = Ledger()
    ledger.hold(ledger.next())
    ledger.next()
    assert ledger.news() is None
    ledger.release(1)
    assert ledger.news() == 2


def test_an_update_before_the_held_one_is_told() -> None:
    ledger = Ledger()
    ledger.next()
    ledger.next()
    ledger.hold(ledger.next())
    assert ledger.news() == 2


def test_updates_are_released_in_groups() -> None:
    ledger = Ledger()
    for _ in range(5):
        ledger.hold(ledger.next())
    ledger.release(3)
    assert ledger.news() == 3
    ledger.release(5)
    assert ledger.news() == 5
