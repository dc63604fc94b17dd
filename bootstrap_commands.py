"""Carries out the commands of bootstrap.py, which sees first that this Python suits.

Runs before anything is installed, so it imports the standard library only.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from bootstrap_engine import CORE_MINUTES, Engine, NotBuilt, cache_folder, compiler
from bootstrap_steps import ROOT, Problem, Progress, ask, call, deaf, pip_of, python_of, scripts_of, words_of
from bootstrap_system import ensure_system_packages, ensure_venv_module, folder_for_tests

SCRIPT = "py bootstrap.py" if sys.platform == "win32" else "python3 bootstrap.py"
UNFIT = {"win-arm64": "for ARM processors", "win32": "of 32 bits"}  # by sysconfig's name of the platform
DECIDING = (  # the files that decide what is installed
    *("requirements/assistant.txt", "requirements/server.txt", "requirements/test.txt"),
    *("pyproject.toml", "server/pyproject.toml"),
)
WITHOUT_A_WINDOW = ("assist", "demo", "desktop", "doctor", "models", "-h", "--help", "--version")
WITHOUT_THE_ASSISTANT = ("desktop", "doctor", "-h", "--help", "--version")
UNREACHED = "after connection broken by"  # pip's words
NO_NETWORK = (
    "The packages cannot be fetched, because pip does not reach its package index: see to the network, or to the proxy "
    "or the mirror that pip has to use here, and start again."
)
STARTER, ENCODER = "smollm2-135m", "all-minilm-l6-v2"  # in resources/models/catalogue.toml


class Environment:
    """The folder .venv, and what its stamp says was installed into it.

    The stamp is written last and taken away first, and an unfinished mark stands while setup works: a folder with the
    mark is thrown away by the next setup, because a package may be in it by half.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.scripts = scripts_of(self.folder)
        self.python = python_of(self.folder)
        self.stamp_file = self.folder / "cowrite-setup.json"
        self.unfinished = self.folder / "cowrite-setup-unfinished"
        self.engine_file = self.folder / "cowrite-engine.json"

    def place(self) -> str:
        """Names the Python and the folder that an environment is tied to."""
        return f"{sys.implementation.cache_tag} {self.folder}"

    def content(self) -> str:
        """Gives the hash of the files that decide what is installed."""
        digest = hashlib.sha256()
        for path in (self.root / name for name in DECIDING):
            if not path.is_file():
                raise Problem(f"{path} is missing, so this checkout is incomplete: clone it again.")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def stamp(self) -> dict[str, object]:
        """Reads the stamp; an empty one when there is none to trust."""
        with contextlib.suppress(OSError, ValueError):
            stamp = json.loads(self.stamp_file.read_text(encoding="utf-8"))
            if isinstance(stamp, dict) and self.python.exists() and not self.unfinished.exists():
                return stamp
        return {}

    def is_ready(self, with_tests: bool) -> bool:
        """Says whether everything asked for is installed, at the versions that the files name now."""
        stamp = self.stamp()
        here = (stamp.get("place"), stamp.get("content")) == (self.place(), self.content())
        return here and (not with_tests or stamp.get("with_tests") is True)

    def is_usable(self) -> bool:
        """Says whether packages can be installed into the folder as it is.

        Raises Problem when it is somebody's own and for another Python: it is not ours to throw away.
        """
        if self.unfinished.exists() or not self.python.exists():
            return False
        if self.stamp_file.exists():
            return self.stamp().get("place") == self.place()
        tag = ask([str(self.python), "-c", "import pip, sys; print(sys.implementation.cache_tag)"]).stdout.strip()
        if tag != sys.implementation.cache_tag:
            raise Problem(f"{self.folder} was not made by bootstrap.py and does not suit this Python: move it away.")
        return True

    def is_there(self) -> bool:
        """Says whether anything has the folder's name, be it a link to nothing."""
        return self.folder.exists() or self.folder.is_symlink()

    def remove(self) -> None:
        """Deletes the folder, its Python first: what an interrupted removal leaves is never taken for usable.

        Raises Problem when it cannot be deleted, or is a file or a link: that is somebody's own.
        """
        if self.folder.is_symlink() or not self.folder.is_dir():
            raise Problem(f"{self.folder} is not a folder that bootstrap.py has made: move it away, then start again.")
        try:
            self.python.unlink(missing_ok=True)
            shutil.rmtree(self.folder)
        except OSError as error:
            raise Problem(f"{error.filename} cannot be deleted: end what uses it, then try again.") from error

    def begin(self) -> None:
        """Marks the folder as unfinished; makes it first where there is none."""
        self.folder.mkdir(exist_ok=True)
        self.unfinished.touch()
        self.stamp_file.unlink(missing_ok=True)

    def finish(self, with_tests: bool) -> None:
        """Writes the stamp and takes the unfinished mark away."""
        stamp = {"place": self.place(), "content": self.content(), "with_tests": with_tests}
        self.stamp_file.write_text(json.dumps(stamp), encoding="utf-8")
        self.unfinished.unlink()


WAITING = "Another setup of this checkout is running; waiting for it to end."
LOCK_WAIT = 0.2  # seconds between tries


@contextlib.contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Holds the lock on path, which the system lets go of even when this process is killed."""
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            is_said = False
            while True:  # LK_LOCK, which waits, gives up after ten seconds
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                    break
                except OSError as error:
                    if error.errno not in (errno.EACCES, errno.EDEADLK):
                        raise Problem(f"{path} cannot be locked: put the checkout on another drive.") from error
                if not is_said:
                    print(WAITING, flush=True)
                is_said = True
                time.sleep(LOCK_WAIT)
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(WAITING, flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def setup(environment: Environment, with_tests: bool) -> None:
    """Makes .venv hold what the requirement files lock, and both projects; returns at once when it does."""
    if environment.is_ready(with_tests):
        return
    ensure_venv_module()
    with one_at_a_time(environment.root / ".venv.lock"):
        if not environment.is_ready(with_tests):
            install(environment, with_tests or environment.stamp().get("with_tests") is True)


def install(environment: Environment, with_tests: bool) -> None:
    """Carries out the steps of setup; whatever stops it, the next setup begins again."""
    locked = environment.root / "requirements" / ("test.txt" if with_tests else "assistant.txt")
    total = sum("==" in line for line in locked.read_text(encoding="utf-8").splitlines())
    pip = pip_of(environment.python)
    progress, seen, cut_off = Progress(5), set[str](), list[str]()
    with progress.step("Virtual environment .venv") as note:
        usable = environment.is_usable()
        if not usable and environment.is_there():
            environment.remove()
        environment.begin()
        if not usable:
            call([sys.executable, "-m", "venv", str(environment.folder)], note)
    with progress.step(f"Packages of {locked.name} (up to {total})") as note:

        def hear(line: str) -> None:
            if UNREACHED in line:
                cut_off.append(line)
            verb, _, rest = line.strip().partition(" ")
            if verb in ("Collecting", "Requirement", "Installing"):
                seen.add(line)
                note(f"{min(len(seen), total)} of {total}, {rest.split(' (')[0][:40]}")

        # The lock is complete, so nothing is resolved; wheels only, because building would fetch unlocked tools.
        wheels = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-compile"]
        try:
            call([*pip, "install", *wheels, "-r", str(locked)], hear)
        except Problem as problem:
            raise Problem(NO_NETWORK) if cut_off else problem from None
    with progress.step("cowrite and cowrite-server, from this checkout") as note:
        call([*pip, "install", "--no-deps", "--no-build-isolation", "-e", ".", "-e", "./server"], deaf)
    with progress.step("All that is Python compiled"):  # pip would do it on one core; nor does it mind what cannot be
        compiling = "import compileall, sys; compileall.compile_dir(sys.argv[1], quiet=2, workers=0)"
        call([str(environment.python), "-c", compiling, str(environment.folder)], deaf)
    with progress.step("Check that all of it fits together"):
        call([*pip, "check"], deaf)
    environment.finish(with_tests)


def prepare(with_tests: bool) -> Environment:
    """Brings the machine and .venv to where the app, or its tests, can start."""
    environment = Environment()
    # Proxies are for the ports of the machine that everybody knows, which are nobody's only where nothing else runs.
    for_tests = ["tests", "engines", *(["proxies"] if os.environ.get("CI") == "true" else [])]
    ensure_system_packages(["qt", "x11", "wayland", "fonts", *(for_tests if with_tests else [])])
    setup(environment, with_tests)
    return environment


def ensure_assistant(environment: Environment, again: bool) -> None:
    """Brings the engine and the starter model; says in one sentence what is not there, and goes on without.

    What failed or was broken off is tried again only where `again` says so: no start waits for it twice.
    """
    wheels = cache_folder(os.environ)
    engine = Engine(environment.root, environment.python, environment.engine_file, wheels, os.environ, call)
    if engine.is_to_be_tried(again):
        engine.note(engine="begun")
        if engine.kept_wheel() is None and compiler(os.environ) is None:
            ensure_system_packages(["compiler"])
        minutes = max(1, round(CORE_MINUTES / (os.cpu_count() or 1)))
        label = f"The assistant's engine, built for this processor: about {minutes} min, once (Ctrl+C: without it)"
        label = "The assistant's engine" if engine.kept_wheel() else label
        try:
            engine.check_buildable()
            with Progress(1).step(label) as show:
                engine.install(show)
        except (NotBuilt, Problem) as problem:
            reason = str(problem) if isinstance(problem, NotBuilt) else "its build failed, see above"
            engine.note(engine="failed", reason=reason)
        else:
            engine.note(engine="installed", reason="")
    if not engine.is_installed:
        reason = engine.state().get("reason", "its build was broken off")
        again_by = f"`{SCRIPT} setup` tries again."
        print(f"cowrite runs without its assistant, because {reason}. {again_by}", file=sys.stderr, flush=True)
    elif again or "starter" not in engine.state():
        engine.note(starter="begun")
        if pull(environment, STARTER):
            engine.note(starter="there")
        else:
            later = f"{SCRIPT} run models pull {STARTER}"
            print(f"The assistant has no model yet; to fetch it later: {later}", file=sys.stderr, flush=True)


def pull(environment: Environment, model: str) -> bool:
    """Fetches a model of the catalogue, unless it is here; says whether it is here then."""
    command = [str(environment.python), "-m", "cowrite", "models", "pull", model]
    return not subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def models_for_tests(environment: Environment) -> dict[str, str]:
    """Fetches the sentence encoder too, and names the models' files in the variables in which tests look for them.

    A variable is empty where its model is not here.
    """
    pull(environment, ENCODER)
    offers = []
    with contextlib.suppress(ValueError):
        offers = json.loads(ask([str(environment.python), "-m", "cowrite", "models", "list", "--json"]).stdout)
    paths = {offer["id"]: offer["path"] for offer in offers if offer["is_present"]}
    return {"COWRITE_TEST_MODEL": paths.get(STARTER, ""), "COWRITE_TEST_EMBEDDER": paths.get(ENCODER, "")}


def has_display(env: Mapping[str, str], platform: str) -> bool:
    """Says whether a window can open and be seen; a Qt platform that somebody chose decides it."""
    chosen = env.get("QT_QPA_PLATFORM", "").partition(":")[0]
    seen = chosen or env.get("DISPLAY") or env.get("WAYLAND_DISPLAY") or platform != "linux"
    return bool(seen) and chosen not in ("offscreen", "minimal")


def app_arguments(args: Sequence[str], display: bool) -> list[str]:
    """Gives what the app is started with: the demo in place of a window that cannot open."""
    windowless = bool(args) and args[0] in WITHOUT_A_WINDOW
    return list(args) if display or windowless else ["demo", "--out", "demo-out"]


def run(args: Sequence[str], display: bool) -> NoReturn:
    """Sets up, then becomes the app, or waits for it where a process cannot become another."""
    environment = prepare(with_tests=False)
    if not (args and args[0] in WITHOUT_THE_ASSISTANT):
        try:
            ensure_assistant(environment, again=False)
        except KeyboardInterrupt:
            again_by = f"`{SCRIPT} setup` goes on with it."
            print(f"\ncowrite starts without its assistant; {again_by}", file=sys.stderr, flush=True)
        except OSError as error:
            print(f"Nothing was done for cowrite's assistant: {words_of(error)}", file=sys.stderr, flush=True)
    command = [str(environment.python), "-m", "cowrite", *args]
    env = {**os.environ, **({} if display else {"QT_QPA_PLATFORM": "offscreen"})}
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(command[0], command, env)
    raise SystemExit(wait_for(command, env))


def wait_for(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Runs the app and gives its exit status. Ctrl+C is for the app, which quits by it, and not for who waits."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        return subprocess.run(command, env=env, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def test(args: Sequence[str]) -> int:
    """Sets up with the test tools and runs every check, whatever the ones before it found; 1 if any failed."""
    environment = prepare(with_tests=True)
    ensure_assistant(environment, again=True)
    python = [str(environment.python), "-m"]
    # Two processes more than there are cores, as many tests wait. Each begins elsewhere and goes on from there, so that
    # what tests of one file share is made once. Who dies is not replaced: it is a failure.
    parallel = ["-n", str((os.cpu_count() or 1) + 2), "--dist", "worksteal", "--max-worker-restart", "0"]
    checks = {
        "ruff check": [*python, "ruff", "check", "."],
        "ruff format --check": [*python, "ruff", "format", "--check", "."],
        "mypy": [*python, "mypy"],
        "lint-imports": [str(environment.scripts / "lint-imports")],
        "pytest": [*python, "pytest", *parallel, *args],
    }
    env = {**models_for_tests(environment), **folder_for_tests(), **os.environ, "QT_QPA_PLATFORM": "offscreen"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # each of the hundreds of processes would compile cowrite anew
    summary, failed = [], False
    for number, (name, command) in enumerate(checks.items(), start=1):
        print(f"\n[{number}/{len(checks)}] {name}", flush=True)
        begin = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
        summary.append(f"{'FAILED' if status else 'ok':<8}{name:<22}{time.monotonic() - begin:6.1f} s")
        failed = failed or status != 0
    print("", *summary, sep="\n")
    return int(failed)


def main(args: list[str], about: str = "") -> int:
    """Carries out one command and gives its exit status.

    Args:
        args: the command and what goes to it.
        about: what the help says of the commands.
    """
    if kind := UNFIT.get(sysconfig.get_platform()):
        other = "run it with the one for 64-bit Windows on Intel and AMD, which runs on ARM too."
        print(
            f"bootstrap.py: this Python is one {kind}, for which not all packages exist; {other}",
            file=sys.stderr,
        )
        return 1
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a pipe on Windows takes few letters
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("setup", "run", "two", "test"))
    command, rest = parser.parse_args(args[:1]).command, args[1:]
    if rest and command in ("setup", "two"):
        parser.error(f"{command} takes no arguments")
    display = has_display(os.environ, sys.platform)
    try:
        if command == "test":
            return test(rest)
        if command == "two":
            if not display:
                raise Problem(f"There is no display for two windows: `{SCRIPT} run` shows the demo instead.")
            run(["two"], display)
        if command == "run":
            arguments = app_arguments(rest, display)
            if arguments != rest:
                print("There is no display for a window, so the demo runs instead and fills the folder demo-out.")
            run(arguments, display)
        ensure_assistant(prepare(with_tests=False), again=True)
        print(f"Ready: {SCRIPT} run")
    except Problem as problem:
        print(f"bootstrap.py: {problem}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"bootstrap.py: {words_of(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nbootstrap.py: interrupted; the next start goes on with it.", file=sys.stderr)
        return 130
    return 0
