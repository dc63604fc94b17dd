"""Runs first in a build: gives the system's programs that cowrite starts, a browser say, the system's libraries.

PyInstaller's loader points LD_LIBRARY_PATH at the libraries of the build, for this process and so for all that it
starts; this one has read it by now.
Source: https://pyinstaller.org/en/stable/runtime-information.html#ld-library-path-libpath-considerations
"""

import os

os.environ.pop("LD_LIBRARY_PATH", None)
if (before := os.environ.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
    os.environ["LD_LIBRARY_PATH"] = before
