"""The command `cowrite models`, in this process and as people start it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cowrite.__main__ import main
from cowrite.assist.tasks.carrying import ReadingOn
from cowrite.commands import models
from cowrite.commands.model_choice import source_of
from cowrite.commands.models import ProgressLine
from cowrite.commands.terminal import JobLine
from cowrite.models.catalogue import catalogue
from cowrite.models.progress import Progress
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.settings import Settings, save_settings
from helpers.fake_worker import FakeWorker
from helpers.gguf_files import gguf, write_gguf
from helpers.hub_server import Hub, serving
from helpers.model_folder import put_model


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_gguf(tmp_path / "little.gguf")


def test_the_list_has_the_catalogue_and_what_is_here(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert models.main(["add", str(file)]) == 0
    assert models.main(["list"]) == 0
    added, heads, *lines = capsys.readouterr().out.splitlines()
    assert added == f"little added: {file}"
    assert heads.split() == ["name", "size", "memory", "speed", "here", "licence", "sha256", "title"]
    rows = {name: words for name, *words in map(str.split, lines)}
    assert rows["smollm2-135m"][:4] == ["not", "here", "98", "MB"]
    assert rows["little"][:3] == ["here,", "in", "use"]
    assert "unknown" in rows["little"]
    assert hashlib.sha256(file.read_bytes()).hexdigest()[:12] in rows["little"]
    assert catalogue()[0].sha256[:12] in rows["smollm2-135m"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_a_file_that_is_not_called_in_utf_8_is_named_as_it_is(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = write_gguf(tmp_path / "caf\udce9.gguf")
    assert main(["models", "add", str(file)]) == 0
    assert main(["models", "list"]) == 0
    assert capfd.readouterr().out.startswith(f"caf added: {tmp_path}")


@pytest.mark.parametrize("command", ["list", "pull", "add", "verify", "remove", "measure"])
def test_each_command_says_what_it_does_and_what_it_takes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        models.main(["--help"])
    (of_all,) = re.findall(rf"^    {command} +(.*)", capsys.readouterr().out, re.MULTILINE)
    with pytest.raises(SystemExit):
        models.main([command, "--help"])
    usage, said, *taken = capsys.readouterr().out.split("\n\n")
    assert said.lower().startswith(of_all.lower())
    if re.search("NAME|FILE", usage):
        assert re.match(r"positional arguments:\n  (NAME|FILE) +\w", taken[0])


def test_the_list_is_there_for_programs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert models.main(["list", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["id"], first["is_present"], first["state"], first["speed"]) == ("smollm2-135m", False, None, None)
    assert {"title", "licence", "size", "memory", "sha256", "origin"} <= first.keys()


def test_the_list_marks_what_is_in_use(cowrite_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = Paths.of({HOME_VARIABLE: str(cowrite_home)})
    put_model(paths, "another", parameters=2_000)
    put_model(paths, "small", parameters=1_000)
    put_model(paths, "encoder", parameters=10, embeds=True)

    def marked() -> set[str]:
        assert models.main(["list"]) == 0
        return {line.split()[0] for line in capsys.readouterr().out.splitlines() if "in use" in line}

    assert marked() == {"small", "encoder"}
    save_settings(paths.settings, Settings(model="another"))
    assert marked() == {"another", "encoder"}
    assert models.main(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {offer["id"] for offer in listed if offer["is_in_use"]} == {"another", "encoder"}


def test_a_model_is_added_verified_and_removed(
    file: Path, cowrite_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert models.main(["add", "--copy", "--title", "Mine", str(file), "--json"]) == 0
    added = json.loads(capsys.readouterr().out)
    assert (added["done"], added["title"], added["state"]) == ("added", "Mine", "present")
    own = cowrite_home / "data" / "models" / "little.gguf"
    assert added["path"] == str(own)
    assert models.main(["verify"]) == 0
    assert capsys.readouterr().out == "little: sound\n"
    own.write_bytes(gguf()[:-1] + b"\x01")
    assert models.main(["verify", "little"]) == 1
    assert "its SHA-256 is" in capsys.readouterr().err
    assert models.main(["verify", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["is_sound"] is False
    assert models.main(["remove", "little"]) == 0
    assert not own.exists()


def test_what_was_done_is_said_as_it_is(file: Path, cowrite_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = cowrite_home / "data" / "models" / "little.gguf"
    for options, said in (
        ([], f"little added: {file}"),
        ([], f"little was here already: {file}"),
        (["--title", "Mine"], f"little is called “Mine” now: {file}"),
        (["--copy"], f"little copied: {own}"),
        (["--copy"], f"little was here already: {own}"),
    ):
        assert models.main(["add", str(file), *options]) == 0
        assert capsys.readouterr().out == f"{said}\n"
    assert models.main(["remove", "little"]) == 0
    assert capsys.readouterr().out == f"little removed: {own}\n"
    assert not own.exists()
    models.main(["add", str(file)])
    capsys.readouterr()
    assert models.main(["remove", "little"]) == 0
    assert capsys.readouterr().out == f"little forgotten; its file stays: {file}\n"
    assert file.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["verify"], "There is no model on this computer yet; `cowrite models pull smollm2-135m` fetches one."),
        (["pull", "gpt"], "There is no model “gpt”. There are: smollm2-135m"),
        (["remove", "gpt"], "There is no model “gpt”. `cowrite models list` shows which there are to fetch."),
        (["add", "none.gguf"], "none.gguf” cannot be used as a model: it cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_1(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert models.main(arguments) == 1
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize("arguments", [[], ["fetch"], ["pull"], ["list", "more"]])
def test_wrong_use_ends_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        models.main(arguments)
    assert stop.value.code == 2


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("pull smollm2-135m", "Interrupted; the next try resumes it if it can.\n"),
        ("add mine.gguf", "Interrupted; nothing has changed.\n"),
    ],
)
def test_what_is_broken_off_says_what_becomes_of_it(
    command: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(models.ModelStore, "add", interrupt)
    monkeypatch.setattr(models.Puller, "pull", interrupt)
    assert models.main(command.split()) == 1
    assert capsys.readouterr().err == sentence


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_shown_how_far_it_is_and_left_clean() -> None:
    terminal = Terminal()
    line = ProgressLine(terminal)
    line.show(Progress(98_362_432, 98_362_432, "Fetching"))
    long = "Fetching: 100 %, 98 MB of 98 MB, 0 s"
    assert terminal.getvalue() == f"\r{long}"
    line.draw("Checking")  # with blanks where the longer one was, for not every console can clear a line
    assert terminal.getvalue().endswith(f"\rChecking{' ' * (len(long) - 8)}")
    line.clear()
    assert terminal.getvalue().endswith("\r        \r")
    assert "\033" not in terminal.getvalue()


def test_once_the_model_is_loaded_the_terminal_says_that_the_text_is_read() -> None:
    terminal = Terminal()
    line = JobLine(terminal)
    line.loading(0.5)
    assert terminal.getvalue() == "\rLoading the model: 50%"
    line.loading(1.0)
    assert terminal.getvalue().endswith("\rReading the text      ")
    line.reading(ReadingOn(1_024, 3_000))
    assert terminal.getvalue().endswith("\rReading the text: 1,024 of 3,000 tokens read")
    line.reading(ReadingOn(3_000, 3_000))
    assert terminal.getvalue().rstrip().endswith("\rReading the text")


def test_where_there_is_no_terminal_nothing_is_shown() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream)
    line.show(Progress(1, 1, "Fetching"))
    line.clear()
    assert stream.getvalue() == ""


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeWorker], None]:
    def use(worker: FakeWorker) -> None:
        monkeypatch.setattr("cowrite.commands.model_process.own_process", lambda _module: worker.command())

    return use


def test_a_model_that_was_measured_says_how_fast_it_is_and_runs_so_from_then_on(
    file: Path, cowrite_home: Path, worker: Callable[[FakeWorker], None], capsys: pytest.CaptureFixture[str]
) -> None:
    worker(FakeWorker(rate=77.0))
    models.main(["add", str(file)])
    capsys.readouterr()
    assert models.main(["measure"]) == 0
    assert capsys.readouterr().out == "Little writes 77 tokens/s here, with 2 threads and batches of 64 tokens.\n"
    assert models.main(["list"]) == 0
    assert "77 tokens/s" in capsys.readouterr().out
    source = source_of("", Paths.of({HOME_VARIABLE: str(cowrite_home)}))
    assert (source.threads, source.batch, source.flash) == (2, 64, False)
    assert models.main(["measure", "little", "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    assert (measured["done"], measured["sha256"], measured["threads"]) == ("measured", source.sha256, 2)
    assert measured["rates"] == {"generation": 77.0}


def test_a_model_that_cannot_be_measured_says_why_and_nothing_is_kept(
    file: Path, worker: Callable[[FakeWorker], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert models.main(["measure"]) == 1
    assert "There is no model on this computer yet" in capsys.readouterr().err
    worker(FakeWorker(refuses="It needs more memory than is free."))
    models.main(["add", str(file)])
    assert models.main(["measure", "little"]) == 1
    assert capsys.readouterr().err == "It needs more memory than is free.\n"
    models.main(["list", "--json"])
    assert json.loads(capsys.readouterr().out)[-1]["speed"] is None


PROGRAM = """
import sys
from cowrite.__main__ import main
from cowrite.commands import models
from cowrite.models.catalogue import Entry, HubSource
entry = Entry("little", "Little", "", "MIT", "", 1, int(sys.argv[1]), sys.argv[2], 1, "", HubSource("a/b", "main", "c"))
models.catalogue = lambda: (entry,)
sys.exit(models.main(["pull", "little"]))
"""


def test_a_model_is_fetched_from_the_hub_that_the_environment_names(cowrite_home: Path) -> None:
    content = gguf()
    with serving(Hub(content)) as hub:
        arguments = [str(len(content)), hashlib.sha256(content).hexdigest()]
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *arguments],
            env={**os.environ, "HF_ENDPOINT": hub.address},
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout.startswith("little fetched: ")
    assert done.stderr == ""
    assert (cowrite_home / "data" / "models" / "little.gguf").read_bytes() == content


def test_the_command_is_one_of_cowrites_and_loads_no_qt(tmp_path: Path) -> None:
    program = (
        "import sys; from cowrite.__main__ import main; status = main(['models', 'list', '--json']);"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'llama_cpp', 'huggingface_hub'))];"
        "sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)[0]["id"] == "smollm2-135m"
