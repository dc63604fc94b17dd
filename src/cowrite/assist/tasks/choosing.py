"""Chooses among texts by what the model finds likely, where it is too small to be trusted with writing.

Runs anywhere. The gain of a piece is how much likelier it makes another text than a piece that says nothing: with a
question as that text this is the query likelihood by which passages are ranked (Sachan et al., "Improving Passage
Retrieval with Zero-Shot Question Generation", 2022); with the rest of a text it is the pointwise mutual information
of a sentence with what stands around it.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from cowrite.assist.prompts.files import Template
from cowrite.assist.prompts.prompting import filled, parts_of
from cowrite.assist.requests import Completing, Lane, Scoring
from cowrite.assist.tasks.jobs import Answer, Step, score
from cowrite.assist.tasks.outcomes import Tally

NOTHING = "..."  # stands for a piece that says nothing
MOST_JUDGED = 1200  # characters: what a piece is judged by need not be long


def gains(
    template: Template, pieces: Sequence[Mapping[str, str]], slots: Mapping[str, str], tally: Tally
) -> Generator[Step, Answer, list[float]]:
    """The gain of each piece, in nats.

    Args:
        template: has `judging` and `judged`.
        pieces: for each the slot `piece`, and `rest` where `judged` has it.
        slots: those of the task.
        tally: counts what it takes.
    """
    found: list[float] = []
    known: dict[str, float] = {}
    for piece in pieces:
        judged = filled(template.judged, {**slots, **piece})
        if judged not in known:
            known[judged] = yield from likelihood(template, {**slots, "piece": NOTHING}, judged, tally)
        found.append((yield from likelihood(template, {**slots, **piece}, judged, tally)) - known[judged])
    return found


def likelihood(
    template: Template, slots: Mapping[str, str], judged: str, tally: Tally
) -> Generator[Step, Answer, float]:
    """How likely a text is after `judging` with these slots, in nats."""
    prompt = Completing(parts_of(template.judging, template, slots))
    scores = yield from score(Scoring(Lane.PANEL, prompt, (judged[:MOST_JUDGED],)))
    tally.add(scores)
    return scores.log_probabilities[0]
