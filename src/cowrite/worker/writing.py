"""A text that comes token by token: when characters are whole, and where it ends.

Pure Python; runs in the worker, with the engine and without.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from itertools import accumulate

from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import Token
from cowrite.worker.work import Failure

_LOOKED_AT = 2000  # characters from the end in which a pattern is looked for


class Writing:
    """The text so far.

    What may be the beginning of a stop text is held back until it is clear that it is none.

    Attributes:
        text: what is written and not held back.
        tokens: its pieces, one for each token; a token that ends within a character has the character's text in the
            one that completes it.
        is_ended: whether a stop text or the pattern was met.
    """

    def __init__(self, stop: Sequence[str] = (), stop_after: str = "") -> None:
        """Raises:
        Failure: the pattern is none.
        """
        self._stop = tuple(text for text in stop if text)
        try:
            self._pattern = re.compile(stop_after) if stop_after else None
        except re.error as error:
            raise Failure(FailureCode.INTERNAL, f"“{stop_after}” is not a regular expression.") from error
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held: list[Token] = []
        self.text = ""
        self.tokens: list[Token] = []
        self.is_ended = False

    def add(self, piece: bytes, probability: float | None = None) -> list[Token]:
        """Takes in one token's bytes.

        Returns:
            What is clear now.
        """
        return self._take(Token(self._decoder.decode(piece), probability))

    def add_text(self, text: str, probability: float | None = None) -> list[Token]:
        """The same for whole characters."""
        return self._take(Token(text, probability))

    def finish(self) -> list[Token]:
        """Ends the text where nothing else did.

        Returns:
            What was held back.
        """
        rest = self._decoder.decode(b"", final=True)
        if rest:
            self._take(Token(rest))
        return self._release(len(self._held))

    def _take(self, token: Token) -> list[Token]:
        if self.is_ended:
            return []
        self._held.append(token)
        whole = self.text + "".join(held.text for held in self._held)
        if (end := self._end_of(whole, len(whole) - len(token.text))) is not None:
            self.is_ended = True
            return self._cut(end)
        safe = len(whole) - self._doubtful(whole)
        reached = list(accumulate((len(held.text) for held in self._held), initial=len(self.text)))[1:]
        count = 0
        while count < len(reached) and reached[count] <= safe:
            count += 1
        return self._release(count)

    def _end_of(self, whole: str, before: int) -> int | None:
        """Where the text ends, if a stop text or the pattern is in it.

        Args:
            before: its length before the last token.
        """
        ends = []
        for stop in self._stop:
            at = whole.find(stop, max(len(self.text), before - len(stop) + 1))
            if at >= 0:
                ends.append(at)
        if self._pattern is not None:
            for match in self._pattern.finditer(whole, max(0, before - _LOOKED_AT)):
                if match.end() > 0:
                    ends.append(max(match.end(), len(self.text)))
                    break
        return min(ends, default=None)

    def _doubtful(self, whole: str) -> int:
        """How many of the last characters may belong to a stop text."""
        longest = 0
        for stop in self._stop:
            for length in range(min(len(stop) - 1, len(whole)), longest, -1):
                if whole.endswith(stop[:length]):
                    longest = length
                    break
        return longest

    def _cut(self, end: int) -> list[Token]:
        kept = []
        room = end - len(self.text)
        for token in self._held:
            if room <= 0 and token.text:
                break
            kept.append(Token(token.text[:room], token.probability))
            room -= len(token.text)
        self._held = kept
        return self._release(len(kept))

    def _release(self, count: int) -> list[Token]:
        released, self._held = self._held[:count], self._held[count:]
        self.text += "".join(token.text for token in released)
        self.tokens += released
        return released
