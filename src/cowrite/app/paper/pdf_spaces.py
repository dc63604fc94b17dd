"""The spaces of a PDF that Qt has written, for whoever copies its words or searches them.

Runs on any thread.
"""

from __future__ import annotations

import re

_MAP = re.compile(rb"begincmap.*?endcmap", re.DOTALL)
_LIST = re.compile(rb"\[[0-9A-F<>\s]+\]")
_ALONE = re.compile(rb"(<([0-9A-F]{4})> <\2> )<0009>")
_TAB, _SPACE = b"<0009>", b"<0020>"


def with_spaces(content: bytes) -> bytes:
    """A PDF in which spaces are spaces.

    WORKAROUND Qt 6: of the characters that a font draws alike, Qt's PDF names the first one. In Noto Sans and others
    the space is a tab then, wherever it stands; Qt draws no tab at all. The names are as long, so that nothing moves.
    """
    return _MAP.sub(lambda found: _ALONE.sub(rb"\1" + _SPACE, _LIST.sub(_spaced, found[0])), content)


def _spaced(found: re.Match[bytes]) -> bytes:
    return found[0].replace(_TAB, _SPACE)
