"""Ideas of the starter model: real words, whatever they are, well formed and far from each other."""

from __future__ import annotations

import os

import pytest

from cowrite.assist.engine.asking import ModelFile
from cowrite.assist.prompts.lenses import load_lenses
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.tasks.embedding import likeness, vectors
from cowrite.assist.tasks.expanding import Expanding, expand
from cowrite.assist.text.well_formed import idea_of
from cowrite.commands.model_process import ModelProcess
from cowrite.core.board.similar import VectorLikeness
from cowrite.paths import resources
from helpers.starter_model import starter_model

QUESTION = "How can a sailing club find people who repair its boats?"
THERE = ("Pay a carpenter", "Ask the members")


@pytest.mark.slow
def test_the_starter_has_three_ideas() -> None:
    """That nothing comes again which is there is in `tests/unit/assist/tasks/test_expanding.py`."""
    encoder = os.environ.get("COWRITE_TEST_EMBEDDER", "")
    lenses = load_lenses(resources())
    with ModelProcess(ModelFile(os.fspath(starter_model()), "Starter", context=2048, threads=1)) as process:
        task = Expanding(lenses, QUESTION, there=THERE, encoder=encoder, seed=8)
        ideas = [idea.text for idea in process.carry_out(lambda model: expand(model, StyleCard(), task)).ideas]
        assert len(set(ideas)) == 3
        assert all(idea_of(text, QUESTION) == text for text in ideas)
        if not encoder:
            pytest.skip("COWRITE_TEST_EMBEDDER names no model: how far they are from each other was not looked at")
        rows = process.carry_out(vectors(encoder, [*THERE, *ideas]))
    same = VectorLikeness.thresholds.duplicate
    assert all(likeness(one, other) < same for at, one in enumerate(rows) for other in rows[at + 1 :])
