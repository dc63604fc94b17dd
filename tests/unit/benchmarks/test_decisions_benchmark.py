"""The benchmark of decision summaries, on a meeting of a few turns and a played model. Nothing is timed here."""

from __future__ import annotations

import gzip
import importlib
import json
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self

import pytest

from cowrite.assist.requests import Generation, Model, Scores, Scoring
from cowrite.assist.tasks.jobs import Job
from helpers.played_model import SMALL, USAGE, PlayedModel

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
MEETING = {
    "meeting": "M1",
    "turns": [
        ["Ada", "Good morning ."],
        ["Ben", "We agreed on rubber for the case\nand on blue ."],
        ["Ada", "Yes 🎬 ."],
    ],
    "questions": [
        {"question": "What was decided about the case?", "answer": "They agreed on rubber.", "evidence": [[1, 2]]},
        {"question": "What was decided about pensions?", "answer": "Nothing.", "evidence": [[0, 0]]},
    ],
}
FIGURES = {
    "model", "precision_at_5", "hit_at_5", "verbatim", "rouge_l", "plain_rouge_l", "bm25_precision_at_5",
    "bm25_hit_at_5", "seconds_per_meeting",
}  # fmt: skip


class Played:
    """In the place of the process: finds all parts equally likely, and writes one sentence."""

    def __init__(self, *_arguments: object, **_more: object) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _where: TracebackType | None) -> None:
        pass

    def prepare(self) -> Model:
        return SMALL

    def carry_out(self, make: Any) -> Any:
        def reply(step: Generation | Scoring) -> Any:
            return "They agreed." if isinstance(step, Generation) else Scores((-9.0,), (1,), USAGE)

        job: Job[Any] = make(SMALL)
        return PlayedModel(reply).carry_out(job)


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command, without a process."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    module = importlib.import_module("decisions")
    monkeypatch.setattr(module, "ModelProcess", Played)
    return module


def data(folder: Path, *, packed: bool) -> Path:
    path = folder / ("some.jsonl.gz" if packed else "some.jsonl")
    line = json.dumps(MEETING).encode() + b"\n"
    path.write_bytes(gzip.compress(line) if packed else line)
    return path


@pytest.mark.parametrize("packed", [True, False])
def test_it_prints_one_object_with_all_figures(
    packed: bool, benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "model.gguf"
    model.touch()
    file = data(tmp_path, packed=packed)
    assert benchmark.main(["--data", str(file), "--model", str(model), "--json"]) == 0
    captured = capsys.readouterr()
    figures = json.loads(captured.out)
    assert set(figures) >= FIGURES
    assert figures["verbatim"] == 1.0
    assert figures["hit_at_5"] == 0.5
    assert figures["precision_at_5"] == pytest.approx(0.1)  # one quote of five, in one of two questions
    assert figures["plain_rouge_l"] == pytest.approx((2 * 2 / 6 + 0) / 2)
    assert "1 of 1, M1" in captured.err


def test_a_quote_is_in_the_turn_in_which_it_begins(benchmark: ModuleType, tmp_path: Path) -> None:
    (meeting,) = benchmark.read(data(tmp_path, packed=False))
    assert meeting.text.splitlines()[1] == "Ben: We agreed on rubber for the case and on blue ."
    assert meeting.turn_at(meeting.text.index("We agreed")) == 1
    assert meeting.turn_at(meeting.text.index("🎬")) == 2


def test_a_meeting_may_have_any_line_breaks_in_it_and_blank_lines_behind(benchmark: ModuleType, tmp_path: Path) -> None:
    turns = [["Ada\nB", "one\u2028two\x85three\r\n"], ["Ben", "four"]]
    path = tmp_path / "some.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf" + json.dumps({**MEETING, "turns": turns}, ensure_ascii=False).encode() + b"\r\n\n \n"
    )
    (meeting,) = benchmark.read(path)
    assert meeting.text == "Ada B: one two three\nBen: four"
    assert meeting.turn_at(meeting.text.index("four")) == 1


@pytest.mark.parametrize("turns", [[], [["Ada", ""]]])
def test_in_a_meeting_without_words_nothing_is_found(
    turns: list[list[str]], benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (model := tmp_path / "model.gguf").touch()
    (path := tmp_path / "some.jsonl").write_text(json.dumps({**MEETING, "turns": turns}), encoding="utf-8")
    assert benchmark.main(["--data", str(path), "--model", str(model), "--json", "--no-plain"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["questions"], figures["hit_at_5"], figures["rouge_l"]) == (2, 0.0, 0.0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff",
        b"[" * 200_000,
        gzip.compress(b"{}" * 99)[:12] + bytes(99),
        *(
            json.dumps({**MEETING, **wrong}).encode()
            for wrong in (
                {"turns": [["Ada", None]]},
                {"questions": [{"question": None, "answer": "a", "evidence": []}]},
                {"questions": [{"question": "q", "answer": None, "evidence": []}]},
                {"questions": [{"question": "q", "answer": "a", "evidence": [[1]]}]},
            )
        ),
    ],
)
def test_what_cannot_be_read_is_refused(
    content: bytes, benchmark: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path := tmp_path / "bad.jsonl").write_bytes(content)
    (tmp_path / "model.gguf").touch()
    with pytest.raises(SystemExit) as end:
        benchmark.main(["--data", str(path), "--model", str(tmp_path / "model.gguf")])
    assert end.value.code == 2
    assert str(path) in capsys.readouterr().err


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="the assistant's engine is not installed")
def test_a_model_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    (model := tmp_path / "model.gguf").write_bytes(b"no model")
    with pytest.raises(SystemExit) as end:
        importlib.import_module("decisions").main(["--data", str(data(tmp_path, packed=False)), "--model", str(model)])
    assert "it is not a GGUF file" in str(end.value.code)


def test_rouge_counts_the_longest_common_subsequence_of_words(benchmark: ModuleType) -> None:
    assert benchmark.rouge_l("The cat sat.", "the CAT sat") == 1.0
    assert benchmark.rouge_l("a b c d", "b x d y") == pytest.approx(0.5)
    assert benchmark.rouge_l("", "b") == benchmark.rouge_l("a", "b") == 0.0
