"""The command `cowrite assist`, with a real worker whose model is scripted."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cowrite.__main__ import main
from cowrite.commands.assist import UNSURE
from cowrite.paths import HOME_VARIABLE, Paths
from helpers.model_folder import put_model
from helpers.played_model import own_folder

TEXT = "🎬 Plan\n\nThe film is shown in Lyon. About 60 people are expected.\n"
ANSWER = 'In Lyon.\nQuotes:\n"The film is shown in Lyon."'
LARGE = {"parameters": 8_000_000_000, "name": "Scripted"}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def script(
    tmp_path: Path, cowrite_home: Path, forked_worker: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Puts a model there that answers by these rules."""

    def write(*rules: dict[str, Any], model: dict[str, Any] | None = None) -> None:
        put_model(Paths.of({HOME_VARIABLE: str(cowrite_home)}))
        file = tmp_path / "script.json"
        file.write_text(json.dumps({"rules": list(rules), "model": model or LARGE}), encoding="utf-8")
        command = [sys.executable, "-P", "-m", "cowrite.worker", "--scripted", str(file)]
        monkeypatch.setattr("cowrite.commands.model_process.own_process", lambda _module: command)

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Carries the command out on a file with a text; gives status, output and errors."""

    def carry_out(*arguments: str, text: str | bytes = TEXT, has_file: bool = True) -> tuple[int, str, str]:
        file = tmp_path / "plan.md"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            status = main(["assist", *arguments, *([str(file)] if has_file else [])])
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return carry_out


def test_a_result_is_printed_and_nothing_else(script: Callable[..., None], run: Run) -> None:
    script({"when": "at most eight words", "answer": "A film in Lyon"})
    assert run("title") == (0, "A film in Lyon\n", "")


def test_the_text_comes_from_standard_input_where_no_file_is_named(
    script: Callable[..., None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    script({"when": "Grün", "answer": "Found"})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\ufeffGrün ist es.".encode()), encoding="ascii"))
    assert run("title", has_file=False)[:2] == (0, "Found\n")


def test_a_dash_in_the_place_of_the_file_is_standard_input(
    script: Callable[..., None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    script({"when": "Green", "answer": "Found"})
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Green it is. It was found.")))
    assert run("title", "-", has_file=False)[:2] == (0, "Found\n")


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (("summarise",), "You summarise texts"),
        (("outline",), "You make outlines"),
        (("draft",), "You write notes out"),
        (("describe", "--reader", "Ada"), "this reader: Ada"),
        (("rewrite", "--instruction", "shorter"), "You shorten texts"),
        (("rewrite", "--instruction", "Make it rhyme"), "Change it like this: Make it rhyme"),
        (("rewrite", "--language", "German"), "into this language: German"),
        (("--json", "summarise"), "You summarise texts"),
        (("--seed", "0", "summarise"), "You summarise texts"),
    ],
)
def test_each_task_asks_for_its_own(
    arguments: tuple[str, ...], asked: str, script: Callable[..., None], run: Run
) -> None:
    script({"when": asked, "answer": "The film is in Lyon, for about 60."}, {"when": "", "answer": ""})
    status, out, _ = run(*arguments)
    assert status == 0
    assert "The film is in Lyon, for about 60." in out


def test_json_has_the_text_its_origin_and_figures(script: Callable[..., None], run: Run) -> None:
    script({"when": "Question", "answer": ANSWER})
    status, out, err = run("ask", "--question", "Where?", "--seed", "3", "--json")
    assert (status, err) == (0, "")
    result = json.loads(out)
    start = TEXT.index("The film")
    assert result["quotes"] == [{"text": "The film is shown in Lyon.", "start": start, "end": start + 26}]
    assert (result["text"], result["model"], result["seed"], result["found"]) == ("In Lyon.", "Scripted", 3, True)
    assert result["template"].startswith("ask/chat@")
    assert result["tokens_evaluated"] > 0
    assert result["tokens_generated"] > 0
    assert result["seconds"] >= result["seconds_to_first_token"] >= 0
    assert len(result["raw_sha256"]) == 64


TALK = "Anna: 🎬 Hello.\r\nBen: We agreed on rubber for the case. Eva will order it by Friday.\r\nAnna: Fine.\r\n"
FOUND = {
    "decision": "Rubber it is.",
    "status": "decided",
    "owner": "Eva",
    "due": "Friday",
    "quotes": ["We agreed on rubber for the case."],
}


@pytest.mark.parametrize("data", [TALK.encode(), b"\xef\xbb\xbf" + TALK.encode()])
def test_decisions_are_json_with_the_places_of_their_quotes(data: bytes, script: Callable[..., None], run: Run) -> None:
    script({"when": "Which decisions", "answer": json.dumps([FOUND])})
    status, out, err = run("decisions", "--question", "What about the case?", "--json", text=data)
    assert (status, err) == (0, "")
    result = json.loads(out)
    (found,) = result["decisions"]
    assert {name: found[name] for name in ("text", "status", "owner", "due")} == {
        "text": "Rubber it is.",
        "status": "decided",
        "owner": "Eva",
        "due": "Friday",
    }
    (quote,) = found["quotes"]
    assert TALK[quote["start"] : quote["end"]] == quote["text"] == "We agreed on rubber for the case."
    assert (result["model"], result["template"][:14]) == ("Scripted", "decisions/chat")
    assert result["seconds"] >= 0


def test_decisions_are_printed_with_status_owner_date_and_quotes(script: Callable[..., None], run: Run) -> None:
    script({"when": "Which decisions", "answer": json.dumps([FOUND])})
    assert run("decisions", text=TALK)[1] == (
        "- Rubber it is. (decided, to be done by Eva, due Friday)\n  “We agreed on rubber for the case.”\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "No decision was found in this text.\n"),
        (("--question", "And the cat?"), "No decision about that was found in this text.\n"),
    ],
)
def test_that_nothing_was_decided_is_said_plainly(
    arguments: tuple[str, ...], said: str, script: Callable[..., None], run: Run
) -> None:
    script({"when": "Which decisions", "answer": json.dumps([{**FOUND, "quotes": ["We agreed on wood."]}])})
    text = "Anna: Hello.\r\nBen: Rubber is cheap.\r\nAnna: And the cat?\r\n"
    assert run("decisions", *arguments, text=text) == (0, said, "")
    assert json.loads(run("decisions", *arguments, "--json", text=text)[1])["decisions"] == []


def test_an_answer_is_printed_with_its_quotes(script: Callable[..., None], run: Run) -> None:
    script({"when": "Question", "answer": ANSWER})
    assert run("ask", "--question", "Where?")[1] == "In Lyon.\n  “The film is shown in Lyon.”\n"


def test_a_continuation_is_what_would_be_shown_behind_the_last_word(script: Callable[..., None], run: Run) -> None:
    script({"when": "expected", "answer": " And so is Ada.", "probability": 0.9})
    for text in (TEXT.rstrip(), f"{TEXT.rstrip()}\n"):
        assert run("continue", text=text) == (0, " And so is Ada.\n", "")


def test_a_file_with_the_line_breaks_of_windows_goes_on_as_any_other(script: Callable[..., None], run: Run) -> None:
    script({"when": r"It rained\.\nThe harbour$", "answer": " was dark.", "probability": 0.9})
    assert run("continue", text=b"It rained.\r\nThe harbour was\r\n") == (0, " dark.\n", "")


def test_a_continuation_of_which_the_model_is_not_sure_comes_with_a_word_of_it(
    script: Callable[..., None], run: Run
) -> None:
    script({"when": "expected", "answer": " And so is Ada.", "probability": 0.1})
    assert run("continue", text=TEXT.rstrip()) == (0, " And so is Ada.\n", f"{UNSURE}\n")


def test_a_rewritten_file_ends_as_it_did(script: Callable[..., None], run: Run) -> None:
    script({"when": "Anna", "answer": "Anna will tell all the customers."})
    status, out, _ = run("rewrite", "--instruction", "longer", text="Anna tells the customers.\n")
    assert (status, out) == (0, "Anna will tell all the customers.\n")


def test_a_task_of_ones_own_is_called_by_its_name(script: Callable[..., None], run: Run, cowrite_home: Path) -> None:
    folder = Paths.of({HOME_VARIABLE: str(cowrite_home)}).prompts
    folder.parent.mkdir(parents=True, exist_ok=True)
    own_folder(folder, rhyme='title = "Rhyme"\nkind = "write"\n[chat]\nprompt = "{{text}} Rhyme: {{instruction}}"')
    script({"when": "Rhyme: softly", "answer": "It rhymes with one."})
    assert run("rhyme", "--instruction", "softly")[:2] == (0, "It rhymes with one.\n")


def test_a_task_of_ones_own_takes_what_it_asks_for(script: Callable[..., None], run: Run, cowrite_home: Path) -> None:
    asks = 'title = "My ask"\nkind = "ask"\n[chat]\nprompt = "{{text}} Q: {{question}}"'
    letter = 'title = "Letter"\nkind = "write"\n[chat]\nprompt = "{{text}} Letter to {{reader}}"'
    own_folder(Paths.of({HOME_VARIABLE: str(cowrite_home)}).prompts, my_ask=asks, letter=letter)
    script({"when": "Q: Where", "answer": ANSWER}, {"when": "Letter to Ada", "answer": "Dear Ada"})
    assert run("my-ask", "--question", "Where?")[:2] == (0, "In Lyon.\n  “The film is shown in Lyon.”\n")
    assert run("letter", "--reader", "Ada")[:2] == (0, "Dear Ada\n")
    assert run("letter", "--question", "Why?")[0] == 2
    assert run("letter")[0] == 2


def test_what_a_task_of_ones_own_is_told_goes_into_the_slot_of_each_option(
    script: Callable[..., None], run: Run, cowrite_home: Path
) -> None:
    slots = "in {{language}}, like this: {{instruction}}"
    letter = f'title = "Letter"\nkind = "write"\n[chat]\nprompt = "{{{{text}}}} To {{{{reader}}}} {slots}"'
    change = f'title = "Change"\nkind = "rewrite"\n[chat]\nprompt = "{{{{text}}}} Changed {slots}"'
    own_folder(Paths.of({HOME_VARIABLE: str(cowrite_home)}).prompts, letter=letter, change=change)
    answer = "Shown is the film in Lyon, for about 60."
    script({"when": "To Ada in French, like this: softly", "answer": "Dear Ada"}, {"when": "", "answer": ""})
    told = "--instruction", "softly", "--language", "French"
    assert run("letter", "--reader", "Ada", *told)[:2] == (0, "Dear Ada\n")
    assert run("letter", *told)[0] == 2
    script({"when": "Changed in French, like this: softly", "answer": answer}, {"when": "", "answer": ""})
    assert run("change", *told, text="The film is shown in Lyon, for about 60.")[:2] == (0, f"{answer}\n")


def test_a_task_of_ones_own_that_is_not_sound_is_said_to_be_so(run: Run, cowrite_home: Path) -> None:
    own_folder(Paths.of({HOME_VARIABLE: str(cowrite_home)}).prompts, rhyme='title = "Rhyme"\nkind = "poem"')
    status, out, err = run("rhyme")
    assert (status, out) == (1, "")
    assert "rhyme.toml” cannot be used: “kind” must be one of" in err
    assert run("rime")[0] == 2


def test_that_there_is_nothing_to_suggest_or_to_go_on_with_is_said(script: Callable[..., None], run: Run) -> None:
    script({"when": "", "answer": ""}, model={"parameters": 135_000_000})
    assert run("continue") == (0, "\n", "The model has nothing to suggest here.\n")
    status, out, err = run("continue", text=" \n")
    assert (status, out) == (1, "")
    assert "no words" in err


def test_the_style_card_goes_into_the_prompt(script: Callable[..., None], run: Run, cowrite_home: Path) -> None:
    card = Paths.of({HOME_VARIABLE: str(cowrite_home)}).style_card
    card.parent.mkdir(parents=True, exist_ok=True)
    card.write_text('tone = "warm"\navoid = ["film"]', encoding="utf-8")
    script({"when": "Tone: warm", "answer": "A film in Lyon"})
    status, out, err = run("title")
    assert (status, out) == (0, "A film in Lyon\n")
    assert err == "It uses words that your style card avoids: film.\n"


def test_a_file_may_stand_before_the_options(script: Callable[..., None], run: Run, tmp_path: Path) -> None:
    script({"when": "", "answer": "A film in Lyon"})
    (tmp_path / "plan.md").write_text(TEXT, encoding="utf-8")
    assert run("title", str(tmp_path / "plan.md"), "--seed", "2", has_file=False)[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("sing",),
        ("rewrite",),
        ("rewrite", "--instruction", "shorter", "--language", "German"),
        ("ask",),
        ("decisions", "--instruction", "shorter"),
        ("ask", "--question", " "),
        ("describe",),
        ("title", "--question", "Why?"),
        ("title", "--instruction", "shorter"),
        ("title", "--seed", "x"),
        ("title", "--seed", "-1"),
        ("title", "--colour", "red"),
        ("rewrite-shorter",),
        ("--model", "expand", "sing"),
        ("--mod", "expand", "sing"),
        ("--question=expand", "sing"),
    ],
)
def test_wrong_use_is_status_2(arguments: tuple[str, ...], run: Run) -> None:
    status, out, err = run(*arguments, has_file="sing" not in arguments and bool(arguments))
    assert (status, out) == (2, "")
    assert "usage: cowrite assist" in err


def test_whoever_asks_for_a_task_that_is_not_there_reads_which_are(run: Run) -> None:
    assert "there is no task “sing”; TASK is continue, rewrite, ask, expand," in run("sing")[2]


def test_without_a_model_one_sentence_says_which_command_fetches_one(run: Run) -> None:
    assert run("title") == (
        1,
        "",
        "There is no model on this computer yet; `cowrite models pull smollm2-135m` fetches one.\n",
    )


@pytest.mark.parametrize(
    ("arguments", "text", "sentence"),
    [
        (("title", "--model", "gpt"), TEXT, "There is no model “gpt”"),
        (("title", "--model", "gpt.gguf"), TEXT, "“gpt.gguf” cannot be read: there is no such file."),
        (("title", "--model", "."), TEXT, "“.” cannot be read: it is a folder; name the GGUF file in it."),
        (("title",), b"caf\xe9", "plan.md” cannot be read: it is not UTF-8 (byte 4)."),
        (("title",), b"SQLite format 3\0\xff", "plan.md” cannot be read: it is a document, not a text; open it in"),
        (("title",), " \n", "There are no words to work on."),
        (("ask", "--question", "?"), TEXT, "There is no question to answer."),
        (("decisions",), "", "There are no words to work on."),
        (("title",), TEXT, "The model wrote nothing usable"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_1(
    arguments: tuple[str, ...], text: str | bytes, sentence: str, script: Callable[..., None], run: Run
) -> None:
    script({"when": "", "answer": ""})
    status, out, err = run(*arguments, text=text)
    assert (status, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_small_model_says_what_it_is_no_good_for(script: Callable[..., None], run: Run) -> None:
    script(model={"parameters": 135_000_000})
    assert run("rewrite", "--language", "German")[2].startswith("“Translate” cannot be done well by a small model")


def test_a_missing_file_is_named(script: Callable[..., None], run: Run) -> None:
    script()
    assert run("title", "none.md", has_file=False)[::2] == (
        1,
        "“none.md” cannot be read: No such file or directory.\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="There is no such file.")
def test_a_file_without_an_end_is_refused(run: Run, script: Callable[..., None]) -> None:
    script()
    said = "“/dev/zero” cannot be read: it is larger than 32 MB.\n"
    assert run("title", "/dev/zero", has_file=False)[::2] == (1, said)


def test_that_standard_input_is_closed_is_said(
    run: Run, script: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    script()
    monkeypatch.setattr(sys, "stdin", None)
    assert run("title", has_file=False) == (1, "", "“standard input” cannot be read: it is closed.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent in another way there")
def test_ctrl_c_ends_it_with_a_word_and_leaves_no_process(
    cowrite_home: Path, tmp_path: Path, script: Callable[..., None]
) -> None:
    script({"when": "", "answer": "never", "gated": True})
    program = (
        "import sys, cowrite.commands.model_process as process\n"
        f"process.own_process = lambda _module: {[sys.executable, '-P', '-m', 'cowrite.worker', '--scripted']!r}"
        f" + [{str(tmp_path / 'script.json')!r}]\n"
        "from cowrite.__main__ import main\n"
        "from cowrite.assist.prompts import prompting\n"
        "seen = prompting.prompt_of\n"
        "def tell(*a):\n    print('asked', flush=True)\n    return seen(*a)\n"
        "prompting.prompt_of = tell\n"
        "sys.exit(main(['assist', 'title']))"
    )
    environment = {**os.environ, HOME_VARIABLE: str(cowrite_home)}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(TEXT.encode())
        process.stdin.close()
        assert process.stdout.readline() == b"asked\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 1
        assert process.stderr.read() == b"Stopped.\n"
        assert process.stdout.read() == b""
