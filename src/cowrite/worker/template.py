"""A model's own chat template: from messages to the text around them.

Runs in the worker. A template is a program in the model's file: it runs in Jinja's sandbox, and it never sees what
people wrote. In the place of each message's words stands a mark; the words' tokens go there afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cowrite.assist.engine.wire import FailureCode
from cowrite.worker.work import Failure

_NOW = datetime(2024, 7, 26)  # noqa: DTZ001 - a date in the head that changed would cost the reading of the whole prompt
_LONGEST = 200  # characters of a reason
_MARK = "WordsOfMessage{}End"
_MARKS = re.compile(_MARK.format(r"(\d+)"))
_PAST_THINKING = (
    (re.compile(r"<think>\s*\Z"), "<think>\n\n</think>\n\n"),
    (re.compile(r"<\|start\|>assistant\Z"), "<|start|>assistant<|channel|>final<|message|>"),
)
"""How the answer is begun for a model that would think first, whatever it is told: what it thinks is no answer, and
takes the room of one."""


class _Generation(Extension):
    """The tag `generation`, by which templates mark for training what a model writes: its content stands as it is.

    Source: utils/chat_template_utils.py of Hugging Face's transformers.
    """

    tags = {"generation"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A conversation as the template sets it.

    Attributes:
        texts: what stands before, between and after the messages; one more than `order`.
        order: which messages' words stand there, by their numbers; a system message that moved into the first turn
            of the user stands before it.
    """

    texts: tuple[str, ...]
    order: tuple[int, ...]


class Template:
    """The chat template of one model.

    Args:
        source: the template.
        beginning: how the mark of the beginning is written.
        ending: the same of the end.
    """

    def __init__(self, source: str, beginning: str, ending: str) -> None:
        """Raises:
        Failure: it is no template, or sets no conversation of one turn.
        """
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation]
        )
        environment.filters["tojson"] = _as_json
        environment.globals.update(raise_exception=_refuse, strftime_now=_NOW.strftime)
        self._words = {"bos_token": beginning, "eos_token": ending}
        try:
            self._template = environment.from_string(source)
        except jinja2.TemplateError as error:
            raise _failure(f"cannot be read: {error}") from error
        self.render(["user"])

    def render(self, roles: Sequence[str]) -> Rendered:
        """Sets a conversation whose messages have these roles, up to where the answer begins.

        Raises:
            Failure: the template refuses it, or leaves a message out.
        """
        try:
            return self._rendered([[number] for number in range(len(roles))], roles)
        except Failure:
            if "user" not in roles or roles[0] != "system":
                raise
        # Without a role for the system, its words go to the head of the user's first turn.
        user = list(roles).index("user")
        groups = [[0, number] if number == user else [number] for number in range(1, len(roles))]
        return self._rendered(groups, roles[1:])

    def _rendered(self, groups: Sequence[Sequence[int]], roles: Sequence[str]) -> Rendered:
        messages = [
            {"role": role, "content": "\n\n".join(_MARK.format(number) for number in group)}
            for role, group in zip(roles, groups, strict=True)
        ]
        try:
            text = self._template.render(
                messages=messages, add_generation_prompt=True, enable_thinking=False, tools=None, **self._words
            )
        except Exception as error:  # a template may stumble over anything
            raise _failure(f"refuses this conversation: {error}") from error
        for thinking, answering in _PAST_THINKING:
            text = thinking.sub(answering, text)
        parts = _MARKS.split(text)
        order = tuple(int(number) for number in parts[1::2])
        if sorted(order) != sorted(number for group in groups for number in group):
            raise _failure("leaves some of this conversation out")
        return Rendered(tuple(parts[::2]), order)


def _failure(what: str) -> Failure:
    printable = "".join(letter if letter.isprintable() else " " for letter in what[:_LONGEST])  # words of the file
    return Failure(FailureCode.TEMPLATE, f"The chat template of this model {printable.rstrip('. ')}.")


def _refuse(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)


def _as_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
