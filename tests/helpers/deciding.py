"""Texts in which something is decided, and what is found in them with a played model."""

from __future__ import annotations

from cowrite.assist.decisions.deciding import Deciding, decide
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Generation, Model, Scores, Scoring
from cowrite.assist.tasks.choosing import NOTHING
from cowrite.assist.tasks.outcomes import DecisionSummary
from helpers.played_model import SMALL, USAGE, PlayedModel, Reply, prompt_files, text_of

FILE = prompt_files()["decisions"]
TALK = (
    "Anna: 🎬 Good morning, who has looked at the case?\n"
    "Ben: I think we should use rubber for the case, because it is cheap.\n"
    "Anna: Okay, so we'll go with rubber for the case. Ben will order samples by Friday.\n"
    "Ben: Fine.\n"
    "Carla: And the battery?\n"
    "Anna: We still need to decide on the battery.\n"
    "Ben: We agreed that the launch is on 14 June.\n"
)
NOTES = (
    "# Notes\n\nAfter a long talk we decided to move the launch to 14 June. Maria Lopez will tell the customers.\n\n"
    "Whether we print a catalogue is still open.\n"
)


def sure(step: Generation | Scoring) -> Scores:
    """A model that finds every sentence to decide something."""
    return Scores((-30.0 if NOTHING in text_of(step.prompt) else -20.0,), (9,), USAGE)


def doubting(step: Generation | Scoring) -> Scores:
    """A model that finds no sentence to decide anything."""
    return Scores((-10.0 if NOTHING in text_of(step.prompt) else -20.0,), (9,), USAGE)


def found_in(
    text: str, question: str = "", reply: Reply = sure, model: Model = SMALL, says: Reply = ""
) -> tuple[DecisionSummary, PlayedModel]:
    """What is found with a model that does as a reply says; where that is no text, it writes what it `says`, and one
    that writes that text is sure of it."""

    def answered(step: Generation | Scoring) -> Reply:
        if isinstance(reply, str):
            return reply if isinstance(step, Generation) else sure(step)
        chosen = says if isinstance(step, Generation) else reply
        return chosen(step) if callable(chosen) else chosen

    played = PlayedModel(answered, model=model)
    summary = played.carry_out(decide(model, StyleCard(), Deciding(FILE, text, question)))
    for decision in summary.found:
        assert decision.quotes
        assert all(text[quote.start : quote.end] == quote.text for quote in decision.quotes)
    return summary, played


def long_talk() -> str:
    """Four places, far from each other, where the logo is talked about: the first most."""
    rows = []
    for place in range(4):
        rows += [f"Ben: Well, item {place} on cheese and trains number {n} takes some time to tell." for n in range(40)]
        rows += [f"Anna: The logo could be on the front, as version {place} says."] * (3 if place == 1 else 1)
    return "\n".join(rows) + "\n"
