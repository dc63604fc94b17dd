"""What a client has not taken yet: how much of it is where, in which order it goes, and for whom it is let go of."""

from __future__ import annotations

import asyncio

from cowrite_server.sockets.outbox import Outbox
from cowrite_server.sockets.unsent import Unsent

MARK = 64 * 1024
SLICE = 128 * 1024
ANSWER = bytes(range(256)) * 4000


class Pipe(asyncio.Transport):
    """A connection whose buffer somebody drains by hand."""

    def __init__(self, unsent: Unsent) -> None:
        super().__init__()
        self.outbox = Outbox(self, unsent, self.abort)
        self.buffer = bytearray()
        self.sent = bytearray()
        self.most = 0
        self.ended = self.aborted = False

    def write(self, data: bytes) -> None:
        """Into the buffer."""
        self.buffer += data
        self.most = max(self.most, len(self.buffer))
        if len(self.buffer) > MARK:
            self.outbox.filled()

    def drain(self) -> None:
        """The client reads what is in the buffer."""
        self.sent += self.buffer
        self.buffer.clear()
        self.outbox.drained()

    def can_write_eof(self) -> bool:
        """It can be said that this is the end."""
        return True

    def write_eof(self) -> None:
        """This is the end."""
        self.ended = True

    def is_closing(self) -> bool:
        """Whether it was cut."""
        return self.aborted

    def abort(self) -> None:
        """Cuts it."""
        self.aborted = True


def test_a_long_answer_goes_in_slices_and_before_all_that_comes_later() -> None:
    pipe = Pipe(Unsent(1 << 30))
    pipe.outbox.write(b"head")
    pipe.outbox.write(ANSWER)
    pipe.outbox.write(b"an update")
    pipe.outbox.write(b"goodbye")
    pipe.outbox.end()
    while pipe.outbox.size:
        assert not pipe.ended
        pipe.drain()
    pipe.drain()
    assert pipe.sent == b"head" + ANSWER + b"an update" + b"goodbye"
    assert pipe.ended
    assert pipe.most <= MARK + SLICE


async def test_an_answer_that_many_wait_for_counts_once_and_who_takes_nothing_is_cut_for_another() -> None:
    unsent = Unsent(len(ANSWER) * 3 // 2)
    silent, slow, third = Pipe(unsent), Pipe(unsent), Pipe(unsent)
    for each in (slow, silent):
        each.outbox.write(ANSWER)
    slow.drain()
    third.outbox.write(bytes(len(ANSWER) // 2))
    await asyncio.sleep(0)
    assert not silent.aborted  # all is kept that may be, and no more
    third.outbox.write(bytes(len(ANSWER)))
    await asyncio.sleep(0)
    assert silent.aborted
    assert slow.aborted  # they waited for the same
    assert not third.aborted
    assert not silent.outbox.size


async def test_of_many_on_slow_lines_those_come_to_an_end_who_have_taken_most() -> None:
    unsent = Unsent(2 * len(ANSWER))
    first = Pipe(unsent)
    first.outbox.write(ANSWER)
    first.drain()
    late = [Pipe(unsent) for _ in range(5)]
    for number, each in enumerate(late):  # each of another state of the document
        each.outbox.write(bytes(len(ANSWER) - number))
        await asyncio.sleep(0)
        first.drain()
    assert [each.aborted for each in late] == [True, True, True, True, False]
    while first.outbox.size:
        first.drain()
    first.drain()
    assert bytes(first.sent[-9:]) == ANSWER[-9:]
    assert len(first.sent) == len(ANSWER)


async def test_what_is_sent_in_parts_counts_until_the_last_one_is_sent() -> None:
    unsent = Unsent(len(ANSWER))
    one, another, third = Pipe(unsent), Pipe(unsent), Pipe(unsent)
    with one.outbox.keeping(ANSWER):
        with another.outbox.keeping(bytes(len(ANSWER))):
            await asyncio.sleep(0)
        assert (one.aborted, another.aborted) == (True, False)
    with third.outbox.keeping(ANSWER):
        await asyncio.sleep(0)
    assert not another.aborted


def test_one_who_asks_for_more_than_may_be_kept_gets_it_all_the_same() -> None:
    pipe = Pipe(Unsent(1))
    pipe.outbox.write(ANSWER)
    while pipe.outbox.size:
        pipe.drain()
    pipe.drain()
    assert pipe.sent == ANSWER
    assert not pipe.aborted
