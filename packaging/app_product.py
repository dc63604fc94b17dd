"""The desktop app as a product: how a build of it is tried, and what makes a desktop know it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bootstrap_commands import STARTER
from bootstrap_steps import ROOT, Problem, call, deaf
from bootstrap_system import DEBIAN_PACKAGES, wanted_packages
from product import Product, bare_environment

IDENTITY = "io.github.cowrite.Cowrite"
BEGUN = b"If you have any questions, please do not"
DESCRIPTION = """write together, live and offline
 A rich-text editor for a team: several people work in one document at once,
 hold sealed brainstorming sessions and decide, with a language model that
 stays on each person's own computer."""


def try_out(program: Path, home: Path) -> None:
    """Fetches the starter model, asks it and the doctor, and plays the demo: see `Product.try_out`."""
    home.mkdir()
    env = {**bare_environment(home), "QT_QPA_PLATFORM": "offscreen"}
    call([str(program), "--version"], deaf, env)
    if sys.platform == "linux":
        for tool in ("update-mime-database", "update-desktop-database"):  # that fail where they get its libraries
            (home / tool).write_text('#!/bin/sh\ntest -z "$LD_LIBRARY_PATH$QT_PLUGIN_PATH"\n', encoding="utf-8")
            (home / tool).chmod(0o755)
        call([str(program), "desktop", "install"], deaf, env)
    call([str(program), "models", "pull", STARTER], deaf, env)
    doctor = [str(program), "doctor", "--json"]
    found = json.loads(subprocess.run(doctor, env=env, stdout=subprocess.PIPE, check=False).stdout)
    if lacking := [finding for finding in found if not finding["is_well"]]:
        raise Problem(f"The build lacks something: {lacking}")
    ask = [str(program), "assist", "continue"]
    if not subprocess.run(ask, env=env, input=BEGUN, stdout=subprocess.PIPE, check=False).stdout.strip():
        raise Problem("The build's assistant does not continue a sentence.")
    call([str(program), "demo", "--out", str(home / "demo")], deaf, env)
    if not json.loads((home / "demo" / "report.json").read_text(encoding="utf-8"))["assistant"]:
        raise Problem("The assistant did not take part in the build's demo.")


def desktop_files() -> Iterator[tuple[bytes, str]]:
    """Gives each file that makes a desktop know cowrite, and where it goes."""
    files, icons = ROOT / "resources" / "desktop", ROOT / "packaging" / "icons"
    places = {
        files / f"{IDENTITY}.desktop": f"applications/{IDENTITY}.desktop",
        files / f"{IDENTITY}.metainfo.xml": f"metainfo/{IDENTITY}.metainfo.xml",
        files / f"{IDENTITY}.mime.xml": f"mime/packages/{IDENTITY}.xml",
        icons / "cowrite.svg": f"icons/hicolor/scalable/apps/{IDENTITY}.svg",
    }
    for icon in sorted(icons.glob("cowrite-*.png")):
        side = icon.stem.removeprefix("cowrite-")
        places[icon] = f"icons/hicolor/{side}x{side}/apps/{IDENTITY}.png"
    for source, place in places.items():
        yield source.read_bytes(), f"usr/share/{place}"


def _packages(*sections: str) -> list[str]:
    """Those of the system that cowrite's doctor knows, as alternatives in Debian's words."""
    return [" | ".join(names) for names in wanted_packages(sections, ROOT / DEBIAN_PACKAGES)]


APP = Product(
    name="cowrite",
    licences=ROOT / "packaging" / "licences",
    try_out=try_out,
    section="editors",
    description=DESCRIPTION,
    needed=_packages("qt", "x11", "wayland", "engine"),
    recommended=_packages("fonts"),
    files=desktop_files,
    has_installer=True,
)
