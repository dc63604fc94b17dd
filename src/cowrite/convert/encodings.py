"""The encodings in which a file may be that does not say its own, where it is neither in UTF-8 nor plainly in
windows-1252 (`western`).

Nobody can tell them apart for certain, least of all in a short text. So the likeliest comes first, and a person
chooses. Runs anywhere, without I/O.
"""

from __future__ import annotations

import codecs
import re
from io import BytesIO
from typing import NamedTuple

ENCODINGS = {
    "cp932": "Japanese (Shift_JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "gb18030": "Chinese, simplified (GB18030, GBK)",
    "big5hkscs": "Chinese, traditional (Big5)",
    "cp949": "Korean (EUC-KR)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "cp866": "Cyrillic (DOS)",
    "cp1250": "Central European (Windows-1250)",
    "iso8859_2": "Central European (ISO 8859-2)",
    "cp1252": "Western (Windows-1252)",
    "cp850": "Western (DOS)",
    "mac_roman": "Western (Macintosh)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "cp1258": "Vietnamese (Windows-1258)",
    "cp874": "Thai (Windows-874)",
}
"""What people call the encodings that files are in, by their names in Python."""

_MOST = 16 * 1024  # bytes by which one is told
_BEFORE = 40  # bytes of a line before the first of its letters that tell
_STRAY = 0.01  # the share of signs that are nothing in an encoding, in a damaged file
_TELLING = re.compile(rb"[\x80-\xff]")
_NO_TEXT = bytes((*range(0x09), *range(0x0E, 0x1B), 0x7F))
"""What is in no text in any of these encodings."""


class Sample(NamedTuple):
    """The lines of a file by which its encoding can be told.

    Attributes:
        lines: those with letters beyond ASCII, as bytes; of a long beginning in ASCII, the end.
        likely: the encodings in which they can be, the likeliest first; behind them those in which they are but for a
            few bytes, as in a damaged file.
    """

    lines: bytes
    likely: tuple[str, ...]


def sample_of(data: bytes) -> Sample | None:
    """What tells in which encoding a file is; None where it is no text.

    Args:
        data: the whole content.
    """
    if data.translate(None, _NO_TEXT) != data:
        return None
    lines = b""
    for line in BytesIO(data):
        if first := _TELLING.search(line):
            start = max(0, first.start() - _BEFORE)
            lines += line[start : start + _MOST - len(lines)]
        if len(lines) == _MOST:
            break
    possible = [name for name in ENCODINGS if _is_in(lines, name)]
    nearly = [name for name in ENCODINGS if name not in possible and _is_nearly_in(lines, name)]
    likely = dict.fromkeys(name for name in (*_guessed(lines), *possible) if name in possible)
    return Sample(lines, (*likely, *nearly))


def read_as(lines: bytes, encoding: str) -> str:
    """The lines of a sample in an encoding, with � for what is nothing in it."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(lines)


def _is_in(lines: bytes, encoding: str) -> bool:
    try:  # the last character may be cut
        codecs.getincrementaldecoder(encoding)().decode(lines)
    except UnicodeError:
        return False
    return True


def _is_nearly_in(lines: bytes, encoding: str) -> bool:
    text = read_as(lines, encoding)
    return text.count("\ufffd") <= _STRAY * len(text)


def _guessed(lines: bytes) -> list[str]:
    from charset_normalizer import from_bytes  # most files say their encoding

    # What a file says of itself was looked at before.
    found = from_bytes(lines, cp_isolation=list(ENCODINGS), preemptive_behaviour=False, enable_fallback=False)
    return [name for match in found for name in (match.encoding, *match.could_be_from_charset)]
