#!/usr/bin/env python3
"""Compiles the assistant's engine on Linux for Windows, where no compiler is needed then.

    python3 packaging/windows_engine.py [--out dist]

makes a wheel that `bundle.py --engine WHEEL` takes on Windows: for every processor with AVX2. Needs the compilers of
MinGW-w64 and the standard library only.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bootstrap_engine import Engine, NotBuilt  # noqa: E402  # these are from the checkout, which is no package
from bootstrap_steps import Problem, Progress, call  # noqa: E402
from bundle import ANY_PROCESSOR, NO_OPENMP  # noqa: E402

COMPILER = "x86_64-w64-mingw32-g++-posix"
TOOLCHAIN = ROOT / "packaging" / "windows_engine.cmake"
WINDOWS_10 = "-DGGML_WIN_VER=0x0A00"
ENVIRONMENT = {
    "CXX": COMPILER,
    "CMAKE_ARGS": shlex.join((ANY_PROCESSOR, NO_OPENMP, WINDOWS_10, f"-DCMAKE_TOOLCHAIN_FILE={TOOLCHAIN}")),
    "_PYTHON_HOST_PLATFORM": "win-amd64",  # by it, Python's sysconfig and so the wheel's name say what it is for
}


def main(arguments: Sequence[str]) -> int:
    """Makes the wheel; 0 when it is there, 1 with a sentence where not, 2 on wrong use."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where it goes (dist)")
    out = parser.parse_args(arguments).out.absolute()
    try:
        if shutil.which(COMPILER) is None:
            raise Problem("There is no compiler for Windows: apt-get install g++-mingw-w64-x86-64-posix")
        out.mkdir(parents=True, exist_ok=True)
        env = {**os.environ, **ENVIRONMENT}
        with tempfile.TemporaryDirectory(prefix="cowrite-engine-") as name:
            place = Path(name)
            engine = Engine(ROOT, Path(sys.executable), place / "engine.json", place, env, call)
            with Progress(1).step("The assistant's engine for Windows") as note:
                wheel = engine.wheel(note)
            print(shutil.copy(wheel, out))
    except (Problem, NotBuilt, OSError) as problem:
        print(f"windows_engine.py: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
