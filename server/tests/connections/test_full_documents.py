"""Full documents: what no longer goes into one is refused by the limit's name; they open and shrink all the same."""

from __future__ import annotations

import pytest
from pycrdt import Text

from cowrite_server.document import order
from cowrite_server.document.replica import Replica
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.protocol import Close, Limits, Reason, Refused, Role, Sync, sync_message
from house import House, MakeHouse
from sync_clients import Client, StockClient


async def test_a_document_that_cannot_be_measured_counts_as_large_as_it_is_known_to_be(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(limits=Limits(document_bytes=1000))
    ann = await house.client(await house.secret())
    await ann.write("a" * 600)
    await ann.until_saved()

    def fail(_replica: Replica) -> bytes:
        raise BrokenUpdate("the library gives up")

    monkeypatch.setattr(Replica, "whole", fail)
    await ann.write("b" * 600)
    await ann.until(lambda: ann.refused != [])
    assert (ann.refused[0].reason, ann.refused[0].limit) == (Reason.TOO_LARGE, "document_bytes")
    caplog.clear()


async def test_an_update_that_would_make_a_document_too_large_is_refused_by_the_limit_s_name(
    make_house: MakeHouse,
) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann, ben = await house.client(), await house.client()
    await ann.write("x" * 90_000)
    await ann.until_saved()
    ben_s = Client()
    ben_s.body.insert(0, "y" * 20_000)
    await ben.send_update(ben_s.doc.get_update())
    await ben.until(lambda: ben.refused)
    assert ben.refused == [Refused(ben.sent, Reason.TOO_LARGE, "document_bytes")]
    await ben.until_saved()
    await ann.write("goes on")
    await ben.until(lambda: "goes on" in ben.text)
    late = await house.client()
    assert late.text == ann.text == ben.text


async def test_those_who_may_not_edit_fill_no_more_than_half_of_a_document(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann, mallory = await house.client(), await house.client(await house.secret(Role.COMMENTER))
    unseen = mallory.doc.get("comments", type=Text)  # no app shows it, so nobody can delete it
    unseen.insert(0, "x" * 45_000)
    unseen.insert(0, "x" * 10_000)
    await mallory.push()
    await mallory.until_saved()
    assert {(each.reason, each.limit) for each in mallory.refused} == {(Reason.TOO_LARGE, "document_bytes")}
    await ann.write("y" * 45_000)
    await ann.until_saved()
    assert not ann.refused


async def test_the_host_is_told_once_of_a_document_with_too_many_parts_for_suggestions(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ann = await house.client()
    await ann.write("plan")
    await ann.until_saved()
    monkeypatch.setattr(order, "MOST_STRUCTS", 0)
    for _ in range(2):
        sue = await house.client(await house.secret(Role.SUGGESTER))
        sue.body.insert(4, "!", {"insertion": "s"})
        await sue.push()
        await sue.until(lambda sue=sue: sue.refused)
        assert [each.limit for each in sue.refused] == ["document_seconds"]
    await ann.write(" and more")
    await ann.until_saved()
    assert caplog.messages == ["Room room takes no suggestions: its document has too many parts."]
    caplog.clear()


async def test_a_full_document_opens_shrinks_and_takes_text_again(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann = await house.client()
    await ann.write("x" * 99_000)
    await ann.until_saved()
    await ann.write("y" * 5_000)
    await ann.until(lambda: ann.refused)
    await house.stop()
    await house.start()
    ben = await house.client()
    assert ben.text == "x" * 99_000
    del ben.body[:50_000]
    await ben.push()
    await ben.write("z" * 5_000)
    await ben.until_saved()
    assert ben.refused == []
    assert (await house.client()).text == ben.text


async def test_what_a_role_forbids_takes_no_space_from_those_who_may_write(house: House) -> None:
    ann, cleo = await house.client(), await house.client(await house.secret(Role.COMMENTER))
    await ann.write("x" * 1000)
    await ann.until_saved()
    (room,) = house.server._rooms._rooms.values()
    size = room.space.size
    await cleo.write("y" * 1000)
    await cleo.until(lambda: cleo.refused)
    assert room.space.size == size


async def test_what_is_on_its_way_takes_space_also_while_the_whole_document_is_read(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann = await house.client()
    await ann.write("x" * 50_000)
    await ann.until_saved()
    (room,) = house.server._rooms._rooms.values()
    (sender,) = room.participants.clients
    first, second = Client(), Client()
    first.body.insert(0, "y" * 40_000)
    second.body.insert(0, "z" * 40_000)
    assert room.refuses(first.doc.get_update(), Role.EDITOR) is None
    room.submit(sender, 2, first.doc.get_update())
    assert room.document() is not None
    assert room.refuses(second.doc.get_update(), Role.EDITOR) == "document_bytes"


async def test_a_document_cannot_grow_by_parts_that_wait_for_others(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=100_000))
    ann = await house.client()
    lost = Client()
    lost.body.insert(0, "a")
    for _ in range(30):
        before = lost.doc.get_state()
        lost.body.insert(1, "b" * 9_000)
        await ann.send_update(lost.doc.get_update(before))  # builds on the "a" that never came
    await ann.until_saved()
    assert len(ann.refused) == 19 or len(ann.refused) == 20
    assert {refused.limit for refused in ann.refused} == {"document_bytes"}


async def test_a_stock_client_that_cannot_be_told_of_a_full_document_is_closed(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=1000))
    stock = await house.stock()
    await stock.write("x" * 2000)
    assert (await stock.until_closed()).code == Close.DOCUMENT_FULL
    assert (await house.client()).text == ""


async def test_a_question_in_a_full_document_is_still_answered(make_house: MakeHouse) -> None:
    house = await make_house(limits=Limits(document_bytes=10_000))
    ann = await house.client()
    await ann.write("x" * 9_900)
    await ann.write("y" * 900)
    await ann.until(lambda: ann.refused)
    await ann.send(sync_message(Sync.STEP_1, b"\x00"))
    await ann.until(lambda: len(ann.steps) == 2)
    copy = StockClient()
    copy.apply(ann.steps[-1])
    assert copy.text == "x" * 9_900
