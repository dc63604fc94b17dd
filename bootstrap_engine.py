"""Builds the engine of the assistant, llama-cpp-python, for the processor of this machine; a part of bootstrap.py.

The engine is compiled where it runs, because only so it uses all that the processor can do. The finished wheel is kept
in the person's cache folder, so that a second checkout or a new .venv takes seconds. Without the engine cowrite is
whole but for its assistant, so nothing here keeps the app from starting: a build that failed or was broken off is
remembered, and tried again only when somebody asks for it.

Standard library only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bootstrap_steps import deaf, pip_of, python_of, scripts_of

LOCK = "requirements/engine.txt"  # the source, by its hash
BUILD_LOCK = "requirements/engine-build.txt"  # what builds it
PARTS = "requirements/engine.cmake"  # which parts of it are built; read wherever CMake meets a project
FLAGS = "-DLLAVA_BUILD=OFF"  # no reading of pictures: half the time and memory
CORE_MINUTES = 5  # what the build takes on one core, about
DAY = 86_400  # seconds
COMPILERS = ("c++", "g++", "clang++")
VISUAL_STUDIO = ("Microsoft Visual Studio", "Installer", "vswhere.exe")  # below the folder of 32-bit programs
VISUAL_C = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"
PROBE = "import llama_cpp; print(llama_cpp.llama_print_system_info().decode())"
_STEP = re.compile(r"\[(\d+)/(\d+)\]")  # how ninja counts

Call = Callable[[Sequence[str], Callable[[str], None], Mapping[str, str] | None], None]


class NotBuilt(Exception):
    """Why there is no engine, as the rest of a sentence."""


def cache_folder(env: Mapping[str, str], system: str = sys.platform) -> Path:
    """Gives the folder of finished wheels: in cowrite's cache folder, where it is on this system."""
    if home := env.get("COWRITE_HOME"):
        return Path(home).expanduser().absolute() / "cache" / "engine"
    if system == "win32":
        return Path(env.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "cowrite" / "Cache" / "engine"
    if system == "darwin":
        return Path.home() / "Library" / "Caches" / "cowrite" / "engine"
    return Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cowrite" / "engine"


def processor(listing: Path = Path("/proc/cpuinfo")) -> str:
    """Says what a build is tied to: the kind of processor and, where the system tells, all that it can do."""
    words = [platform.system(), platform.machine(), platform.processor(), *platform.libc_ver()]
    with contextlib.suppress(OSError):
        lines = listing.read_text(encoding="utf-8", errors="replace").splitlines()
        words += [line for line in lines if line.partition(":")[0].strip() in ("flags", "Features", "isa")][:1]
    return " ".join(words)


def has_avx2(words: str) -> bool:
    """Says whether a processor has AVX2, by what `processor` says of it."""
    return "avx2" in words.split()


def percentage(line: str) -> int | None:
    """Reads how far the build is, 0 to 100, out of a line of it; None where the line does not say."""
    match = _STEP.search(line)
    return None if match is None else 100 * int(match[1]) // max(1, int(match[2]))


def compiler(env: Mapping[str, str], system: str = sys.platform) -> str | None:
    """Finds a C++ compiler; None where there is none, or only the stand-in that asks to install one, as on macOS."""
    if chosen := env.get("CXX"):
        return chosen
    if system == "win32":
        return shutil.which("cl") or visual_studio(env)
    found = next(filter(None, (shutil.which(name) for name in COMPILERS)), None)
    if system == "darwin" and not Path("/Library/Developer/CommandLineTools").exists():
        return found if Path("/Applications/Xcode.app").exists() else None
    return found


def visual_studio(env: Mapping[str, str]) -> str | None:
    """Finds where Visual Studio, or its Build Tools, has a C++ compiler, which is then in no PATH; cmake finds it, too.

    Source: https://github.com/microsoft/vswhere/wiki
    """
    where = Path(env.get("PROGRAMFILES(X86)", ""), *VISUAL_STUDIO)
    question = ["-latest", "-products", "*", "-requires", VISUAL_C, "-property", "installationPath", "-utf8"]
    with contextlib.suppress(OSError):
        done = subprocess.run([where, *question], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return done.stdout.decode(errors="replace").strip() or None
    return None


def advice(system: str = sys.platform) -> str:
    """Says how a C++ compiler comes onto this system."""
    if system == "darwin":
        return "xcode-select --install"
    if system == "win32":  # by itself it comes without a compiler
        parts = "--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"
        return f'winget install Microsoft.VisualStudio.2022.BuildTools --override "{parts}"'
    as_root = "" if sys.platform == "win32" or os.geteuid() == 0 else "sudo "
    return f"{as_root}apt-get install g++" if shutil.which("apt-get") else "install g++ by your system's packages"


class Engine:
    """The engine in one environment.

    Args:
        root: the checkout.
        python: the environment's Python.
        state_file: where it is kept what became of the last try.
        wheels: the folder of finished wheels.
        env: the process's environment.
        call: runs a command, hands over each line it prints, and raises when it fails.
    """

    def __init__(
        self, root: Path, python: Path, state_file: Path, wheels: Path, env: Mapping[str, str], call: Call
    ) -> None:
        self._root, self._python, self._state_file = root, python, state_file
        self._env, self._call = env, call
        self._processor = processor()
        self._flags = f"{FLAGS} {env.get('CMAKE_ARGS', '')}".strip()
        locks = b"".join((root / name).read_bytes() for name in (LOCK, BUILD_LOCK, PARTS))
        words = [self._flags.encode(), self._processor.encode(), locks]
        self.key = hashlib.sha256(b"\0".join(words)).hexdigest()[:16]
        self._shelf = wheels / self.key

    def state(self) -> dict[str, str]:
        """Reads what became of the last try for this very source, processor and environment; empty for none."""
        with contextlib.suppress(OSError, ValueError):
            state = json.loads(self._state_file.read_text(encoding="utf-8"))
            if isinstance(state, dict) and state.get("key") == self.key:
                return state
        return {}

    def note(self, **changes: str) -> None:
        """Keeps what becomes of a try."""
        state = {**self.state(), "key": self.key, **changes}
        self._state_file.write_text(json.dumps(state), encoding="utf-8")

    @property
    def is_installed(self) -> bool:
        """Whether the last try went well."""
        return self.state().get("engine") == "installed"

    def is_to_be_tried(self, again: bool) -> bool:
        """Says whether a start has to see to the engine: only once by itself, and when it is asked for again."""
        return not self.is_installed and (again or "engine" not in self.state())

    def kept_wheel(self) -> Path | None:
        """Finds a finished wheel whose hash is the one that was kept with it."""
        with contextlib.suppress(OSError, ValueError):
            kept = json.loads((self._shelf / "wheel.json").read_text(encoding="utf-8"))
            wheel = self._shelf / str(kept["name"])
            if hashlib.sha256(wheel.read_bytes()).hexdigest() == kept["sha256"]:
                return wheel
        return None

    def check_buildable(self) -> None:
        """Sees that the engine can be had here.

        Raises:
            NotBuilt: it has to be built, and there is no compiler.
        """
        if self.kept_wheel() is None and compiler(self._env) is None:
            raise NotBuilt(f"there is no C++ compiler to build it: {advice()}")

    def wheel(self, show: Callable[[str], None]) -> Path:
        """Gives a finished wheel, built first where none is kept.

        Args:
            show: is told how far it is.

        Raises:
            NotBuilt: there is no compiler, or no place for it.
        """
        self.check_buildable()
        try:
            return self.kept_wheel() or self._build(show)
        except OSError as error:
            raise NotBuilt(f"{error.filename or 'a file'} cannot be written: {error.strerror or error}") from error

    def install(self, show: Callable[[str], None]) -> None:
        """Installs the engine, built first where no finished wheel is kept, and tries whether it loads.

        Args:
            show: is told how far it is.

        Raises:
            NotBuilt: there is no compiler, what came of it is unfit, or there is no place for it.
        """
        wheel = self.wheel(show)
        show("installing")
        options = ["--no-deps", "--no-index", "--force-reinstall"]
        self._call([*pip_of(self._python), "install", *options, str(wheel)], deaf, None)
        try:
            self._probe()
        except Exception:
            with contextlib.suppress(OSError):  # else each later try would take the same wheel
                (self._shelf / "wheel.json").unlink()
            raise

    def _build(self, show: Callable[[str], None]) -> Path:
        self._shelf.parent.mkdir(parents=True, exist_ok=True)
        for old in self._shelf.parent.glob("building-*"):  # of a build that was killed
            with contextlib.suppress(OSError):
                if time.time() - old.stat().st_mtime > DAY:
                    shutil.rmtree(old)
        # What is left of it, because a virus scanner still reads it, goes with a later build.
        with tempfile.TemporaryDirectory("", "building-", self._shelf.parent, ignore_cleanup_errors=True) as place:
            folder = Path(place)
            show("tools")
            tools = folder / "tools"
            self._call([sys.executable, "-m", "venv", str(tools)], deaf, None)
            pip = pip_of(python_of(tools))
            wheels_only = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
            self._call([*pip, "install", *wheels_only, "-r", str(self._root / BUILD_LOCK)], deaf, None)
            show("source")

            def hear(line: str) -> None:
                if (done := percentage(line)) is not None:
                    show(f"{done} %")

            options = ["--require-hashes", "--no-deps", "--no-build-isolation", "--no-cache-dir", "--verbose"]
            target = ["--wheel-dir", str(folder / "wheel"), "-r", str(self._root / LOCK)]
            self._call([*pip, "wheel", *options, *target], hear, self._build_env(scripts_of(tools)))
            return self._keep(next((folder / "wheel").glob("*.whl")))

    def _build_env(self, scripts: Path) -> dict[str, str]:
        parts = f"-DCMAKE_PROJECT_INCLUDE={(self._root / PARTS).as_posix()}"
        env = {**self._env, "CMAKE_ARGS": f"{shlex.quote(parts)} {self._flags}"}
        env["PATH"] = os.pathsep.join([str(scripts), env.get("PATH", "")])
        # With SOURCE_DATE_EPOCH ggml builds for every processor of the kind, not for this one: no AVX2.
        env.pop("SOURCE_DATE_EPOCH", None)
        return env

    def _keep(self, wheel: Path) -> Path:
        """Puts a finished wheel on its shelf, its hash behind it: what is half there, or half read, has another one.

        Where another build was quicker its wheel stays: whoever made it may be installing it.
        """
        if (there := self.kept_wheel()) is not None:
            return there
        kept = {"name": wheel.name, "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest()}
        self._shelf.mkdir(exist_ok=True)
        # Not moved: Windows lets nobody move what a virus scanner has open.
        shutil.copyfile(wheel, self._shelf / wheel.name)
        (self._shelf / "wheel.json").write_text(json.dumps(kept), encoding="utf-8")
        return self._shelf / wheel.name

    def _probe(self) -> None:
        """Loads the engine in a process of its own, and sees that it was built for this processor."""
        said: list[str] = []
        self._call([str(self._python), "-c", PROBE], said.append, None)
        if has_avx2(self._processor) and "AVX2 = 1" not in " ".join(said):
            raise NotBuilt("it was built without AVX2, which this processor has")
