"""Makes a package for Debian and Ubuntu of a build of cowrite; a part of `bundle.py`, which runs it.

Needs dpkg and the standard library only.
Source: https://www.debian.org/doc/debian-policy/
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from bootstrap import DEBIAN_PACKAGES, ROOT, ask, call, wanted_packages

IDENTITY = "io.github.cowrite.Cowrite"
LIBRARY = Path("usr/lib/cowrite")  # where Debian has programs with files of their own
MAINTAINER = "The cowrite authors <authors@cowrite.invalid>"  # the form wants an address, and the project has none
DESCRIPTION = """write together, live and offline
 A rich-text editor for a team: several people work in one document at once,
 hold sealed brainstorming sessions and decide, with a language model that
 stays on each person's own computer."""
ELF = b"\x7fELF"
GLIBC = re.compile(rb"\bGLIBC_2\.(\d+)\b")


def debian_package(folder: Path, tree: Path, out: Path, version: str) -> Path:
    """Makes the package: cowrite in every person's menu of programs, and what it needs of the system beside it.

    Args:
        folder: the build.
        tree: where the files of the package are put together; not there yet.
        out: where the package goes.
        version: of cowrite.

    Returns:
        The package.

    Raises:
        Problem: dpkg failed.
        OSError: a file cannot be written.
    """
    shutil.copytree(folder, tree / LIBRARY, symlinks=True)
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin/cowrite").symlink_to(Path("..", *LIBRARY.parts[1:], "cowrite"))
    for source, target in desktop_files(ROOT):
        place = tree / "usr/share" / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    architecture = ask(["dpkg", "--print-architecture"]).stdout.strip()
    size = sum(each.lstat().st_size for each in tree.rglob("*") if each.is_file())
    (tree / "DEBIAN").mkdir()
    text = control(version, architecture, size, newest_glibc(folder), ROOT / DEBIAN_PACKAGES)
    (tree / "DEBIAN/control").write_text(text, encoding="utf-8")
    package = out / f"cowrite_{version}_{architecture}.deb"
    part = package.with_name(f"{package.name}.part")
    call(["dpkg-deb", "--root-owner-group", "-Zzstd", "--build", str(tree), str(part)], lambda _line: None)
    part.replace(package)
    return package


def desktop_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Gives each file that makes a desktop know cowrite, and where below /usr/share it goes.

    Args:
        root: the checkout.
    """
    files, icons = root / "resources" / "desktop", root / "packaging" / "icons"
    yield files / f"{IDENTITY}.desktop", f"applications/{IDENTITY}.desktop"
    yield files / f"{IDENTITY}.metainfo.xml", f"metainfo/{IDENTITY}.metainfo.xml"
    yield files / f"{IDENTITY}.mime.xml", f"mime/packages/{IDENTITY}.xml"
    yield icons / "cowrite.svg", f"icons/hicolor/scalable/apps/{IDENTITY}.svg"
    for icon in sorted(icons.glob("cowrite-*.png")):
        side = icon.stem.removeprefix("cowrite-")
        yield icon, f"icons/hicolor/{side}x{side}/apps/{IDENTITY}.png"
    yield root / "LICENSE", "doc/cowrite/copyright"


def control(version: str, architecture: str, size: int, glibc: int, listing: Path) -> str:
    """Writes Debian's control file.

    Args:
        version: of cowrite.
        architecture: Debian's name of it.
        size: bytes of all files.
        glibc: see `newest_glibc`.
        listing: the system packages by what needs them, as cowrite's doctor reads it.
    """
    needed = wanted_packages(("qt", "x11", "wayland", "engine"), listing)
    fields = {
        "Package": "cowrite",
        "Version": version,
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size // 1024),
        "Section": "editors",
        "Priority": "optional",
        "Depends": ", ".join([f"libc6 (>= 2.{glibc})", *map(" | ".join, needed)]),
        "Recommends": ", ".join(map(" | ".join, wanted_packages(("fonts",), listing))),
        "Description": DESCRIPTION,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def newest_glibc(folder: Path) -> int:
    """Finds the newest version of the C library that a file of a build asks for: 36 for 2.36."""
    contents = (path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return max(int(number) for content in contents if content.startswith(ELF) for number in GLIBC.findall(content))
