"""Which of the system's own libraries go into a build."""

import re

_OF_THE_SYSTEM = ("/lib/", "/lib64/", "/usr/lib/")
# What Python needs, and what a desktop may lack. What every system has is left to it: a copy that does not suit its
# drivers, its X server and its fonts breaks them.
_TAKEN = re.compile(r"lib(python3|ffi|crypto|ssl|sqlite3|lzma|bz2|gomp|atomic|xkbcommon|xcb-)")


def without_those_that_every_system_has(binaries: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Takes them out of a table of PyInstaller's.

    Args:
        binaries: name in the build, file on this computer, and kind of each.
    """
    return [
        (name, source, kind)
        for name, source, kind in binaries
        if kind != "BINARY" or not source.startswith(_OF_THE_SYSTEM) or _TAKEN.match(name.rpartition("/")[2])
    ]
