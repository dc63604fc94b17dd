"""The words that people read in windows are set as print sets them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import cowrite

TYPED = re.compile("[a-z]'[a-z]")
UNSAID = re.compile(r'(?:\A|:\n\s*)""".*?"""|#[^"\n]*$', re.DOTALL | re.MULTILINE)
"""What explains a module, a class or a function, and comments: most modules have the other apostrophe nowhere else, and
to parse those would take seconds."""


def spoken(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module, without those that only explain it or go into the log."""
    nodes = list(ast.walk(tree))
    silent = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="_log" | "_logger"))):
                silent |= {id(each) for each in node.args}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node


def test_what_people_read_has_the_apostrophe_that_goes_with_its_quotes():
    """Not where texts are compared with what people write, as in `assist`, nor in the server's ASCII."""
    folder = Path(cowrite.__file__).parent
    parts = ("gui", "app", "storage", "sync", "models", "convert")
    modules = [path for part in parts for path in (folder / part).rglob("*.py")]
    assert len(modules) > 200
    found = [
        f"{path.name}:{text.lineno}: {text.value}"
        for path in modules
        if TYPED.search(UNSAID.sub("", source := path.read_text(encoding="utf-8")))
        for text in spoken(ast.parse(source))
        if TYPED.search(text.value)
    ]
    assert found == []
