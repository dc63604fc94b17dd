"""Rates of the engine beside a bare `llama_decode` loop on the same weights, in one process and by turns."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np

from cowrite.assist.decisions.deciding import Deciding, decide
from cowrite.assist.prompts.files import Kind, PromptFile
from cowrite.assist.prompts.reading import load_prompt_files
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import (
    Chat,
    Completing,
    Completion,
    Generation,
    Lane,
    Model,
    Sampling,
    Scaffold,
    Scoring,
    Token,
    Usage,
    Window,
    Words,
)
from cowrite.assist.tasks.answering import Asking, answer
from cowrite.assist.tasks.continuing import Continuing, suggest
from cowrite.assist.tasks.jobs import Job
from cowrite.assist.tasks.rewriting import Rewriting, rewrite
from cowrite.assist.tasks.writer import Writing
from cowrite.assist.tasks.writing import write
from cowrite.errors import CowriteError
from cowrite.paths import resources
from cowrite.worker.llama import LlamaEngine
from cowrite.worker.work import Cancellation, Loading, Settings

PROMPT = "The rain had stopped by noon. Ida crossed the bridge, counted the boats in the harbour, and wrote their names"
COPIED = (
    "Ida crossed the bridge and counted the boats. The harbour was quiet, and the bell rang twice before anybody came. "
    "She wrote the names of the boats into her book, one below the other, and then she walked home along the quay."
)
IDEAS = 'Three names of boats as a JSON list: ["Petrel", "Wave", "Kittiwake"]\nEight names of dogs as a JSON list:'
MOST_SEEDS = 40  # in a round
SILENT_SEEDS = 2  # after so many without a word a task is one for which the model writes nothing

TEXT = f"{COPIED} It is important to note that the barrels are able to hold four hundred litres at any given time."
OUTLINE = "Rain water\n- two barrels of 400 litres\n- Ida builds the stands in May\n"
SAID = {"ask": "What did Ida write?", "rewrite-own": "Make it sound like a letter.", "describe": "a child"}

KINDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("suggestion", PROMPT, {"scored": True, "stop": ("\n",), "stop_after": r"[.!?]\n\n"}),
    ("likeliest", PROMPT, {}),
    ("drawn", PROMPT, {"sampling": Sampling(0.8, seed=3)}),
    ("drawn, repetition penalised", PROMPT, {"sampling": Sampling(0.8, seed=3, repeat_penalty=1.1)}),
    ("by a grammar", IDEAS, {"grammar": "ideas"}),
    ("copying", f"Text: {COPIED}\nCopy: {COPIED}\n\nText: {COPIED[::-1][:40]}{COPIED}\nCopy:", {"is_copying": True}),
    ("copying, not looked up", f"Text: {COPIED}\nCopy: {COPIED}\n\nText: {COPIED[::-1][:40]}{COPIED}\nCopy:", {}),
)


class Silent:
    """Hears of everything and says nothing."""

    def loading(self, fraction: float) -> None:
        """Nothing."""

    def prefill(self, done: int, total: int) -> None:
        """Nothing."""

    def token(self, token: Token) -> None:
        """Nothing."""


@dataclass
class Bench:
    """An engine with a model."""

    engine: LlamaEngine
    cancellation: Cancellation
    model: Model
    threads: int
    clock: Callable[[], float]

    @classmethod
    def of(cls, model: Path, threads: int, clock: Callable[[], float] = time.perf_counter) -> Bench:
        """Loads a model; times are taken by the clock."""
        engine, cancellation = LlamaEngine(clock), Cancellation()
        loaded = engine.load(Loading(model, "", Settings(threads=threads)), cancellation, Silent())
        return cls(engine, cancellation, loaded.model, loaded.threads, clock)

    def generate(self, prompt: str, tokens: int, lane: Lane = Lane.PANEL, **fields: Any) -> Completion:
        """Has a text written; a prompt of ours, so control tokens count."""
        parts = (Scaffold(prompt),) if "grammar" in fields else (Words(prompt),)
        generation = Generation(lane, Completing(parts), tokens, **fields)
        return self.engine.generate(generation, self.cancellation, Silent())

    def decoded(self, lane: Lane, usage: Usage) -> int:
        """Tokens that the last text of a lane took beyond its prompt; also the one behind which its end was drawn."""
        return len(self.engine.lane(lane, self.cancellation).tokens) - usage.prompt_tokens

    def carry_out(self, job: Job[Any]) -> Iterator[tuple[Generation, Usage, int]]:
        """Carries a job out, as the app does; gives each text that it has written, as soon as it is, with its usage and
        how many tokens were computed for it, the prompt's aside."""
        reply: Any = None
        try:
            while True:
                step = job.send(reply)
                if isinstance(step, Generation):
                    reply = self.engine.generate(step, self.cancellation, Silent())
                    yield step, reply.usage, self.decoded(step.lane, reply.usage)
                elif isinstance(step, Scoring):
                    reply = self.engine.score(step, self.cancellation, Silent())
                else:
                    reply = None
        except (StopIteration, CowriteError):
            return


class BareLoop:
    """The least that writing a text takes: decode, find the likeliest, decode."""

    def __init__(self, bench: Bench) -> None:
        weights = bench.engine.weights
        assert weights is not None
        self._weights, self._clock = weights, bench.clock
        parameters = llama.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = 4096, 128, 128
        parameters.n_threads = parameters.n_threads_batch = bench.threads
        parameters.flash_attn_type = 0
        self._context = llama.llama_init_from_model(weights.handle, parameters)
        self._numbers = (llama.llama_token * 128)()

    def run(self, prompt: str, tokens: int) -> float:
        """Tokens a second, without the reading of the prompt."""
        llama.llama_memory_clear(llama.llama_get_memory(self._context), True)
        read = self._weights.vocabulary.words(prompt)
        for start in range(0, len(read), 128):
            some = read[start : start + 128]
            self._numbers[: len(some)] = some
            llama.llama_decode(self._context, llama.llama_batch(len(some), self._numbers, None, None, None, None, None))
        one = llama.llama_batch(1, self._numbers, None, None, None, None, None)
        size = self._weights.vocabulary.size
        begun = self._clock()
        for _ in range(tokens):
            row = np.ctypeslib.as_array(llama.llama_get_logits_ith(self._context, -1), (size,))
            self._numbers[0] = int(row.argmax())
            llama.llama_decode(self._context, one)
        return tokens / (self._clock() - begun)

    def close(self) -> None:
        """Gives its memory back."""
        llama.llama_free(self._context)


def decode_rates(bench: Bench, rounds: int, tokens: int) -> Iterator[dict[str, Any]]:
    """For each kind of request its rate and the ratio to the bare loop beside it, medians of some rounds of so many
    tokens."""
    bare = BareLoop(bench)
    bare.run(PROMPT, 8)
    for name, prompt, fields in KINDS:
        bench.generate(prompt, 2, **fields)
        rates, ratios = [], []
        for _ in range(rounds):
            before = bare.run(prompt, tokens)
            rate = _rate(bench.generate(prompt, tokens, **fields))
            beside = (before + bare.run(prompt, tokens)) / 2
            rates.append(rate)
            ratios.append(rate / beside)
        yield {
            "kind": name,
            "tokens_per_second": statistics.median(rates),
            "ratio": statistics.median(ratios),
            "spread": max(ratios) - min(ratios),
        }
    bare.close()


def task_rates(bench: Bench, rounds: int, tokens: int, names: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """For each task, as the app carries it out, the rate of all that the model writes for it.

    After each text the bare loop goes on with the same prompt for as many tokens. A task that writes little is carried
    out with one seed after another until there are `tokens` in a round, `MOST_SEEDS` at most. One for which this model
    writes nothing, because it only chooses, or is refused it, is left out. Where some are named, those alone.
    """
    bare = BareLoop(bench)
    files = load_prompt_files(resources() / "prompts").files
    for file in (file for file in files.values() if not names or file.name in names):
        ratios, rates, seeds = [], [], itertools.count()
        for _ in range(rounds):
            count, seconds, least = 0, 0.0, 0.0
            for seed in itertools.islice(seeds, MOST_SEEDS):
                for step, usage, decoded in bench.carry_out(_job(bench.model, file, seed)):
                    if decoded > 0:
                        count += decoded
                        seconds += usage.seconds - (usage.seconds_to_first_token or 0.0)
                        least += decoded / bare.run(_text(step), decoded)
                is_silent = not rates and not count and seed + 1 >= SILENT_SEEDS
                if count >= tokens or is_silent:
                    break
            if not count:
                break
            rates.append(count / seconds)
            ratios.append(least / seconds)
        if rates:
            yield {
                "task": file.name,
                "rounds": len(rates),
                "tokens_per_second": statistics.median(rates),
                "ratio": statistics.median(ratios),
                "spread": max(ratios) - min(ratios),
            }
    bare.close()


def _job(model: Model, file: PromptFile, seed: int) -> Job[Any]:
    said, card = SAID.get(file.name, ""), StyleCard()
    match file.kind:
        case Kind.CONTINUE:
            return suggest(model, card, Continuing(file, f"{TEXT} {PROMPT}", seed))
        case Kind.REWRITE:
            return rewrite(model, card, Rewriting(file, TEXT, said, "German", seed))
        case Kind.ASK:
            return answer(model, card, Asking(file, TEXT, said, seed))
        case Kind.DECIDE:
            return decide(model, card, Deciding(file, TEXT, seed=seed))
        case _:
            return write(model, card, Writing(file, OUTLINE if file.name == "draft" else TEXT, said, seed))


def _text(step: Generation) -> str:
    turns = step.prompt.messages if isinstance(step.prompt, Chat) else (step.prompt,)
    parts = (part for turn in turns for part in turn.parts)
    return "".join("".join(part.paragraphs) if isinstance(part, Window) else part.text for part in parts)


def _rate(completion: Completion) -> float:
    usage = completion.usage
    assert usage.seconds_to_first_token is not None
    return (usage.generated - 1) / (usage.seconds - usage.seconds_to_first_token)


def first_token(bench: Bench, rounds: int, size: int) -> dict[str, float]:
    """Seconds to the first token of a prompt of about `size` tokens: read anew, and with a word more than before."""
    sentence = "The bell rang twice, and nobody in the harbour spoke of it. "
    cold, warm = [], []
    for number in range(rounds):
        text = f"{number} " + sentence * (size // 14)
        for times, prompt in ((cold, text), (warm, text + "And then")):
            seconds = bench.generate(prompt, 1, Lane.GHOST).usage.seconds_to_first_token
            assert seconds is not None
            times.append(seconds)
    return {
        "cold_ms": 1000 * statistics.median(cold),
        "warm_ms": 1000 * statistics.median(warm),
        "ratio": statistics.median(cold) / statistics.median(warm),
    }
