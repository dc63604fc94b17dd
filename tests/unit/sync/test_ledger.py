"""The counting of changes until they are on the server's disk."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.sync.ledger import Ledger


def test_a_change_is_waiting_from_its_making_to_its_confirmation() -> None:
    ledger = Ledger()
    ledger.change()
    assert ledger.waiting == 1
    ledger.send_update(1, b"v")
    assert ledger.waiting == 1
    assert ledger.saved(1) == b"v"
    assert ledger.waiting == 0


def test_a_message_without_changes_is_in_flight_but_nothing_is_waiting() -> None:
    ledger = Ledger()
    ledger.send_everything(b"v")
    assert (ledger.waiting, ledger.in_flight) == (0, True)


def test_confirmations_that_say_nothing_new_give_no_state_vector() -> None:
    ledger = Ledger()
    ledger.send_everything(b"v")
    ledger.saved(1)
    assert ledger.saved(1) is None


def test_numbers_begin_again_with_each_connection() -> None:
    ledger = Ledger()
    ledger.send_everything(b"")
    ledger.disconnected()
    ledger.change()
    ledger.send_everything(b"v")
    assert ledger.saved(1) == b"v"


def test_a_refusal_holds_back_the_refused_message_and_the_later_ones() -> None:
    ledger = Ledger()
    for number in range(3):
        ledger.change()
        ledger.send_update(1, bytes([number]))
    ledger.refused(2)
    assert ledger.holding
    assert ledger.saved(3) == b"\x00"
    assert ledger.waiting == 2
    ledger.send_everything(b"all")
    assert not ledger.holding
    assert ledger.saved(4) == b"all"
    assert ledger.waiting == 0


def test_a_refusal_of_a_message_that_was_never_sent_changes_nothing() -> None:
    ledger = Ledger()
    ledger.change()
    ledger.send_update(1, b"v")
    ledger.refused(5)
    assert (ledger.holding, ledger.waiting) == (False, 1)


@pytest.mark.parametrize("seed", range(15))
def test_no_change_is_ever_lost_or_counted_twice(seed: int) -> None:
    """Against a plain model: each change is a number that is unsent, in a message, or saved."""
    random, ledger = Random(seed), Ledger()
    unsent: set[int] = set()
    messages: list[set[int]] = []
    saved: set[int] = set()
    confirmed = 0
    made = 0
    for _ in range(200):
        match random.choice(["change", "change", "send", "saved", "lost"]):
            case "change":
                ledger.change()
                unsent.add(made)
                made += 1
            case "send" if unsent:
                ledger.send_update(len(unsent), b"v")
                messages.append(unsent)
                unsent = set()
            case "saved" if len(messages) > confirmed:
                confirmed = random.randint(confirmed + 1, len(messages))
                ledger.saved(confirmed)
                saved |= set().union(*messages[:confirmed])
            case "lost":
                ledger.disconnected()
                unsent |= set().union(*messages) - saved
                messages, confirmed = [], 0
        assert ledger.waiting == made - len(saved), f"seed {seed}"
