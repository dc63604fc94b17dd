"""What suggestions at the caret are worth: replays text that people wrote and looks what would have been suggested.

    python benchmarks/suggestions.py --text FILE … [--model FILE] [--stretches 24] [--keys 150] [--seed 1] [--json]

Stretches of each text are typed again, letter by letter, with the text before them in the document. At the beginning of
each word and after its second letter the model is asked, as in the app. Somebody who wanted to write just this text
takes what agrees with it: all with one key, or else its first words with one key each where that saves any.

Three ways side by side, with the same model and at the same places: `shipped`, `no threshold` (all that the model
writes), and `chat` (asked in a conversation, likewise without a threshold).

- keys_saved_per_100: of 100 keys that the text takes without suggestions, how many fewer it took.
- shown: share of the places at which something is shown.
- agreeing: share of what is shown whose first three words, or all where it has fewer, are what was written.
- agreeing_of_three: the same among those that have three words and more.
- words: words in what is shown, on average.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from arguments import at_least

from cowrite.assist.engine.asking import ModelFile
from cowrite.assist.prompts.files import PromptFile
from cowrite.assist.prompts.reading import load_prompt_files
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Completion, Generation, Model, Tier
from cowrite.assist.tasks.continuing import Continuing, suggest
from cowrite.assist.tasks.jobs import Job, generate
from cowrite.assist.text.confidence import THRESHOLD
from cowrite.assist.text.sentences import words
from cowrite.commands.model_process import ModelProcess
from cowrite.errors import CowriteError
from cowrite.models.store import ModelStore
from cowrite.paths import Paths, resources

BEFORE = 1500  # characters of the text before a stretch that stand in the document
LETTERS = 2  # of a word, after which the model is asked again
WAYS = {"shipped": (THRESHOLD, Tier.SMALL), "no threshold": (0.0, Tier.SMALL), "chat": (0.0, Tier.CHAT)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a text that is typed again: from `start` to `end`, with `begin` as the document's beginning."""

    text: str
    begin: int
    start: int
    end: int


@dataclass(slots=True)
class Count:
    """What is counted for one way."""

    keys: int = 0
    saved: int = 0
    asked: int = 0
    shown: int = 0
    agreeing: int = 0
    of_three: int = 0
    agreeing_of_three: int = 0
    words: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    def figures(self) -> dict[str, float | int]:
        """The figures that are reported."""
        return {
            "keys_saved_per_100": round(100 * self.saved / max(1, self.keys), 2),
            "shown": round(self.shown / max(1, self.asked), 4),
            "agreeing": round(self.agreeing / max(1, self.shown), 4),
            "agreeing_of_three": round(self.agreeing_of_three / max(1, self.of_three), 4),
            "words": round(self.words / max(1, self.shown), 2),
            "asked": self.asked,
            "keys": self.keys,
        }


class Reader:
    """Gives suggestions, each generation made once whatever the threshold."""

    def __init__(self, process: ModelProcess, file: PromptFile) -> None:
        self._process = process
        self._file = file
        self._known: dict[Generation, Completion] = {}
        self._model = process.prepare()

    @property
    def has_chat(self) -> bool:
        """Whether the model knows conversations."""
        return self._model.has_template

    def suggestion(self, before: str, threshold: float, tier: Tier) -> str:
        """What would be shown behind a text."""
        job = suggest(self._model, StyleCard(), Continuing(self._file, before, threshold=threshold, tier=tier))
        try:
            step = next(job)
            while True:
                assert isinstance(step, Generation)
                step = job.send(self._completion(step))
        except StopIteration as end:
            return str(end.value.text)

    def _completion(self, step: Generation) -> Completion:
        if step not in self._known:
            self._known[step] = self._process.carry_out(_asked(step))
        return self._known[step]


def _asked(step: Generation) -> Job[Completion]:
    return (yield from generate(step))


def stretches(texts: Sequence[str], number: int, keys: int, seed: int) -> list[Stretch]:
    """Seeded places in the texts, each at the beginning of a word, with some text before it, one after the other."""
    chance = random.Random(seed)
    places = [
        (text, match.start())
        for text in texts
        for match in re.finditer(r"(?<=\s)\w", text)
        if min(BEFORE, len(text) // 4) <= match.start() < len(text) - keys
    ]
    chosen = chance.sample(places, min(number, len(places)))
    return [Stretch(text, _begin(text, at), at, at + keys) for text, at in chosen]


def _begin(text: str, at: int) -> int:
    """Where the document begins: at a line, if there is one about BEFORE characters before."""
    start = max(0, at - BEFORE)
    line = text.find("\n", start, at - 1)
    return start if start == 0 or line < 0 else line + 1


def replay(stretch: Stretch, reader: Reader, threshold: float, tier: Tier, count: Count) -> None:
    """Types one stretch again."""
    at = stretch.start
    while at < stretch.end:
        if not _is_asked(stretch.text, at):
            at += 1
            count.keys += 1
            continue
        before, coming = stretch.text[stretch.begin : at], stretch.text[at:]
        shown = reader.suggestion(before, threshold, tier)
        count.asked += 1
        taken = keys = 0
        if shown:
            taken, keys = accepted(shown, coming)
            _count(count, before, shown, coming, taken - keys)
        step = max(1, taken)
        count.keys += step
        count.saved += taken - keys
        at += step


def _is_asked(text: str, at: int) -> bool:
    """Whether the model is asked there: at the beginning of a word, and after its first letters."""
    letters = re.search(r"\w*$", text[max(0, at - LETTERS - 1) : at])
    length = len(letters.group()) if letters else 0
    return text[at - 1] == " " or (length == LETTERS and text[at].isalnum())


def _count(count: Count, before: str, shown: str, coming: str, saved: int) -> None:
    # Half a word counts with its beginning, and only whole words agree.
    half = re.search(r"\w*$", before)
    head = half.group() if half else ""
    said, meant = words(head + shown), words(head + coming[: len(shown) + 40])
    agrees = said[:3] == meant[: len(said[:3])]
    count.shown += 1
    count.words += len(said)
    count.agreeing += agrees
    if len(said) >= 3:
        count.of_three += 1
        count.agreeing_of_three += agrees
    count.examples.append({"before": before[-60:], "shown": shown, "written": coming[:60], "saved": saved})


def accepted(shown: str, coming: str) -> tuple[int, int]:
    """What somebody who means to write `coming` takes of a suggestion: its characters, and the keys for it."""
    if coming.startswith(shown) and not (coming[len(shown) : len(shown) + 1].isalnum() and shown[-1].isalnum()):
        return len(shown), 1
    best = (0, 0)
    keys = end = 0
    for match in re.finditer(r"\s*\S+", shown):
        following = coming[match.end() : match.end() + 1]
        if not coming.startswith(shown[: match.end()]) or (following.isalnum() and shown[match.end() - 1].isalnum()):
            break
        keys, end = keys + 1, match.end()
        if end - keys > best[0] - best[1]:
            best = (end, keys)
    return best


def _model_file(wanted: Path | None) -> ModelFile:
    if wanted is not None:
        return ModelFile(os.fspath(wanted.absolute()), wanted.stem)
    models = [model for model in ModelStore(Paths.of(os.environ).models).models() if not model.embeds]
    if not models:
        sys.exit("There is no model on this computer; name one with --model, or fetch one with `cowrite models pull`.")
    return ModelFile(os.fspath(models[0].path), models[0].title, models[0].sha256)


def _texts(files: Sequence[Path]) -> Iterator[str]:
    for file in files:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            sys.exit(f"“{file}” cannot be read: {error}")
        if len(text) < 400:
            sys.exit(f"“{file}” is too short: at least 400 characters are needed.")
        yield text


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, and prints the figures."""
    parser = argparse.ArgumentParser(description="What suggestions at the caret are worth on texts that people wrote.")
    parser.add_argument("--text", type=Path, nargs="+", required=True, metavar="FILE", help="plain text, UTF-8")
    parser.add_argument("--model", type=Path, metavar="FILE", help="a GGUF file; else the first model that is here")
    parser.add_argument(
        "--stretches", type=at_least(1), default=24, metavar="N", help="how many pieces are typed again"
    )
    parser.add_argument("--keys", type=at_least(1), default=150, metavar="N", help="characters of each")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="chooses the places")
    parser.add_argument("--threshold", type=float, default=None, metavar="P", help="in the place of the shipped one")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS), help="which are measured")
    parser.add_argument("--examples", type=Path, metavar="FILE", help="writes what was shown to a file, as JSON")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args(argv)
    texts = list(_texts(arguments.text))
    chosen = stretches(texts, arguments.stretches, arguments.keys, arguments.seed)
    if not chosen:
        sys.exit(
            f"Nowhere in these texts does a word begin with {arguments.keys} characters behind it; give longer ones."
        )
    try:
        return _measure(arguments, chosen)
    except (CowriteError, OSError) as error:
        sys.exit(str(error))


def _measure(arguments: argparse.Namespace, chosen: Sequence[Stretch]) -> int:
    file = load_prompt_files(resources() / "prompts")["continue"]
    counts: dict[str, Count] = {}
    with ModelProcess(_model_file(arguments.model)) as process:
        reader = Reader(process, file)
        model: Model = process.prepare()
        ways = {name: WAYS[name] for name in arguments.ways if name != "chat" or reader.has_chat}
        for name in ways:
            counts[name] = Count()
        for number, stretch in enumerate(chosen):
            if sys.stderr.isatty():
                print(f"\r\033[K{number + 1} of {len(chosen)} stretches", end="", file=sys.stderr, flush=True)
            for name, (threshold, tier) in ways.items():
                is_other = name == "shipped" and arguments.threshold is not None
                replay(stretch, reader, arguments.threshold if is_other else threshold, tier, counts[name])
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    if arguments.examples:
        plain = {name: count.examples for name, count in counts.items()}
        arguments.examples.write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    result = {
        "model": {key: value for key, value in asdict(model).items() if key in ("name", "sha256", "parameters")},
        "template": file.template(Tier.SMALL).name,
        "threshold": THRESHOLD if arguments.threshold is None else arguments.threshold,
        "texts": [path.name for path in arguments.text],
        "seed": arguments.seed,
        "stretches": len(chosen),
        **{name.replace(" ", "_"): count.figures() for name, count in counts.items()},
    }
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return 0
    print(f"{model.name}, {len(chosen)} stretches of {arguments.keys} characters, threshold {result['threshold']}")
    for name, count in counts.items():
        figures = count.figures()
        print(
            f"{name:13} keys saved per 100: {figures['keys_saved_per_100']:5}   shown: {figures['shown']:6.1%}"
            f"   agreeing: {figures['agreeing']:6.1%} (of three words and more: {figures['agreeing_of_three']:.1%})"
            f"   words: {figures['words']}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
