"""The command `cowrite assist`: the assistant's tasks without the window; no Qt."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cowrite.assist.decisions.deciding import NOTHING_ABOUT_IT, NOTHING_DECIDED, Deciding, decide
from cowrite.assist.prompts.files import Kind, PromptFile, PromptFiles
from cowrite.assist.prompts.reading import load_prompt_files
from cowrite.assist.prompts.style_card import StyleCard, read_style_card
from cowrite.assist.requests import Model
from cowrite.assist.tasks.answering import Asking, answer
from cowrite.assist.tasks.continuing import Continuing, suggest
from cowrite.assist.tasks.jobs import Job
from cowrite.assist.tasks.outcomes import Answered, DecisionSummary, Made, Written
from cowrite.assist.tasks.rewriting import Rewriting, rewrite
from cowrite.assist.tasks.writer import Writing
from cowrite.assist.tasks.writing import write
from cowrite.assist.text.guards import Unusable
from cowrite.assist.text.sentences import has_words
from cowrite.commands.model_choice import source_of
from cowrite.commands.model_process import model_at_work
from cowrite.commands.terminal import carried_out, text_of
from cowrite.core.decisions.found import FoundDecision
from cowrite.core.text.quote import Quote
from cowrite.paths import Paths, resources

NOTHING = "The model has nothing to suggest here."
UNSURE = "The model is not sure of these words; in the window it would suggest nothing."
WAYS = {
    "shorter": "rewrite-shorter",
    "longer": "rewrite-longer",
    "plainer": "rewrite-plainer",
    "formal": "rewrite-formal",
    "friendly": "rewrite-friendly",
    "correct": "rewrite-correct",
}
"""Instructions of one word that have a task of their own."""
OPTIONS = ("instruction", "question", "reader", "language")
"""What a task can be told besides the text; of the same names are the slots of prompt files."""

_TASKS = "continue, rewrite, ask, expand, decisions, summarise, outline, draft, title, describe, or a task of your own"
TELLING = (*(f"--{name}" for name in OPTIONS), "--model", "--seed", "--count", "--avoid")
"""Options behind which stands a word; the latter two are those of `expand`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task has given, as it is printed."""

    text: str
    made: Made
    model: Model
    notes: tuple[str, ...] = ()
    answered: Answered | None = None
    decisions: DecisionSummary | None = None


def main(argv: Sequence[str]) -> int:
    """Carries out `cowrite assist …`: 0 when it was done, 1 when it could not be, 2 on wrong use."""
    if _task_of(argv) == "expand":
        from cowrite.commands import expand  # it has arguments of its own

        return expand.main(argv)
    parser = _parser()
    arguments = parser.parse_intermixed_args(argv)

    def work() -> None:
        paths = Paths.of(os.environ)
        files = load_prompt_files(resources() / "prompts", paths.prompts)
        _check(parser, arguments, files)
        _print(arguments, _carry_out(arguments, files, paths))

    return carried_out(work)


def _task_of(argv: Sequence[str]) -> str:
    """The first word that is neither an option nor what one is told; empty where there is none."""
    rest = iter(argv)
    for each in rest:
        if each == "--":
            return next(rest, "")
        if not each.startswith("-"):
            return each
        if any(option.startswith(each) for option in TELLING):  # argparse takes shortened ones too
            next(rest, "")
    return ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "cowrite assist", description="Lets a model on this computer work on a text, and prints the result."
    )
    parser.add_argument(
        "task",
        metavar="TASK",
        help=_TASKS,
    )
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="the text, in UTF-8; without it, or with -, standard input"
    )
    parser.add_argument(
        "--instruction",
        default="",
        help=f"rewrite: {', '.join(WAYS)}, or in your own words; a task of your own: what it asks for",
    )
    parser.add_argument("--question", default="", help="ask: what you want to know; decisions: about what")
    parser.add_argument("--reader", default="", help="describe: for whom")
    parser.add_argument("--language", default="", help="rewrite: the language into which the text is translated")
    parser.add_argument("--model", default="", help="a model's id, or a GGUF file")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another number gives another result")
    parser.add_argument("--json", action="store_true", help="the result as JSON, with figures")
    return parser


def _check(parser: argparse.ArgumentParser, arguments: argparse.Namespace, files: PromptFiles) -> None:
    """Ends with status 2 where something is missing or makes no sense.

    Raises:
        BadPromptFile: the task is that of a person's own file, which is not sound.
    """
    task: str = arguments.task
    if not 0 <= arguments.seed < 2**31:
        parser.error("--seed must be from 0 to 2147483647")
    if task == "rewrite":
        takes: frozenset[str] = frozenset(("instruction", "language"))
        if bool(arguments.instruction.strip()) == bool(arguments.language.strip()):
            parser.error("rewrite needs either --instruction or --language")
    else:
        known = files.files
        is_hidden = task in known and task != "continue" and not known[task].is_own
        if task not in known:
            for problem in files.problems:
                if Path(problem.path).stem == task:
                    raise problem
        if task not in known or (is_hidden and known[task].kind in (Kind.CONTINUE, Kind.REWRITE)):
            parser.error(f"there is no task “{task}”; TASK is {_TASKS}")
        takes = known[task].slots & frozenset(OPTIONS)
        for name in takes - (frozenset(("question",)) if known[task].kind is Kind.DECIDE else frozenset()):
            if not getattr(arguments, name).strip():
                parser.error(f"{task} needs --{name}")
    for name in OPTIONS:
        if getattr(arguments, name) and name not in takes:
            parser.error(f"{task} takes no --{name}")


def _carry_out(arguments: argparse.Namespace, files: PromptFiles, paths: Paths) -> Outcome:
    text = text_of(arguments.file)
    card = read_style_card(paths.style_card)
    source = source_of(arguments.model, paths)
    with model_at_work(source) as (process, line):
        return process.carry_out(_job(arguments, files, card, text), on_progress=line.show, on_reading=line.reading)


def _job(
    arguments: argparse.Namespace, files: PromptFiles, card: StyleCard, text: str
) -> Callable[[Model], Job[Outcome]]:
    def make(model: Model) -> Job[Outcome]:
        file = _file(arguments, files)
        seed: int = arguments.seed
        if file.kind is Kind.CONTINUE:
            # The break that ends a file is no line on which its writer waits for words.
            if not has_words(text):
                raise Unusable("There are no words to go on with.")
            before = text.replace("\r\n", "\n").removesuffix("\n")
            suggestion = yield from suggest(model, card, Continuing(file, before, seed))
            notes = (UNSURE,) if suggestion.doubtful else () if suggestion.text else (NOTHING,)
            return Outcome(suggestion.text or suggestion.doubtful, suggestion.written.made, model, notes)
        if file.kind is Kind.ASK:
            answered = yield from answer(model, card, Asking(file, text, arguments.question, seed))
            return Outcome(answered.text, answered.made, model, answered.notes, answered)
        if file.kind is Kind.DECIDE:
            summary = yield from decide(model, card, Deciding(file, text, arguments.question, seed))
            return Outcome(_said(summary, arguments.question), summary.made, model, summary.notes, decisions=summary)
        written: Written
        if file.kind is Kind.REWRITE:
            task = Rewriting(file, text, arguments.instruction, arguments.language, seed)
            written = yield from rewrite(model, card, task)
        else:
            said = {name: getattr(arguments, name) for name in OPTIONS}
            written = yield from write(model, card, Writing(file, text, seed=seed, said=said))
        return Outcome(written.text, written.made, model, written.notes)

    return make


def _said(summary: DecisionSummary, question: str) -> str:
    """The decisions as lines for people, with their quotes below; in plain words where there is none."""
    if not summary.found:
        return NOTHING_ABOUT_IT if question.strip() else NOTHING_DECIDED
    return "\n".join(line for each in summary.found for line in _lines(each))


def _lines(found: FoundDecision) -> list[str]:
    facts = [
        str(found.status),
        f"to be done by {found.owner}" if found.owner else "",
        f"due {found.due}" if found.due else "",
    ]
    head = f"- {found.text} ({', '.join(fact for fact in facts if fact)})"
    return [head, *(f"  “{quote.in_a_line}”" for quote in found.quotes)]


def _file(arguments: argparse.Namespace, files: PromptFiles) -> PromptFile:
    if arguments.task != "rewrite":
        return files[arguments.task]
    if arguments.language:
        return files["rewrite-translate"]
    return files[WAYS.get(arguments.instruction.strip().lower(), "rewrite-own")]


def _print(arguments: argparse.Namespace, outcome: Outcome) -> None:
    if arguments.json:
        print(json.dumps(_plain(outcome), ensure_ascii=False, indent=2))
        return
    print(outcome.text, end="" if outcome.text.endswith("\n") else "\n")
    for quote in outcome.answered.quotes if outcome.answered else ():
        print(f"  “{quote.in_a_line}”")
    for note in outcome.notes:
        print(note, file=sys.stderr)


def _plain(outcome: Outcome) -> dict[str, Any]:
    made, usage = outcome.made, outcome.made.usage
    plain: dict[str, Any] = {
        "text": outcome.text,
        "model": outcome.model.name,
        "model_sha256": outcome.model.sha256,
        "template": made.template,
        "seed": made.seed,
        "act": made.act,
        "raw_sha256": made.raw_digest,
        "notes": list(outcome.notes),
        "tokens_evaluated": usage.evaluated,
        "tokens_reused": usage.reused,
        "tokens_generated": usage.generated,
        "seconds_to_first_token": usage.seconds_to_first_token if usage.generated else None,
        "seconds": usage.seconds,
    }
    if made.seen is not None:
        plain["seen"] = {"first": made.seen.first, "stop": made.seen.stop, "total": made.seen.total}
    if outcome.answered is not None:
        plain["found"] = outcome.answered.is_found
        plain["quotes"] = _plain_quotes(outcome.answered.quotes)
    if outcome.decisions is not None:
        del plain["text"]
        plain["decisions"] = [
            {
                "text": found.text,
                "status": str(found.status),
                "owner": found.owner,
                "due": found.due,
                "quotes": _plain_quotes(found.quotes),
            }
            for found in outcome.decisions.found
        ]
    return plain


def _plain_quotes(quotes: Sequence[Quote]) -> list[dict[str, Any]]:
    return [{"text": quote.text, "start": quote.start, "end": quote.end} for quote in quotes]
