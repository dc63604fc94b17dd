"""A computer without the assistant's engine, or with one that does not load."""

from __future__ import annotations

import os
from pathlib import Path

GONE = "raise ModuleNotFoundError(\"No module named 'llama_cpp'\", name='llama_cpp')"
NO_LIBRARY = 'raise RuntimeError("libgomp.so.1: cannot open shared object file: No such file or directory")'
NO_FILE = "raise FileNotFoundError('Shared library with base name \\'llama\\' not found')"


def without_engine(folder: Path, what_it_does: str = GONE) -> str:
    """Makes a package `llama_cpp` that does that instead of loading.

    Returns:
        PYTHONPATH with which a process finds it first.
    """
    package = folder / "without-engine" / "llama_cpp"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f"{what_it_does}\n", encoding="utf-8")
    return os.pathsep.join(filter(None, (str(package.parent), os.environ.get("PYTHONPATH", ""))))
