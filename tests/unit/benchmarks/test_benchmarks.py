"""The benchmarks' commands and their reader of editing traces, on traces of a few keys. Nothing is timed here."""

from __future__ import annotations

import gzip
import importlib
import json
import runpy
import sys
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE
from types import ModuleType
from typing import Any

import pytest

from helpers.warm_python import APPLICATION, Forked

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"

WALK = {
    "startContent": "a\U0001f600b",
    "endContent": "a\U0001f600\U0001f469é!\nb",
    "txns": [
        {"patches": [[2, 0, "\U0001f469x"]]},
        {"patches": [[3, 1, "é"], [4, 0, "?\n"]]},
        {"patches": [[4, 1, "!"]]},
    ],
}
"""A sequential trace in which code points, UTF-16 units and bytes differ."""

TALK = {
    "kind": "concurrent",
    "numAgents": 2,
    "endContent": "one and zwei\nend",
    "txns": [
        {"parents": [], "agent": 0, "patches": [[0, 0, "one two\n"]]},
        {"parents": [0], "agent": 1, "patches": [[4, 3, ""]]},
        {"parents": [0], "agent": 0, "patches": [[4, 0, "and "]]},
        {"parents": [1], "agent": 1, "patches": [[4, 0, "zwei"]]},
        {"parents": [2], "agent": 0, "patches": [[12, 0, "end"]]},
        {"parents": [3, 4], "agent": 1, "patches": []},
    ],
}
"""Two who write at once, one of them into what the other has taken away meanwhile."""


BRANCHES = {
    "kind": "concurrent",
    "numAgents": 1,
    "endContent": "zero one two three four",
    "txns": [
        {"parents": [], "agent": 0, "patches": [[0, 0, "one three"]]},
        {"parents": [0], "agent": 0, "patches": [[9, 0, " four"]]},
        {"parents": [0], "agent": 0, "patches": [[4, 0, "two "]]},
        {"parents": [0], "agent": 0, "patches": [[0, 0, "o "]]},
        {"parents": [3], "agent": 0, "patches": [[0, 0, "zer"]]},
        {"parents": [1, 2, 4], "agent": 0, "patches": []},
    ],
}
"""One person who works on three branches and merges them."""


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that reads traces."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("traces")


def written(folder: Path, held: Any, *, name: str = "trace.json") -> Path:
    """A trace in a file."""
    path = folder / name
    content = json.dumps(held).encode()
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def replay(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """Runs the command; gives its exit status and what it reports."""
    command = [sys.executable, str(BENCHMARKS / "replay.py"), str(path), "--json", *options]
    process = Forked(command, stdout=PIPE, loaded=APPLICATION)
    assert process.stdout is not None
    with process.stdout as output:
        told = output.read()
    return process.wait(), json.loads(told)


def test_a_trace_is_read_compressed_or_not(traces: ModuleType, tmp_path: Path) -> None:
    plain = traces.read_trace(written(tmp_path, WALK))
    packed = traces.read_trace(written(tmp_path, WALK, name="trace.json.gz"))
    assert plain == packed
    assert (plain.name, plain.kind, plain.agents, plain.operations) == ("trace", "sequential", 1, 4)


def test_positions_in_code_points_become_utf16_units_and_bytes(traces: ModuleType, tmp_path: Path) -> None:
    trace = traces.read_trace(written(tmp_path, WALK))
    steps, _, texts = traces.rehearse(trace)
    assert texts == [trace.end]
    first, second, third = (step.edits for step in steps)
    assert [(edit.at, edit.removed, edit.octet, edit.octets) for edit in first] == [(3, 0, 5, 0)]
    assert [(edit.at, edit.removed, edit.octet, edit.octets) for edit in second] == [(5, 1, 9, 1), (6, 0, 11, 0)]
    assert [(edit.at, edit.removed, edit.octet, edit.octets) for edit in third] == [(6, 1, 11, 1)]


def test_a_trace_without_start_begins_empty(traces: ModuleType, tmp_path: Path) -> None:
    assert traces.read_trace(written(tmp_path, {"endContent": "", "txns": []})).start == ""


def test_characters_that_no_widget_holds_give_way_to_one_that_it_does(traces: ModuleType, tmp_path: Path) -> None:
    text = "\ufeffa\r\n\ufffe"
    trace = traces.read_trace(written(tmp_path, {"endContent": text, "txns": [{"patches": [[0, 0, text]]}]}))
    assert trace.end == "\ufffda\ufffd\n\ufffd"
    assert trace.transactions[0].patches == ((0, 0, trace.end),)
    assert trace.replaced == 6


def test_each_transaction_of_two_agents_sees_what_its_parents_say(traces: ModuleType, tmp_path: Path) -> None:
    trace = traces.read_trace(written(tmp_path, TALK))
    assert [transaction.sees for transaction in trace.transactions] == [(0, 0), (1, 0), (1, 0), (1, 1), (2, 0), (3, 2)]
    steps, rest, texts = traces.rehearse(trace)
    assert [[arrival[:2] for arrival in step.arrivals] for step in steps] == [
        [],
        [(0, 0)],
        [],
        [],
        [],
        [(0, 1), (0, 2)],
    ]
    assert [[arrival[:2] for arrival in arrivals] for arrivals in rest] == [[(1, 0), (1, 1), (1, 2)], []]
    assert texts == [trace.end, trace.end]


@pytest.mark.parametrize(
    "held",
    [
        [],
        {"txns": []},
        {"endContent": "", "txns": [{}]},
        {"endContent": "", "txns": [{"patches": [["x"]]}]},
        {"kind": "concurrent", "endContent": "", "txns": [{"agent": 0, "parents": [1], "patches": []}]},
        {"kind": "concurrent", "endContent": "", "txns": [{"agent": -1, "parents": [], "patches": []}]},
        {"endContent": "", "txns": [{"patches": [[float("inf"), 0, ""]]}]},
    ],
)
def test_what_is_no_trace_is_refused(traces: ModuleType, tmp_path: Path, held: Any) -> None:
    with pytest.raises(traces.BadTrace):
        traces.read_trace(written(tmp_path, held))


@pytest.mark.parametrize("content", [gzip.compress(b"{}" * 99)[:12] + bytes(99), b"[" * 200_000])
def test_what_is_packed_badly_or_nested_without_end_is_refused(
    traces: ModuleType, tmp_path: Path, content: bytes
) -> None:
    (path := tmp_path / "trace.json.gz").write_bytes(content)
    with pytest.raises(traces.BadTrace):
        traces.read_trace(path)


def test_a_trace_that_names_parents_is_concurrent_whether_it_says_so_or_not(traces: ModuleType, tmp_path: Path) -> None:
    unnamed = {name: value for name, value in TALK.items() if name != "kind"}
    assert traces.read_trace(written(tmp_path, unnamed)) == traces.read_trace(written(tmp_path, TALK))


def test_an_agent_on_several_branches_has_a_replica_for_each(traces: ModuleType, tmp_path: Path) -> None:
    trace = traces.read_trace(written(tmp_path, BRANCHES))
    assert trace.agents == 3
    assert [each.agent for each in trace.transactions] == [0, 0, 1, 2, 2, 0]
    assert [each.sees for each in trace.transactions] == [
        (0, 0, 0),
        (1, 0, 0),
        (1, 0, 0),
        (1, 0, 0),
        (1, 0, 1),
        (2, 1, 2),
    ]
    _, _, texts = traces.rehearse(trace)
    assert texts == [trace.end] * 3


@pytest.mark.parametrize("start", ["", "\U0001f600"])
@pytest.mark.parametrize("patch", [[2, 0, "a"], [1, 1, ""], [-1, 1, "a"]])
def test_a_patch_beyond_the_text_is_refused(traces: ModuleType, tmp_path: Path, start: str, patch: list[Any]) -> None:
    trace = traces.read_trace(
        written(tmp_path, {"startContent": start, "endContent": "", "txns": [{"patches": [patch]}]})
    )
    with pytest.raises(traces.BadTrace):
        traces.rehearse(trace)


def test_a_sequential_replay_ends_with_the_text_of_the_trace(tmp_path: Path) -> None:
    status, report = replay(written(tmp_path, WALK))
    assert status == 0
    assert report["final_equal"] is True
    assert (report["trace"], report["kind"], report["operations"]) == ("trace", "sequential", 4)
    assert {"seconds", "floor_seconds", "ratio"} <= report.keys()


@pytest.mark.parametrize(("held", "agents"), [(TALK, 2), (BRANCHES, 3)])
def test_a_concurrent_replay_goes_through_a_server_and_ends_with_the_text_of_the_trace(
    tmp_path: Path, held: dict[str, Any], agents: int
) -> None:
    status, report = replay(written(tmp_path, held), "-n", "2")
    assert status == 0
    assert report["final_equal"] is True
    assert (report["kind"], report["agents"], report["operations"]) == ("concurrent", agents, 5)
    assert report["messages"] + report["parts"] > 0
    assert "waiting_seconds" in report
    assert len(report["ratios"]) == 2
    assert report["ratio"] == max(report["ratios"]), "the middle one of two"


def test_a_replay_that_ends_with_another_text_fails(tmp_path: Path) -> None:
    status, report = replay(written(tmp_path, {**WALK, "endContent": "another"}))
    assert (status, report["final_equal"]) == (1, False)


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("replay", []),
        ("replay", ["no-such-file.json"]),
        ("replay", ["no-such-file.json", "-n", "0"]),
        ("editor", ["--keys", "1"]),
        ("editor", ["--characters", "10"]),
        ("start", ["-n", "many"]),
        ("start", ["-n", "0"]),
        ("suggestions", ["--text", "some.txt", "--keys", "0"]),
        ("ideas", ["--questions", "-1"]),
        ("board", ["--notes", "0"]),
        ("changes", ["--changes", "0"]),
        ("server", ["--rounds", "0"]),
        ("server", ["--only", "no such scenario"]),
        ("server", ["--trace", "no-such-file.json"]),
    ],
)
def test_wrong_use_is_said_and_ends_with_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], program: str, arguments: list[str]
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    monkeypatch.setattr(sys, "argv", [program, *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(BENCHMARKS / f"{program}.py"), run_name="__main__")
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert "usage" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 500, "Nowhere in these texts"),
        pytest.param(
            *("one two three " * 50, "it is not a GGUF file"),
            marks=pytest.mark.skipif(find_spec("llama_cpp") is None, reason="the assistant's engine is not installed"),
        ),
    ],
)
def test_why_suggestions_are_not_measured_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, said: str
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    (path := tmp_path / "text.txt").write_text(text, encoding="utf-8")
    (model := tmp_path / "model.gguf").write_bytes(b"no model")
    with pytest.raises(SystemExit) as ended:
        importlib.import_module("suggestions").main(["--text", str(path), "--model", str(model)])
    assert said in str(ended.value.code)
