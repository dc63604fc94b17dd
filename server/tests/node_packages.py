"""The Node packages of stock Yjs clients, installed once for each version of their lock file."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from helpers.lacking import lacking

_PACKAGES = Path(__file__).parent / "node"


def beside_packages(script: Path) -> Path:
    """A copy of a script where Node finds its packages; each version of it has a name of its own.

    Skips the test where there is no Node, or where npm cannot get the packages; where nothing may be skipped it fails.
    """
    content = script.read_bytes()
    copy = _folder() / f"{script.stem}-{hashlib.sha256(content).hexdigest()[:16]}{script.suffix}"
    if not copy.exists():
        with tempfile.NamedTemporaryFile(dir=copy.parent, delete=False) as temporary:
            temporary.write(content)
        Path(temporary.name).replace(copy)
    return copy


def _folder() -> Path:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        lacking("Node or npm is not installed, so no Yjs client can be tried: apt-get install nodejs npm")
    lock = (_PACKAGES / "package-lock.json").read_bytes()
    folder = Path(tempfile.gettempdir()) / f"cowrite-yjs-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not folder.exists():
        work = Path(tempfile.mkdtemp(prefix="cowrite-yjs-"))
        try:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(_PACKAGES / name, work)
            command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
            done = subprocess.run(command, cwd=work, capture_output=True, text=True, encoding="utf-8", check=False)
            if done.returncode:
                lacking(f"npm cannot install Yjs: {done.stderr.strip()[-300:]}")
            try:
                work.rename(folder)  # whole or not at all: tests in other processes install as well
            except OSError:
                assert folder.exists()
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return folder
