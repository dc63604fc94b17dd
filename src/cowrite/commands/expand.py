"""The command `cowrite assist expand`: ideas for a question, without the window; no Qt."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cowrite.assist.prompts.lenses import load_lenses
from cowrite.assist.prompts.style_card import read_style_card
from cowrite.assist.requests import Model
from cowrite.assist.tasks.expanding import AT_ONCE, Expanded, Expanding, expand
from cowrite.assist.tasks.jobs import Job
from cowrite.assist.text.sentences import lines
from cowrite.commands.model_choice import source_of
from cowrite.commands.model_process import model_at_work
from cowrite.commands.terminal import carried_out, text_of
from cowrite.models.shelf import encoder_in_use
from cowrite.models.store import ModelStore
from cowrite.paths import Paths, resources

MOST = 50  # ideas
_BULLET = re.compile(r"^(?:[-*•]|\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the command prints.

    Attributes:
        compared_by: the model by which ideas were compared; empty for their letters.
        seconds: that it took with the model loaded.
    """

    expanded: Expanded
    model: Model
    compared_by: str
    seconds: float


def main(argv: Sequence[str]) -> int:
    """Carries out `cowrite assist expand …`: 0 when it was done, 1 when it could not be, 2 on wrong use."""
    parser = _parser()
    arguments = parser.parse_intermixed_args(argv)
    if not 0 <= arguments.seed < 2**31:
        parser.error("--seed must be from 0 to 2147483647")
    if not 1 <= arguments.count <= MOST:
        parser.error(f"--count must be from 1 to {MOST}")
    if arguments.question and arguments.file:
        parser.error("the question is either in --question or in FILE")
    return carried_out(lambda: _print(arguments, _carry_out(arguments, Paths.of(os.environ))))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "cowrite assist", description="Lets a model on this computer find ideas for a question, far from each other."
    )
    parser.add_argument("task", metavar="expand", choices=["expand"], help="this task")
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="the question, in UTF-8; without it, or with -, standard input"
    )
    parser.add_argument("--question", default="", help="the question, in the place of FILE")
    parser.add_argument("--count", type=int, default=AT_ONCE, metavar="N", help=f"how many ideas (default {AT_ONCE})")
    parser.add_argument("--avoid", default="", metavar="FILE", help="ideas that are there already, one per line")
    parser.add_argument("--model", default="", help="a model's id, or a GGUF file")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another number gives other ideas")
    parser.add_argument("--json", action="store_true", help="the result as JSON, with figures")
    return parser


def _carry_out(arguments: argparse.Namespace, paths: Paths) -> Outcome:
    question = arguments.question or text_of(arguments.file)
    there = tuple(_BULLET.sub("", line.text) for line in lines(text_of(arguments.avoid))) if arguments.avoid else ()
    encoder = encoder_in_use(ModelStore(paths.models).models())
    card = read_style_card(paths.style_card)
    task = Expanding(
        load_lenses(resources()),
        question,
        there=there,
        count=arguments.count,
        encoder=os.fspath(encoder.path) if encoder else "",
        seed=arguments.seed,
    )

    def make(model: Model) -> Job[Outcome]:
        begun = time.monotonic()
        expanded = yield from expand(model, card, task)
        return Outcome(expanded, model, encoder.title if encoder else "", time.monotonic() - begun)

    with model_at_work(source_of(arguments.model, paths)) as (process, line):
        return process.carry_out(make, on_progress=line.show, on_reading=line.reading)


def _print(arguments: argparse.Namespace, outcome: Outcome) -> None:
    if arguments.json:
        print(json.dumps(_plain(outcome), ensure_ascii=False, indent=2))
        return
    for idea in outcome.expanded.ideas:
        print(f"{idea.text}  ({idea.lens.title})")
    if len(outcome.expanded.ideas) < arguments.count:
        print(f"The model had no more than {len(outcome.expanded.ideas)} worth showing.", file=sys.stderr)


def _plain(outcome: Outcome) -> dict[str, Any]:
    made = outcome.expanded.made
    return {
        "ideas": [{"text": idea.text, "lens": idea.lens.name} for idea in outcome.expanded.ideas],
        "model": outcome.model.name,
        "model_sha256": outcome.model.sha256,
        "compared_by": outcome.compared_by or "letters",
        "template": made.template,
        "seed": made.seed,
        "act": made.act,
        "raw_sha256": made.raw_digest,
        "tokens_evaluated": made.usage.evaluated,
        "tokens_generated": made.usage.generated,
        "seconds": outcome.seconds,
    }
