"""What rewriting makes of a text where a model answers as it is told."""

from __future__ import annotations

from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Model
from cowrite.assist.tasks.outcomes import Written
from cowrite.assist.tasks.rewriting import Rewriting, rewrite
from helpers.played_model import SMALL, PlayedModel, Reply, prompt_files

FILES = prompt_files()
LONG = "The server was slow due to the fact that the disk was almost completely full."
SHORT = "The server was slow because the disk was almost full."
EMPTY = StyleCard()


def rewritten(
    text: str,
    *replies: Reply,
    task: str = "rewrite-plainer",
    model: Model = SMALL,
    card: StyleCard = EMPTY,
    **more: str,
) -> Written:
    played = PlayedModel(*replies, model=model)
    # The other fields that tests name are strings, which mypy cannot tell by their names.
    return played.carry_out(rewrite(model, card, Rewriting(FILES[task], text, **more)))  # type: ignore[arg-type]
