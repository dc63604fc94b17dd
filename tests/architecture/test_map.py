"""ARCHITECTURE.md is the map of the code: it names every module, and none that is not there."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (ROOT / "src" / "cowrite", ROOT / "server" / "src" / "cowrite_server")


def modules() -> list[Path]:
    """All modules, from the folder of their package."""
    found = (path.relative_to(package.parent) for package in PACKAGES for path in package.rglob("*.py"))
    return [path for path in found if path.name != "__init__.py"]


def named() -> set[str]:
    """The modules that the map names, some with the folder that they are in, some as a pattern."""
    return set(re.findall(r"`([\w/*]+\.py)`", (ROOT / "ARCHITECTURE.md").read_text("utf-8")))


def test_the_map_names_every_module():
    names = {name.rpartition("/")[2] for name in named()}
    patterns = [name for name in names if "*" in name]
    unnamed = [path for path in modules() if path.name not in names]
    assert [str(path) for path in unnamed if not any(fnmatch(path.name, each) for each in patterns)] == []


def test_every_module_that_the_map_names_is_there():
    there = [f"/{path.as_posix()}" for path in modules()]
    endings = {path[at:] for path in there for at, sign in enumerate(path) if sign == "/"}
    elsewhere = {"bootstrap.py", "bootstrap_engine.py"}
    others = [name for name in named() - elsewhere if f"/{name}" not in endings]
    assert sorted(name for name in others if not any(fnmatch(path, f"*/{name}") for path in there)) == []
