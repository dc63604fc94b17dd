"""Which entries of its log a document holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite_server.rooms.reach import Reach


def test_an_entry_beyond_a_gap_is_held_and_the_gap_is_seen() -> None:
    reach = Reach(3)
    reach.add(6, 7)
    assert (reach.seq, reach.gap) == (3, True)
    assert reach.holds(6, 7)
    assert not reach.holds(5, 6)
    assert reach.holds(1, 3)
    reach.add(4, 5)
    assert (reach.seq, reach.gap) == (7, False)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5)), max_size=20))
def test_ranges_in_any_order_reach_as_far_as_they_are_whole(ranges: list[tuple[int, int]]) -> None:
    reach, held = Reach(0), set[int]()
    for first, more in ranges:
        reach.add(first, first + more)
        held |= set(range(first, first + more + 1))
        seq = next(number for number in range(100) if number + 1 not in held)
        assert (reach.seq, reach.gap) == (seq, max(held) > seq)
        assert reach.holds(first, first + more)
        assert not reach.holds(seq + 1, seq + 1)
