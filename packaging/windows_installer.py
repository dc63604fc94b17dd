#!/usr/bin/env python3
"""Makes an installer for Windows of a build; a part of `bundle.py`, which runs it where NSIS is.

    python3 packaging/windows_installer.py cowrite-VERSION-windows-amd64.zip

makes it elsewhere, of an archive: Linux has NSIS, too. It installs for one person, without an administrator.
Needs NSIS and the standard library only.
Source: https://nsis.sourceforge.io/Docs/
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bootstrap_steps import ROOT, Problem, call

SCRIPT = ROOT / "packaging" / "cowrite.nsi"
ICON = ROOT / "packaging" / "icons" / "cowrite.ico"
NAME = re.compile(r"cowrite-(?P<version>[\d.]+)-windows-\w+\.zip")  # as bundle.py calls the archive of the app


def windows_installer(folder: Path, installer: Path, version: str) -> Path:
    """Makes the installer of the app.

    Args:
        folder: its build.
        installer: the file to be made.
        version: of the app.

    Returns:
        The installer.

    Raises:
        Problem: NSIS failed.
        OSError: a file cannot be written.
    """
    size = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) // 1024
    part = installer.with_name(f"{installer.name}.part")
    words = {"FOLDER": folder, "OUT": part, "ICON": ICON, "VERSION": version, "SIZE": size}
    call(["makensis", "-V2", *(f"-D{name}={word}" for name, word in words.items()), str(SCRIPT)], lambda _line: None)
    part.replace(installer)
    return installer


def main(arguments: Sequence[str]) -> int:
    """Makes the installer beside the archive; 0 when it is there, 1 with a sentence where not, 2 on wrong use."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path, help="as bundle.py makes it on Windows")
    archive = parser.parse_args(arguments).archive.absolute()
    if (name := NAME.fullmatch(archive.name)) is None:
        parser.error(f"{archive.name} is not called cowrite-VERSION-windows-MACHINE.zip")
    try:
        with tempfile.TemporaryDirectory(prefix="cowrite-installer-") as place, zipfile.ZipFile(archive) as packed:
            packed.extractall(place)
            installer = archive.with_name(f"{archive.stem}-setup.exe")
            print(windows_installer(Path(place, archive.stem), installer, name["version"]))
    except (Problem, OSError, zipfile.BadZipFile) as problem:
        print(f"windows_installer.py: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
