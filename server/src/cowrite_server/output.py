"""What a command prints, and what becomes of it where it cannot be printed. For the commands of server and app."""

from __future__ import annotations

import errno
import os
import sys
import unicodedata

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Numbers of errors that say that a disk takes no more, or no more of this person."""


def full_sentence(error: OSError) -> str | None:
    """What to tell the person where an error says that there is no room for what was printed; None for any other."""
    if error.filename is not None or error.errno not in FULL:
        return None
    return f"The result could not be written whole: {error.strerror}; name another place."


def is_unheard(error: OSError) -> bool:
    """Whether an error says that whoever read what is printed has gone; Windows says it with a number for anything."""
    is_nameless = sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    return isinstance(error, BrokenPipeError) or is_nameless


def print_text(text: str) -> None:
    """Prints what somebody wrote; on a terminal what would move its cursor, or have it do something, is spelt out."""
    if sys.stdout.isatty():
        text = "".join(each.encode("unicode_escape").decode() if _commands(each) else each for each in text)
    print(text)


def _commands(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in "\n\t"


def print_no_more() -> None:
    """What waits to be printed is not tried again when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
