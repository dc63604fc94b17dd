"""Framing: short messages are taken out of what a client sends, and the library gets the rest as it came."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side, State

from cowrite_server.sockets.framing import Frames, frame

MASK = b"\x01\x02\x03\x04"


def of_client(opcode: Opcode, data: bytes, *, final: bool = True, masked: bool = True) -> bytes:
    """A frame as a client sends it; the library picks a mask of its own."""
    return Frame(opcode, data, final).serialize(mask=masked)


def parted(parts: list[bytes]) -> tuple[list[bytes], bytes, int]:
    """What comes out of bytes that arrive so: messages, what is the library's, and the number of frames."""
    messages: list[bytes] = []
    others: list[bytes] = []
    frames = Frames(lambda message, _: messages.append(message), others.append)
    count = sum(frames.feed(part) for part in parts)
    return messages, b"".join(others), count


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65535, 65536, 100_000])
def test_a_message_of_any_length_is_framed_as_the_library_would(length: int) -> None:
    message = bytes(range(256)) * 400
    assert frame(message[:length]) == Frame(Opcode.BINARY, message[:length]).serialize(mask=False)


def test_short_messages_are_read_here() -> None:
    sent = [of_client(Opcode.BINARY, b"a" * length) for length in (0, 1, 124, 125)]
    assert parted([b"".join(sent)]) == ([b"", b"a", b"a" * 124, b"a" * 125], b"", 4)


def test_it_is_told_of_a_message_whether_nothing_came_with_it() -> None:
    told: list[bool] = []
    frames = Frames(lambda _, is_alone: told.append(is_alone), bytes)
    message, ping = of_client(Opcode.BINARY, b"a"), of_client(Opcode.PING, b"")
    for part in (message, message + message, ping + message, message + message[:1], message[1:]):
        frames.feed(part)
    assert told == [True, False, False, False, False, True]


@pytest.mark.parametrize(
    "other",
    [
        of_client(Opcode.BINARY, b"a" * 126),
        of_client(Opcode.BINARY, b"a" * 70_000),
        of_client(Opcode.TEXT, b"a"),
        of_client(Opcode.PING, b"a"),
        of_client(Opcode.CLOSE, b"\x03\xe8"),
        of_client(Opcode.BINARY, b"a", masked=False),
        b"\xc2\x81" + MASK + b"a",
    ],
    ids=["long", "longer", "text", "ping", "close", "unmasked", "reserved bit"],
)
def test_all_other_frames_are_the_library_s(other: bytes) -> None:
    message = of_client(Opcode.BINARY, b"before and after")
    assert parted([message + other + message]) == ([b"before and after"] * 2, other, 3)


def test_nothing_is_taken_out_of_a_message_in_fragments() -> None:
    begun = of_client(Opcode.BINARY, b"a", final=False)
    ended = of_client(Opcode.CONT, b"b")
    ping = of_client(Opcode.PING, b"")
    wrong = of_client(Opcode.BINARY, b"where a fragment should be")
    assert parted([begun + ping + wrong]) == ([], begun + ping + wrong, 3)
    after = of_client(Opcode.BINARY, b"after")
    assert parted([begun + ping + ended + after]) == ([b"after"], begun + ping + ended, 4)


SENT = st.lists(st.binary(max_size=125) | st.binary(min_size=126, max_size=400), min_size=1, max_size=6)


@given(SENT, st.lists(st.integers(0, 2000)))
def test_messages_arrive_in_order_wherever_the_bytes_are_cut(sent: list[bytes], cuts: list[int]) -> None:
    arrived: list[bytes] = []
    library = Protocol(Side.SERVER, state=State.OPEN)

    def feed_library(data: bytes) -> None:
        library.receive_data(data)
        arrived.extend(bytes(event.data) for event in library.events_received() if isinstance(event, Frame))

    frames = Frames(lambda message, _: arrived.append(message), feed_library)
    whole = b"".join(of_client(Opcode.BINARY, data) for data in sent)
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    count = sum(frames.feed(whole[begin:end]) for begin, end in pairwise(places))
    assert arrived == sent
    assert count == len(sent)
