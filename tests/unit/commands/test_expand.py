"""The command `cowrite assist expand`, with a real worker whose model is scripted."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cowrite.__main__ import main
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.model_folder import put_model

IDEAS = (
    "Rehearse on the ferry where commuters can listen.",
    "Write a song together with the football club.",
    "Lend robes and scores to three school classes.",
    "Open the last rehearsal before Christmas to dogs.",
    "Trade singing lessons against babysitting.",
)
LARGE = {"parameters": 8_000_000_000, "name": "Scripted"}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def scripted(tmp_path: Path, cowrite_home: Path, forked_worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large model that has these ideas, one a call."""
    put_model(Paths.of({HOME_VARIABLE: str(cowrite_home)}))
    script = {"rules": [{"when": "choir", "answers": IDEAS}], "model": LARGE}
    (tmp_path / "script.json").write_text(json.dumps(script), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "cowrite.worker", "--scripted", str(tmp_path / "script.json")]
    monkeypatch.setattr("cowrite.commands.model_process.own_process", lambda _module: command)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def carry_out(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(["assist", *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return carry_out


@pytest.mark.usefixtures("scripted")
def test_three_ideas_are_printed_with_their_lenses(run: Run) -> None:
    status, out, err = run("expand", "--question", "How can our choir grow?")
    assert (status, err) == (0, "")
    printed = out.splitlines()
    assert len(printed) == 3
    assert all(line.split("  (")[0] in IDEAS and line.endswith(")") for line in printed)


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize("before", [("--seed", "3"), ("--se", "3"), ("--seed=3",), ("--json", "--count", "2"), ("--",)])
def test_options_may_stand_before_the_task(before: tuple[str, ...], run: Run) -> None:
    question = ("--question", "How can our choir grow?")
    status, out, _ = run(*((*question, *before, "expand") if before == ("--",) else (*before, "expand", *question)))
    assert status == 0
    assert any(idea in out for idea in IDEAS)


@pytest.mark.usefixtures("scripted")
def test_json_has_ideas_with_text_and_lens_and_figures(run: Run, tmp_path: Path) -> None:
    (tmp_path / "question.txt").write_text("How can our choir grow?", encoding="utf-8")
    status, out, _ = run("--json", "expand", str(tmp_path / "question.txt"), "--count", "2", "--seed", "5")
    assert status == 0
    result: dict[str, Any] = json.loads(out)
    assert len(result["ideas"]) == 2
    assert all(set(idea) == {"text", "lens"} and idea["text"] in IDEAS for idea in result["ideas"])
    assert (result["model"], result["seed"], result["compared_by"]) == ("Scripted", 5, "letters")
    assert result["template"].startswith("ideas/chat@")
    assert result["seconds"] >= 0
    assert result["tokens_generated"] > 0


@pytest.mark.usefixtures("scripted")
def test_what_is_to_be_avoided_does_not_come_again(run: Run, tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("".join(f"- {idea}\n" for idea in IDEAS[:4]), encoding="utf-8")
    status, out, err = run("expand", "--question", "Our choir?", "--avoid", str(tmp_path / "there.md"), "--count", "5")
    assert status == 0
    assert [line.split("  (")[0] for line in out.splitlines()] == [IDEAS[4]]
    assert "no more than 1" in err


@pytest.mark.usefixtures("scripted")
def test_the_question_comes_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Unser choir?"), encoding="ascii"))
    assert run("expand")[0] == 0


@pytest.mark.usefixtures("scripted")
def test_a_question_without_words_is_refused(run: Run) -> None:
    status, out, err = run("expand", "--question", " ? ")
    assert (status, out) == (1, "")
    assert "no question" in err


@pytest.mark.parametrize(
    "wrong", [("--count", "0"), ("--count", "51"), ("--seed", "-1"), ("--question", "Why?", "file.txt")]
)
def test_wrong_use_ends_with_status_2(run: Run, wrong: tuple[str, ...]) -> None:
    assert run("expand", *wrong)[0] == 2


def test_without_a_model_it_says_how_to_get_one(run: Run) -> None:
    status, _, err = run("expand", "--question", "Why?")
    assert status == 1
    assert "cowrite models pull" in err


def test_a_file_that_is_not_there_is_named(run: Run) -> None:
    status, _, err = run("expand", "--question", "Why?", "--avoid", "nowhere.txt")
    assert status == 1
    assert "nowhere.txt" in err
