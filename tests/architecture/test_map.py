"""ARCHITECTURE.md is the map of the code: it names every module, and none that is not there; nor does GLOSSARY.md."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (ROOT / "src" / "cowrite", ROOT / "server" / "src" / "cowrite_server")
ELSEWHERE = {"bootstrap.py", "bootstrap_engine.py"}


def modules() -> list[str]:
    """All modules, from the folder of their package: `cowrite/core/rope.py`."""
    found = (path.relative_to(package.parent) for package in PACKAGES for path in package.rglob("*.py"))
    return [path.as_posix() for path in found if path.name != "__init__.py"]


def text(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def listed() -> list[str]:
    """The modules of the list at the end, one a line below their folder; some are patterns."""
    found, folder = [], ""
    for line in text("ARCHITECTURE.md").partition("\n## Modules\n")[2].splitlines():
        if re.fullmatch(r"[\w/]+/", line):
            folder = line
        elif module := re.match(r"  ([\w*]+\.py) +\S", line):
            found.append(folder + module[1])
    return found


def test_the_map_lists_every_module():
    names = listed()
    assert [path for path in modules() if not any(fnmatch(path, name) for name in names)] == []


def test_every_module_that_the_map_lists_is_there():
    there, names = modules(), listed()
    assert [name for name in names if not any(fnmatch(path, name) for path in there)] == []
    assert len(names) == len(set(names))


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "GLOSSARY.md"])
def test_every_module_that_is_named_in_a_sentence_is_there(document):
    there = [f"/{path}" for path in modules()]
    named = set(re.findall(r"`([\w/*]+\.py)`", text(document))) - ELSEWHERE
    assert [name for name in named if not any(fnmatch(path, f"*/{name}") for path in there)] == []
