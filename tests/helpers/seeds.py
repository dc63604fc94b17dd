"""How many random plans a test makes."""

from __future__ import annotations

import os

DEPTH_VARIABLE = "COWRITE_TEST_DEPTH"
"""Environment variable: by how much more a random test does than it does each time, for a long look."""


def seeds(count: int) -> range:
    """The seeds of a random test: so many, or `COWRITE_TEST_DEPTH` times as many."""
    return range(count * int(os.environ.get(DEPTH_VARIABLE, "1")))
