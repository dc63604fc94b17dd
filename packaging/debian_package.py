"""Makes a package for Debian and Ubuntu of a build; a part of `bundle.py`, which runs it.

Needs dpkg and the standard library only.
Source: https://www.debian.org/doc/debian-policy/
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from bootstrap_steps import ROOT, ask, call
from product import Product, for_everybody

LIBRARIES = Path("usr/lib")  # where Debian has programs with files of their own
MAINTAINER = "The cowrite authors <authors@cowrite.invalid>"  # the form wants an address, and the project has none
ELF = b"\x7fELF"
GLIBC = re.compile(rb"\bGLIBC_2\.(\d+)\b")


def debian_package(product: Product, folder: Path, tree: Path, out: Path, version: str) -> Path:
    """Makes the package.

    Args:
        product: what it is of.
        folder: its build.
        tree: where the files of the package are put together; not there yet.
        out: where the package goes.
        version: of the product.

    Returns:
        The package.

    Raises:
        Problem: dpkg failed.
        OSError: a file cannot be written.
    """
    shutil.copytree(folder, tree / LIBRARIES / product.name, symlinks=True)
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin" / product.name).symlink_to(Path("..", "lib", product.name, product.name))
    licence = (ROOT / "LICENSE").read_bytes()
    for content, place in (*product.files(), (licence, f"usr/share/doc/{product.name}/copyright")):
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        (tree / place).write_bytes(content)
    architecture = ask(["dpkg", "--print-architecture"]).stdout.strip()
    size = sum(each.lstat().st_size for each in tree.rglob("*") if each.is_file())
    (tree / "DEBIAN").mkdir()
    text = control(product, version, architecture, size, newest_glibc(folder))
    (tree / "DEBIAN/control").write_text(text, encoding="utf-8")
    for name, script in product.scripts.items():
        (tree / "DEBIAN" / name).write_text(script, encoding="utf-8")
        (tree / "DEBIAN" / name).chmod(0o755)
    for each in (tree, *tree.rglob("*")):
        if not each.is_symlink():
            each.chmod(for_everybody(each.stat().st_mode, is_folder=each.is_dir()))
    package = out / f"{product.name}_{version}_{architecture}.deb"
    part = package.with_name(f"{package.name}.part")
    call(["dpkg-deb", "--root-owner-group", "-Zzstd", "--build", str(tree), str(part)], lambda _line: None)
    part.replace(package)
    return package


def control(product: Product, version: str, architecture: str, size: int, glibc: int) -> str:
    """Writes Debian's control file.

    Args:
        product: what it is of.
        version: of it.
        architecture: Debian's name of it.
        size: bytes of all files.
        glibc: see `newest_glibc`.
    """
    fields = {
        "Package": product.name,
        "Version": version,
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size // 1024),
        "Section": product.section,
        "Priority": "optional",
        "Depends": ", ".join([f"libc6 (>= 2.{glibc})", *product.needed]),
        "Recommends": ", ".join(product.recommended),
        "Description": product.description,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items() if value)


def newest_glibc(folder: Path) -> int:
    """Finds the newest version of the C library that a file of a build asks for: 36 for 2.36."""
    contents = (path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return max(int(number) for content in contents if content.startswith(ELF) for number in GLIBC.findall(content))
