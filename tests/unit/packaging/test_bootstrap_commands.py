"""The commands of bootstrap.py, and who is told that they cannot be carried out."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from helpers.bootstrap_script import CHECKOUT, bootstrap, load


def test_ctrl_c_is_for_the_app_and_not_for_who_waits_for_it():
    script = "import os, signal; os.kill(os.getppid(), signal.SIGINT); raise SystemExit(3)"
    if sys.platform == "win32":  # where os.kill ends a process
        script = f"from helpers import console_events; {script.replace('os.kill', 'console_events.tell')}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert bootstrap.wait_for([sys.executable, "-c", script], environment) == 3


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
    monkeypatch.setattr(bootstrap, "ensure_assistant", lambda environment, again: None)
    monkeypatch.setattr(bootstrap, "models_for_tests", lambda environment: {})
    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    assert bootstrap.main(["test", "-k", "undo"]) == status
    assert len(commands) == 5
    assert commands[-1][-2:] == ["-k", "undo"]
    assert ("FAILED" in capsys.readouterr().out) is bool(status)


@pytest.mark.parametrize(
    ("free", "flags", "is_fit"), [(4 * 1024**3, 0, True), (1024**3, 0, False), (4 * 1024**3, 8, False)]
)
def test_files_of_tests_are_in_memory_where_it_has_room_and_starts_programs(monkeypatch, tmp_path, free, flags, is_fit):
    monkeypatch.setattr(os, "statvfs", lambda folder: SimpleNamespace(f_flag=flags), raising=False)
    monkeypatch.setattr(os, "ST_NOEXEC", 8, raising=False)
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    assert bootstrap.folder_for_tests(tmp_path) == ({"TMPDIR": str(tmp_path)} if is_fit else {})


def test_files_of_tests_go_where_they_always_do_where_there_is_no_folder_in_memory(tmp_path):
    assert bootstrap.folder_for_tests(tmp_path / "shm") == {}


def test_two_windows_without_a_display_are_refused_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "has_display", lambda env, platform: False)
    assert bootstrap.main(["two"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 15, 0)])
@pytest.mark.parametrize(("platform", "command"), [("linux", "python3.14"), ("win32", "py -3.14")])
def test_a_python_that_does_not_suit_is_refused_in_one_sentence(version, platform, command, monkeypatch):
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delitem(sys.modules, "bootstrap_commands")  # which such a Python may be unable to read
    with pytest.raises(SystemExit) as refused:
        load("bootstrap")
    assert str(refused.value) == (
        f"bootstrap.py: this is Python {version[0]}.{version[1]}; "
        f"run it with Python 3.11 to 3.14, as in `{command} bootstrap.py`."
    )
    assert "bootstrap_commands" not in sys.modules


def test_a_python_that_looks_for_no_modules_beside_its_script_finds_the_commands(tmp_path):
    asked = [sys.executable, "-P", str(CHECKOUT / "bootstrap.py"), "--help"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("usage: bootstrap.py [-h] {setup,run,two,test}\n"), done.stderr


def test_every_python_can_read_what_tells_it_that_it_does_not_suit():
    source = (CHECKOUT / "bootstrap.py").read_text(encoding="ascii")  # Python 2 reads nothing else
    tree = ast.parse(source, feature_version=(3, 4))
    newer = (ast.FunctionDef, ast.AnnAssign, ast.NamedExpr, ast.JoinedStr, ast.Starred, ast.keyword)
    assert not [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, newer)]
    assert [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)] == ["import sys"]


def test_a_python_that_lacks_packages_on_windows_is_refused_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.sysconfig, "get_platform", lambda: "win-arm64")
    assert bootstrap.main(["setup"]) == 1
    assert "run it with the one for 64-bit Windows on Intel and AMD" in capsys.readouterr().err
