"""Guesses what comes next by looking where the last words stood before.

Pure Python; runs in the worker. Where most of a text stands in the prompt already, several tokens are read at once,
and those that the model would not have written are forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

_LENGTH = 3  # tokens that must stand there the same
_MOST = 4  # tokens guessed at once
_TRIAL = 24  # guessed tokens, after which it is asked whether guessing pays
_PAYS = 0.4  # part of the guessed tokens that must be right


class Lookup:
    """What stood after what, in a prompt and the text that is written after it.

    Attributes:
        is_on: whether guessing pays; once it does not, it stays off.
    """

    def __init__(self, prompt: Sequence[int]) -> None:
        self._tokens: list[int] = []
        self._after: dict[tuple[int, ...], int] = {}
        self._before: dict[tuple[int, ...], int] = {}
        self._guessed = 0
        self._right = 0
        self.is_on = True
        for token in prompt:
            self.add(token)

    def add(self, token: int) -> None:
        """One more token of the text."""
        self._tokens.append(token)
        if len(self._tokens) >= _LENGTH:
            last = tuple(self._tokens[-_LENGTH:])
            if (known := self._after.get(last)) is not None:
                self._before[last] = known
            self._after[last] = len(self._tokens)

    def ahead(self, most: int) -> tuple[int, ...]:
        """What followed the last time that the last tokens stood somewhere; nothing where they never did.

        Args:
            most: tokens that are wanted.
        """
        if not self.is_on:
            return ()
        place = self._before.get(tuple(self._tokens[-_LENGTH:]))
        return () if place is None else tuple(self._tokens[place : place + max(0, min(most, _MOST))])

    def learn(self, right: int, guessed: int) -> None:
        """How many tokens of a guess were right."""
        self._right += right
        self._guessed += guessed
        if self._guessed >= _TRIAL and self._right < self._guessed * _PAYS:
            self.is_on = False
