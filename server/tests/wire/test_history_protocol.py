"""The messages of history: what is written is read again, and what is none is refused."""

from __future__ import annotations

import random
from functools import partial

import pytest

from cowrite_server.document.ranges import (
    Ranges,
    beyond,
    clamped,
    count_units,
    covers,
    encode_ranges,
    joined,
    read_ranges,
)
from cowrite_server.history.moments import Part, Parts, decode_parts, encode_parts
from cowrite_server.wire.encoding import MalformedMessage, Reader, var_uint
from cowrite_server.wire.history import (
    HistoryReason,
    MomentList,
    MomentSummary,
    Naming,
    OpenedMoment,
    Span,
    VersionName,
    moment_head,
    moments_message,
    name_version_message,
    read_moment,
    read_moments,
    read_naming,
)
from cowrite_server.wire.json_messages import read_refusal, refusal_message
from cowrite_server.wire.protocol import Close, Message
from house import House

NAMED = MomentSummary(12, 5, 5, (7,), 0, 1, VersionName("Sent 🦊", None, 6))
LIST = MomentList((MomentSummary(9, 1, 2, (1, None), 30, 4), NAMED), 3, {1: "Ann", 7: "Bén"})
OPENED = OpenedMoment(12, b"\x00\x00", (Span(3, None), Span(9, 1)))


def content(message: bytes, kind: Message) -> Reader:
    reader = Reader(message)
    assert reader.var_uint() == kind
    return reader


def test_answers_are_read_as_they_were_written() -> None:
    assert read_moments(content(moments_message(5, LIST), Message.MOMENTS)) == (5, LIST)
    assert read_moment(content(moment_head(6, OPENED) + OPENED.document, Message.MOMENT)) == (6, OPENED)
    naming = Naming(12, "", "Sent 🦊")
    read = content(name_version_message(8, naming), Message.NAME_VERSION)
    assert (read.var_uint(), read_naming(read)) == (8, naming)
    refused = refusal_message(Message.HISTORY_REFUSED, 7, HistoryReason.BUSY)
    assert read_refusal(content(refused, Message.HISTORY_REFUSED), HistoryReason) == (7, HistoryReason.BUSY)


@pytest.mark.parametrize("read", [read_moments, read_moment, partial(read_refusal, reasons=HistoryReason)])
@pytest.mark.parametrize("body", [b"", b"\x01", b"\x01\x02{}", b"\x01\x021]", b"\x01\x01\x03[1]\x00"])
def test_what_is_no_answer_is_refused(read, body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read(Reader(body))


@pytest.mark.parametrize("kind", [Message.MOMENTS_GET, Message.MOMENT_GET, Message.RESTORE, Message.NAME_VERSION])
@pytest.mark.parametrize("body", [b"", b"\x01\x01\x01"])
async def test_a_broken_request_ends_the_connection(house: House, kind: Message, body: bytes) -> None:
    ann = await house.client()
    await ann.send(var_uint(kind) + body)
    assert (await ann.until_closed()).code == Close.MALFORMED


async def test_a_stock_client_knows_no_history(house: House) -> None:
    ann = await house.stock()
    await ann.send(var_uint(Message.MOMENTS_GET) + b"\x01")
    assert (await ann.until_closed()).code == Close.MALFORMED


async def test_many_requests_at_once_are_answered_or_refused(house: House) -> None:
    ann = await house.client()
    await ann.write("x")
    for request in range(1, 101):
        await ann.send(var_uint(Message.MOMENTS_GET) + var_uint(request))
    await ann.until(lambda: len(ann.answers_by_request) == 100)
    answers = list(ann.answers_by_request.values())
    assert any(isinstance(answer, MomentList) for answer in answers)
    assert set(map(type, answers)) <= {MomentList, HistoryReason}


# Ranges


def units(ranges: Ranges) -> set[tuple[int, int]]:
    return {(client, clock) for client, found in ranges.items() for at, size in found for clock in range(at, at + size)}


@pytest.mark.parametrize("seed", range(50))
def test_ranges_are_sets_of_units(seed: int) -> None:
    chance = random.Random(seed)

    def some() -> Ranges:
        return {
            client: [(chance.randrange(20), chance.randrange(6)) for _ in range(chance.randrange(6))]
            for client in chance.sample(range(4), 3)
        }

    one, other = some(), some()
    clocks = {client: chance.randrange(25) for client in range(3)}
    assert read_ranges(Reader(encode_ranges(one))) == one
    assert units(joined(one)) == units(one)
    assert count_units(joined(one)) == len(units(one))
    assert units(clamped(one, clocks)) == {(client, at) for client, at in units(one) if at < clocks.get(client, 0)}
    assert units(beyond(one, clocks)) == units(one) - units(clamped(one, clocks))
    assert covers(one, other) == (units(other) <= units(one))
    assert covers(one, joined(one))
    parts: Parts = {None: Part(joined(one), joined(other)), 7: Part()}
    assert decode_parts(encode_parts(parts)) == parts
