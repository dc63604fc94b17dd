"""Steps of undo taken apart."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.crdt.undo_steps import _parts


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_of_ranges_without_others_is_what_is_in_these_alone(seed):
    chance = Random(seed)
    edges = [sorted(chance.sample(range(60), 12)) for _ in range(2)]
    ranges, gone = ([range(*each) for each in zip(found[::2], found[1::2], strict=True)] for found in edges)
    left = list(_parts(ranges, gone))
    assert [at for part in left for at in part] == sorted(_all(ranges) - _all(gone))
    assert all(left)


def _all(ranges: list[range]) -> set[int]:
    return {at for each in ranges for at in each}
