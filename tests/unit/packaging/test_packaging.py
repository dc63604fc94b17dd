"""What the installers and the application have in common."""

from __future__ import annotations

import struct
from pathlib import Path

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
