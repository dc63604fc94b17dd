"""Clocks of single clients, found in a state vector as all of them are when it is read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.crdt.clocks import FEW, clock_of, clocks_of, with_clocks
from cowrite.core.crdt.structs import read_clocks
from cowrite_server.wire.encoding import MAX_VAR_UINT, var_uint

# Of few lengths and bytes, so that one number is often within another one, or in the place of its neighbour.
odd = st.sampled_from([0, 1, 2, 127, 128, 129, 257, 16_511, 2**21, 2**32 - 1])
numbers = st.one_of(odd, st.integers(0, MAX_VAR_UINT))
clocks = st.dictionaries(numbers, numbers, max_size=30)


def state_vector(known: dict[int, int]) -> bytes:
    return var_uint(len(known)) + b"".join(var_uint(number) for pair in known.items() for number in pair)


@given(clocks, numbers)
def test_the_clock_of_each_client_is_found_and_of_nobody_else(known: dict[int, int], other: int) -> None:
    for client in {*known, other}:
        assert clock_of(state_vector(known), client) == known.get(client, 0)
    assert {client: clocks_of(state_vector(known), known.keys()).get(client) for client in known} == known


@given(clocks, clocks)
def test_clocks_are_set_and_the_others_stay(known: dict[int, int], new: dict[int, int]) -> None:
    assert read_clocks(with_clocks(state_vector(known), new)) == {**known, **new}


def test_a_letter_of_a_teammate_is_read_without_the_thousands_who_wrote_before() -> None:
    known = state_vector(dict.fromkeys(range(2**31, 2**31 + 5000), 1))
    assert set(clocks_of(known, range(2**31, 2**31 + FEW))) == set(range(2**31, 2**31 + FEW))
