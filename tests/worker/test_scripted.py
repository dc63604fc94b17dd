"""The scripted model, as a process: it answers the same each time, and dies, hangs and waits where it is told."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from cowrite.assist.engine.wire import model_of
from cowrite.assist.requests import (
    Chat,
    Completing,
    Ending,
    Generation,
    Lane,
    Message,
    Model,
    Scaffold,
    Scoring,
    Seen,
    Window,
    Words,
)
from helpers.worker_seat import WorkerSeat, script


def asking(text: str, tokens: int = 100, **fields: object) -> Generation:
    return Generation(Lane.PANEL, Completing((Words(text),)), tokens, **fields)  # type: ignore[arg-type]


def loaded(path: Path, plain: object) -> WorkerSeat:
    seat = WorkerSeat("--scripted", str(script(path / "script.json", plain)))  # type: ignore[arg-type]
    assert seat.load(Path("nowhere.gguf"))["type"] == "loaded"
    return seat


def test_the_first_rule_that_fits_answers(tmp_path: Path) -> None:
    rules = [
        {"when": "shorter: (.+)$", "answer": "Short \\1.", "probability": [0.5, 0.25]},
        {"when": "", "answer": "Anything."},
    ]
    with loaded(tmp_path, rules) as seat:
        completion = seat.generate(asking("Make it shorter: rain", scored=True))
        assert completion.text == "Short rain."
        assert [token.probability for token in completion.tokens] == [0.5, 0.25]
        assert completion.ending is Ending.STOP
        assert seat.generate(asking("Else")).text == "Anything."
        assert seat.generate(asking("Make it shorter: rain", stop=(" rain",))).text == "Short"
        assert seat.generate(asking("Else", tokens=0)).ending is Ending.LENGTH


def test_it_sees_a_conversation_as_lines_and_a_window_up_to_its_limit(tmp_path: Path) -> None:
    chat = Chat(
        (
            Message("system", (Scaffold("Be brief."),)),
            Message("user", (Window(("one two\n", "three four\n", "five\n")), Words("Go on"))),
        ),
        "Well",
    )
    plain = {"rules": [{"when": "^(.*)$", "answer": "[\\1]"}], "limit": 3}
    with loaded(tmp_path, plain) as seat:
        completion = seat.generate(Generation(Lane.PANEL, chat, 100))
        assert completion.text == "[system: Be brief.\nuser: three four\nfive\nGo on\nWell]"
        assert completion.seen == Seen(1, 3, 3)


def test_the_model_and_scores_are_as_the_script_says(tmp_path: Path) -> None:
    path = script(tmp_path / "s.json", {"model": {"name": "Big", "parameters": 8_000_000_000}, "scores": {"yes": -0.5}})
    with WorkerSeat("--scripted", str(path)) as seat:
        assert seat.hello["engine"] == "scripted"
        model = model_of(seat.load(Path("x"))["model"])
        assert model == Model("Big", "", 8_000_000_000, 2048, True)
        scores = seat.score(Scoring(Lane.PANEL, Completing((Words("Is it?"),)), ("yes", "no idea")))
        assert scores.log_probabilities == (-0.5, -10.0)
        assert scores.lengths == (1, 2)


def test_each_token_waits_for_its_gate(tmp_path: Path) -> None:
    with loaded(tmp_path, [{"when": "", "answer": "one two three", "gated": True}]) as seat:
        seat.ask(asking("x", is_shown=True))
        seat.send("gate", tokens=1)
        assert seat.until("token")["text"] == "one"
        seat.send("gate", tokens=2)
        assert [seat.until("token")["text"] for _ in range(2)] == [" two", " three"]
        assert seat.completion().text == "one two three"


def test_a_cancelled_text_ends_with_what_was_written(tmp_path: Path) -> None:
    with loaded(tmp_path, [{"when": "", "answer": "one two three", "gated": True}]) as seat:
        id = seat.ask(asking("x", is_shown=True))
        seat.send("gate", tokens=1)
        seat.until("token")
        seat.send("cancel", id)
        completion = seat.completion()
        assert (completion.text, completion.ending) == ("one", Ending.CANCELLED)


def test_a_request_that_is_cancelled_while_it_waits_is_never_begun(tmp_path: Path) -> None:
    with loaded(tmp_path, [{"when": "", "answer": "one", "gated": True}]) as seat:
        seat.ask(asking("x"))
        second = seat.ask(asking("y"))
        seat.send("cancel", second)
        seat.send("gate", tokens=1)
        assert seat.completion().text == "one"
        completion = seat.completion()
        assert (completion.text, completion.ending) == ("", Ending.CANCELLED)


def test_loading_waits_for_its_gates_and_can_be_cancelled(tmp_path: Path) -> None:
    path = script(tmp_path / "s.json", {"loading": {"steps": 4, "gated": True}})
    with WorkerSeat("--scripted", str(path)) as seat:
        id = seat.send("load", path="x", name="", context=0, threads=0, batch=0)
        seat.send("gate", tokens=1)
        assert seat.until("loading")["fraction"] == 0.25
        seat.send("cancel", id)
        failed = seat.until("loaded", "failed")
        assert (failed["type"], failed["code"]) == ("failed", "cancelled")
        seat.ask(asking("x"))
        assert seat.until("failed")["code"] == "no-model"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_it_dies_where_it_is_told(tmp_path: Path) -> None:
    seat = loaded(tmp_path, [{"when": "", "answer": "one two", "does": "die", "after": 1}])
    seat.ask(asking("x", is_shown=True))
    assert seat.until("token")["text"] == "one"
    with pytest.raises(EOFError):
        seat.until("done")
    seat.close()
    assert seat.process.returncode == -signal.SIGKILL


def test_while_it_hangs_it_still_answers_pings(tmp_path: Path) -> None:
    seat = loaded(tmp_path, [{"when": "", "answer": "one two", "does": "hang", "after": 1}])
    id = seat.ask(asking("x", is_shown=True))
    assert seat.until("token")["text"] == "one"  # cancelled before it has begun, it would not hang
    seat.send("cancel", id)
    seat.send("ping", 77)
    assert seat.until("pong", "done")["id"] == 77
    seat.process.kill()
    seat.close()


def test_it_fails_where_it_is_told_and_where_no_rule_fits(tmp_path: Path) -> None:
    with loaded(tmp_path, [{"when": "fail", "does": "fail"}]) as seat:
        seat.ask(asking("fail"))
        assert seat.until("failed")["code"] == "internal"
        seat.ask(asking("else"))
        assert seat.until("failed")["code"] == "unsupported"
