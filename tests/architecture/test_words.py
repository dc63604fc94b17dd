"""The words that people read in windows are set as print sets them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import cowrite

TYPED = re.compile("[a-z]'[a-z]")


def spoken(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module, without those that only explain it."""
    explaining = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
            yield node


def test_windows_have_the_apostrophe_that_goes_with_their_quotes():
    folder = Path(cowrite.__file__).parent
    modules = [path for part in ("gui", "app") for path in (folder / part).rglob("*.py")]
    assert len(modules) > 100
    found = [
        f"{path.name}:{text.lineno}: {text.value}"
        for path in modules
        for text in spoken(ast.parse(path.read_text(encoding="utf-8")))
        if TYPED.search(text.value)
    ]
    assert found == []
