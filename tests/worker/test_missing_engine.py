"""The worker where the engine is not installed or does not load: it says so, and goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cowrite.assist.engine.wire import plain_encoding
from cowrite.assist.requests import Encoding, Lane
from helpers.missing_engine import GONE, NO_FILE, NO_LIBRARY, without_engine
from helpers.worker_seat import WorkerSeat

WHYS = {
    GONE: "No module named 'llama_cpp'",
    NO_LIBRARY: "libgomp.so.1: cannot open shared object file: No such file or directory",
    NO_FILE: "Shared library with base name 'llama' not found",
    "raise OSError()": "OSError",
}


@pytest.fixture
def sit(tmp_path: Path) -> Iterator[Callable[[str], WorkerSeat]]:
    seats: list[WorkerSeat] = []

    def sit(what_it_does: str = GONE) -> WorkerSeat:
        seats.append(WorkerSeat(environ={"PYTHONPATH": without_engine(tmp_path, what_it_does)}))
        return seats[-1]

    yield sit
    for seat in seats:
        seat.close()


@pytest.mark.parametrize(("what_it_does", "why"), WHYS.items(), ids=WHYS.values())
def test_a_worker_whose_engine_does_not_load_says_why_and_how_to_get_it(
    sit: Callable[..., WorkerSeat], tmp_path: Path, what_it_does: str, why: str
) -> None:
    seat = sit(what_it_does)
    assert seat.hello["engine"] == "none"
    failed = seat.load(tmp_path / "model.gguf")
    assert failed["code"] == "no-library"
    assert failed["sentence"] == (
        f"The assistant’s engine is not installed or does not load ({why}); “cowrite doctor” says how to get it."
    )


def test_it_says_so_of_texts_to_compare_too_and_ends_as_any_other(
    sit: Callable[..., WorkerSeat], tmp_path: Path
) -> None:
    seat = sit()
    seat.send("encode", encoding=plain_encoding(Encoding(Lane.BACKGROUND, str(tmp_path / "x.gguf"), ("a text",))))
    assert seat.until("encoded", "failed")["code"] == "no-library"
    seat.send("unload")
    assert seat.receive()["type"] == "unloaded"
    assert seat.close() == ""
    assert seat.process.returncode == 0


def test_a_model_that_runs_elsewhere_needs_no_engine_here(sit: Callable[..., WorkerSeat]) -> None:
    seat = sit()
    seat.send("attach", url="http://127.0.0.1:1/v1", key="", name="")
    assert seat.until("loaded", "failed")["code"] == "endpoint"  # nobody is there; one who was would be asked
