"""What the installers and the application have in common."""

from __future__ import annotations

from pathlib import Path

from cowrite.paths import resources

TOP = Path(__file__).resolve().parents[3]


def test_the_window_shows_the_icon_that_the_installers_carry():
    shown = (resources() / "brand" / "cowrite.svg").read_bytes()
    assert shown == (TOP / "packaging" / "icons" / "cowrite.svg").read_bytes()


def test_the_application_names_the_desktop_file_that_is_installed():
    identity = "io.github.cowrite.Cowrite"
    assert (resources() / "desktop" / f"{identity}.desktop").is_file()
    assert f'"{identity}"' in (TOP / "src" / "cowrite" / "app" / "start" / "run.py").read_text(encoding="utf-8")
