"""Finds out what cowrite lacks on this machine, and the command that mends each thing.

Runs where Qt cannot: nothing here imports PySide6 into this process. `examine` looks at the machine, `diagnose` judges
what it saw, `main` is the command `cowrite doctor`.
"""

from __future__ import annotations

import argparse
import configparser
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cowrite.doctor_assistant import (
    BUILD_TOOLS,
    NOT_IN_TIME,
    Assistant,
    engine_command,
    examine_assistant,
    memory_words,
    run_apart,
)
from cowrite.doctor_probe import PLATFORM_PLUGINS, QT
from cowrite.models.catalogue import STARTER
from cowrite.own_process import is_build, own_process
from cowrite.paths import Paths, resources
from cowrite.storage.placing import temporary_beside

PYTHONS = ((3, 11), (3, 14))  # the oldest and the newest that work
# Double quotes hold in every shell; to that of Windows a single one is a letter, and > behind it another file.
PIP_INSTALLS_QT = '-m pip install --force-reinstall "PySide6-Essentials>=6.11.3,<6.12"'

AGAIN = "install cowrite again, for this build is damaged"
SUBJECTS = {"qt": "Qt", "x11": "X11 windows", "wayland": "Wayland windows"}

DEBIAN_PACKAGES = "system/debian-packages.ini"  # among the resources; bootstrap.py reads the same file
# Packages of the systems whose lists are short.
XCB_UTILITIES = "xcb-util-cursor xcb-util-image xcb-util-keysyms xcb-util-renderutil xcb-util-wm libxkbcommon-x11"
PACKAGES: Mapping[str, Mapping[str, str]] = {
    "dnf": {
        "qt": "dbus-libs fontconfig freetype glib2 krb5-libs libglvnd-egl libglvnd-glx libX11 libxkbcommon libzstd",
        "x11": XCB_UTILITIES,
        "wayland": "libwayland-client libwayland-cursor libwayland-egl",
        "fonts": "google-noto-sans-fonts google-noto-color-emoji-fonts",
        "compiler": "gcc-c++",
        "engine": "libgomp libstdc++",
    },
    "pacman": {
        "qt": "dbus fontconfig freetype2 glib2 krb5 libglvnd libx11 libxkbcommon zstd",
        "x11": XCB_UTILITIES,
        "wayland": "wayland",
        "fonts": "noto-fonts noto-fonts-emoji",
        "compiler": "gcc",
        "engine": "gcc-libs",
    },
}
INSTALLERS = {"apt": "apt-get install", "dnf": "dnf install", "pacman": "pacman -S --needed"}
PYTHON_INSTALLERS = {
    "apt": "apt-get install python3 python3-venv",
    "dnf": "dnf install python3.13",
    "pacman": "pacman -S python",
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_SUFFIXES = (".ttf", ".otf", ".ttc")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that cowrite needs, whether it is there, and the command that mends it if one is known.

    What only the assistant needs is optional: without it cowrite is whole but for that.
    """

    subject: str
    is_well: bool
    detail: str
    command: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """What was seen on a machine. An empty failure means that the thing works."""

    system: str  # as sys.platform says it
    python: tuple[int, int]
    interpreter: str  # empty in a build, which has none beside it
    program: Sequence[str]  # how cowrite is called here
    is_root: bool
    installer: str  # a key of INSTALLERS, or empty
    packages: Mapping[str, Sequence[str]]  # what the installer lacks for qt, x11, wayland, fonts
    qt_failures: Mapping[str, str]  # the loader's words, for those of PLATFORM_PLUGINS that do not load
    has_letters: bool
    has_emoji: bool
    data_folder: Path
    data_failure: str
    loopback_failure: str
    assistant: Assistant


def diagnose(machine: Machine) -> list[Finding]:
    """Judges each thing that cowrite needs, in the order in which a person should mend them."""
    return [
        _judge_python(machine),
        *_judge_qt(machine),
        *_judge_fonts(machine),
        _judge_data_folder(machine),
        _judge_loopback(machine),
        *_judge_assistant(machine),
    ]


def _judge_python(machine: Machine) -> Finding:
    if not machine.interpreter:
        return Finding("Python", True, "within this build")
    found = ".".join(map(str, machine.python))
    if PYTHONS[0] <= machine.python <= PYTHONS[1]:
        return Finding("Python", True, found)
    commands = {"darwin": "brew install python@3.13", "win32": "winget install Python.Python.3.13"}
    command = commands.get(machine.system) or _as_root(machine, PYTHON_INSTALLERS.get(machine.installer, ""))
    return Finding("Python", False, f"{found}; cowrite needs 3.11 to 3.14", command)


def _judge_qt(machine: Machine) -> list[Finding]:
    findings = []
    for section in PLATFORM_PLUGINS.get(machine.system, PLATFORM_PLUGINS["linux"]):
        failure = machine.qt_failures.get(section, "")
        if failure:
            is_library = "shared object" in failure
            by_pip = f"{_quoted(machine.interpreter)} {PIP_INSTALLS_QT}" if machine.interpreter else AGAIN
            command = _install(machine, section) if is_library else by_pip
            findings.append(Finding(SUBJECTS[section], False, failure, command))
        elif "qt" in machine.qt_failures:
            findings.append(Finding(SUBJECTS[section], False, "cannot be tried before Qt loads"))
        else:
            findings.append(Finding(SUBJECTS[section], True, "loads"))
    return findings


def _judge_fonts(machine: Machine) -> list[Finding]:
    if machine.system != "linux":
        return []
    lacking = [name for name, there in (("letters", machine.has_letters), ("emoji", machine.has_emoji)) if not there]
    if not lacking:
        return [Finding("Fonts", True, "letters and emoji")]
    return [Finding("Fonts", False, f"none for {' or '.join(lacking)}", _install(machine, "fonts"))]


def _judge_data_folder(machine: Machine) -> Finding:
    folder = machine.data_folder
    if not machine.data_failure:
        return Finding("Data folder", True, str(folder))
    command = f'sudo mkdir -p "{folder}" && sudo chown -R "$(id -un)" "{folder}"'
    if machine.system == "win32":
        command = f'icacls "{folder}" /grant "%USERNAME%:(OI)(CI)F"'
    return Finding("Data folder", False, f"{folder} cannot be written: {machine.data_failure}", command)


def _judge_loopback(machine: Machine) -> Finding:
    if not machine.loopback_failure:
        return Finding("Loopback", True, "127.0.0.1 answers")
    commands = {"linux": "ip link set lo up", "darwin": "ifconfig lo0 up"}
    command = _as_root(machine, commands.get(machine.system, "")) or "netsh winsock reset"
    return Finding("Loopback", False, f"no connection to 127.0.0.1: {machine.loopback_failure}", command)


def _judge_assistant(machine: Machine) -> list[Finding]:
    seen = machine.assistant
    compilers = {"darwin": "xcode-select --install", "win32": BUILD_TOOLS}
    compiler = compilers.get(machine.system) or _install(machine, "compiler")
    command = AGAIN
    if machine.interpreter:
        command = engine_command(seen, _quoted(machine.interpreter), compiler, machine.system)
    if not seen.engine:
        lacking = "" if seen.has_compiler or not machine.interpreter else ", nor a C++ compiler to build it"
        engine = Finding("Assistant", False, f"its engine is not installed{lacking}", command, is_optional=True)
    elif seen.has_avx2 is False and not machine.interpreter:
        detail = "the engine of this build needs AVX2, which this processor lacks"
        command = "start cowrite from a checkout, by bootstrap.py, which builds one for this processor"
        engine = Finding("Assistant", False, detail, command, is_optional=True)
    elif seen.engine_failure:
        detail = f"its engine does not load: {seen.engine_failure}"
        if "shared object" in seen.engine_failure:
            command = _install(machine, "engine") or command
        engine = Finding("Assistant", False, detail, command, is_optional=True)
    elif seen.has_avx2 and not seen.engine_uses_avx2:
        detail = "its engine was built without AVX2, which this processor has, and is slow"
        engine = Finding("Assistant", False, detail, command, is_optional=True)
    else:
        speed = "; this processor has no AVX2, so it is slow" if seen.has_avx2 is False else ""
        engine = Finding("Assistant", True, f"llama-cpp-python {seen.engine}{speed}", is_optional=True)
    detail, command = (
        (", ".join(seen.models), "")
        if seen.models
        else ("none", f"{' '.join(map(_quoted, machine.program))} models pull {STARTER}")
    )
    has_memory = seen.memory is None or seen.memory >= seen.least_memory
    return [
        engine,
        Finding("Models", bool(seen.models), detail, command, is_optional=True),
        Finding("Memory", has_memory, memory_words(seen), is_optional=True),
    ]


def _install(machine: Machine, section: str) -> str:
    names = machine.packages.get(section, ())
    return _as_root(machine, f"{INSTALLERS[machine.installer]} {' '.join(names)}") if names else ""


def _quoted(program: str) -> str:
    """A program as it stands in a command: people's names, and so their folders, may have spaces in them."""
    return f'"{program}"' if " " in program else program


def _as_root(machine: Machine, command: str) -> str:
    return command if machine.is_root or not command else f"sudo {command}"


def examine() -> Machine:
    """Looks at this machine. Takes about a second, most of it for loading Qt in a process of its own."""
    installer = next((name for name in INSTALLERS if shutil.which(INSTALLERS[name].split()[0])), "")
    qt_failures = _try_qt_apart()
    fonts = _font_names() if sys.platform == "linux" else []
    data_folder = Paths.of(os.environ).data
    return Machine(
        system=sys.platform,
        python=sys.version_info[:2],
        interpreter="" if is_build() else sys.executable,
        program=own_process("cowrite"),
        is_root=sys.platform != "win32" and os.geteuid() == 0,
        installer=installer,
        packages=_debian_packages(qt_failures) if installer == "apt" else _packages(installer),
        qt_failures=qt_failures,
        has_letters=any("emoji" not in name.lower() for name in fonts),
        has_emoji=any("emoji" in name.lower() for name in fonts),
        data_folder=data_folder,
        data_failure=_try_writing(data_folder),
        loopback_failure=_try_loopback(),
        assistant=examine_assistant(),
    )


def _packages(installer: str) -> dict[str, list[str]]:
    return {section: names.split() for section, names in PACKAGES.get(installer, {}).items()}


def _debian_packages(qt_failures: Mapping[str, str]) -> dict[str, list[str]]:
    """Names the packages of each section that dpkg lacks; all of a section that dpkg has and Qt still misses."""
    parser = configparser.ConfigParser(allow_no_value=True, delimiters=("=",), interpolation=None)
    parser.read_string((resources() / DEBIAN_PACKAGES).read_text(encoding="utf-8"))
    wanted = {section: [line.split(" | ") for line in parser[section]] for section in parser.sections()}
    names = [name for lines in wanted.values() for line in lines for name in line]
    words = _ask(["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package}\\n", *names]).stdout.splitlines()
    installed = {line.split()[-1] for line in words if line.startswith("ii ")}
    packages = {}
    for section, lines in wanted.items():
        missing = [line for line in lines if installed.isdisjoint(line)]
        if missing or section in qt_failures:
            packages[section] = [_choose(line) for line in missing or lines]
            if not missing:
                packages[section].insert(0, "--reinstall")
    return packages


def _choose(names: Sequence[str]) -> str:
    known = (name for name in names[:-1] if _ask(["apt-cache", "show", name]).returncode == 0)
    return next(known, names[-1])


def _ask(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def _try_qt_apart() -> dict[str, str]:
    """Loads Qt in a process of its own, so that a broken one takes nothing with it."""
    result = run_apart(QT)
    if result is None:
        return {"qt": NOT_IN_TIME}
    if result.returncode:
        words = result.stderr.strip().splitlines()[-1:] or ["no word of why"]
        return {"qt": f"loading it ended the process with status {result.returncode}: {words[0]}"}
    failures: dict[str, str] = json.loads(result.stdout.splitlines()[-1])
    return failures


def _font_names() -> list[str]:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    names = [name for folder in folders for _, _, files in os.walk(folder) for name in files]
    return [name for name in names if name.lower().endswith(FONT_SUFFIXES)]


def _try_writing(folder: Path) -> str:
    """Writes a file that vanishes at once into the folder, or into its nearest parent where it does not exist yet."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        # WORKAROUND python/cpython#66305: on Windows `tempfile` tries for hours where it may not write.
        with temporary_beside(existing / "cowrite") as file:
            file.write_bytes(b"cowrite")
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _try_loopback() -> str:
    """Connects to a listening socket on 127.0.0.1, as the app does to a room that it hosts."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5.0).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def report(findings: Sequence[Finding]) -> str:
    """Lays the findings out in columns, each command beneath what it mends."""
    width = max(len(finding.subject) for finding in findings)
    lines = []
    for finding in findings:
        word = "ok" if finding.is_well else "optional" if finding.is_optional else "missing"
        lines.append(f"{word:<9}{finding.subject:<{width + 2}}{finding.detail}")
        if finding.command:
            lines.append(f"{'':<{width + 11}}{finding.command}")
    return "\n".join(lines)


def main(argv: Sequence[str]) -> int:
    """Carries out `cowrite doctor`: 0 when nothing is missing that is not optional, else 1; 2 on wrong use."""
    parser = argparse.ArgumentParser(
        prog="cowrite doctor", description="Says what is missing on this computer, and the command that helps."
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    arguments = parser.parse_args(argv)
    findings = diagnose(examine())
    print(json.dumps([asdict(finding) for finding in findings], indent=2) if arguments.json else report(findings))
    return 0 if all(finding.is_well or finding.is_optional for finding in findings) else 1
