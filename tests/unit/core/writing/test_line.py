"""What the attributes of a line say, whoever has written them."""

from __future__ import annotations

import pytest

from cowrite.core.text.richtext import DEEPEST_INDENT
from cowrite.core.writing.line import depth, heading_level, list_kind


@pytest.mark.parametrize("value", ["x", 2.5, 0, 7, -1, True, None, [], {}])
def test_only_one_to_six_are_levels_of_headings(value):
    assert heading_level({"header": value}) == (1 if value is True else 0)


@pytest.mark.parametrize("value", ["odd", 1, True, [], {"a": 1}])
def test_only_known_kinds_are_lists(value):
    assert list_kind({"list": value}) is None


@pytest.mark.parametrize(("value", "steps"), [(-3, 0), (3, 3), (10**9, DEEPEST_INDENT), ("deep", 0), (2.5, 0), ([], 0)])
def test_an_indent_is_some_steps_whatever_is_written(value, steps):
    assert depth({"indent": value}) == steps
