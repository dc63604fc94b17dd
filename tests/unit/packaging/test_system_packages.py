"""What bootstrap.py does about packages of the system."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from helpers.bootstrap_script import bootstrap, system

NOT_ALLOWED = 101
"""Status of the policy where an action is not allowed (invoke-rc.d(8))."""


class FakeApt:
    """A Debian: packages with their dpkg status, and the names that the release has."""

    def __init__(self, statuses: dict[str, str], release: Sequence[str] = ()) -> None:
        self.statuses = statuses
        self.release = release
        self.calls: list[str] = []
        self.fails = False
        self.may_start = True
        """Whether what was installed may start its service."""

    def ask(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        if command[0] == "apt-cache":
            return subprocess.CompletedProcess(command, 0 if command[-1] in self.release else 100, "", "")
        lines = [f"{self.statuses[name]}  {name}\n" for name in command if name in self.statuses]
        return subprocess.CompletedProcess(command, 1, "".join(lines), "")

    def call(self, command: Sequence[str], hear: Callable[[str], None], env: object = None) -> None:
        self.calls.append(" ".join(command))
        if system.POLICY.exists() and "install" in command:
            asked = subprocess.run([system.POLICY, "nginx", "start"], check=False)
            self.may_start = asked.returncode != NOT_ALLOWED
        if self.fails and "install" in command:
            raise system.Problem("apt-get failed.")


@pytest.fixture
def policy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What packages ask whether they may start their services; there is none."""
    path = tmp_path / "policy-rc.d"
    monkeypatch.setattr(system, "POLICY", path)
    return path


@pytest.fixture
def debian(monkeypatch: pytest.MonkeyPatch, policy: Path) -> Iterator[FakeApt]:
    apt = FakeApt({})
    monkeypatch.setattr(system, "ask", apt.ask)
    monkeypatch.setattr(system, "call", apt.call)
    monkeypatch.setattr(system, "is_debian", lambda: True)
    monkeypatch.setattr(system, "is_root", lambda: True)
    return apt


def test_a_package_that_dpkg_has_never_heard_of_is_missing(debian):
    debian.statuses = {"libegl1": "ii"}
    assert system.missing_packages([("libegl1",), ("libgl1",)]) == [("libgl1",)]


def test_a_package_that_was_removed_and_left_its_settings_is_missing(debian):
    debian.statuses = {"libegl1": "rc", "libgl1": "un"}
    assert system.missing_packages([("libegl1",), ("libgl1",)]) == [("libegl1",), ("libgl1",)]


def test_either_name_of_a_renamed_package_meets_the_requirement(debian):
    debian.statuses = {"libglib2.0-0": "ii"}
    assert system.missing_packages([("libglib2.0-0t64", "libglib2.0-0")]) == []


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
    assert system.choose_packages([("libglib2.0-0t64", "libglib2.0-0")]) == [chosen]


def test_root_gets_the_missing_packages_installed_after_one_look_at_the_new_lists(debian):
    system.ensure_system_packages(["wayland"])
    update, install = debian.calls
    assert update.endswith("update")
    assert install.endswith("libwayland-client0 libwayland-cursor0 libwayland-egl1")


def test_apt_is_left_alone_when_nothing_is_missing(debian):
    debian.statuses = {"libwayland-client0": "ii", "libwayland-cursor0": "ii", "libwayland-egl1": "ii"}
    system.ensure_system_packages(["wayland"])
    assert debian.calls == []


def test_whoever_is_not_root_is_told_the_command_and_goes_on(debian, monkeypatch, capsys):
    monkeypatch.setattr(system, "is_root", lambda: False)
    system.ensure_system_packages(["compiler"])
    assert "sudo apt-get install g++" in capsys.readouterr().out
    assert debian.calls == []


def test_setup_goes_on_when_apt_fails_and_says_how_to_try_again(debian, capsys):
    debian.fails = True
    system.ensure_system_packages(["compiler"])
    assert "apt-get install g++" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows runs no script of sh")
@pytest.mark.parametrize("fails", [False, True])
def test_no_package_starts_its_service_and_the_next_one_that_somebody_installs_does(debian, policy, fails):
    debian.fails = fails
    system.ensure_system_packages(["engines"])
    assert not debian.may_start
    assert not policy.exists()


def test_a_machine_s_own_policy_stays_as_it_is(debian, policy):
    policy.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    policy.chmod(0o755)
    system.ensure_system_packages(["engines"])
    assert policy.read_text(encoding="utf-8") == "#!/bin/sh\nexit 0\n"


@pytest.mark.parametrize(("is_ci", "wants"), [("true", True), ("", False)])
def test_proxies_are_installed_where_no_test_may_be_skipped_and_nowhere_else(debian, monkeypatch, is_ci, wants):
    monkeypatch.setattr(bootstrap, "setup", lambda environment, with_tests: None)
    monkeypatch.setenv("CI", is_ci)
    bootstrap.prepare(True)
    assert (" nginx" in debian.calls[-1], " caddy" in debian.calls[-1]) == (wants, wants)


@pytest.mark.parametrize(("with_tests", "wants_xvfb"), [(False, False), (True, True)])
def test_a_display_for_tests_is_installed_only_for_tests(debian, monkeypatch, with_tests, wants_xvfb):
    monkeypatch.setattr(bootstrap, "setup", lambda environment, with_tests: None)
    bootstrap.prepare(with_tests)
    assert ("xvfb" in debian.calls[-1]) is wants_xvfb
    assert "libegl1" in debian.calls[-1]


def test_a_debian_python_without_ensurepip_is_answered_with_the_package_that_has_it(debian, monkeypatch):
    monkeypatch.setattr(system.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(system.sys, "base_prefix", "/usr")
    package = f"python3.{sys.version_info[1]}-venv"
    system.ensure_venv_module()
    assert debian.calls[-1].endswith(package)
    monkeypatch.setattr(system, "is_root", lambda: False)
    with pytest.raises(system.Problem, match=f"sudo apt-get install {re.escape(package)}$"):
        system.ensure_venv_module()
