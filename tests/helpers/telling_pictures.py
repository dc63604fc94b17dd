"""Pictures whose files tell where they were taken, and more, in each place that a format has for it."""

from __future__ import annotations

import struct
from zlib import crc32

TOLD = b"52.5N 13.4E"

_GIF_LOOP = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_GIF_LOOK = b"\x21\xf9\x04\x01\x00\x00\x00\x00"
_GIF_IMAGE = b"\x2c\0\0\0\0\2\0\2\0\0\x02\x03\x44\x02\x05\0"


def exif(turn: int = 1, order: str = ">", times: int = 1) -> bytes:
    """Exif with an orientation, said so many times, and the number of a camera, whose maker wrote it in either order of
    bytes."""
    head = b"MM\0*" if order == ">" else b"II*\0"
    orientation = struct.pack(f"{order}HHIHH", 0x0112, 3, times, turn, 0)
    camera = struct.pack(f"{order}HHII", 0xA431, 2, len(TOLD), 38)
    return head + struct.pack(f"{order}IH", 8, 2) + orientation + camera + struct.pack(f"{order}I", 0) + TOLD


def telling(content: bytes, turn: int = 1, order: str = ">", times: int = 1) -> bytes:
    """A JPEG, PNG or WebP file that tells; `turn` says how it is to be shown, as Exif counts it."""
    told = exif(turn, order, times)
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content, told)
    return _png(content, told) if content.startswith(b"\x89PNG") else _webp(content, told)


def gif() -> bytes:
    """A GIF of four dots that moves, and tells."""
    comment = b"\x21\xfe" + _blocks(TOLD)
    xmp = b"\x21\xff\x0bXMP DataXMP" + _blocks(TOLD)
    return (
        b"GIF89a\2\0\2\0\x80\0\0\xff\0\0\0\0\xff"
        + (comment + _GIF_LOOP + xmp)
        + (_GIF_LOOK + _GIF_IMAGE + comment + _GIF_LOOK + _GIF_IMAGE)
        + (b"\x3b" + TOLD)
    )


def bare_gif() -> bytes:
    """The same, and it does not tell."""
    return b"GIF89a\2\0\2\0\x80\0\0\xff\0\0\0\0\xff" + _GIF_LOOP + (_GIF_LOOK + _GIF_IMAGE) * 2 + b"\x3b"


def _blocks(data: bytes) -> bytes:
    return bytes((len(data),)) + data + b"\0"


def _jpeg(content: bytes, exif: bytes) -> bytes:
    def segment(marker: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data

    told = (
        segment(0xE1, b"Exif\0\0" + exif)
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + TOLD)
        + segment(0xE2, b"MPF\0" + TOLD)
        + segment(0xED, b"Photoshop 3.0\0" + TOLD)
        + segment(0xFE, TOLD)
    )
    return content[:2] + told + content[2:] + TOLD


def _png(content: bytes, exif: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))

    head = 8 + 25  # the signature and IHDR
    told = chunk(b"tEXt", b"Comment\0" + TOLD) + chunk(b"eXIf", exif) + chunk(b"caBX", TOLD)
    return content[:head] + told + content[head:] + TOLD


def _webp(content: bytes, exif: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)

    width, height = struct.unpack_from("<HH", content, 26)  # of a lossy picture, after its frame's start
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    extended = chunk(b"VP8X", b"\x0c\0\0\0" + size)
    told = chunk(b"EXIF", exif) + chunk(b"XMP ", TOLD) + chunk(b"told", TOLD)
    return chunk(b"RIFF", b"WEBP" + extended + content[12:] + told) + TOLD
