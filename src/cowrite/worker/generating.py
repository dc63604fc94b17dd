"""Writes a text with the model of this computer: reads the prompt, then draws token after token.

Runs in the worker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cowrite.assist.requests import Completion, Ending, Generation, Token, Usage
from cowrite.worker.grammar import Grammar, source_of
from cowrite.worker.lane import MAX_ROWS, LaneContext
from cowrite.worker.lookup import Lookup
from cowrite.worker.prompt import Read
from cowrite.worker.sampler import Row, Sampler, probability
from cowrite.worker.vocabulary import Vocabulary
from cowrite.worker.work import Cancelled, Reporter
from cowrite.worker.writing import Writing


class Generating:
    """One Generation in one lane.

    Args:
        read: its prompt.
        begun: when it was taken up, on the clock.
    """

    def __init__(
        self,
        generation: Generation,
        read: Read,
        lane: LaneContext,
        vocabulary: Vocabulary,
        report: Reporter,
        begun: float,
        clock: Callable[[], float],
    ) -> None:
        """Raises:
        Failure: there is no such grammar, or the pattern is none.
        """
        self._generation = generation
        self._read = read
        self._lane = lane
        self._vocabulary = vocabulary
        self._report = report
        self._clock = clock
        self._begun = begun
        self._first: float | None = None
        self._count = 0
        self._reused = 0
        self._evaluated = 0
        self._writing = Writing(generation.stop, generation.stop_after)
        grammar = Grammar(vocabulary, source_of(generation.grammar)) if generation.grammar else None
        self._sampler = Sampler(vocabulary, generation.sampling, grammar, read.tokens)

    def run(self) -> Completion:
        """Writes until the end.

        Raises:
            Failure: it cannot be written.
        """
        try:
            ending = self._write()
        except Cancelled:
            ending = Ending.CANCELLED
        finally:
            self._sampler.close()
        if not self._writing.is_ended:
            self._show(self._writing.finish())
        tokens = tuple(self._writing.tokens)
        now = self._clock()
        usage = Usage(
            prompt_tokens=len(self._read.tokens),
            reused=self._reused,
            evaluated=self._evaluated,
            generated=self._count,
            seconds_to_first_token=None if self._first is None else self._first - self._begun,
            seconds=now - self._begun,
        )
        return Completion(self._writing.text, tokens, ending, self._read.seen, usage)

    def _write(self) -> Ending:
        prompt, lane = self._read.tokens, self._lane
        self._reused = lane.turn_to(prompt)
        lane.read(prompt[self._reused :], self._progress)
        if self._generation.max_tokens <= 0:
            return Ending.LENGTH
        lookup = Lookup(prompt) if self._generation.is_copying and lane.rewinds else None
        token, ending = self._next(lane.row(), lookup)
        while ending is None:
            draft = lookup.ahead(self._most_ahead()) if lookup is not None else ()
            if lookup is not None and draft and lane.is_even(prompt[-MAX_ROWS:]):
                token, ending = self._check(token, draft, lookup)
            else:
                lane.add(token)
                token, ending = self._next(lane.row(), lookup)
        return ending

    def _check(self, token: int, draft: Sequence[int], lookup: Lookup) -> tuple[int, Ending | None]:
        """Reads a token and those that are guessed to follow, and draws for as long as the guess is right."""
        lane = self._lane
        kept = len(lane.tokens) + 1
        lane.look_ahead((token, *draft))
        right = 0
        while True:
            token, ending = self._next(lane.row(right), lookup)
            if ending is not None or right == len(draft) or token != draft[right]:
                break
            right += 1
        lookup.learn(right, len(draft))
        lane.forget(kept + right)
        return token, ending

    def _next(self, row: Row, lookup: Lookup | None) -> tuple[int, Ending | None]:
        """Draws a token and writes it down; with why the text ends with or before it, if it does."""
        token = self._sampler.draw(row)
        if self._first is None:
            self._first = self._clock()
        if self._vocabulary.is_command(token):
            return token, Ending.STOP
        if lookup is not None:
            lookup.add(token)
        self._count += 1
        likely = probability(row, token) if self._generation.scored else None
        self._show(self._writing.add(self._vocabulary.piece(token), likely))
        if self._writing.is_ended:
            return token, Ending.STOP
        return token, Ending.LENGTH if self._left() <= 0 else None

    def _left(self) -> int:
        """Tokens that may still be written."""
        in_lane = self._lane.size - len(self._read.tokens) - self._count
        return min(self._generation.max_tokens - self._count, in_lane)

    def _most_ahead(self) -> int:
        return self._left() - 1

    def _progress(self, done: int) -> None:
        self._evaluated = done
        self._report.prefill(self._reused + done, len(self._read.tokens))

    def _show(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.text:
                self._report.token(token)
