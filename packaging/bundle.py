#!/usr/bin/env python3
"""Makes builds of cowrite and of its server for people without Python: archives to unpack, and Debian packages.

    python3 packaging/bundle.py [cowrite] [cowrite-server] [--out dist]

A build is tried before it is packed, with nothing of Python in its PATH. Works on Linux; it runs on systems whose C
library is at least as new as the newest that one of its files asks for, so build on the oldest system that it is for.
Standard library only.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app_product import APP  # noqa: E402  # these are from the checkout, which is no package
from bootstrap import Problem, Progress, call, ensure_system_packages  # noqa: E402
from bootstrap_engine import Engine, NotBuilt, cache_folder  # noqa: E402
from debian_package import debian_package  # noqa: E402
from product import Product, for_everybody  # noqa: E402
from server_product import SERVER  # noqa: E402

PRODUCTS = {product.name: product for product in (APP, SERVER)}
ANY_PROCESSOR = "-DGGML_NATIVE=OFF"  # AVX2, and nothing that only this computer's processor has
LICENCES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")  # how the names of such files begin


def main(arguments: Sequence[str]) -> int:
    """Makes the builds; 0 when they are there and were tried, 1 with a sentence where not, 2 on wrong use."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("products", nargs="*", metavar="PRODUCT", help="cowrite or cowrite-server (both)")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where they go (dist)")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.products if name not in PRODUCTS]:
        parser.error(f"there is no {unknown[0]}: choose from {' and '.join(PRODUCTS)}")
    out = chosen.out.absolute()
    try:
        if sys.platform != "linux":
            raise Problem("Builds are made on Linux only; elsewhere cowrite is started by bootstrap.py.")
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="cowrite-bundle-") as place:
            for made in bundle([PRODUCTS[name] for name in chosen.products or PRODUCTS], Path(place), out):
                print(f"{made}: {made.stat().st_size / 1e6:.0f} MB", flush=True)
    except (Problem, NotBuilt, OSError) as problem:
        print(f"bundle.py: {problem}", file=sys.stderr)
        return 1
    return 0


def bundle(products: Sequence[Product], place: Path, out: Path) -> Iterator[Path]:
    """Builds, tries and packs.

    Args:
        products: what.
        place: an empty folder for what is in between.
        out: where what is made goes.

    Yields:
        Each file that is finished.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    debian = shutil.which("dpkg-deb") is not None
    progress = Progress(1 + (APP in products) + len(products) * (4 if debian else 3))
    python = place / "environment" / "bin" / "python"
    with progress.step("An environment of its own"):
        install(python)
    if APP in products:
        ensure_system_packages(["qt", "x11", "wayland", "fonts", "compiler"])
        with progress.step("The assistant's engine, for every processor with AVX2") as note:
            install_engine(python, note)
    for product in products:
        with progress.step(f"{product.name}: build"):
            folder = freeze(product, python, place)
            collect_licences(product, python, folder / "licences")
        with progress.step(f"{product.name}: try it"):
            product.try_out(folder / product.name, place / f"{product.name}-trial")
        name = f"{product.name}-{version}-linux-{platform.machine()}"
        with progress.step(f"{product.name}: archive"):
            archive = pack(folder, out / f"{name}.tar.gz", name)
        yield archive
        if debian:
            with progress.step(f"{product.name}: package"):
                package = debian_package(product, folder, place / f"{product.name}-debian", out, version)
            yield package


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


def freeze(product: Product, python: Path, place: Path) -> Path:
    """Has PyInstaller make the folder with the program."""
    spec = ROOT / "packaging" / f"{product.name}.spec"
    folders = ["--distpath", str(place / "made"), "--workpath", str(place / "work")]
    call([str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *folders, str(spec)], _deaf)
    return place / "made" / product.name


def collect_licences(product: Product, python: Path, folder: Path) -> None:
    """Copies the licence of cowrite, those that packages bring, some of which may not be in it, and Python's."""
    if product.licences is None:
        folder.mkdir()
    else:
        shutil.copytree(product.licences, folder)
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


def pack(folder: Path, archive: Path, name: str) -> Path:
    """Packs a folder under another name; it belongs to nobody in particular."""

    def nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mode = for_everybody(member.mode, is_folder=member.isdir())
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
