"""The assistant's benchmark runs, on a tiny model. Nothing is timed here."""

from __future__ import annotations

import json
import os
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


def test_cancelling_energy_and_typing_are_measured(tiny: Callable[..., Path], tmp_path: Path) -> None:
    trace = tmp_path / "trace.json"
    trace.write_text(json.dumps(TRACE), encoding="utf-8")
    parts = ["cancel", "energy", "keystrokes", "tasks"]
    few = ("--rounds", "1", "--tokens", "8", "--threads", "1", "--tasks", "ask", "draft")
    found: Any = run("--model", str(tiny()), *few, "--trace", str(trace), "--only", *parts)
    assert list(found) == ["model", *parts]
    assert [row["phase"] for row in found["cancel"]] == ["loading", "reading", "writing"]
    assert found["energy"]["joules_per_token"] >= 0
    assert found["keystrokes"]["keystrokes"] == len(TRACE["txns"]) - 1
    assert found["keystrokes"]["requests"] >= 1
    assert {row["task"] for row in found["tasks"]} == {"ask", "draft"}
    assert all(row["ratio"] > 0 for row in found["tasks"])


def test_rates_are_measured(tiny: Callable[..., Path]) -> None:
    few = ("--rounds", "1", "--tokens", "8", "--prompt", "100", "--threads", "1")
    found: Any = run("--model", str(tiny()), *few, "--only", "rates", "first_token")
    assert all(row["ratio"] > 0 for row in found["rates"])
    assert found["first_token"]["ratio"] > 1


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run("--model", str(tmp_path / "none.gguf"))
    assert failed.value.returncode == 2
    assert "cowrite models pull" in failed.value.stderr


@pytest.mark.parametrize("part", ["rates", "cancel"])
def test_what_is_no_model_is_said(part: str, tmp_path: Path) -> None:
    (model := tmp_path / "some.gguf").write_bytes(b"no model")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run("--model", str(model), "--only", part)
    assert failed.value.returncode == 2
    assert "it is not a GGUF file" in failed.value.stderr


def test_a_trace_with_too_few_keys_is_said(tiny: Callable[..., Path], tmp_path: Path) -> None:
    (trace := tmp_path / "trace.json").write_text(json.dumps({**TRACE, "txns": TRACE["txns"][:1]}), encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run("--model", str(tiny()), "--trace", str(trace), "--only", "keystrokes")
    assert failed.value.returncode == 2
    assert "too few transactions" in failed.value.stderr
