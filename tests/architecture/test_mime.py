"""What goes on the clipboard, or is dragged, is Qt's own; see `gui.page.clipboard.new_mime`."""

from __future__ import annotations

import ast
from pathlib import Path

import cowrite


def test_no_module_makes_a_qmimedata_of_its_own():
    texts = {path: path.read_text(encoding="utf-8") for path in Path(cowrite.__file__).parent.rglob("*.py")}
    makers = [
        f"{path.name}:{node.lineno}"
        for path, text in texts.items()
        if "QMimeData" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "QMimeData"
    ]
    assert makers == []
