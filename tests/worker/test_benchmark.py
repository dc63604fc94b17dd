"""The assistant's benchmark runs, on a tiny model. Nothing is timed here."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "assistant.py"
TRACE = {
    "startContent": "",
    "endContent": "a bell.\nb",
    "txns": [{"patches": [[at, 0, letter]]} for at, letter in enumerate("a bell.\nb")],
}


def run(*arguments: str) -> dict[str, object]:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, str(BENCHMARK), "--json", *arguments], capture_output=True, text=True, check=True, env=environ
    )
    answer: dict[str, object] = json.loads(ran.stdout)
    return answer


@pytest.mark.slow
def test_rates_cancelling_energy_and_typing_are_measured(tiny: Callable[..., Path], tmp_path: Path) -> None:
    trace = tmp_path / "trace.json"
    trace.write_text(json.dumps(TRACE), encoding="utf-8")
    parts = ["rates", "first_token", "cancel", "energy", "keystrokes", "tasks"]
    few = ("--rounds", "1", "--tokens", "8", "--prompt", "100", "--threads", "1", "--tasks", "ask", "draft")
    found: Any = run("--model", str(tiny()), *few, "--trace", str(trace), "--only", *parts)
    assert set(found) == {"model", *parts}
    assert all(row["ratio"] > 0 for row in found["rates"])
    assert found["first_token"]["ratio"] > 1
    assert [row["phase"] for row in found["cancel"]] == ["loading", "reading", "writing"]
    assert found["energy"]["joules_per_token"] >= 0
    assert found["keystrokes"]["keystrokes"] == len(TRACE["txns"]) - 1
    assert found["keystrokes"]["requests"] >= 1
    assert {row["task"] for row in found["tasks"]} == {"ask", "draft"}
    assert all(row["ratio"] > 0 for row in found["tasks"])


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Begins a run that is refused; gives what is said."""

    def begin(*arguments: str) -> str:
        monkeypatch.syspath_prepend(str(BENCHMARK.parent))
        monkeypatch.setattr(sys, "argv", ["assistant.py", *arguments])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(BENCHMARK), run_name="__main__")
        assert ended.value.code == 2
        return capsys.readouterr().err

    return begin


def test_without_a_model_it_says_what_to_do(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "cowrite models pull" in refused("--model", str(tmp_path / "none.gguf"))


@pytest.mark.parametrize("part", ["rates", "cancel"])
def test_what_is_no_model_is_said(refused: Callable[..., str], part: str, tmp_path: Path) -> None:
    (model := tmp_path / "some.gguf").write_bytes(b"no model")
    assert "it is not a GGUF file" in refused("--model", str(model), "--only", part)


def test_a_trace_with_too_few_keys_is_said(
    refused: Callable[..., str], tiny: Callable[..., Path], tmp_path: Path
) -> None:
    (trace := tmp_path / "trace.json").write_text(json.dumps({**TRACE, "txns": TRACE["txns"][:1]}), encoding="utf-8")
    said = refused("--model", str(tiny()), "--trace", str(trace), "--only", "keystrokes")
    assert "too few transactions" in said
