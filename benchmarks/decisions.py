"""Measures decision summaries: evidence and wording beside BM25 and beside the same model asked plainly.

`python benchmarks/decisions.py --data FILE [--model FILE] [--json]`; what the figures mean is in benchmarks/README.md.
The path is that of the product: the job of `assist.decisions.deciding`, carried out by a worker process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import sys
import time
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arguments import at_least, model_of
from rouge import rouge_l

from cowrite.assist.decisions.deciding import Deciding, decide
from cowrite.assist.engine.asking import ModelFile
from cowrite.assist.prompts.files import PromptFile
from cowrite.assist.prompts.reading import load_prompt_files
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Chat, Completing, Generation, Lane, Message, Model, Part, Scaffold, Window, Words
from cowrite.assist.tasks.jobs import Job, generate
from cowrite.assist.tasks.outcomes import DecisionSummary, Tally
from cowrite.assist.text.guards import Unusable
from cowrite.assist.text.retrieval import PassageIndex
from cowrite.commands.model_process import ModelProcess
from cowrite.errors import CowriteError
from cowrite.paths import resources

FIRST = 5  # quotes that are looked at
PLAIN_TOKENS = 128  # of an answer, as long as the longest human ones
MOST_WORDS = 80  # of a summary: three quarters of the human answers have no more
HEAD = "Here is the transcript of a meeting:\n"
TASK = "\n\nSummarise it in answer to this question: "


class BadData(Exception):
    """A file that holds no meetings, or not only meetings."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of a meeting, what a human answered, and the inclusive ranges of turns that show it."""

    question: str
    answer: str
    evidence: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as one text.

    Attributes:
        text: a line for each turn.
        starts: where each turn begins, code points.
    """

    name: str
    turns: tuple[str, ...]
    text: str
    starts: tuple[int, ...]
    questions: tuple[Question, ...]

    def turn_at(self, place: int) -> int:
        """The turn in which a code point stands."""
        return bisect_right(self.starts, place) - 1


@dataclass(slots=True)
class Figures:
    """What came of each question."""

    precision: list[float] = field(default_factory=list)
    hits: list[float] = field(default_factory=list)
    rouge: list[float] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    quotes: int = 0
    verbatim: int = 0

    def take(self, found: Sequence[int], question: Question) -> None:
        """The turns of the first quotes; one that is missing counts as wrong."""
        right = sum(any(a <= turn <= b for a, b in question.evidence) for turn in found[:FIRST])
        self.precision.append(right / FIRST)
        self.hits.append(float(right > 0))

    def says(self, text: str, question: Question) -> None:
        """A summary."""
        self.rouge.append(rouge_l(text, question.answer))
        self.words.append(len(text.split()))


def read(path: Path) -> Iterator[Meeting]:
    """The meetings of a file: one JSON object a line, packed with gzip or not.

    Raises:
        BadData: it holds something else.
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    try:
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (UnicodeDecodeError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadData(f"“{path}” is neither UTF-8 nor packed with gzip") from error
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if line.strip():
                yield _meeting(json.loads(line))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise BadData(f"line {number} of “{path}” is no meeting ({type(error).__name__}: {error})") from error


def _meeting(plain: dict[str, Any]) -> Meeting:
    lines = [f"{' '.join(speaker.split())}: {' '.join(text.split())}" for speaker, text in plain["turns"]]
    starts, end = [], 0
    for one in lines:
        starts.append(end)
        end += len(one) + 1
    turns = tuple(text for _, text in plain["turns"])
    questions = tuple(
        Question(each["question"].strip(), each["answer"].strip(), tuple((int(a), int(b)) for a, b in each["evidence"]))
        for each in plain["questions"]
    )
    return Meeting(str(plain["meeting"]), turns, "\n".join(lines), tuple(starts), questions)


def ours(process: ModelProcess, file: PromptFile, meeting: Meeting, question: str) -> DecisionSummary:
    """The decisions that the product finds; none where nobody said a word."""
    task = Deciding(file, meeting.text, question)
    try:
        return process.carry_out(lambda model: decide(model, StyleCard(), task))
    except Unusable:
        return DecisionSummary((), Tally().made(file.name, file.act, task.seed))


def as_one_text(summary: DecisionSummary) -> str:
    """The best decisions as one text that is about as long as human answers are."""
    parts: list[str] = []
    for found in summary.found:
        if parts and sum(len(part.split()) for part in (*parts, found.text)) > MOST_WORDS:
            break
        parts.append(found.text)
    return " ".join(parts)


def plainly(process: ModelProcess, meeting: Meeting, question: str) -> str:
    """What the same model writes when it is asked plainly over as much of the meeting as fits."""

    def asked(model: Model) -> Job[str]:
        window = Window(tuple(meeting.text.splitlines(keepends=True)), "start")
        parts: tuple[Part, ...] = (Scaffold(HEAD), window, Scaffold(TASK), Words(question))
        if model.has_template:
            completion = yield from generate(Generation(Lane.PANEL, Chat((Message("user", parts),)), PLAIN_TOKENS))
        else:
            prompt = Completing((*parts, Scaffold("\nSummary:")))
            completion = yield from generate(Generation(Lane.PANEL, prompt, PLAIN_TOKENS))
        return completion.text.strip()

    return process.carry_out(asked)


def measure(process: ModelProcess, meetings: Sequence[Meeting], *, asks_plainly: bool) -> dict[str, Any]:
    """All figures as one object."""
    file = load_prompt_files(resources() / "prompts")["decisions"]
    model = process.prepare()
    mine, bm25, plain = Figures(), Figures(), Figures()
    seconds: list[float] = []
    for number, meeting in enumerate(meetings, 1):
        index = PassageIndex(meeting.turns)
        for question in meeting.questions:
            asked = question.question
            begun = time.perf_counter()
            summary = ours(process, file, meeting, asked)
            seconds.append(time.perf_counter() - begun)
            quotes = [quote for found in summary.found for quote in found.quotes]
            mine.quotes += len(quotes)
            mine.verbatim += sum(meeting.text[quote.start : quote.end] == quote.text for quote in quotes)
            mine.take([meeting.turn_at(quote.start) for quote in quotes], question)
            mine.says(as_one_text(summary), question)
            bm25.take([hit.index for hit in index.search(asked, FIRST)], question)
            if asks_plainly:
                plain.says(plainly(process, meeting, asked), question)
        print(_line(number, len(meetings), meeting, mine, plain), file=sys.stderr, flush=True)
    return {
        "model": model.name,
        "meetings": len(meetings),
        "questions": len(mine.precision),
        "precision_at_5": _mean(mine.precision),
        "hit_at_5": _mean(mine.hits),
        "verbatim": mine.verbatim / mine.quotes if mine.quotes else 1.0,
        "rouge_l": _mean(mine.rouge),
        "plain_rouge_l": _mean(plain.rouge) if asks_plainly else None,
        "bm25_precision_at_5": _mean(bm25.precision),
        "bm25_hit_at_5": _mean(bm25.hits),
        "seconds_per_meeting": sum(seconds) / len(meetings) if meetings else 0.0,
        "words": _mean(mine.words),
        "plain_words": _mean(plain.words) if asks_plainly else None,
    }


def _line(number: int, total: int, meeting: Meeting, mine: Figures, plain: Figures) -> str:
    beside = f", plainly {_mean(plain.rouge):.3f}" if plain.rouge else ""
    return (
        f"{number} of {total}, {meeting.name}: P@5 {_mean(mine.precision):.2f}, hit@5 {_mean(mine.hits):.2f}, "
        f"ROUGE-L {_mean(mine.rouge):.3f}{beside}"
    )


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Measure decision summaries.")
    parser.add_argument("--data", type=Path, required=True, help="meetings as JSON lines, packed with gzip or not")
    parser.add_argument("--model", type=Path, help="a GGUF file (default: the starter model)")
    parser.add_argument("--threads", type=at_least(0), default=0, help="of the model (default: as the worker chooses)")
    parser.add_argument("--limit", type=at_least(1), metavar="N", help="the first N meetings only")
    parser.add_argument(
        "--no-plain", action="store_true", help="leave out the model asked plainly, which takes longest"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    options = parser.parse_args(arguments)
    if not options.data.is_file():
        parser.error(f"there is no file “{options.data}”; its format is described in benchmarks/README.md")
    model = model_of(parser, options.model)
    try:
        meetings = list(read(options.data))[: options.limit]
    except (BadData, OSError) as error:
        parser.error(str(error))
    if not any(meeting.questions for meeting in meetings):
        parser.error(f"nothing is asked in “{options.data}”; its format is described in benchmarks/README.md")
    source = ModelFile(os.fspath(model.absolute()), model.stem, threads=options.threads)
    try:
        with ModelProcess(source) as process:
            results = measure(process, meetings, asks_plainly=not options.no_plain)
    except CowriteError as error:
        sys.exit(str(error))
    if options.json:
        print(json.dumps(results))
    else:
        for name, value in results.items():
            print(f"{name}: {value:.3f}" if isinstance(value, float) else f"{name}: {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
