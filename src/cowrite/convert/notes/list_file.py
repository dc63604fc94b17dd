"""The text of a file that should hold a list of notes.

Runs anywhere, without I/O. Files of other programs often decode as text all the same; their first bytes tell what they
are.
"""

from __future__ import annotations

from pathlib import Path

from cowrite.convert.errors import NoListFile, unreadable
from cowrite.convert.western import ENCODING, FileText, marked_encoding, western_text

_BEGINNINGS = (
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "a rich text file (RTF)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    (b"\x89PNG\r\n\x1a\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF87a", "an image"),
    (b"GIF89a", "an image"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x1f\x8b\x08", "a packed file"),
)
_PACKED = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE = {
    **dict.fromkeys((".docx", ".docm", ".odt", ".ott"), "a text document"),
    **dict.fromkeys((".xlsx", ".xlsm", ".ods"), "a spreadsheet"),
    **dict.fromkeys((".pptx", ".odp"), "a presentation"),
}
"""What a packed file is, by its suffix."""
_CONTROL = frozenset(chr(code) for code in (*range(0x09), *range(0x0E, 0x1B), 0x7F))
"""Characters that nobody types; what ends lines and divides records is not among them."""
_STRAY = 0.01  # the share of them that a text may have


def list_text(content: bytes, path: Path, chosen: str = "") -> FileText:
    """The text in a file's bytes: in UTF-8, in what its byte order mark says, or in windows-1252 where it plainly is.

    Args:
        content: the whole content.
        path: where it came from; its suffix says what a packed file is.
        chosen: the encoding in which it is to be read instead, with � for what is nothing in it.

    Raises:
        NoListFile: it is a file of another kind.
        UnknownEncoding: the bytes are text in some other encoding.
        UnreadableText: they are not in the encoding of their byte order mark.
        NoText: they are no text.
    """
    kind = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), "")
    if content.startswith(_PACKED):
        kind = _OFFICE.get(path.suffix.lower(), "a packed file")
    if kind:
        raise NoListFile(path, kind)
    encoding = chosen or marked_encoding(content) or "utf-8"
    try:
        text, taken_for = content.decode(encoding, "replace" if chosen else "strict"), ""
    except UnicodeError as error:
        western = western_text(content) if encoding == "utf-8" else None
        if western is None:
            raise unreadable(content, path, encoding) from error
        text, taken_for = western, ENCODING
    if "\x00" in text or sum(map(text.count, _CONTROL)) > _STRAY * len(text):
        raise NoListFile(path, "a file of another program")
    return FileText(text, taken_for)
