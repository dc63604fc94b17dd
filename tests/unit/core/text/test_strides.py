"""The order in which many things come into a text."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cowrite.core.text.strides import far_apart_first


@pytest.mark.parametrize("count", [0, 1, 2, 10, 100, 1001])
def test_each_thing_comes_once_and_the_first_few_lie_far_apart(count):
    found = far_apart_first(range(count))
    assert sorted(found) == list(range(count))
    assert count < 100 or all(after - before >= 10 for before, after in pairwise(found[:9]))
