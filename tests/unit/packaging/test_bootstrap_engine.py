"""The assistant's engine: built once for this processor, kept, and never in the way of a start."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from helpers.bootstrap_script import CHECKOUT, bootstrap, engines


class FakeBuild:
    """Stands for venv, pip and the compiler: keeps their commands, and can fail or be interrupted at one of them."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.env: Mapping[str, str] = {}
        self.system_info = "AVX2 = 1 | FMA = 1"
        self.raise_at: dict[str, BaseException] = {}
        self.meanwhile: Callable[[], None] | None = None  # is called once, when the first wheel is built

    def call(self, command: Sequence[str], hear: Callable[[str], None], env: Mapping[str, str] | None = None) -> None:
        line = " ".join(command)
        self.commands.append(line)
        for part, error in self.raise_at.items():
            if part in line:
                raise error
        if "--wheel-dir" in command:
            self.env = env or {}
            hear("[1/4] Building CXX object ggml.o")
            hear("[4/4] Linking")
            folder = Path(command[command.index("--wheel-dir") + 1])
            folder.mkdir()
            (folder / "llama_cpp_python-0.3.36-py3-none-any.whl").write_bytes(f"wheel {self.builds}".encode())
            meanwhile, self.meanwhile = self.meanwhile, None
            if meanwhile is not None:
                meanwhile()
        if engines.PROBE in command:
            hear(self.system_info)

    @property
    def builds(self) -> int:
        return sum("--wheel-dir" in line for line in self.commands)


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engines, "compiler", lambda env: "/usr/bin/c++")
    monkeypatch.setattr(bootstrap, "compiler", lambda env: "/usr/bin/c++")
    monkeypatch.setattr(engines, "processor", lambda: "Linux x86_64 flags : fpu avx2")


@pytest.fixture
def build() -> FakeBuild:
    return FakeBuild()


def engine_in(folder: Path, build: FakeBuild, env: Mapping[str, str] | None = None) -> object:
    folder.mkdir(exist_ok=True)
    return engines.Engine(
        CHECKOUT, Path("python"), folder / "engine.json", folder.parent / "wheels", env or {}, build.call
    )


def test_the_engine_is_built_from_its_locked_source_and_its_progress_shown(tmp_path, build):
    shown: list[str] = []
    engine_in(tmp_path / "a", build).install(shown.append)
    (line,) = [line for line in build.commands if "--wheel-dir" in line]
    assert "--require-hashes" in line
    assert "--no-build-isolation" in line
    assert line.endswith("engine.txt")
    assert shown == ["tools", "source", "25 %", "100 %", "installing"]


def test_the_build_has_no_pictures_no_programs_and_all_that_the_processor_can_do(tmp_path, build):
    env = {"SOURCE_DATE_EPOCH": "1", "CMAKE_ARGS": "-DGGML_BLAS=ON", "PATH": "/bin"}
    engine_in(tmp_path / "a", build, env).install(lambda text: None)
    parts, *flags = shlex.split(build.env["CMAKE_ARGS"])
    assert flags == ["-DLLAVA_BUILD=OFF", "-DGGML_BLAS=ON"]
    assert "set(LLAMA_BUILD_COMMON OFF)" in Path(parts.removeprefix("-DCMAKE_PROJECT_INCLUDE=")).read_text()
    assert "SOURCE_DATE_EPOCH" not in build.env


def test_a_second_checkout_takes_the_finished_wheel(tmp_path, build):
    engine_in(tmp_path / "a", build).install(lambda text: None)
    engine_in(tmp_path / "b", build).install(lambda text: None)
    assert build.builds == 1
    assert not list((tmp_path / "wheels").glob("building-*"))


def test_of_two_builds_at_once_the_wheel_of_the_first_stays_which_may_just_be_installed(tmp_path, build):
    first, second = engine_in(tmp_path / "a", build), engine_in(tmp_path / "b", build)
    build.meanwhile = lambda: first.install(lambda text: None)
    second.install(lambda text: None)
    assert build.builds == 2
    assert second.kept_wheel().read_bytes() == b"wheel 2", "no two builds come out the same"


def test_what_a_killed_build_left_goes_with_the_next_one_a_day_later(tmp_path, build):
    old, running = tmp_path / "wheels" / "building-old", tmp_path / "wheels" / "building-now"
    for folder in (old, running):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    engine_in(tmp_path / "a", build).install(lambda text: None)
    assert not old.exists()
    assert running.exists()


def test_a_wheel_that_was_damaged_is_built_anew(tmp_path, build):
    engine = engine_in(tmp_path / "a", build)
    engine.install(lambda text: None)
    engine.kept_wheel().write_bytes(b"whee")
    assert engine.kept_wheel() is None
    engine.install(lambda text: None)
    assert build.builds == 2
    assert engine.kept_wheel() is not None


def test_another_processor_or_other_flags_need_another_build(tmp_path, build, monkeypatch):
    first = engine_in(tmp_path / "a", build).key
    assert engine_in(tmp_path / "a", build).key == first
    assert engine_in(tmp_path / "a", build, {"CMAKE_ARGS": "-DGGML_CUDA=ON"}).key != first
    monkeypatch.setattr(engines, "processor", lambda: "Linux x86_64 flags : fpu")
    assert engine_in(tmp_path / "a", build).key != first


def test_without_a_compiler_it_is_said_how_to_get_one(tmp_path, build, monkeypatch):
    monkeypatch.setattr(engines, "compiler", lambda env: None)
    with pytest.raises(engines.NotBuilt, match=r"there is no C\+\+ compiler to build it: "):
        engine_in(tmp_path / "a", build).install(lambda text: None)
    assert build.commands == []


def test_an_engine_that_was_built_for_any_processor_is_refused(tmp_path, build, monkeypatch):
    build.system_info = "SSE3 = 1"
    with pytest.raises(engines.NotBuilt, match="without AVX2"):
        engine_in(tmp_path / "a", build).install(lambda text: None)
    monkeypatch.setattr(engines, "processor", lambda: "Linux aarch64 Features : asimd")
    engine_in(tmp_path / "b", build).install(lambda text: None)


def test_an_engine_that_does_not_load_is_built_anew_when_it_is_asked_for_again(tmp_path, build):
    engine = engine_in(tmp_path / "a", build)
    engine.install(lambda text: None)
    build.raise_at = {engines.PROBE: RuntimeError("libgomp.so.1 is not there")}
    with pytest.raises(RuntimeError):
        engine.install(lambda text: None)
    build.raise_at = {}
    engine.install(lambda text: None)
    assert build.builds == 2


def test_on_windows_the_compiler_of_visual_studio_is_found_though_it_is_in_no_path(tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("PATH", "")
    env = {"PROGRAMFILES(X86)": str(tmp_path)}
    assert engines.compiler(env, "win32") is None
    finder = tmp_path.joinpath(*engines.VISUAL_STUDIO)
    finder.parent.mkdir(parents=True)
    finder.write_text(
        "#!/bin/sh\ncase \"$*\" in *VC.Tools.x86.x64*) printf 'C:\\\\José\\\\VS\\r\\n';; esac\n", encoding="utf-8"
    )
    finder.chmod(0o700)
    assert engines.compiler(env, "win32") == r"C:\José\VS"
    assert "VCTools" in engines.advice("win32")


def test_a_wheel_that_a_virus_scanner_looks_at_is_kept(tmp_path, build, monkeypatch):
    def held(*_args: object) -> None:
        raise PermissionError(13, "another process has it open")

    monkeypatch.setattr(Path, "rename", held)
    monkeypatch.setattr(Path, "replace", held)
    engine = engine_in(tmp_path / "a", build)
    engine.install(lambda text: None)
    assert engine.kept_wheel() is not None


def test_a_cache_folder_that_cannot_be_written_is_a_reason_and_no_accident(tmp_path, build):
    (tmp_path / "wheels").touch()
    with pytest.raises(engines.NotBuilt, match=r"^.*wheels.* cannot be written: \w"):
        engine_in(tmp_path / "a", build).install(lambda text: None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [("[7/350] Building C object", 2), ("  [350/350] Linking", 100), ("*** Configuring CMake...", None)],
)
def test_the_progress_is_what_ninja_counts(line, expected):
    assert engines.percentage(line) == expected


@pytest.mark.parametrize(
    ("env", "system", "expected"),
    [
        ({"COWRITE_HOME": "/h"}, "linux", "/h/cache/engine"),
        ({"XDG_CACHE_HOME": "/x"}, "linux", "/x/cowrite/engine"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/cowrite/Cache/engine"),
    ],
)
def test_finished_wheels_are_in_cowrites_cache_folder(env, system, expected):
    assert engines.cache_folder(env, system) == Path(expected)


# Starting


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: FakeBuild) -> object:
    """An environment in which the app is installed, the engine not."""
    (tmp_path / "requirements").mkdir()
    for name in (engines.LOCK, engines.BUILD_LOCK, engines.PARTS):
        (tmp_path / name).write_bytes((CHECKOUT / name).read_bytes())
    environment = bootstrap.Environment(tmp_path)
    environment.folder.mkdir()
    monkeypatch.setattr(bootstrap, "call", build.call)
    monkeypatch.setattr(bootstrap, "prepare", lambda with_tests: environment)
    return environment


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that bootstrap.py has run itself, the app's start last."""
    commands: list[list[str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    def execve(program: str, command: list[str], env: Mapping[str, str]) -> None:
        commands.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(bootstrap, "has_display", lambda env, platform: True)
    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    monkeypatch.setattr(bootstrap.os, "execve", execve)
    return commands


def start(*args: str) -> None:
    with pytest.raises(SystemExit):
        bootstrap.main(["run", *args])


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot become another")


def test_a_first_start_builds_the_engine_and_fetches_the_starter_and_a_second_only_starts(environment, started, build):
    start("letter.cowrite")
    assert build.builds == 1
    assert [command[3:] for command in started] == [["models", "pull", bootstrap.STARTER], ["letter.cowrite"]]
    started.clear()
    start("letter.cowrite")
    assert build.builds == 1
    assert [command[3:] for command in started] == [["letter.cowrite"]]


@pytest.mark.parametrize("error", [bootstrap.Problem("It failed."), KeyboardInterrupt()])
def test_a_build_that_failed_or_was_broken_off_keeps_no_start(environment, started, build, capsys, error):
    build.raise_at = {"--wheel-dir": error}
    start("letter.cowrite")
    assert "without its assistant" in capsys.readouterr().err
    assert [command[3:] for command in started] == [["letter.cowrite"]]
    build.raise_at.clear()
    build.commands.clear()
    start("letter.cowrite")
    assert build.commands == []  # not tried again by itself
    assert "`python3 bootstrap.py setup` tries again" in capsys.readouterr().err
    assert bootstrap.main(["setup"]) == 0
    assert build.builds == 1


def test_a_starter_that_cannot_be_fetched_is_said_and_the_editor_opens(environment, started, monkeypatch, capsys):
    run = bootstrap.subprocess.run

    def failing(command: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        done = run(command, **options)
        done.returncode = int("pull" in command)
        return done

    monkeypatch.setattr(bootstrap.subprocess, "run", failing)
    start("letter.cowrite")
    assert f"to fetch it later: python3 bootstrap.py run models pull {bootstrap.STARTER}" in capsys.readouterr().err
    started.clear()
    start("letter.cowrite")
    assert [command[3:] for command in started] == [["letter.cowrite"]]


def test_a_disk_that_takes_nothing_keeps_no_start(environment, started, build, capsys):
    environment.engine_file.mkdir(parents=True)  # which nobody can write, not even root
    start("letter.cowrite")
    assert f"Nothing was done for cowrite's assistant: {environment.engine_file}: " in capsys.readouterr().err
    assert [command[3:] for command in started] == [["letter.cowrite"]]
    assert bootstrap.main(["setup"]) == 1
    assert f"bootstrap.py: {environment.engine_file}: Is a directory." in capsys.readouterr().err


def test_the_doctor_waits_for_no_engine(environment, started, build):
    start("doctor")
    assert build.commands == []


def test_the_starter_is_one_of_the_catalogue():
    from cowrite.models.catalogue import STARTER

    assert bootstrap.STARTER == STARTER
