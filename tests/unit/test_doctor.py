"""cowrite doctor: what it finds wrong, and the command that it names for it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cowrite import doctor
from cowrite.doctor import Finding, Machine
from cowrite.doctor_assistant import Assistant, examine_assistant
from cowrite.paths import resources

LOADER_WORDS = "libxcb-icccm.so.4: cannot open shared object file: No such file or directory"

HEALTHY = Machine(
    system="linux",
    python=(3, 11),
    interpreter="/usr/bin/python3",
    program=("/usr/bin/python3", "-m", "cowrite"),
    is_root=False,
    installer="apt",
    packages={},
    qt_failures={},
    has_letters=True,
    has_emoji=True,
    data_folder=Path("/home/ada/.local/share/cowrite"),
    data_failure="",
    loopback_failure="",
    assistant=Assistant(
        engine="0.3.36",
        engine_failure="",
        engine_uses_avx2=True,
        has_avx2=True,
        has_compiler=True,
        from_checkout=True,
        models=["smollm2-135m"],
        memory=8 * 10**9,
        least_memory=400 * 10**6,
    ),
)


def only_missing(machine: Machine) -> Finding:
    (finding,) = [finding for finding in doctor.diagnose(machine) if not finding.is_well]
    return finding


def test_a_machine_that_has_everything_is_well():
    assert all(finding.is_well and not finding.command for finding in doctor.diagnose(HEALTHY))


@pytest.mark.parametrize("version", [(3, 10), (3, 15)])
@pytest.mark.parametrize(
    ("system", "installer", "command"),
    [
        ("linux", "apt", "sudo apt-get install python3 python3-venv"),
        ("darwin", "", "brew install python@3.13"),
        ("win32", "", "winget install Python.Python.3.13"),
    ],
)
def test_a_python_that_is_too_old_or_too_new_is_answered_with_another(version, system, installer, command):
    finding = only_missing(replace(HEALTHY, python=version, system=system, installer=installer))
    assert (finding.subject, finding.command) == ("Python", command)


@pytest.mark.parametrize(
    ("installer", "packages", "command"),
    [
        ("apt", {"x11": ["libxcb-icccm4"]}, "sudo apt-get install libxcb-icccm4"),
        ("pacman", {"x11": ["xcb-util-wm"]}, "sudo pacman -S --needed xcb-util-wm"),
        ("", {}, ""),
    ],
)
def test_a_missing_library_is_answered_with_the_package_that_has_it(installer, packages, command):
    finding = only_missing(
        replace(HEALTHY, installer=installer, packages=packages, qt_failures={"x11": LOADER_WORDS}),
    )
    assert finding == Finding("X11 windows", False, LOADER_WORDS, command)


def test_root_needs_no_sudo():
    machine = replace(HEALTHY, is_root=True, packages={"x11": ["libxcb-icccm4"]}, qt_failures={"x11": LOADER_WORDS})
    assert only_missing(machine).command == "apt-get install libxcb-icccm4"


def test_a_package_that_is_absent_while_its_library_loads_is_no_finding():
    assert all(finding.is_well for finding in doctor.diagnose(replace(HEALTHY, packages={"x11": ["libxcb-icccm4"]})))


def test_a_qt_that_is_not_installed_is_answered_with_pip():
    findings = doctor.diagnose(replace(HEALTHY, qt_failures={"qt": "No module named 'PySide6'"}))
    qt, x11, wayland = [finding for finding in findings if not finding.is_well]
    assert qt.command == '/usr/bin/python3 -m pip install --force-reinstall "PySide6-Essentials>=6.11.3,<6.12"'
    assert x11.command == wayland.command == ""


@pytest.mark.parametrize(
    ("letters", "emoji", "detail"),
    [(False, True, "none for letters"), (True, False, "none for emoji"), (False, False, "none for letters or emoji")],
)
def test_missing_fonts_are_named_by_what_they_are_for(letters, emoji, detail):
    machine = replace(HEALTHY, has_letters=letters, has_emoji=emoji, packages={"fonts": ["fonts-noto-core"]})
    assert only_missing(machine) == Finding("Fonts", False, detail, "sudo apt-get install fonts-noto-core")


def test_fonts_are_the_systems_own_affair_outside_linux():
    machine = replace(HEALTHY, system="darwin", has_letters=False, has_emoji=False)
    assert "Fonts" not in [finding.subject for finding in doctor.diagnose(machine)]


def test_a_data_folder_that_cannot_be_written_is_given_back_to_its_owner():
    finding = only_missing(replace(HEALTHY, data_failure="Permission denied"))
    assert "/home/ada/.local/share/cowrite cannot be written: Permission denied" in finding.detail
    assert 'sudo chown -R "$(id -un)" "/home/ada/.local/share/cowrite"' in finding.command


@pytest.mark.parametrize(
    ("system", "command"),
    [("linux", "sudo ip link set lo up"), ("darwin", "sudo ifconfig lo0 up"), ("win32", "netsh winsock reset")],
)
def test_a_loopback_that_is_down_is_brought_up(system, command):
    assert only_missing(replace(HEALTHY, system=system, loopback_failure="Network is unreachable")).command == command


# The assistant, without which cowrite is whole but for that


def lacking(**changes: object) -> Machine:
    return replace(HEALTHY, assistant=replace(HEALTHY.assistant, **changes), packages={"compiler": ["g++"]})


@pytest.mark.parametrize(
    ("changes", "detail", "command"),
    [
        ({"engine": ""}, "its engine is not installed", "python3 bootstrap.py setup"),
        (
            {"engine": "", "has_compiler": False},
            "its engine is not installed, nor a C++ compiler to build it",
            "sudo apt-get install g++ && python3 bootstrap.py setup",
        ),
        (
            {"engine": "", "from_checkout": False},
            "its engine is not installed",
            '/usr/bin/python3 -m pip install "cowrite[assistant]"',
        ),
        ({"engine_failure": "OSError: libllama.so"}, "its engine does not load: OSError: libllama.so", None),
        ({"engine_uses_avx2": False}, "its engine was built without AVX2, which this processor has, and is slow", None),
    ],
)
def test_an_assistant_without_a_fit_engine_is_told_how_to_get_it(changes, detail, command):
    finding = only_missing(lacking(**changes))
    expected = "python3 bootstrap.py setup" if command is None else command
    assert finding == Finding("Assistant", False, detail, expected, is_optional=True)


def test_on_windows_the_commands_suit_its_shell_and_a_name_with_a_space():
    machine = replace(lacking(engine="", has_compiler=False), system="win32", interpreter=r"C:\Jane Doe\python.exe")
    command = only_missing(machine).command
    assert command.startswith("winget install Microsoft.VisualStudio.2022.BuildTools --override ")
    assert "VCTools" in command
    assert command.endswith(" && py bootstrap.py setup")
    machine = replace(machine, assistant=replace(machine.assistant, has_compiler=True, from_checkout=False))
    assert only_missing(machine).command == r'"C:\Jane Doe\python.exe" -m pip install "cowrite[assistant]"'


def test_who_has_a_build_without_python_is_never_told_to_use_pip_or_a_compiler():
    machine = replace(
        lacking(engine="", has_compiler=False, models=[]), interpreter="", program=("/opt/cowrite/cowrite",)
    )
    machine = replace(machine, qt_failures={"qt": "a bad ELF header"})
    by_subject = {finding.subject: finding for finding in doctor.diagnose(machine)}
    assert by_subject["Python"] == Finding("Python", True, "within this build")
    assert by_subject["Qt"].command == by_subject["Assistant"].command == doctor.AGAIN
    assert by_subject["Models"].command == "/opt/cowrite/cowrite models pull smollm2-135m"
    text = doctor.report(list(by_subject.values()))
    assert "pip" not in text
    assert "compiler" not in text


def test_a_build_on_a_processor_without_avx2_is_not_called_damaged():
    lacks = lacking(has_avx2=False, engine_failure="its process ended with status -4")
    finding = only_missing(replace(lacks, interpreter="", program=("/usr/bin/cowrite",)))
    assert finding.detail == "the engine of this build needs AVX2, which this processor lacks"
    assert "bootstrap.py" in finding.command


def test_an_engine_that_misses_a_library_of_the_system_is_answered_with_its_package():
    words = "RuntimeError: libgomp.so.1: cannot open shared object file: No such file or directory"
    machine = replace(lacking(engine_failure=words), packages={"engine": ["libgomp1"]})
    assert only_missing(machine).command == "sudo apt-get install libgomp1"


def test_a_processor_without_avx2_is_said_and_no_fault():
    by_subject = {finding.subject: finding for finding in doctor.diagnose(lacking(has_avx2=False))}
    assert by_subject["Assistant"].is_well
    assert "no AVX2, so it is slow" in by_subject["Assistant"].detail


def test_an_assistant_without_a_model_is_told_how_to_fetch_one():
    finding = only_missing(lacking(models=[]))
    assert (finding.detail, finding.command) == ("none", "/usr/bin/python3 -m cowrite models pull smollm2-135m")


def test_too_little_memory_is_said():
    finding = only_missing(lacking(memory=300_000_000))
    assert finding.detail == "300 MB free; the starter model takes 400 MB"


def test_what_only_the_assistant_lacks_is_optional_and_no_failure(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "examine", lambda: lacking(models=[]))
    assert doctor.main([]) == 0
    assert "optional Models " in capsys.readouterr().out


# What is seen on a real machine


def test_an_engine_that_is_installed_says_what_it_uses_of_this_processor():
    seen = examine_assistant()
    if not seen.engine:
        assert not os.environ.get("CI"), "the engine has to be there"
        pytest.skip("llama-cpp-python is not installed")
    assert seen.engine_failure == ""
    assert seen.engine_uses_avx2 or not seen.has_avx2


def test_the_list_of_debian_packages_is_found_and_covers_every_subject():
    text = (resources() / doctor.DEBIAN_PACKAGES).read_text(encoding="utf-8")
    assert all(f"[{section}]" in text for section in (*doctor.SUBJECTS, "fonts"))


def dpkg_with(installed: Sequence[str]):
    def ask(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        lines = [f"ii  {name}\n" for name in command if name in installed]
        return subprocess.CompletedProcess(command, 1, "".join(lines), "")

    return ask


def test_only_the_packages_that_dpkg_lacks_are_asked_for(monkeypatch):
    monkeypatch.setattr(doctor, "_ask", dpkg_with(["fonts-noto-core"]))
    assert doctor._debian_packages({})["fonts"] == ["fonts-noto-color-emoji"]


def test_packages_that_dpkg_has_while_qt_misses_their_libraries_are_installed_again(monkeypatch):
    monkeypatch.setattr(doctor, "_ask", dpkg_with(["libwayland-client0", "libwayland-cursor0", "libwayland-egl1"]))
    packages = doctor._debian_packages({"wayland": LOADER_WORDS})
    assert packages["wayland"] == ["--reinstall", "libwayland-client0", "libwayland-cursor0", "libwayland-egl1"]


def test_a_file_in_the_place_of_the_data_folder_is_a_failure(tmp_path):
    (tmp_path / "cowrite").touch()
    assert doctor._try_writing(tmp_path / "cowrite") != ""


def test_a_data_folder_without_the_right_to_write_is_a_failure_at_the_first_try(monkeypatch, tmp_path):
    tries = []

    def refuse(path, data):
        tries.append(path)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert doctor._try_writing(tmp_path) == "Permission denied"
    assert len(tries) == 1


def test_a_data_folder_that_does_not_exist_yet_is_judged_by_its_parent_and_not_made(tmp_path):
    assert doctor._try_writing(tmp_path / "share" / "cowrite") == ""
    assert list(tmp_path.iterdir()) == []


def test_a_loopback_that_refuses_is_a_failure(monkeypatch):
    def refuse(*args: object, **options: object) -> socket.socket:
        raise OSError(101, "Network is unreachable")

    assert doctor._try_loopback() == ""
    monkeypatch.setattr(doctor.socket, "create_server", refuse)
    assert doctor._try_loopback() == "Network is unreachable"


def test_a_qt_that_ends_its_process_is_a_finding_and_not_the_end(monkeypatch, tmp_path):
    stand_in = tmp_path / "cowrite"
    stand_in.mkdir()
    (stand_in / "__init__.py").touch()
    (stand_in / "doctor_probe.py").write_text("import os\nos.write(2, b'\\xff')\nos.abort()\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "ended the process" in doctor._try_qt_apart()["qt"]


def test_the_doctor_works_where_qt_cannot_be_imported():
    program = (
        "import sys\n"
        "sys.modules['PySide6'] = None\n"
        "from cowrite import doctor, doctor_probe\n"
        "print(doctor_probe.try_qt()['qt'])\n"
        "print([name for name in sys.modules if name.startswith('PySide6.')])\n"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    failure, loaded = result.stdout.splitlines()
    assert "PySide6" in failure
    assert loaded == "[]"


def test_this_machine_can_run_these_tests():
    by_subject = {finding.subject: finding for finding in doctor.diagnose(doctor.examine())}
    assert by_subject["Python"].is_well
    assert by_subject["Qt"].is_well, by_subject["Qt"].detail
    assert by_subject["Loopback"].is_well, by_subject["Loopback"].detail


# The command


@pytest.mark.parametrize(("machine", "status"), [(HEALTHY, 0), (replace(HEALTHY, has_emoji=False), 1)])
def test_the_exit_status_says_whether_all_is_well(monkeypatch, capsys, machine, status):
    monkeypatch.setattr(doctor, "examine", lambda: machine)
    assert doctor.main([]) == status
    assert doctor.main(["--json"]) == status


def test_each_command_stands_beneath_what_it_mends():
    text = doctor.report([Finding("Qt", True, "loads"), Finding("Data folder", False, "full", "rm big")])
    assert text.splitlines() == [
        "ok       Qt           loads",
        "missing  Data folder  full",
        "                      rm big",
    ]


def test_the_findings_are_there_for_programs_too(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "examine", lambda: replace(HEALTHY, loopback_failure="Network is unreachable"))
    doctor.main(["--json"])
    (last,) = [finding for finding in json.loads(capsys.readouterr().out) if finding["subject"] == "Loopback"]
    assert last["is_well"] is False
    assert last["command"] == "sudo ip link set lo up"


def test_wrong_use_ends_with_status_2():
    with pytest.raises(SystemExit) as stop:
        doctor.main(["--loud"])
    assert stop.value.code == 2
