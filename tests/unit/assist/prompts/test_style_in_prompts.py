"""The style card goes into every prompt of every task, for models of both tiers."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from cowrite.assist.decisions.deciding import Deciding, decide
from cowrite.assist.prompts.files import Kind
from cowrite.assist.prompts.lenses import load_lenses
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Generation, Model, Scores, Scoring
from cowrite.assist.tasks.answering import Asking, answer
from cowrite.assist.tasks.continuing import Continuing, suggest
from cowrite.assist.tasks.expanding import Expanding, expand
from cowrite.assist.tasks.jobs import Job
from cowrite.assist.tasks.rewriting import Rewriting, rewrite
from cowrite.assist.tasks.writer import Writing
from cowrite.assist.tasks.writing import write
from cowrite.assist.text.guards import Unusable
from cowrite.paths import resources
from helpers.played_model import LARGE, SMALL, USAGE, PlayedModel, prompt_files, wrote

CARD = StyleCard(tone="dry and exact", avoid=("utilise",), samples=("Rain fell on the roof all night.",))
CASES = [
    (name, model)
    for name, file in sorted(prompt_files().files.items())
    for model in (SMALL, LARGE)
    if model.tier in file.templates
]
TEXT = """Ann: The price is the first point. We will keep the price until May.
Ben: I think we should paint the door green. Agreed, the door becomes green.
Ann: Could somebody tell me who writes to the bank about the door and the price?"""


def job_of(name: str, model: Model) -> Job[Any]:
    """A task of cowrite's own with a text that gives the model work."""
    file = prompt_files()[name]
    if file.kind is Kind.CONTINUE:
        return suggest(model, CARD, Continuing(file, TEXT))
    if file.kind is Kind.ASK:
        return answer(model, CARD, Asking(file, TEXT, "Which colour has the door?"))
    if file.kind is Kind.DECIDE:
        return decide(model, CARD, Deciding(file, TEXT, "What was decided about the door?"))
    if file.kind is Kind.REWRITE:
        return rewrite(model, CARD, Rewriting(file, TEXT, "Make it a song", "German"))
    text = "- keep the price until May\n- paint the door" if name == "draft" else TEXT  # of sentences nothing is asked
    return write(model, CARD, Writing(file, text, "a customer"))


def plays(step: Any) -> Any:
    """Something near enough to the text that a task goes through all of its steps."""
    if isinstance(step, Scoring):
        return Scores((-5.0,) * len(step.candidates), (1,) * len(step.candidates), USAGE)
    return wrote("We keep the price until may.", *[0.9] * 6)


def carried_out(job: Job[Any], model: Model) -> PlayedModel:
    """The model after a task, whatever came of it."""
    played = PlayedModel(plays, model=model)
    with contextlib.suppress(Unusable):
        played.carry_out(job)
    return played


@pytest.mark.parametrize(("name", "model"), CASES)
def test_the_style_card_is_in_every_prompt_of_a_task(name: str, model: Model) -> None:
    prompts = carried_out(job_of(name, model), model).prompts
    assert prompts
    for prompt in prompts:
        assert "Tone: dry and exact. Words to avoid: utilise." in prompt
        assert "Rain fell on the roof all night." in prompt


@pytest.mark.parametrize("name", ["ask", "decisions", "describe", "outline", "rewrite-correct", "summarise", "title"])
def test_what_a_small_model_only_judges_it_judges_with_the_card_too(name: str) -> None:
    steps = carried_out(job_of(name, SMALL), SMALL).steps
    assert any(isinstance(step, Scoring) for step in steps)


@pytest.mark.parametrize("model", [SMALL, LARGE])
def test_the_style_card_is_in_every_prompt_for_ideas(model: Model) -> None:
    lenses = load_lenses(resources())
    played = carried_out(expand(model, CARD, Expanding(lenses, "How do we get a green door?")), model)
    assert any(isinstance(step, Generation) for step in played.steps)
    assert all("Rain fell on the roof all night." in prompt for prompt in played.prompts)


@pytest.mark.parametrize("name", ["rewrite-plainer", "rewrite-own"])
def test_a_small_model_that_gives_a_sample_paragraph_back_is_not_shown(name: str) -> None:
    played = PlayedModel(CARD.samples[0])
    task = Rewriting(prompt_files()[name], "It fell on the roof of the house all night.")
    with pytest.raises(Unusable):
        played.carry_out(rewrite(SMALL, CARD, task))
    assert played.carry_out(rewrite(SMALL, StyleCard(), task)).text == CARD.samples[0]
