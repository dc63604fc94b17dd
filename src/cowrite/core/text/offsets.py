"""Offsets: where a position in one unit lies in another.

Three units meet in cowrite. Qt and Yjs count UTF-16 units, pycrdt counts UTF-8 bytes in `Text` (an embed counts as
one; y-crdt/pycrdt#379), Python counts code points. A wrong offset raises nothing in pycrdt: it lands somewhere else.
So every conversion is made here, on pieces of text, and in `core.text.rope`, on a whole document; and a position that
falls inside a character is refused.
"""

from __future__ import annotations

from cowrite.core.text.richtext import utf16_length


class InsideCharacter(ValueError):
    """A position does not lie between two characters.

    Attributes:
        position: the position, in the unit that was asked for.
    """

    def __init__(self, position: int) -> None:
        super().__init__(f"position {position} lies inside a character")
        self.position = position


class OutsideText(IndexError):
    """A position or range lies outside of the text.

    Attributes:
        position: the position that was asked for.
        length: the length of the text, in the same unit.
    """

    def __init__(self, position: int, length: int) -> None:
        super().__init__(f"position {position} lies outside of a text of {length}")
        self.position = position
        self.length = length


def utf8_length(text: str) -> int:
    """Number of UTF-8 bytes of `text`."""
    return len(text) if text.isascii() else len(text.encode())


def code_point_of_utf16(text: str, units: int) -> int:
    """Index of the character that starts `units` UTF-16 units into `text`.

    Raises:
        InsideCharacter: the position halves a surrogate pair.
    """
    if text.isascii():
        return units
    before = text.encode("utf-16-le")[: 2 * units]
    if len(before) >= 2 and 0xD8 <= before[-1] < 0xDC:
        raise InsideCharacter(units)
    return len(before.decode("utf-16-le"))


def code_point_of_utf8(text: str, octets: int) -> int:
    """Index of the character that starts `octets` UTF-8 bytes into `text`.

    Raises:
        InsideCharacter: the position lies inside the bytes of one character.
    """
    if text.isascii():
        return octets
    try:
        return len(text.encode()[:octets].decode())
    except UnicodeDecodeError as error:
        raise InsideCharacter(octets) from error


def utf16_of_code_point(text: str, index: int) -> int:
    """UTF-16 units before the character at `index`."""
    return index if text.isascii() else utf16_length(text[:index])


def without_lone_surrogates(text: str) -> str:
    """`text` with each unpaired surrogate replaced by U+FFFD; it has the same number of UTF-16 units.

    Qt's strings can hold unpaired surrogates, the shared document cannot.
    """
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
