"""What tests ask of a real model."""

from __future__ import annotations

from itertools import cycle
from typing import Literal

from cowrite.assist.requests import Chat, Completing, Generation, Lane, Message, Part, Words

Role = Literal["system", "user", "assistant"]

THINGS = ("rain", "sea", "bell", "wind", "crane")


def completing(*parts: Part | str, lane: Lane = Lane.PANEL, tokens: int = 16, **fields: object) -> Generation:
    """A text to be gone on with; a str stands for Words."""
    prompt = Completing(tuple(Words(part) if isinstance(part, str) else part for part in parts))
    return Generation(lane, prompt, tokens, **fields)  # type: ignore[arg-type]  # of a Generation


def asking(*turns: tuple[Role, Part | str], tokens: int = 24, **fields: object) -> Generation:
    """A conversation to be answered; a str stands for Words."""
    messages = (Message(role, (Words(part) if isinstance(part, str) else part,)) for role, part in turns)
    return Generation(Lane.PANEL, Chat(tuple(messages)), tokens, **fields)  # type: ignore[arg-type]  # of a Generation


def story(paragraphs: int) -> list[str]:
    """Paragraphs of some seventeen tokens each."""
    return [
        f"{number}. The {thing} was heard in the harbour, and nobody spoke of it.\n"
        for number, thing in zip(range(paragraphs), cycle(THINGS), strict=False)
    ]
