"""Measures the assistant: its rates beside a bare loop, what a keystroke costs, cancelling, typing beside it, energy.

`python benchmarks/assistant.py [--model FILE] [--json]`; what the figures mean is in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from arguments import PAPER, at_least, model_of, paper
from traces import BadTrace

from cowrite.errors import CowriteError
from cowrite.models.gguf import examine
from cowrite.worker import process
from cowrite.worker.work import Failure

PARTS = ("rates", "tasks", "first_token", "keystrokes", "cancel", "paint", "energy")


def measurements(model: Path, trace: Path | None, options: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    """Each part by its name."""
    threads, rounds, tokens = options.threads, options.rounds, options.tokens
    process.calm_threads()  # as the worker does, before the library is loaded
    from assistant_process import Worker, cancel_latencies, energy
    from assistant_rates import Bench, decode_rates, first_token, task_rates
    from assistant_typing import key_to_paint, keystroke_costs

    def benched(measure: Callable[[Bench], Any]) -> Any:
        bench = Bench.of(model, threads)
        try:
            return measure(bench)
        finally:
            bench.engine.unload()

    def rates(measure: Callable[[Bench, int, int], Iterator[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
        bench = Bench.of(model, 1, time.process_time) if options.processor_time else Bench.of(model, threads)
        yield from measure(bench, rounds, tokens)
        bench.engine.unload()

    def beside(measure: Callable[[Worker], Any]) -> Any:
        worker = Worker(model, threads)
        try:
            worker.load()
            worker.until("loaded")
            return measure(worker)
        finally:
            worker.close()

    def keystrokes() -> Any:
        if trace is None:
            return {"skipped": f"no {PAPER} below $COWRITE_TEST_DATA; name it with --trace"}
        return benched(lambda bench: keystroke_costs(bench, trace, 60_000, options.keys))

    return {
        "rates": lambda: rates(decode_rates),
        "tasks": lambda: rates(partial(task_rates, names=options.tasks)),
        "first_token": lambda: benched(lambda bench: first_token(bench, rounds, options.prompt)),
        "keystrokes": keystrokes,
        "cancel": lambda: cancel_latencies(model, threads, 4 * rounds),
        "paint": lambda: beside(lambda worker: key_to_paint(worker, 100_000, 200)),
        "energy": lambda: beside(energy),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Measure the assistant.")
    parser.add_argument("--model", type=Path, help="a GGUF file (default: the starter model)")
    parser.add_argument("--trace", type=Path, help="automerge-paper (default: below $COWRITE_TEST_DATA)")
    parser.add_argument("--threads", type=at_least(0), default=0, help="of the model (default: as the worker chooses)")
    parser.add_argument("--rounds", type=at_least(1), default=5, help="of each measurement (default %(default)s)")
    parser.add_argument("--tokens", type=at_least(2), default=64, help="of a round of rates (default %(default)s)")
    parser.add_argument(
        "--prompt", type=at_least(14), default=1000, help="tokens that first_token reads, about (default %(default)s)"
    )
    parser.add_argument("--keys", type=at_least(1), default=500, help="keystrokes of the trace (default %(default)s)")
    parser.add_argument(
        "--processor-time",
        action="store_true",
        help="rates by processor seconds of one thread: where others work beside",
    )
    parser.add_argument("--tasks", nargs="+", default=(), help="which tasks, such as “ask” (default: all)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="some of it")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    options = parser.parse_args(arguments)
    model = model_of(parser, options.model)
    trace = options.trace or paper()
    parts = measurements(model, trace, options)
    results: dict[str, Any] = {"model": model.name}
    try:
        examine(model)
        for name in options.only:
            found = parts[name]()
            rows = [found] if isinstance(found, dict) else found
            results[name] = found if isinstance(found, dict) else []
            for row in rows:
                if not isinstance(found, dict):
                    results[name].append(row)
                if not options.json:
                    _show(name, row)
    except (BadTrace, CowriteError, Failure, OSError) as error:
        parser.error(str(error))
    if options.json:
        print(json.dumps(results))
    return 0


def _show(name: str, row: dict[str, Any]) -> None:
    shown = (f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}" for key, value in row.items())
    print(f"{name}: {', '.join(shown)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
