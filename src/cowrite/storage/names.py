"""File names from titles: ones that Linux, macOS and Windows all take, and that no file has yet."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

from cowrite.storage.errors import WINDOWS_PATH, StorageFailed
from cowrite.storage.layout import SUFFIX

UNTITLED = "Untitled"
JOINED = "Joined document"
"""What the file of a document is called whose title has yet to come from its server."""
_GIVEN = re.compile(rf"({UNTITLED}|{JOINED})( \d+)?", re.IGNORECASE)

_MAX_BYTES = 160  # of UTF-8: names are 255 at most, and ours grow by numbers and by `.damaged-…` and SQLite's endings
_LONGEST = 247  # bytes of a name to which SQLite can add its endings
_BESIDE = len(f".damaged-YYYYMMDD-HHMMSS-10{SUFFIX}-journal")
_SHORTEST = 20  # bytes that are left of a name even in a folder that is very deep
_REFUSED = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")


def safe_name(title: str) -> str:
    """A file name, without ending, that reads like the title and is taken by all systems.

    Characters that some system refuses, and those that turn the direction of reading, become a space.
    """
    name = unicodedata.normalize("NFC", _REFUSED.sub(" ", title))
    name = " ".join(name.split())
    # A dot in front hides a file; Windows drops dots and spaces at the end.
    name = _cut(name.lstrip(". "), _MAX_BYTES).rstrip(". ")
    if is_device(name):
        name = f"{name}_"
    return name or UNTITLED


def name_in(folder: Path, title: str) -> str:
    """The `safe_name` of a title, short enough that Windows takes it in this folder, and what is kept beside it."""
    name = safe_name(title)
    if sys.platform == "win32":
        # A byte has one UTF-16 unit at most.
        room = WINDOWS_PATH - 1 - len(os.fspath(folder)) - len(os.sep) - _BESIDE
        name = _cut(name, max(room, _SHORTEST)).rstrip(". ")
    return name


def is_device(name: str) -> bool:
    """Whether Windows takes a file name for one of its devices, whatever its ending."""
    return _DEVICES.fullmatch(name) is not None


def free_path(folder: Path, title: str) -> Path:
    """A path in `folder` for a document of this title: "Title", or else "Title 2", "Title 3" and so on.

    Names that differ only in case or in how accents are encoded count as the same, as they do on macOS and Windows.

    Raises:
        OSError: the folder cannot be read.
    """
    taken = {folded(path.name) for path in folder.iterdir()} if folder.is_dir() else set()
    stem = name_in(folder, title)
    name = stem
    number = 1
    while folded(name + SUFFIX) in taken:
        number += 1
        name = f"{stem} {number}"
    return folder / (name + SUFFIX)


def is_untitled(name: str) -> bool:
    """Whether a file name, without ending, is one that `free_path` makes for a document whose title is not known."""
    return _GIVEN.fullmatch(name) is not None


def is_same_name(name: str, other: str) -> bool:
    """Whether two names differ at most in case or in how accents are encoded, see `free_path`."""
    return folded(name) == folded(other)


def name_beside(path: Path, what: str, now: int) -> Path:
    """The name under which the file at `path` is kept beside its successor: `NAME.WHAT-YYYYMMDD-HHMMSS.cowrite`.

    Args:
        what: one word on why it is kept.
        now: milliseconds since 1970.

    Raises:
        StorageFailed: there are too many of them.
    """
    moment = datetime.fromtimestamp(now / 1000).astimezone().strftime("%Y%m%d-%H%M%S")
    stem = path.name.removesuffix(SUFFIX)
    for number in range(1, 1000):
        again = f"-{number}" if number > 1 else ""
        ending = f".{what}-{moment}{again}{SUFFIX}"
        name = path.with_name(f"{_cut(stem, _LONGEST - len(ending))}{ending}")
        if not name.exists() and not name.with_name(f"{name.name}-wal").exists():  # a log may be kept by itself
            return name
    raise StorageFailed(path, f"too many {what} copies of it are kept beside it")


def _cut(name: str, most: int) -> str:
    """The beginning of a name, of so many bytes at most."""
    encoded = os.fsencode(name)
    if len(encoded) <= most:
        return name
    cut = encoded[:most].decode(errors="ignore")
    # Not in the middle of an emoji or before an accent.
    while cut != name and cut and (unicodedata.combining(name[len(cut)]) or "\u200d" in (cut[-1], name[len(cut)])):
        cut = cut[:-1]
    return cut


def folded(name: str) -> str:
    """What names have in common that are one on macOS and Windows: those that differ in case or in how accents are
    encoded."""
    return unicodedata.normalize("NFC", name).casefold()
