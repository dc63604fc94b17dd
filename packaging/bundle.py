#!/usr/bin/env python3
"""Makes builds of cowrite and of its server for people without Python: archives to unpack, Debian packages, and an
installer for Windows.

    python3 packaging/bundle.py [cowrite] [cowrite-server] [--out dist] [--engine WHEEL]

A build is tried before it is packed, with nothing of Python in its PATH. Works on Linux and on Windows, for each there.
A build for Linux runs on systems whose C library is at least as new as the newest that one of its files asks for, so
build on the oldest system that it is for. Standard library only.
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
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app_product import APP  # noqa: E402  # these are from the checkout, which is no package
from bootstrap_engine import Engine, NotBuilt, cache_folder  # noqa: E402
from bootstrap_steps import Problem, Progress, call, deaf, pip_of, python_of  # noqa: E402
from bootstrap_system import ensure_system_packages  # noqa: E402
from debian_package import debian_package  # noqa: E402
from product import Product, for_everybody  # noqa: E402
from server_product import SERVER  # noqa: E402
from windows_installer import windows_installer  # noqa: E402

PRODUCTS = {product.name: product for product in (APP, SERVER)}
IS_WINDOWS = sys.platform == "win32"
ANY_PROCESSOR = "-DGGML_NATIVE=OFF"  # AVX2, and nothing that only this computer's processor has
NO_OPENMP = "-DGGML_OPENMP=OFF"  # whose library is not on every Windows
LICENCES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")  # how the names of such files begin


def main(arguments: Sequence[str]) -> int:
    """Makes the builds; 0 when they are there and were tried, 1 with a sentence where not, 2 on wrong use."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("products", nargs="*", metavar="PRODUCT", help="cowrite or cowrite-server (both)")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where they go (dist)")
    parser.add_argument("--engine", type=Path, metavar="WHEEL", help="the assistant's engine, built before")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.products if name not in PRODUCTS]:
        parser.error(f"there is no {unknown[0]}: choose from {' and '.join(PRODUCTS)}")
    out = chosen.out.absolute()
    try:
        if sys.platform not in ("linux", "win32"):
            raise Problem("Builds are made on Linux and Windows only; elsewhere cowrite is started by bootstrap.py.")
        out.mkdir(parents=True, exist_ok=True)
        products = [PRODUCTS[name] for name in chosen.products or PRODUCTS]
        # On Windows some of it may stay, because a virus scanner still reads it.
        with tempfile.TemporaryDirectory(prefix="cowrite-bundle-", ignore_cleanup_errors=IS_WINDOWS) as place:
            for made in bundle(products, Path(place), out, chosen.engine):
                print(f"{made}: {made.stat().st_size / 1e6:.0f} MB", flush=True)
    except (Problem, NotBuilt, OSError) as problem:
        print(f"bundle.py: {problem}", file=sys.stderr)
        return 1
    return 0


def bundle(products: Sequence[Product], place: Path, out: Path, engine: Path | None) -> Iterator[Path]:
    """Builds, tries and packs.

    Args:
        products: what.
        place: an empty folder for what is in between.
        out: where what is made goes.
        engine: a wheel of the assistant's engine; None where it is to be built.

    Yields:
        Each file that is finished.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    has_packages = shutil.which("makensis" if IS_WINDOWS else "dpkg-deb") is not None
    packaged = [product for product in products if has_packages and (product.has_installer or not IS_WINDOWS)]
    progress = Progress(1 + (APP in products) + len(products) * 3 + len(packaged))
    python = python_of(place / "environment")
    with progress.step("An environment of its own"):
        install(python)
    if APP in products:
        ensure_system_packages(["qt", "x11", "wayland", "fonts", "compiler"])
        with progress.step("The assistant's engine, for every processor with AVX2") as note:
            install_engine(python, engine, note)
    for product in products:
        with progress.step(f"{product.name}: build"):
            folder = freeze(product, python, place)
            collect_licences(product, python, folder / "licences")
        with progress.step(f"{product.name}: try it"):
            program = f"{product.name}.exe" if IS_WINDOWS else product.name
            product.try_out(folder / program, place / f"{product.name}-trial")
        system = "windows" if IS_WINDOWS else "linux"
        name = f"{product.name}-{version}-{system}-{platform.machine().lower()}"
        with progress.step(f"{product.name}: archive"):
            archive = (pack_zip if IS_WINDOWS else pack)(folder, out / name, name)
        yield archive
        if product in packaged:
            with progress.step(f"{product.name}: package"):
                if IS_WINDOWS:
                    package = windows_installer(folder, out / f"{name}-setup.exe", version)
                else:
                    package = debian_package(product, folder, place / f"{product.name}-debian", out, version)
            yield package


def install(python: Path) -> None:
    """Makes an environment with cowrite, its server and what packs them, as the lock has them."""
    call([sys.executable, "-m", "venv", str(python.parents[1])], deaf)
    pip = [*pip_of(python), "install", "--no-deps"]
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements" / "bundle.txt")]
    call([*pip, *locked], deaf)
    call([*pip, "--no-build-isolation", str(ROOT), str(ROOT / "server")], deaf)


def install_engine(python: Path, wheel: Path | None, show: Callable[[str], None]) -> None:
    """Puts the engine into it, given, from the cache or built: what bootstrap.py builds is for this processor alone."""
    if wheel is not None:
        call([*pip_of(python), "install", "--no-deps", "--no-index", str(wheel.absolute())], deaf)
        return
    env = {**os.environ, "CMAKE_ARGS": f"{ANY_PROCESSOR} {NO_OPENMP}" if IS_WINDOWS else ANY_PROCESSOR}
    state = python.parents[1] / "engine.json"
    Engine(ROOT, python, state, cache_folder(os.environ), env, call).install(show)


def freeze(product: Product, python: Path, place: Path) -> Path:
    """Has PyInstaller make the folder with the program."""
    spec = ROOT / "packaging" / f"{product.name}.spec"
    folders = ["--distpath", str(place / "made"), "--workpath", str(place / "work")]
    call([str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *folders, str(spec)], deaf)
    return place / "made" / product.name


def collect_licences(product: Product, python: Path, folder: Path) -> None:
    """Copies the licence of cowrite, those that packages bring, some of which may not be in it, and Python's."""
    if product.licences is None:
        folder.mkdir()
    else:
        shutil.copytree(product.licences, folder)
    shutil.copy(ROOT / "LICENSE", folder / "cowrite.txt")
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    places = (
        Path(sysconfig.get_path("stdlib"), "LICENSE.txt"),
        Path("/usr/share/doc", name, "copyright"),
        Path(sys.base_prefix, "LICENSE.txt"),  # on Windows
    )
    shutil.copy(next(place for place in places if place.is_file()), folder / f"{name}.txt")
    site = "Lib/site-packages" if IS_WINDOWS else "lib/python*/site-packages"
    for about in sorted(python.parents[1].glob(f"{site}/*.dist-info")):
        for licence in sorted(each for each in about.rglob("*") if each.is_file()):
            if licence.parent.name != "licenses" and not licence.name.upper().startswith(LICENCES):
                continue
            name = "-".join((about.name.removesuffix(".dist-info"), *licence.relative_to(about).parts))
            shutil.copy(licence, folder / name)


def pack(folder: Path, target: Path, name: str) -> Path:
    """Packs a folder for Linux.

    Args:
        folder: it.
        target: the archive to be made, without a suffix.
        name: of the folder in the archive, where it belongs to nobody in particular.
    """

    def nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mode = for_everybody(member.mode, is_folder=member.isdir())
        return member

    archive = target.with_name(f"{target.name}.tar.gz")
    part = archive.with_name(f"{archive.name}.part")
    with tarfile.open(part, "w:gz", compresslevel=6) as packed:
        packed.add(folder, name, filter=nobodys)
    part.replace(archive)
    return archive


def pack_zip(folder: Path, target: Path, name: str) -> Path:
    """Packs a folder for Windows, which unpacks such archives by itself; see `pack`."""
    archive = target.with_name(f"{target.name}.zip")
    part = archive.with_name(f"{archive.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in sorted(folder.rglob("*")):
            packed.write(each, Path(name, each.relative_to(folder)))
    part.replace(archive)
    return archive


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
