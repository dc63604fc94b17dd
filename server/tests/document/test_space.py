"""Space: a document's size is watched without measuring it all the time."""

from __future__ import annotations

from cowrite_server.document.space import Space

INSERTION, DELETION = b"\x01" * 10, b"\x00" * 10


class Measured:
    """A document whose measuring takes a second."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.now = 0.0
        self.times = 0

    def measure(self) -> int:
        """Its size."""
        self.times += 1
        self.now += 1
        return self.size

    def space(self, limit: int, known: int) -> Space:
        """The space that it has."""
        return Space(limit, known, self.measure, lambda: self.now)


def test_a_document_far_from_the_limit_is_never_measured() -> None:
    document = Measured(0)
    space = document.space(1000, 0)
    assert all(space.take(INSERTION) for _ in range(100))
    assert document.times == 0


def test_a_sum_beyond_the_limit_is_corrected_by_measuring() -> None:
    document = Measured(50)  # most of what was written was deleted
    space = document.space(1000, 1000)
    assert space.take(INSERTION)
    assert space.size == 60


def test_a_full_document_takes_deletions_only_and_not_without_end() -> None:
    document = Measured(1000)
    space = document.space(1000, 1000)
    assert not space.take(INSERTION)
    assert sum(space.take(DELETION) for _ in range(100)) == 12


def test_a_full_document_is_not_measured_for_every_update() -> None:
    document = Measured(1000)
    space = document.space(1000, 1000)
    assert not any(space.take(INSERTION) for _ in range(100))
    assert document.times == 1
    document.size, document.now = 500, document.now + 60
    assert space.take(INSERTION)


def test_a_document_that_is_larger_than_a_new_limit_can_be_made_smaller() -> None:
    assert Measured(2000).space(1000, 2000).take(DELETION)
