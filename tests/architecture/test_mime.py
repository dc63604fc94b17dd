"""What goes on the clipboard, or is dragged, is Qt's own; see `gui.clipboard.new_mime`."""

from __future__ import annotations

import ast
from pathlib import Path

import cowrite


def test_no_module_makes_a_qmimedata_of_its_own():
    makers = [
        f"{path.name}:{node.lineno}"
        for path in Path(cowrite.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "QMimeData"
    ]
    assert makers == []
