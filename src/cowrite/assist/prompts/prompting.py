"""Makes prompts of templates: fills the slots, with everything that people wrote as Words, never as control tokens.

Runs anywhere. A line of a template that is a slot and nothing else is left out where there is nothing to put in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cowrite.assist.prompts.files import PIECE, WINDOWS, Template, split_slots
from cowrite.assist.requests import (
    Chat,
    Completing,
    Generation,
    Lane,
    Message,
    Model,
    Part,
    Prompt,
    Sampling,
    Scaffold,
    Tier,
    Window,
    Words,
)

SPARE_TOKENS = 24  # above `length` times what was given
_ALONE = re.compile(r"[0-9!-/:-@\[-`{-~]")
"""Digits and signs of ASCII: most models read each by itself, so a table of numbers has far more tokens than prose."""
BYTES_PER_TOKEN = 3  # of UTF-8, on the safe side: English has four, other scripts three or fewer


def tokens_of(text: str) -> int:
    """About how many tokens a text has; seldom fewer than it really has."""
    alone = len(_ALONE.findall(text))
    return alone + (len(text.encode("utf-8", "surrogatepass")) - alone) // BYTES_PER_TOKEN + 1


def prompt_of(template: Template, tier: Tier, slots: Mapping[str, str]) -> Prompt:
    """A template as a prompt.

    Args:
        template: of that tier.
        tier: the small tier goes on with a text, the chat tier answers in a conversation.
        slots: what goes into the slots; an absent one is empty.
    """
    if tier is Tier.SMALL:
        return Completing(parts_of(template.prompt, template, slots))
    turns = [Message("user", parts_of(template.prompt, template, slots))]
    if template.system.strip():
        turns.insert(0, Message("system", parts_of(template.system, template, slots)))
    return Chat(tuple(turns), template.begun)


def parts_of(text: str, template: Template, slots: Mapping[str, str]) -> tuple[Part, ...]:
    """The parts of a prompt from a template's text. Neighbours of one kind are one part: they are read as one text."""
    found: list[Part] = []
    for number, piece in enumerate(split_slots(_without_empty_lines(text, slots))):
        if number % 2 and piece in WINDOWS:
            found.append(Window(paragraphs_of(slots.get(piece, ""))))
            continue
        if number % 2 and piece == PIECE:
            found.append(Window((slots.get(piece, ""),), keep="start"))  # a sentence may be longer than the context
            continue
        kind = Words if number % 2 or not template.is_ours else Scaffold
        words = slots.get(piece, "") if number % 2 else piece
        if not words:
            continue
        if found and isinstance(found[-1], kind):
            found[-1] = kind(found[-1].text + words)
        else:
            found.append(kind(words))
    return tuple(found)


def filled(text: str, slots: Mapping[str, str]) -> str:
    """A template's text with the slots filled, as one text."""
    return "".join(slots.get(piece, "") if number % 2 else piece for number, piece in enumerate(split_slots(text)))


def _without_empty_lines(text: str, slots: Mapping[str, str]) -> str:
    lines = text.split("\n")
    return "\n".join(line for line in lines if not _is_empty_slot(line, slots))


def _is_empty_slot(line: str, slots: Mapping[str, str]) -> bool:
    pieces = split_slots(line)
    return len(pieces) == 3 and not pieces[0].strip() and not pieces[2].strip() and not slots.get(pieces[1], "")


def paragraphs_of(text: str) -> tuple[str, ...]:
    """A text as the paragraphs of a Window, each with the line break that ends it."""
    return tuple(text.splitlines(keepends=True))


def generation_of(
    template: Template,
    model: Model,
    slots: Mapping[str, str],
    *,
    given: str,
    seed: int = 0,
    is_shown: bool = True,
    tier: Tier | None = None,
) -> Generation:
    """Asks for one piece, for the panel.

    Args:
        template: of the tier.
        model: which is asked.
        slots: what goes into the slots.
        given: the words that are worked on; with the template's `length` they bound the answer.
        seed: for the draw.
        is_shown: whether a person watches it being written.
        tier: how the model is asked; None for its own.
    """
    most = template.max_tokens
    if template.length:
        most = min(most, int(template.length * tokens_of(given)) + SPARE_TOKENS)
    return Generation(
        lane=Lane.PANEL,
        prompt=prompt_of(template, tier or model.tier, slots),
        max_tokens=most,
        stop=template.stop,
        stop_after=template.stop_after,
        sampling=Sampling(temperature=template.temperature, seed=seed),
        is_copying=template.is_copying,
        is_shown=is_shown,
    )
