"""What suggestions cost while somebody types: tokens for each keystroke, and the time until a key is painted."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from assistant_process import Worker, writing
from assistant_rates import Bench
from traces import BadTrace, read_trace

from cowrite.assist.prompts.reading import load_prompt_files
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.tasks.continuing import Continuing, suggest
from cowrite.paths import resources

BURST = 20  # keys while it writes, then as many while it rests
MANY = 0.5  # of a prompt: from then on it counts as read anew


def keystroke_costs(bench: Bench, trace: Path, first: int, count: int) -> dict[str, Any]:
    """Replays real typing with a suggestion asked for after each keystroke, by the job that the app carries out.

    Args:
        first: transactions that are taken over beforehand; fewer where the trace is shorter.
        count: transactions that are typed.
    """
    read = read_trace(trace)
    file = load_prompt_files(resources() / "prompts")["continue"]
    first = max(0, min(first, len(read.transactions) - count))
    text = list(read.start)
    costs, sizes = [], []
    requests = anew = 0
    for number, transaction in enumerate(read.transactions[: first + count]):
        caret = 0
        for at, removed, inserted in transaction.patches:
            text[at : at + removed] = inserted
            caret = at + len(inserted)
        if number < first:
            continue
        rest = "".join(text[caret : caret + 1000]).partition("\n")[0]
        continuing = Continuing(file, "".join(text[:caret]), after=rest)
        asked = [usage for _, usage, _ in bench.carry_out(suggest(bench.model, StyleCard(), continuing))]
        if number > first:  # the first has nothing to go on from
            costs.append(sum(usage.evaluated for usage in asked))
            sizes += [usage.prompt_tokens for usage in asked]
            requests += len(asked)
            anew += sum(usage.evaluated > MANY * usage.prompt_tokens for usage in asked)
    if len(costs) < 2:
        raise BadTrace(f"{trace} has too few transactions to be typed again")
    return {
        "keystrokes": len(costs),
        "requests": requests,
        "median": statistics.median(costs),
        "p95": statistics.quantiles(costs, n=20)[-1],
        "mean": statistics.fmean(costs),
        "prompt_median": statistics.median(sizes or [0]),
        "read_anew_percent": 100 * anew / max(1, requests),
    }


def key_to_paint(worker: Worker, characters: int, keys: int) -> dict[str, Any]:
    """Types into the bound editor, by turns while the worker writes and while it rests."""
    from editor import PAUSE, Desk, Typist, check_painting, percentile, settle
    from pages import application, spare_the_harness

    application()
    desk = Desk(characters, keys)
    desk.bound.draft.observe_changes(lambda _change: worker.give_way())
    check_painting(desk)
    spare_the_harness()
    resting, beside = Typist(desk.bound), Typist(desk.bound)

    def burst(typist: Typist, place: int) -> None:
        desk.sit_down(desk.bound, place)
        for _ in range(BURST):
            settle(PAUSE)
            typist.press()

    for number in range(-(-keys // BURST)):
        for typist in (resting, beside) if number % 2 else (beside, resting):
            if typist is beside:
                with writing(worker):
                    burst(typist, number % 6)
            else:
                burst(typist, number % 6)
    desk.close()
    idle, busy = (sorted(1000 * seconds for seconds in typist.seconds) for typist in (resting, beside))
    row: dict[str, Any] = {"characters": characters, "keys": len(idle)}
    for name, share in (("p50", 50), ("p95", 95)):
        row[f"idle_{name}_ms"], row[f"writing_{name}_ms"] = percentile(idle, share), percentile(busy, share)
        row[f"ratio_{name}"] = row[f"writing_{name}_ms"] / row[f"idle_{name}_ms"]
    return row
