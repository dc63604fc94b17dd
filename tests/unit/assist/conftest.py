"""A played worker and the engine that asks it."""

from __future__ import annotations

import pytest

from helpers.engine_seat import EngineSeat


@pytest.fixture
def seat() -> EngineSeat:
    return EngineSeat()


@pytest.fixture
def ready() -> EngineSeat:
    seat = EngineSeat()
    seat.ready()
    return seat
