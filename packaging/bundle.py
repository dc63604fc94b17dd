#!/usr/bin/env python3
"""Makes builds of cowrite for people without Python: an archive to unpack, and a package for Debian and Ubuntu.

    python3 packaging/bundle.py [--out dist]

The build is tried before it is packed, with nothing of Python in its PATH. Works on Linux; it runs on systems whose C
library is at least as new as the newest that one of its files asks for, so build on the oldest system that it is for.
Standard library only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bootstrap import (  # noqa: E402  # from the checkout, which is no package
    STARTER,
    Problem,
    Progress,
    call,
    ensure_system_packages,
)
from bootstrap_engine import Engine, NotBuilt, cache_folder  # noqa: E402
from debian_package import debian_package  # noqa: E402

ANY_PROCESSOR = "-DGGML_NATIVE=OFF"  # AVX2, and nothing that only this computer's processor has
LICENCES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")  # how the names of such files begin


def main(arguments: Sequence[str]) -> int:
    """Makes the builds; 0 when they are there and were tried, 1 with a sentence where not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where they go (dist)")
    out = parser.parse_args(arguments).out.absolute()
    try:
        if sys.platform != "linux":
            raise Problem("Builds are made on Linux only; elsewhere cowrite is started by bootstrap.py.")
        ensure_system_packages(["qt", "x11", "wayland", "fonts", "compiler"])
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="cowrite-bundle-") as place:
            for made in bundle(Path(place), out):
                print(f"{made}: {made.stat().st_size / 1e6:.0f} MB")
    except (Problem, NotBuilt, OSError) as problem:
        print(f"bundle.py: {problem}", file=sys.stderr)
        return 1
    return 0


def bundle(place: Path, out: Path) -> Iterator[Path]:
    """Builds, tries and packs.

    Args:
        place: an empty folder for what is in between.
        out: where what is made goes.

    Yields:
        Each file that is finished.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    debian = shutil.which("dpkg-deb") is not None
    progress = Progress(7 if debian else 6)
    python = place / "environment" / "bin" / "python"
    with progress.step("An environment of its own"):
        install(python)
    with progress.step("The assistant's engine, for every processor with AVX2") as note:
        install_engine(python, note)
    with progress.step("The build"):
        folder = freeze(python, place)
    with progress.step("Licences of what is in it"):
        collect_licences(python, folder / "licences")
    with progress.step("Try it"):
        try_out(folder / "cowrite", place / "trial")
    name = f"cowrite-{version}-linux-{platform.machine()}"
    with progress.step("The archive"):
        yield pack(folder, out / f"{name}.tar.gz", name)
    if debian:
        with progress.step("The package"):
            yield debian_package(folder, place / "debian", out, version)


def install(python: Path) -> None:
    """Makes an environment with cowrite, its server and what packs them, as the lock has them."""
    call([sys.executable, "-m", "venv", str(python.parents[1])], _deaf)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--no-deps"]
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements" / "bundle.txt")]
    call([*pip, *locked], _deaf)
    call([*pip, "--no-build-isolation", str(ROOT), str(ROOT / "server")], _deaf)


def install_engine(python: Path, show: Callable[[str], None]) -> None:
    """Puts the engine into it, built or from the cache; what bootstrap.py builds is for this processor alone."""
    env = {**os.environ, "CMAKE_ARGS": ANY_PROCESSOR}
    state = python.parents[1] / "engine.json"
    Engine(ROOT, python, state, cache_folder(os.environ), env, call).install(show)


def freeze(python: Path, place: Path) -> Path:
    """Has PyInstaller make the folder with the program."""
    spec = ROOT / "packaging" / "cowrite.spec"
    folders = ["--distpath", str(place / "made"), "--workpath", str(place / "work")]
    call([str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *folders, str(spec)], _deaf)
    return place / "made" / "cowrite"


def collect_licences(python: Path, folder: Path) -> None:
    """Copies the licence of cowrite, those that the packages in the environment bring, and those of Qt and Python."""
    shutil.copytree(ROOT / "packaging" / "licences", folder)
    shutil.copy(ROOT / "LICENSE", folder / "cowrite.txt")
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    places = (Path(sysconfig.get_path("stdlib"), "LICENSE.txt"), Path("/usr/share/doc", name, "copyright"))
    shutil.copy(next(place for place in places if place.is_file()), folder / f"{name}.txt")
    for about in sorted(python.parents[1].glob("lib/python*/site-packages/*.dist-info")):
        for licence in sorted(each for each in about.rglob("*") if each.is_file()):
            if licence.parent.name != "licenses" and not licence.name.upper().startswith(LICENCES):
                continue
            name = "-".join((about.name.removesuffix(".dist-info"), *licence.relative_to(about).parts))
            shutil.copy(licence, folder / name)


def try_out(program: Path, home: Path) -> None:
    """Runs the build as somebody would who has no Python.

    Args:
        program: it.
        home: a folder to be made for it, also of all programs in its PATH.

    Raises:
        Problem: something does not work in it.
    """
    home.mkdir()
    for tool in ("update-mime-database", "update-desktop-database"):  # that fail where they get the build's libraries
        (home / tool).write_text('#!/bin/sh\ntest -z "$LD_LIBRARY_PATH"\n', encoding="utf-8")
        (home / tool).chmod(0o755)
    env = {"HOME": str(home), "PATH": str(home), "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    call([str(program), "--version"], _deaf, env)
    call([str(program), "desktop", "install"], _deaf, env)
    call([str(program), "models", "pull", STARTER], _deaf, env)
    doctor = [str(program), "doctor", "--json"]
    found = json.loads(subprocess.run(doctor, env=env, stdout=subprocess.PIPE, check=False).stdout)
    if lacking := [finding for finding in found if not finding["is_well"]]:
        raise Problem(f"The build lacks something: {lacking}")
    call([str(program), "demo", "--out", str(home / "demo")], _deaf, env)
    if not json.loads((home / "demo" / "report.json").read_text(encoding="utf-8"))["assistant"]:
        raise Problem("The assistant did not take part in the build's demo.")


def pack(folder: Path, archive: Path, name: str) -> Path:
    """Packs a folder under another name; it belongs to nobody in particular."""

    def nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        return member

    part = archive.with_name(f"{archive.name}.part")
    with tarfile.open(part, "w:gz", compresslevel=6) as packed:
        packed.add(folder, name, filter=nobodys)
    part.replace(archive)
    return archive


def _deaf(_line: str) -> None:
    """Hears nothing: `call` shows the last lines of a command that fails."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
