"""The way through a document's moments: what is asked for, what is kept, where one is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cowrite.sync.history_questions import HistoryProblem
from cowrite.sync.timeline import Timeline
from cowrite_server.wire.history import HistoryReason, MomentSummary, OpenedMoment, Span


def summaries(*seqs: int) -> list[MomentSummary]:
    return [MomentSummary(seq, seq * 1000, seq * 1000 + 500, (1,), 10, 0) for seq in seqs]


def opened(seq: int, size: int = 100) -> OpenedMoment:
    return OpenedMoment(seq, bytes(size), (Span(1, 1),))


class Server:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.timeline: Timeline

    def answer(self, size: int = 100) -> None:
        self.timeline.take(opened(self.asked[-1], size))

    def settle(self, size: int = 100) -> None:
        """Answers until nothing more is asked."""
        answered = -1
        while len(self.asked) != answered:
            answered = len(self.asked)
            self.answer(size)


@pytest.fixture
def begin() -> Callable[..., Server]:
    def begin(*seqs: int, **options: int) -> Server:
        server = Server()
        server.timeline = Timeline(server.asked.append, **options)
        server.timeline.show(summaries(*seqs))
        return server

    return begin


def test_it_begins_with_the_newest_moment_and_fetches_the_one_before_to_tell_what_is_new(begin):
    server = begin(3, 5, 9)
    assert server.asked == [9]
    server.answer()
    assert server.timeline.opened == opened(9)
    assert server.timeline.before is None
    assert server.asked == [9, 5]
    server.answer()
    assert server.timeline.before == opened(5)
    assert server.timeline.moments == tuple(summaries(3, 5, 9))


def test_of_a_hundred_moments_that_are_dragged_over_only_the_last_one_is_asked_for(begin):
    server = begin(*range(1, 101))
    for index in range(99, 9, -1):
        server.timeline.go_to(index)
    assert server.asked == [100]
    server.answer()
    server.answer()
    server.answer()
    assert server.asked == [100, 10 + 1, 10]


def test_what_was_opened_is_not_asked_for_again(begin):
    server = begin(3, 5, 9)
    server.settle()
    server.timeline.go_to(1)
    server.settle()
    asked = list(server.asked)
    for index in (2, 0, 1, 2):
        server.timeline.go_to(index)
        assert server.timeline.opened is not None
    assert server.asked == asked


def test_opened_moments_are_kept_up_to_a_number_of_bytes_the_latest_seen_first(begin):
    server = begin(1, 2, 3, 4, 5, 6, most_bytes=3000)
    for index in range(5, -1, -1):
        server.timeline.go_to(index)
        server.settle(size=900)
        assert server.timeline.kept_bytes <= 3000
    assert sorted(server.asked) == [1, 2, 3, 4, 5, 6]
    server.timeline.go_to(2)
    assert server.timeline.opened is not None
    server.timeline.go_to(5)
    assert server.asked[-1] == 6


def test_a_moment_larger_than_all_room_is_shown_all_the_same(begin):
    server = begin(1, 2, most_bytes=10)
    server.settle(size=1000)
    assert server.timeline.opened is not None
    assert server.timeline.before is not None


def test_a_moment_that_cannot_be_had_is_not_asked_for_again_before_the_list_is_new(begin):
    server = begin(3)
    problem = HistoryProblem(HistoryReason.UNREADABLE)
    server.timeline.fail(problem)
    assert server.timeline.problem is problem
    server.timeline.go_to(0)
    assert server.asked == [3]
    server.timeline.show(summaries(3))
    assert server.timeline.problem is None
    assert server.asked == [3, 3]


def test_the_place_stays_when_the_list_grows_and_the_newest_moment_is_followed_while_it_grows(begin):
    server = begin(3, 5, 9)
    server.timeline.go_to(1)
    server.timeline.show(summaries(3, 5, 9, 12))
    assert server.timeline.at == 1
    server.timeline.go_to(3)
    server.timeline.show(summaries(3, 5, 9, 14, 20))
    assert server.timeline.moment == summaries(14)[0]


def test_a_place_beyond_the_ends_is_the_end_and_without_moments_there_is_none(begin):
    server = begin(3, 5)
    server.timeline.go_to(-7)
    assert server.timeline.at == 0
    server.timeline.go_to(99)
    assert server.timeline.at == 1
    empty = begin()
    empty.timeline.go_to(3)
    assert empty.timeline.at == -1
    assert empty.timeline.opened is empty.timeline.before is empty.timeline.moment is empty.timeline.problem is None
    assert empty.asked == []


def test_the_newest_moment_is_compared_with_what_was_there_at_a_time_until_another_one_is_wanted(begin):
    server = begin(3, 5, 9, 12)
    timeline = server.timeline
    timeline.go_to(0)
    timeline.compare(5_500)
    server.settle()
    assert (timeline.opened, timeline.before) == (opened(12), opened(5))
    timeline.show(summaries(3, 5, 9, 12, 14))
    assert timeline.is_compared
    assert (timeline.opened, timeline.before) == (opened(12), opened(5))
    timeline.go_to(3)
    server.settle()
    assert not timeline.is_compared
    assert timeline.before == opened(9)
    timeline.compare(0)
    server.settle()
    assert (timeline.opened, timeline.before) == (opened(14), opened(3))
    timeline.compare(3_200)  # within the first one
    assert (timeline.opened, timeline.before, timeline.has_earlier) == (opened(14), None, False)


def test_the_newest_moment_is_compared_with_a_chosen_one(begin):
    server = begin(3, 5, 9)
    server.settle()
    server.timeline.go_to(0)
    server.timeline.compare_with(3)
    server.settle()
    assert (server.timeline.opened, server.timeline.before) == (opened(9), opened(3))
    assert server.timeline.is_compared
    server.timeline.go_to(0)
    assert not server.timeline.is_compared
