"""Which part of a Window's paragraphs is in the prompt, where not all of it fits.

Runs in the worker. Keeping the end, the first token that is seen stays where it is for as long as it can: everything
after a token that moves would have to be read anew. Where it must move, it moves on by about a quarter of the context.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from cowrite.assist.requests import Seen

Tokens = Sequence[int]

_HEAD = 16  # tokens by which a place is known again
_NEAR = 8  # paragraphs by which a place may have moved: teammates write above it


@dataclass(frozen=True, slots=True)
class Fitted:
    """What of a window is in the prompt."""

    tokens: tuple[int, ...]
    seen: Seen


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a window begins: which paragraph, which token in it, and the tokens that stood there."""

    paragraph: int
    offset: int
    head: tuple[int, ...]


class WindowFitter:
    """Fits windows of one lane; knows where the last one began.

    Args:
        splits: whether a cut of some tokens before the one at a place goes through a character.
    """

    def __init__(self, splits: Callable[[Tokens, int], bool]) -> None:
        self._splits = splits
        self._last: _Place | None = None

    def fit(
        self,
        paragraphs: Sequence[str],
        tokens_of: Callable[[str], tuple[int, ...]],
        keep: Literal["start", "end"],
        room: int,
        step: int,
    ) -> Fitted:
        """As much as there is room for.

        Args:
            tokens_of: tokens of a paragraph; asked only for those near the kept end.
            room: tokens.
            step: tokens by which the beginning moves on.
        """
        if keep == "start":
            return self._from_start(paragraphs, tokens_of, room)
        return self._to_end(paragraphs, tokens_of, room, step)

    def _from_start(self, paragraphs: Sequence[str], tokens_of: Callable[[str], tuple[int, ...]], room: int) -> Fitted:
        taken: list[int] = []
        total = len(paragraphs)
        for index, paragraph in enumerate(paragraphs):
            tokens = tokens_of(paragraph)
            if len(taken) + len(tokens) > room:
                if len(taken) >= room // 2:
                    return Fitted(tuple(taken), Seen(0, index, total))
                cut = self._whole(tokens, room - len(taken), -1)
                return Fitted((*taken, *tokens[:cut]), Seen(0, index + (cut > 0), total))
            taken += tokens
        return Fitted(tuple(taken), Seen(0, total, total))

    def _to_end(
        self, paragraphs: Sequence[str], tokens_of: Callable[[str], tuple[int, ...]], room: int, step: int
    ) -> Fitted:
        total = len(paragraphs)
        read: dict[int, tuple[int, ...]] = {}
        size = 0
        first = total
        while first > 0 and size <= room:
            first -= 1
            read[first] = tokens_of(paragraphs[first])
            size += len(read[first])
        if size <= room:
            begin, offset = 0, 0
            self._last = None
        elif (kept := self._kept(read, total, room)) is not None:
            begin, offset = kept
        else:
            begin, offset = self._new(read, first, total, room - step, room // 2)
        if size > room:
            self._last = _Place(begin, offset, read[begin][offset : offset + _HEAD]) if begin < total else None
        shown = [token for index in range(begin, total) for token in read[index][offset if index == begin else 0 :]]
        return Fitted(tuple(shown), Seen(begin, total, total))

    def _kept(self, read: dict[int, tuple[int, ...]], total: int, room: int) -> tuple[int, int] | None:
        """Where the last window began, if one that begins there fits and is no less than half of what would."""
        last = self._last
        if last is None:
            return None
        for distance in sorted(range(-_NEAR, _NEAR + 1), key=abs):
            index = last.paragraph + distance
            tokens = read.get(index)
            if tokens is None or not last.head or tokens[last.offset : last.offset + len(last.head)] != last.head:
                continue
            size = sum(len(read[each]) for each in range(index, total)) - last.offset
            if room // 2 <= size <= room:
                return index, last.offset
        return None

    def _new(
        self, read: dict[int, tuple[int, ...]], first: int, total: int, target: int, least: int
    ) -> tuple[int, int]:
        """A beginning with at most `target` tokens behind it: at a paragraph, or within one that is too long."""
        size = 0
        begin = total
        while begin > first and size + len(read[begin - 1]) <= target:
            begin -= 1
            size += len(read[begin])
        if size >= least or begin == first:
            return begin, 0
        begin -= 1
        return begin, self._whole(read[begin], len(read[begin]) - max(0, target - size), 1)

    def _whole(self, tokens: Tokens, at: int, direction: int) -> int:
        """The nearest cut from `at` on, in a direction, that goes through no character."""
        while self._splits(tokens, at):
            at += direction
        return at
