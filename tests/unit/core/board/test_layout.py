"""Where things on the board go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.board.items import Place
from cowrite.core.board.layout import bounds, brought, clear_of, free, gridded, reading_order, snapped, tidied
from helpers.counting import counted

COORDINATES, SIZES = st.integers(-2000, 2000), st.integers(20, 400)
PLACES = st.tuples(COORDINATES, COORDINATES, SIZES, SIZES).map(lambda each: Place(*map(float, each)))


@settings(deadline=None)
@given(st.lists(st.lists(PLACES, max_size=4), max_size=3), st.lists(PLACES, max_size=6))
def test_what_is_tidied_covers_nothing_and_nothing_is_left_out(blocks, loose):
    named = [{f"{number} {at}": place for at, place in enumerate(block)} for number, block in enumerate(blocks)]
    others = {f"loose {number}": place for number, place in enumerate(loose)}
    laid = tidied(named, others)
    assert laid.keys() == {id for block in (*named, others) for id in block}
    places = list(laid.values())
    assert not any(one.overlaps(other) for at, one in enumerate(places) for other in places[:at])
    for block in (*named, others):
        for id, place in block.items():
            assert (laid[id].width, laid[id].height) == (place.width, place.height)


@settings(deadline=None)
@given(PLACES, st.lists(PLACES, max_size=8), st.sampled_from([(1, 0), (-1, 0), (0, 1)]))
def test_a_free_place_is_free(wanted, taken, step):
    found = free(wanted, taken, step=step)
    assert not any(found.overlaps(each) for each in taken)
    assert (found.width, found.height) == (wanted.width, wanted.height)


def test_what_lies_far_away_is_compared_once_with_what_stays_together(monkeypatch):
    together = {str(number): Place(number * 200.0, 0) for number in range(20)}
    compared = counted(monkeypatch, Place, "overlaps")
    assert clear_of(together, [Place(number * 200.0, 5000) for number in range(20)]) == together
    assert len(compared) == 20


@settings(deadline=None)
@given(st.lists(PLACES, min_size=1, max_size=8))
def test_bounds_hold_everything(places):
    whole = bounds(places)
    for each in places:
        assert whole.holds(each)


def test_a_grid_fills_row_by_row():
    size = Place(0, 0, 100, 50)
    assert [(each.x, each.y) for each in gridded([size] * 5, 10, 20, 2)] == [
        (10, 20), (130, 20), (10, 90), (130, 90), (10, 160),
    ]  # fmt: skip


def test_one_reads_row_by_row_from_either_side():
    places = {"b": Place(200, 10), "a": Place(0, 0), "c": Place(0, 200)}
    assert reading_order(places) == ["a", "b", "c"]
    assert reading_order(places, from_right=True) == ["b", "a", "c"]


@pytest.mark.parametrize(("value", "line"), [(0, 0), (4.9, 0), (5.1, 10), (-14, -10)])
def test_the_grid_has_a_line_every_ten_units(value, line):
    assert snapped(value) == line


def test_many_notes_come_to_a_group_without_comparing_each_with_each(monkeypatch):
    there = gridded([Place(0, 0)] * 1000, 0, 0)
    far = {str(number): Place(50_000, 200.0 * number) for number in range(100)}
    compared = counted(monkeypatch, Place, "overlaps")
    places = [*brought(far, there, there).values()]
    assert len(compared) < 100 * 300
    assert not any(one.overlaps(other) for at, one in enumerate(places) for other in (*places[:at], *there))
