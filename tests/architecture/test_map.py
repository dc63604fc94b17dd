"""ARCHITECTURE.md is the map of the code: it names every package, and none that is not there; nor does anything else
name a module that is not there."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (ROOT / "src" / "cowrite", ROOT / "server" / "src" / "cowrite_server")
ELSEWHERE = {
    *("bootstrap.py", "bootstrap_commands.py", "bootstrap_engine.py", "bootstrap_steps.py", "bootstrap_system.py")
}


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


@pytest.mark.parametrize(
    ("tests", "sources", "beside"),
    [
        ("tests/unit", ["src/cowrite"], {"packaging", "benchmarks"}),
        ("tests/qt", ["src/cowrite/gui", "src/cowrite/app", "src/cowrite"], set()),
        ("server/tests", ["server/src/cowrite_server"], {"failures", "deploy"}),
    ],
)
def test_tests_are_in_folders_like_those_of_what_they_try(tests, sources, beside):
    folders = {path.parent.relative_to(ROOT / tests).as_posix() for path in (ROOT / tests).rglob("test_*.py")}
    unlike = {each for each in folders if not any((ROOT / place / each / "__init__.py").exists() for place in sources)}
    assert unlike == beside


def test_every_package_and_module_says_what_it_is_for():
    sources = [path for package in PACKAGES for path in package.rglob("*.py")]
    assert [path for path in sources if not path.read_text("utf-8").startswith('"""')] == []


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "GLOSSARY.md"])
def test_every_module_that_is_named_in_a_sentence_is_there(document):
    there = [f"/{path.as_posix()}" for path in files()]
    named = set(re.findall(r"`([\w/*]+\.py)`", text(document))) - ELSEWHERE
    assert [name for name in named if not any(fnmatch(path, f"*/{name}") for path in there)] == []


def test_every_module_that_is_named_by_its_package_is_there():
    """In docs and in docstrings: `core.text.rope`, and what is in it."""
    app = PACKAGES[0]
    heads = {path.parent.name for path in app.glob("*/__init__.py")}
    there = {
        ".".join(path.relative_to(app).with_suffix("").parts).removesuffix(".__init__") for path in app.rglob("*.py")
    }
    texts = [
        path for folder in ("src", "server/src", "tests", "server/tests") for path in (ROOT / folder).rglob("*.py")
    ]
    wrong = []
    for path in (*texts, *ROOT.glob("*.md"), *ROOT.glob("benchmarks/*.*")):
        for name in re.findall(r"`(\w+(?:\.\w+)+)`", path.read_text("utf-8")):
            package, *more = name.split(".")
            if package in heads and more[-1] not in ("py", "md") and f"{package}.{more[0]}" not in there:
                wrong.append((path.name, name))
    assert wrong == []
