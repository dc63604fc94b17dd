"""What the installers and the application have in common."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cowrite.paths import resources

TOP = Path(__file__).resolve().parents[3]


def test_the_window_shows_the_icon_that_the_installers_carry():
    shown = (resources() / "brand" / "cowrite.svg").read_bytes()
    assert shown == (TOP / "packaging" / "icons" / "cowrite.svg").read_bytes()


def test_windows_gets_the_icon_in_the_sizes_that_it_shows():
    icon = (TOP / "packaging" / "icons" / "cowrite.ico").read_bytes()
    kind, count = struct.unpack_from("<2xHH", icon)
    sides = [icon[6 + 16 * number] or 256 for number in range(count)]
    assert (kind, sides) == (1, [16, 24, 32, 48, 64, 256])


def test_the_application_names_the_desktop_file_that_is_installed():
    identity = "io.github.cowrite.Cowrite"
    assert (resources() / "desktop" / f"{identity}.desktop").is_file()
    assert f'"{identity}"' in (TOP / "src" / "cowrite" / "app" / "start" / "run.py").read_text(encoding="utf-8")


def wheel(project: Path, folder: Path) -> zipfile.ZipFile:
    """The wheel that pip makes of a project."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return zipfile.ZipFile(made)


@pytest.mark.parametrize("folder", ["", "server"])
def test_a_package_brings_the_licence(folder: str, tmp_path: Path):
    with wheel(TOP / folder, tmp_path) as made:
        (licence,) = [name for name in made.namelist() if name.endswith(".dist-info/licenses/LICENSE")]
        assert made.read(licence) == (TOP / "LICENSE").read_bytes()


def test_the_package_of_the_app_brings_all_that_it_reads(tmp_path: Path):
    own = {path.relative_to(TOP).as_posix() for path in (TOP / "resources").rglob("*") if path.is_file()}
    with wheel(TOP, tmp_path) as made:
        names = made.namelist()
    assert {name.removeprefix("cowrite/") for name in names if name.startswith("cowrite/resources/")} == own
    assert any(name.endswith(".dist-info/licenses/resources/icons/LICENSE") for name in names)  # where builds find it
