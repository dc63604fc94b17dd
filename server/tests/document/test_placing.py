"""Where an update may stand: how much of the document is read to find out."""

from __future__ import annotations

from time import thread_time
from typing import Any

import pytest
from pycrdt import Doc, Map

from cowrite_server.document import order, placing
from cowrite_server.document.order import Order
from cowrite_server.document.placing import is_plainly_placed_well
from cowrite_server.wire.protocol import Reason, Refused, Role
from house import House
from slow_updates import runs_of_one_text


class Searched(bytes):
    """A document that counts how often it is searched."""

    searches = 0

    def __contains__(self, what: object) -> bool:
        Searched.searches += 1
        return super().__contains__(what)  # type: ignore[operator]  # bytes look for bytes and numbers alone


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> type[Searched]:
    monkeypatch.setattr(Searched, "searches", 0)
    return Searched


def comments(count: int, doc: Doc[Any] | None = None) -> tuple[Searched, bytes]:
    """A document, and an update that brings so many comments to it."""
    doc = doc or Doc()
    root = doc.get("comments", type=Map)
    before, state = doc.get_update(), doc.get_state()
    with doc.transaction():
        for number in range(count):
            root[f"comment:{number}"] = Map({"author": "ada", "text": "So.", "created": 1})
    return Searched(before), doc.get_update(state)


def test_the_document_is_searched_once_for_each_new_entry_and_not_for_its_fields(searched: type[Searched]) -> None:
    document, update = comments(5)
    assert is_plainly_placed_well(update, None, {}, lambda: document)
    assert searched.searches == 5


def test_for_very_many_new_entries_the_document_is_read_once(
    searched: type[Searched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_MOST_SEARCHES", 10)
    document, update = comments(30)
    assert is_plainly_placed_well(update, None, {}, lambda: document)
    assert searched.searches == 10


@pytest.mark.parametrize("most", [0, 1000])
def test_what_begins_under_a_key_that_is_taken_is_not_plainly_placed_well(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_MOST_SEARCHES", most)
    _, theirs = comments(3)
    _, update = comments(3)
    assert not is_plainly_placed_well(update, None, {}, lambda: theirs)


@pytest.mark.parametrize("ids", [(3, 900), (900, 3)])
def test_what_one_wrote_by_two_ids_is_plainly_placed_well(ids: tuple[int, int]) -> None:
    first: Doc[Any] = Doc(client_id=ids[0])
    _, update = comments(2, first)
    second: Doc[Any] = Doc(client_id=ids[1])
    second.apply_update(update)
    root = second.get("comments", type=Map)
    root["comment:0"]["text"] = "No."
    root["comment:1"]["resolved"] = True
    root["comment:2"] = Map({"author": "ada"})
    assert is_plainly_placed_well(second.get_update(), None, {}, lambda: b"\0\0")


def test_a_text_of_many_runs_is_put_in_order_in_time_that_grows_with_them_and_not_with_their_square() -> None:
    def seconds(runs: int) -> float:
        begun = thread_time()
        Order(runs_of_one_text(runs, length=50))
        return thread_time() - begun

    few, many = (min(seconds(runs) for _ in range(3)) for runs in (1_000, 8_000))
    assert many < 24 * few  # eight times as long, or 64 times


async def test_who_suggests_in_a_document_of_too_many_parts_hears_that_the_document_is_the_reason(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await house.client()
    await ann.write("Hello")
    await ann.until_saved()
    sue = await house.client(await house.secret(Role.SUGGESTER))
    monkeypatch.setattr(order, "MOST_STRUCTS", 0)
    sue.body.insert(5, " world", {"insertion": "s1"})
    await sue.push()
    await sue.until(lambda: bool(sue.refused))
    assert sue.refused == [Refused(sue.sent, Reason.TOO_LARGE, "document_seconds")]
    assert ann.text == "Hello"
