"""The set-up of bootstrap.py: what it installs, when it has nothing to do, and how it comes back from a break."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.bootstrap_script import bootstrap, steps

# What tells the commands of a setup apart, in their order.
STAGES = ("-m venv", "--require-hashes", "--no-build-isolation", "--no-input check")


class FakeInstaller:
    """Stands for venv and pip: keeps their commands, and can be interrupted at one of them."""

    def __init__(self, environment: object) -> None:
        self.environment = environment
        self.commands: list[str] = []
        self.interrupt_at = ""

    def call(self, command: Sequence[str], hear: Callable[[str], None], env: object = None) -> None:
        line = " ".join(command)
        self.commands.append(line)
        if "-m venv" in line:
            self.environment.scripts.mkdir(parents=True, exist_ok=True)
            self.environment.python.touch()
        if self.interrupt_at and self.interrupt_at in line:
            raise KeyboardInterrupt

    def forget(self) -> None:
        self.commands.clear()
        self.interrupt_at = ""

    @property
    def stages(self) -> list[str]:
        return [stage for line in self.commands for stage in STAGES if stage in line]


@pytest.fixture
def environment(tmp_path: Path) -> object:
    for name in bootstrap.DECIDING:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("some==1\n", encoding="utf-8")
    return bootstrap.Environment(tmp_path)


@pytest.fixture
def installer(environment: object, monkeypatch: pytest.MonkeyPatch) -> FakeInstaller:
    fake = FakeInstaller(environment)
    monkeypatch.setattr(bootstrap, "call", fake.call)
    monkeypatch.setattr(bootstrap, "ensure_venv_module", lambda: None)
    return fake


# The virtual environment


def test_a_first_setup_installs_the_locked_packages_and_then_both_projects(environment, installer):
    bootstrap.setup(environment, with_tests=False)
    assert installer.stages == list(STAGES)
    assert "--no-deps" in installer.commands[1]
    assert installer.commands[1].endswith("assistant.txt")
    assert installer.commands[2].endswith("-e . -e ./server")
    assert installer.commands[3].endswith(f"compile_dir(sys.argv[1], quiet=2, workers=0) {environment.folder}")


def test_a_second_setup_runs_no_command(environment, installer):
    bootstrap.setup(environment, with_tests=False)
    installer.forget()
    bootstrap.setup(environment, with_tests=False)
    assert installer.commands == []


def test_an_environment_for_tests_serves_the_app_too(environment, installer):
    bootstrap.setup(environment, with_tests=True)
    installer.forget()
    bootstrap.setup(environment, with_tests=False)
    assert installer.commands == []


def test_an_environment_for_the_app_gets_the_test_tools_added_and_keeps_them(environment, installer):
    bootstrap.setup(environment, with_tests=False)
    installer.forget()
    bootstrap.setup(environment, with_tests=True)
    assert installer.stages == list(STAGES[1:])
    (environment.root / "pyproject.toml").write_text("changed", encoding="utf-8")
    installer.forget()
    bootstrap.setup(environment, with_tests=False)
    assert installer.commands[0].endswith("test.txt")


@pytest.mark.parametrize("name", bootstrap.DECIDING)
def test_a_change_of_a_deciding_file_installs_again_into_the_same_environment(environment, installer, name):
    bootstrap.setup(environment, with_tests=False)
    (environment.root / name).write_text("other==2\n", encoding="utf-8")
    installer.forget()
    bootstrap.setup(environment, with_tests=False)
    assert installer.stages == list(STAGES[1:])


def test_another_python_gets_a_new_environment(environment, installer, monkeypatch):
    bootstrap.setup(environment, with_tests=False)
    installer.forget()
    monkeypatch.setattr(bootstrap.Environment, "place", lambda self: "cpython-399 elsewhere")
    bootstrap.setup(environment, with_tests=False)
    assert installer.stages == list(STAGES)


def test_a_moved_checkout_gets_a_new_environment(environment, installer, tmp_path):
    bootstrap.setup(environment, with_tests=False)
    moved = environment.root.rename(tmp_path.with_name(f"{tmp_path.name}-moved"))
    installer.forget()
    installer.environment = bootstrap.Environment(moved)
    bootstrap.setup(installer.environment, with_tests=False)
    assert installer.stages == list(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_an_interrupted_first_setup_is_begun_again_with_a_new_environment(environment, installer, stage):
    installer.interrupt_at = stage
    with pytest.raises(KeyboardInterrupt):
        bootstrap.setup(environment, with_tests=False)
    assert not environment.is_ready(with_tests=False)
    left_over = environment.folder / "half-a-package"
    left_over.touch()
    installer.forget()
    bootstrap.setup(environment, with_tests=False)
    assert installer.stages == list(STAGES)
    assert environment.is_ready(with_tests=False)
    assert not left_over.exists()


@pytest.mark.parametrize("stage", STAGES[1:])
def test_an_interrupted_update_is_never_believed_good(environment, installer, stage):
    bootstrap.setup(environment, with_tests=False)
    installer.interrupt_at = stage
    with pytest.raises(KeyboardInterrupt):
        bootstrap.setup(environment, with_tests=True)
    assert not environment.is_ready(with_tests=False)
    installer.forget()
    bootstrap.setup(environment, with_tests=False)
    assert installer.stages == list(STAGES)


def test_what_an_interrupted_removal_leaves_is_not_used(environment, installer, monkeypatch):
    installer.interrupt_at = "--require-hashes"
    with pytest.raises(KeyboardInterrupt):
        bootstrap.setup(environment, with_tests=False)

    def remove_the_mark_and_stop(folder: Path) -> None:
        environment.unfinished.unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap.shutil, "rmtree", remove_the_mark_and_stop)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.setup(environment, with_tests=False)
    assert not environment.is_usable()


def test_a_stamp_that_cannot_be_read_is_not_believed(environment, installer):
    bootstrap.setup(environment, with_tests=False)
    environment.stamp_file.write_text('{"place": ', encoding="utf-8")
    assert not environment.is_ready(with_tests=False)


def test_an_environment_whose_python_is_gone_is_made_again(environment, installer):
    bootstrap.setup(environment, with_tests=False)
    environment.python.unlink()
    installer.forget()
    bootstrap.setup(environment, with_tests=False)
    assert installer.stages == list(STAGES)


@pytest.mark.parametrize(
    ("tag", "is_suitable"), [(sys.implementation.cache_tag, True), ("cpython-38", False), ("", False)]
)
def test_somebodys_own_environment_is_used_or_left_alone(environment, installer, monkeypatch, tag, is_suitable):
    environment.scripts.mkdir(parents=True)
    environment.python.touch()
    monkeypatch.setattr(bootstrap, "ask", lambda command: subprocess.CompletedProcess(command, 0, f"{tag}\n", ""))
    if is_suitable:
        bootstrap.setup(environment, with_tests=False)
        assert installer.stages == list(STAGES[1:])
        return
    with pytest.raises(bootstrap.Problem, match="move it away"):
        bootstrap.setup(environment, with_tests=False)
    assert environment.python.exists()
    assert installer.commands == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes links for administrators only")
@pytest.mark.parametrize("kind", ["file", "link", "link to nothing"])
def test_what_is_in_the_place_of_the_environment_and_none_is_left_alone(environment, installer, tmp_path, kind):
    elsewhere = tmp_path / "elsewhere"
    if kind == "file":
        environment.folder.touch()
    else:
        environment.folder.symlink_to(elsewhere)
    if kind == "link":
        elsewhere.mkdir()
    with pytest.raises(bootstrap.Problem, match=r"\.venv is not a folder that bootstrap\.py has made: move it away"):
        bootstrap.setup(environment, with_tests=False)
    assert environment.is_there()
    assert installer.commands == []


def test_an_incomplete_checkout_is_named_as_such(environment, installer):
    (environment.root / "requirements/server.txt").unlink()
    with pytest.raises(bootstrap.Problem, match=r"server\.txt is missing"):
        bootstrap.setup(environment, with_tests=False)


def test_two_setups_of_one_checkout_take_turns(tmp_path):
    order = []

    def second() -> None:
        with bootstrap.one_at_a_time(tmp_path / "lock"):
            order.append("second")

    with bootstrap.one_at_a_time(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=0.2)
        order.append("first")
    thread.join(timeout=30)
    assert order == ["first", "second"]


def test_a_setup_on_windows_that_waits_for_another_says_so(tmp_path, monkeypatch, capsys):
    taken = iter([PermissionError(errno.EACCES, "locked"), OSError(errno.EDEADLK, "locked"), None])

    def locking(descriptor: int, mode: int, count: int) -> None:
        if error := next(taken):
            raise error

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    monkeypatch.setattr(bootstrap, "LOCK_WAIT", 0)
    monkeypatch.setattr(sys, "platform", "win32")
    with bootstrap.one_at_a_time(tmp_path / "lock"):
        assert capsys.readouterr().out.count("waiting for it to end") == 1
    taken = iter([OSError(errno.EINVAL, "no locks")])
    with pytest.raises(bootstrap.Problem, match="lock cannot be locked"), bootstrap.one_at_a_time(tmp_path / "lock"):
        pass


def test_on_a_terminal_a_step_stays_one_line_without_signs_that_some_consoles_print(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with bootstrap.Progress(1).step("Packages") as note:
        note("a long name of a package")
        note("one")
    printed = capsys.readouterr().out
    assert "\033" not in printed
    assert printed.count("\n") == 1
    shown = [line.rstrip() for line in printed.strip().split("\r")]
    assert shown[1:3] == ["[1/1] Packages: a long name of a package, 0 s", "[1/1] Packages: one, 0 s"]
    assert len(printed.split("\r")[3]) == len(shown[1])  # so that nothing of the longer one is left


def test_a_command_that_fails_is_named_with_its_last_words(capfd):
    with pytest.raises(bootstrap.Problem, match="failed with status 7"):
        bootstrap.call([sys.executable, "-c", "print('no such wheel'); raise SystemExit(7)"], lambda line: None)
    assert "no such wheel" in capfd.readouterr().err


@pytest.mark.skipif(find_spec("pip") is None, reason="this Python has no pip, as that of Windows that is embedded")
def test_who_has_no_network_is_told_so(environment, installer, monkeypatch, capfd):
    for name in ("PIP_FIND_LINKS", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{nobody.getsockname()[1]}/simple")
        monkeypatch.setenv("PIP_RETRIES", "1")
        locked = environment.root / "requirements/assistant.txt"
        locked.write_text(f"nobody-has-this==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip"]

        def call(command: Sequence[str], hear: Callable[[str], None], env: object = None) -> None:
            installer.call(command, hear, env)
            if "--require-hashes" in command:
                steps.call([*pip, *command[3:]], hear)

        monkeypatch.setattr(bootstrap, "call", call)
        with pytest.raises(bootstrap.Problem, match="because pip does not reach its package index: see to the network"):
            bootstrap.setup(environment, with_tests=False)
    assert "nobody-has-this" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("number", "todo"),
    [
        (errno.ENOSPC, "Make room there, and start"),
        (errno.EACCES, "Make it yours, or"),
        (errno.EROFS, "in a place where"),
    ],
)
def test_what_the_system_refuses_is_said_with_what_helps(number, todo):
    said = bootstrap.words_of(OSError(number, os.strerror(number), ".venv.lock"))
    assert said.startswith(f".venv.lock: {os.strerror(number)}. ")
    assert todo in said


@pytest.mark.skipif(find_spec("pip") is None, reason="this Python has no pip, as that of Windows that is embedded")
def test_a_person_whose_pip_installs_for_them_alone_gets_an_environment_all_the_same(monkeypatch):
    monkeypatch.setenv("PIP_USER", "1")
    lines: list[str] = []
    asked = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-index", "--dry-run", "pip"]
    bootstrap.call(asked, lines.append)
    assert "Requirement already satisfied: pip" in "".join(lines)
