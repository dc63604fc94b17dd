"""Pictures without what their files tell beside what is to be seen: the place, the day, the camera and its number, the
program and its user, words, and small pictures of what was cut away.

Bytes in, bytes out, on any thread. Nothing is decoded or compressed anew: what is to be seen stays to the byte, with
its colours, its orientation, its resolution and its movement. What stays is listed, so that whatever else a program has
written goes, and so does everything behind the end of a picture, where telephones put films. Of libraries that take
metadata out, those for Python know Exif alone, or leave what they have no name for.

Sources: ITU-T T.81, annex B, for JPEG, with JFIF 1.02, ICC.1 annex B.4 and Adobe's Technical Note 5116 for the segments
that stay; Exif 2.32 (CIPA DC-008), 4.6, for the orientation; W3C's PNG, third edition; RFC 9649 for WebP; CompuServe's
GIF89a. A BMP has no place for words.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from zlib import crc32

_UPRIGHT = 1  # the orientation that needs no saying
_EXIF = b"Exif\0\0"

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"tRNS gAMA cHRM sRGB iCCP cICP mDCV mDCv cLLI cLLi sBIT pHYs bKGD acTL fcTL fdAT".split()
)  # beside those without which there is no picture
_CRITICAL = 0x20  # the bit of a chunk's first letter that is not set in those

_END, _SCAN = 0xD9, 0xDA
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a segment
_TOLD = range(0xE0, 0xFF)  # those of applications, of extensions and of comments
_JFIF, _PROFILE, _ADOBE = b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"
_JFIF_HEAD, _ADOBE_HEAD = 12, 12  # bytes: of the first, what is before the size of its small picture
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff]")
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_FRAME = 16  # bytes of an ANMF before the chunks in it
_HAS_XMP, _HAS_EXIF = 0x04, 0x08  # flags of a VP8X

_GIF_KEPT = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"})  # how often it repeats; its colour profile


def without_metadata(content: bytes) -> bytes:
    """A picture's file without what it tells beside the picture.

    Args:
        content: a JPEG, PNG, WebP or GIF file.

    Returns:
        The file; anything else, and what cannot be taken apart, as it is. A sound file that has been here once is the
        same the next time.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return b"".join(_jpeg(content))
    if content.startswith(_PNG):
        return b"".join(_png(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return b"".join(_gif(content))
    return content


def _jpeg(content: bytes) -> Iterator[bytes]:
    """The segments that stay. Whatever stands between two of them is passed over, as libjpeg does."""
    yield content[:2]
    kept: set[int] = set()
    at = 2
    while found := _NEXT_MARKER.search(content, at):
        marker, at = content[found.end() - 1], found.end()
        if marker == _END:
            yield b"\xff\xd9"
            return
        if marker in _ALONE:
            yield bytes((0xFF, marker))
            continue
        end = at + int.from_bytes(content[at : at + 2])
        payload = content[at + 2 : end]
        if marker in _TOLD:
            payload = _told(marker, payload) if marker not in kept or marker == _APP2 else b""
            if payload:
                kept.add(marker)
                yield struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
            at = max(end, at + 2)
            continue
        if marker == _SCAN:
            after = _AFTER_SCAN.search(content, end)
            end = after.start() if after else len(content)
        yield bytes((0xFF, marker)) + content[at:end]
        at = max(end, at + 2)


def _told(marker: int, payload: bytes) -> bytes:
    """What stays of a segment that tells something; nothing of most."""
    if marker == _APP0 and payload.startswith(_JFIF):
        return payload[:_JFIF_HEAD] + b"\0\0"
    if marker == _APP1 and payload.startswith(_EXIF):
        turn = _orientation(payload[len(_EXIF) :])
        return b"" if turn == _UPRIGHT else _EXIF + _exif(turn)
    if marker == _APP2 and payload.startswith(_PROFILE):
        return payload
    return payload[:_ADOBE_HEAD] if marker == _APP14 and payload.startswith(_ADOBE) else b""


def _png(content: bytes) -> Iterator[bytes]:
    """The chunks that stay; of one that ends too early, what is there."""
    yield _PNG
    at = len(_PNG)
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        kind = content[at + 4 : at + 8]
        if kind == b"eXIf":
            turn = _orientation(content[at + 8 : end - 4])
            if turn != _UPRIGHT:
                told = kind + _exif(turn)
                yield struct.pack(">I", len(told) - 4) + told + struct.pack(">I", crc32(told))
        elif kind in _PNG_KEPT or (kind and not kind[0] & _CRITICAL):
            yield content[at:end]
        if kind == b"IEND":
            return
        at = end


def _webp(content: bytes) -> bytes:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        return content  # it ends too early, and is no picture to anybody
    chunks = list(_chunks(content[12:end]))
    is_extended = any(kind == b"VP8X" for kind, _data in chunks)
    exif = next((data for kind, data in chunks if kind == b"EXIF" and is_extended), b"")
    turn = _orientation(exif.removeprefix(_EXIF))
    told = []
    for kind, data in chunks:
        if kind == b"VP8X" and data:
            flags = data[0] & ~(_HAS_XMP | _HAS_EXIF) | (_HAS_EXIF if turn != _UPRIGHT else 0)
            told.append(_chunk(kind, bytes((flags,)) + data[1:]))
        elif kind == b"ANMF":
            inside = b"".join(_chunk(*each) for each in _chunks(data[_WEBP_FRAME:]) if each[0] in _WEBP_KEPT)
            told.append(_chunk(kind, data[:_WEBP_FRAME] + inside))
        elif kind in _WEBP_KEPT:
            told.append(_chunk(kind, data))
    if turn != _UPRIGHT:
        told.append(_chunk(b"EXIF", _exif(turn)))
    return _chunk(b"RIFF", b"WEBP" + b"".join(told))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _gif(content: bytes) -> Iterator[bytes]:
    """The blocks that stay; from where there is none, the rest as it is."""
    at = 13 + _colours(content[10:11])
    yield content[:at]
    while at < len(content):
        start = at
        match content[at : at + 1]:
            case b"\x2c":
                at = _after_blocks(content, at + 11 + _colours(content[at + 9 : at + 10]))
                yield content[start:at]
            case b"\x21":
                at = _after_blocks(content, at + 2)
                if content[start + 1 : start + 2] == b"\xf9" or _is_kept(content[start:at]):
                    yield content[start:at]
            case b"\x3b":
                yield b"\x3b"
                return
            case _:
                yield content[start:]
                return


def _is_kept(extension: bytes) -> bool:
    return extension[1:3] == b"\xff\x0b" and extension[3:14] in _GIF_KEPT


def _colours(flags: bytes) -> int:
    """How many bytes a table of colours has, by the flags that announce it."""
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    """Where the blocks of data end that begin at a position."""
    while at < len(content) and content[at]:
        at += 1 + content[at]
    return at + 1


def _orientation(tiff: bytes) -> int:
    """How a picture is to be turned and mirrored, as Exif counts it."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return _UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            *said, turn = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if said == [0x0112, 3, 1]:
                return turn if 2 <= turn <= 8 else _UPRIGHT
    except struct.error:
        pass
    return _UPRIGHT


def _exif(orientation: int) -> bytes:
    """Exif that says the orientation and nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
