"""bootstrap.py: what it installs, when it has nothing to do, and how it comes back from an interruption."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = ("app", "server", "nodes", "test")
# What tells the commands of a setup apart, in their order.
STAGES = ("-m venv", "--require-hashes", "--no-build-isolation", "--no-input check")


def load_bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", CHECKOUT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = load_bootstrap()


class FakeApt:
    """A Debian: packages with their dpkg status, and the names that the release has."""

    def __init__(self, statuses: dict[str, str], release: Sequence[str] = ()) -> None:
        self.statuses = statuses
        self.release = release
        self.calls: list[str] = []
        self.fails = False

    def ask(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        if command[0] == "apt-cache":
            return subprocess.CompletedProcess(command, 0 if command[-1] in self.release else 100, "", "")
        lines = [f"{self.statuses[name]}  {name}\n" for name in command if name in self.statuses]
        return subprocess.CompletedProcess(command, 1, "".join(lines), "")

    def call(self, command: Sequence[str], hear: Callable[[str], None], env: object = None) -> None:
        self.calls.append(" ".join(command))
        if self.fails:
            raise bootstrap.Problem("apt-get failed.")


@pytest.fixture
def debian(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApt]:
    apt = FakeApt({})
    monkeypatch.setattr(bootstrap, "ask", apt.ask)
    monkeypatch.setattr(bootstrap, "call", apt.call)
    monkeypatch.setattr(bootstrap, "is_debian", lambda: True)
    monkeypatch.setattr(bootstrap, "is_root", lambda: True)
    return apt


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


# System packages


def test_a_package_that_dpkg_has_never_heard_of_is_missing(debian):
    debian.statuses = {"libegl1": "ii"}
    assert bootstrap.missing_packages([("libegl1",), ("libgl1",)]) == [("libgl1",)]


def test_a_package_that_was_removed_and_left_its_settings_is_missing(debian):
    debian.statuses = {"libegl1": "rc", "libgl1": "un"}
    assert bootstrap.missing_packages([("libegl1",), ("libgl1",)]) == [("libegl1",), ("libgl1",)]


def test_either_name_of_a_renamed_package_meets_the_requirement(debian):
    debian.statuses = {"libglib2.0-0": "ii"}
    assert bootstrap.missing_packages([("libglib2.0-0t64", "libglib2.0-0")]) == []


@pytest.mark.parametrize(
    ("release", "chosen"),
    [
        (("libglib2.0-0t64", "libglib2.0-0"), "libglib2.0-0t64"),
        (("libglib2.0-0",), "libglib2.0-0"),
        ((), "libglib2.0-0"),
    ],
)
def test_a_renamed_package_is_installed_by_the_name_that_the_release_has(debian, release, chosen):
    debian.release = release
    assert bootstrap.choose_packages([("libglib2.0-0t64", "libglib2.0-0")]) == [chosen]


def test_root_gets_the_missing_packages_installed_after_one_look_at_the_new_lists(debian):
    bootstrap.ensure_system_packages(["wayland"])
    update, install = debian.calls
    assert update.endswith("update")
    assert install.endswith("libwayland-client0 libwayland-cursor0 libwayland-egl1")


def test_apt_is_left_alone_when_nothing_is_missing(debian):
    debian.statuses = {"libwayland-client0": "ii", "libwayland-cursor0": "ii", "libwayland-egl1": "ii"}
    bootstrap.ensure_system_packages(["wayland"])
    assert debian.calls == []


def test_whoever_is_not_root_is_told_the_command_and_goes_on(debian, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "is_root", lambda: False)
    bootstrap.ensure_system_packages(["tests"])
    assert "sudo apt-get install xvfb" in capsys.readouterr().out
    assert debian.calls == []


def test_setup_goes_on_when_apt_fails_and_says_how_to_try_again(debian, capsys):
    debian.fails = True
    bootstrap.ensure_system_packages(["tests"])
    assert "apt-get install xvfb" in capsys.readouterr().err


@pytest.mark.parametrize(("with_tests", "wants_xvfb"), [(False, False), (True, True)])
def test_a_display_for_tests_is_installed_only_for_tests(debian, monkeypatch, with_tests, wants_xvfb):
    monkeypatch.setattr(bootstrap, "setup", lambda environment, with_tests: None)
    bootstrap.prepare(with_tests)
    assert ("xvfb" in debian.calls[-1]) is wants_xvfb
    assert "libegl1" in debian.calls[-1]


def test_a_debian_python_without_ensurepip_is_answered_with_the_package_that_has_it(debian, monkeypatch):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(bootstrap.sys, "base_prefix", "/usr")
    package = f"python3.{sys.version_info[1]}-venv"
    bootstrap.ensure_venv_module()
    assert debian.calls[-1].endswith(package)
    monkeypatch.setattr(bootstrap, "is_root", lambda: False)
    with pytest.raises(bootstrap.Problem, match=f"sudo apt-get install {re.escape(package)}$"):
        bootstrap.ensure_venv_module()


# The virtual environment


def test_a_first_setup_installs_the_locked_packages_and_then_both_projects(environment, installer):
    bootstrap.setup(environment, with_tests=False)
    assert installer.stages == list(STAGES)
    assert "--no-deps" in installer.commands[1]
    assert installer.commands[1].endswith("app.txt")
    assert installer.commands[2].endswith("-e . -e ./server")


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


def test_a_command_that_fails_is_named_with_its_last_words(capfd):
    with pytest.raises(bootstrap.Problem, match="failed with status 7"):
        bootstrap.call([sys.executable, "-c", "print('no such wheel'); raise SystemExit(7)"], lambda line: None)
    assert "no such wheel" in capfd.readouterr().err


# Commands


@pytest.mark.parametrize(
    ("env", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "vnc:port=5900"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_display_is_seen_where_there_is_one(env, platform, expected):
    assert bootstrap.has_display(env, platform) is expected


@pytest.mark.parametrize(
    ("args", "display", "expected"),
    [
        (["letter.cowrite"], True, ["letter.cowrite"]),
        ([], False, ["demo", "--out", "demo-out"]),
        (["letter.cowrite"], False, ["demo", "--out", "demo-out"]),
        (["doctor", "--json"], False, ["doctor", "--json"]),
    ],
)
def test_the_demo_takes_the_place_of_a_window_that_cannot_open(args, display, expected):
    assert bootstrap.app_arguments(args, display) == expected


@pytest.mark.parametrize(("failing", "status"), [(None, 0), ("ruff", 1), ("mypy", 1), ("pytest", 1)])
def test_every_check_runs_and_any_failure_is_the_result(monkeypatch, capsys, tmp_path, failing, status):
    commands = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        return subprocess.CompletedProcess(command, int(failing in command))

    monkeypatch.setattr(bootstrap, "prepare", lambda with_tests: bootstrap.Environment(tmp_path))
    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    assert bootstrap.main(["test", "-k", "undo"]) == status
    assert len(commands) == 5
    assert commands[-1][-2:] == ["-k", "undo"]
    assert ("FAILED" in capsys.readouterr().out) is bool(status)


def test_two_windows_without_a_display_are_refused_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "has_display", lambda env, platform: False)
    assert bootstrap.main(["two"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_python_that_does_not_suit_is_refused_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "PYTHONS", ((3, 98), (3, 99)))
    assert bootstrap.main(["setup"]) == 1
    assert "run it with Python 3.11 to 3.14" in capsys.readouterr().err


# The requirement files


def pins(name: str) -> dict[str, str]:
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_a_requirement_file_installs_from_any_mirror(name):
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "//" not in text
    assert not re.search(r"^\s*--?(index|extra|find|trusted|i |f )", text, re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash(name):
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z])", text.strip())
    assert len(packages) == len(pins(name))
    assert all("--hash=sha256:" in package for package in packages)


@pytest.mark.parametrize("name", ["app", "server", "nodes"])
def test_the_tests_run_on_the_versions_that_people_get(name):
    assert pins(name).items() <= pins("test").items()
    assert pins("server").items() <= pins("app").items() & pins("nodes").items()


def test_a_server_needs_no_qt():
    assert not [name for name in pins("server") if "pyside" in name or "shiboken" in name]
