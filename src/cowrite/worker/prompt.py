"""From a Prompt to the tokens that the model reads.

Runs in the worker. Each part is turned into tokens by itself, ours with control tokens and people's without, and the
numbers are joined: no text that a person wrote can open a turn or end one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import Chat, Part, Prompt, Scaffold, Seen, Window, Words
from cowrite.worker.template import Template
from cowrite.worker.vocabulary import Vocabulary
from cowrite.worker.window import WindowFitter
from cowrite.worker.work import Failure

_ANSWER = 0.5  # of the context at most is kept free for what the model writes
_STEP = 0.25  # of the context: how far the beginning of a window moves


@dataclass(frozen=True, slots=True)
class Read:
    """A prompt in tokens, at least one, and which paragraphs of its window are in it."""

    tokens: tuple[int, ...]
    seen: Seen | None


class PromptReader:
    """Turns the prompts of one lane into tokens.

    Args:
        template: None for a model that knows no conversations.
        context: tokens that the lane holds.
    """

    def __init__(self, vocabulary: Vocabulary, template: Template | None, context: int) -> None:
        self._vocabulary = vocabulary
        self._template = template
        self._context = context
        self._fitter = WindowFitter(vocabulary.splits)

    def read(self, prompt: Prompt, answer: int) -> Read:
        """A prompt in tokens, after which there is room for an answer.

        Args:
            answer: tokens that may be written.

        Raises:
            Failure: there is no template, or it refuses; or too much of the prompt may not be left out.
        """
        parts = list(self._of_chat(prompt) if isinstance(prompt, Chat) else prompt.parts)
        windows = [index for index, part in enumerate(parts) if isinstance(part, Window)]
        if len(windows) > 1:
            raise Failure(FailureCode.INTERNAL, "A prompt holds more than one window.")
        at = windows[0] if windows else len(parts)
        before = self._tokens(parts[:at])
        after = self._tokens(parts[at + 1 :], begins=False)
        if before[:2] == self._vocabulary.first * 2:  # the template writes the mark of the beginning itself
            before = before[1:]
        fixed = len(before) + len(after)
        room = self._context - min(answer, int(self._context * _ANSWER)) - fixed
        if fixed >= self._context or (windows and room <= 0):
            raise self._too_long(fixed, self._context)
        seen: Seen | None = None
        middle: tuple[int, ...] = ()
        if windows and isinstance(window := parts[at], Window):
            step = min(int(self._context * _STEP), room // 2)
            fitted = self._fitter.fit(window.paragraphs, self._vocabulary.words, window.keep, room, step)
            middle, seen = fitted.tokens, fitted.seen
        tokens = (*before, *middle, *after)
        if not tokens:
            tokens = self._vocabulary.scaffold("\n", begins=True)
        return Read(tokens, seen)

    def _tokens(self, parts: list[Part], begins: bool = True) -> tuple[int, ...]:
        tokens: list[int] = list(self._vocabulary.first) if begins else []
        for part in parts:
            if isinstance(part, Scaffold):
                tokens += self._vocabulary.scaffold(part.text, begins)
            elif isinstance(part, Words):
                tokens += self._vocabulary.words(part.text, begins)
            begins = False
        return tuple(tokens)

    def _of_chat(self, chat: Chat) -> Iterator[Part]:
        if self._template is None:
            raise Failure(
                FailureCode.TEMPLATE, "This model has no chat template: it only continues texts and answers nothing."
            )
        rendered = self._template.render([message.role for message in chat.messages])
        for text, number in zip(rendered.texts, (*rendered.order, None), strict=True):
            if text:
                yield Scaffold(text)
            if number is not None:
                yield from chat.messages[number].parts
        if chat.begun:
            yield Words(chat.begun)

    @staticmethod
    def _too_long(needed: int, context: int) -> Failure:
        return Failure(
            FailureCode.TOO_LONG,
            f"What the model is asked takes {needed:,} tokens, and it holds {context:,} with its answer. "
            "Give it less at once.",
        )
