"""ARCHITECTURE.md is the map of the code: it names every package, and none that is not there; nor does anything else
name a module that is not there."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (ROOT / "src" / "cowrite", ROOT / "server" / "src" / "cowrite_server")
ELSEWHERE = {"bootstrap.py", "bootstrap_engine.py"}


def text(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def files() -> list[Path]:
    """All modules and packages, from the folder of their package: `cowrite/core/text/rope.py`."""
    return [path.relative_to(package.parent) for package in PACKAGES for path in package.rglob("*.py")]


def listed() -> list[str]:
    """The packages of the list at the end; what is indented is in the package above it."""
    found, above = [], ""
    for line in text("ARCHITECTURE.md").partition("\n## Packages\n")[2].splitlines():
        if row := re.match(r"( *)((?:[\w/]+/ ?)+)", line):
            above = above if row[1] else row[2].split()[0]
            found += [(row[1] and above) + name for name in row[2].split()]
    return found


def test_the_map_names_every_package_and_none_that_is_not_there():
    there = [f"{path.parent.as_posix()}/" for path in files() if path.name == "__init__.py"]
    assert sorted(listed()) == sorted(set(there) - {"cowrite/"})


def test_every_package_and_module_says_what_it_is_for():
    sources = [path for package in PACKAGES for path in package.rglob("*.py")]
    assert [path for path in sources if not path.read_text("utf-8").startswith('"""')] == []


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "GLOSSARY.md"])
def test_every_module_that_is_named_in_a_sentence_is_there(document):
    there = [f"/{path.as_posix()}" for path in files()]
    named = set(re.findall(r"`([\w/*]+\.py)`", text(document))) - ELSEWHERE
    assert [name for name in named if not any(fnmatch(path, f"*/{name}") for path in there)] == []


def test_every_module_that_is_named_with_its_package_is_there():
    package = PACKAGES[0]
    parts = [path.relative_to(package).with_suffix("").parts for path in package.rglob("*.py")]
    modules = {".".join(each) for each in parts if each[-1] != "__init__"}
    packages = {".".join(each[:-1]) for each in parts if each[-1] == "__init__"}
    begin = "|".join(name for name in packages if name and "." not in name)
    folders = [ROOT / name for name in ("src", "server", "tests", "benchmarks")]
    sources = [path for folder in folders for path in (*folder.rglob("*.py"), *folder.rglob("*.md"))]
    named = {
        (path.name, name)
        for path in (*ROOT.glob("*.md"), *sources)
        for name in re.findall(rf"`(?:cowrite\.)?((?:{begin})(?:\.\w+)+)", path.read_text("utf-8"))
    }
    begun = re.compile(rf"(?:{'|'.join(map(re.escape, modules))})(?!\w)")  # `core.text.rope.Rope` begins with a module
    assert [each for each in named if each[1] not in packages and not begun.match(each[1])] == []
