"""What tests of the store in PostgreSQL have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engines import Postgres


@pytest.fixture
def address(postgres: Postgres) -> Iterator[str]:
    """A database without tables."""
    with postgres.database(bare=True) as address:
        yield address
