"""Reads the header of a GGUF file: its keys and its list of tensors, nothing of the weights.

Runs anywhere; standard library only. A model is a file from strangers, and the library that loads it ends the process
on some faults and reads beyond its buffers on others. So everything is bounded here: no count in the file decides how
much is read or kept, and a header that llama.cpp would refuse is refused with a reason.

Source: the GGUF specification, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, and where it is silent
ggml/src/gguf.cpp of llama.cpp (offsets without gaps, names below 64 bytes, at most 4 dimensions).
"""

from __future__ import annotations

import os
import stat
import struct
from dataclasses import dataclass
from enum import IntEnum
from math import prod
from pathlib import Path
from typing import BinaryIO, Final

from cowrite.models.errors import BadModel

VERSIONS = (2, 3)  # of the format; version 1 counted in 32 bits and is no longer read by llama.cpp
MAX_HEADER = 128 * 2**20  # bytes up to the weights; vocabularies of 260,000 tokens take about 20 million
MAX_KEYS = 65_536
MAX_KEY = 65_535  # bytes, says the specification
MAX_TEXT = 16 * 2**20  # bytes of one string
MAX_ELEMENTS = 4 * 2**20  # numbers of one array
MAX_TEXTS = 2 * 2**20  # texts in all arrays together; each costs time
KEPT_ELEMENTS = 1_024  # numbers of an array that are kept; longer ones are only measured
MAX_TENSORS = 65_536
MAX_TENSOR_NAME = 63  # bytes
MAX_DIMENSIONS = 4
MAX_SIZE = 2**62  # elements or bytes of one tensor, so that nothing overflows in 64 bits
MAX_ALIGNMENT = 65_536
DEFAULT_ALIGNMENT = 32

_TEXT, _ARRAY, _BOOL = 8, 9, 7
_NUMBERS: Final = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    4: struct.Struct("<I"),
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    _BOOL: struct.Struct("<B"),
    10: struct.Struct("<Q"),
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}
_U32, _U64 = _NUMBERS[4], _NUMBERS[10]


class ElementType(IntEnum):
    """What the elements of an array are, by the numbers of the format."""

    UINT8 = 0
    INT8 = 1
    UINT16 = 2
    INT16 = 3
    UINT32 = 4
    INT32 = 5
    FLOAT32 = 6
    BOOL = 7
    TEXT = 8
    UINT64 = 10
    INT64 = 11
    FLOAT64 = 12


TENSOR_TYPES: Final = {
    # number: name, elements of a block, bytes of a block. Numbers that are left out were withdrawn.
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1),
    25: ("I16", 1, 2),
    26: ("I32", 1, 4),
    27: ("I64", 1, 8),
    28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66),
    39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36),
    41: ("Q1_0", 128, 18),
    42: ("Q2_0", 64, 18),
}


@dataclass(frozen=True, slots=True)
class Array:
    """An array of the header.

    Attributes:
        numbers: its elements; empty where they are texts, or more than KEPT_ELEMENTS.
    """

    type: ElementType
    length: int
    numbers: tuple[int | float, ...] = ()


Value = int | float | str | Array


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of the file. `elements` counts weights, `size` bytes."""

    name: str
    type: str
    elements: int
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself.

    Attributes:
        keys: each key's value; a bool is 0 or 1.
        tensors: in the order of the file.
        file_size: bytes of the whole file.
    """

    keys: dict[str, Value]
    tensors: tuple[Tensor, ...]
    file_size: int


def read_header(path: Path) -> Header:
    """Reads and checks the header of a file.

    Raises:
        BadModel: it is no sound GGUF file, or cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadModel(path, "it is not a file")
        with path.open("rb", buffering=2**18) as file:
            return _Reader(path, file, os.fstat(file.fileno()).st_size).header()
    except OSError as error:
        raise BadModel(path, f"it cannot be read ({error.strerror or error})") from error


class _Reader:
    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path = path
        self._file = file
        self._size = size
        self._at = 0
        self._end = min(size, MAX_HEADER)
        self._texts = 0  # that were skipped in arrays

    def header(self) -> Header:
        if self._size == 0:
            raise self._bad("the file is empty")
        magic = self._take(4)
        if magic == b"FUGG":
            raise self._bad("it was written for computers with the other order of bytes")
        if magic != b"GGUF":
            raise self._bad("it is not a GGUF file")
        version = self._number(_U32)
        if int.from_bytes(version.to_bytes(4, "little"), "big") in VERSIONS:
            raise self._bad("it was written for computers with the other order of bytes")
        if version not in VERSIONS:
            raise self._bad(f"version {version} of the format is not known")
        tensor_count = self._count(MAX_TENSORS, "tensors")
        key_count = self._count(MAX_KEYS, "keys")
        keys: dict[str, Value] = {}
        for _ in range(key_count):
            key = self._text(MAX_KEY, "a key")
            if not key:
                raise self._bad("a key is empty")
            if key in keys:
                raise self._bad(f"the key {shown(key)} stands twice")
            keys[key] = self._value(key)
        alignment = self._alignment(keys)
        tensors = self._tensors(tensor_count, alignment)
        return Header(keys, tensors, self._size)

    def _alignment(self, keys: dict[str, Value]) -> int:
        alignment = keys.get("general.alignment", DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or not 0 < alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):
            raise self._bad("the alignment of its tensors is not a power of two")
        return alignment

    def _tensors(self, count: int, alignment: int) -> tuple[Tensor, ...]:
        tensors: list[Tensor] = []
        names: set[str] = set()
        expected = end = 0  # bytes from where the weights begin
        for _ in range(count):
            tensor, offset = self._tensor()
            if tensor.name in names:
                raise self._bad(f"the tensor {shown(tensor.name)} stands twice")
            if offset != expected:
                raise self._bad(f"the tensor {shown(tensor.name)} does not stand where the one before it ends")
            names.add(tensor.name)
            tensors.append(tensor)
            end = offset + tensor.size
            expected = _padded(end, alignment)
        begin = _padded(self._at, alignment)
        if tensors and begin + end > self._size:
            raise self._bad(
                f"it is cut off: the file has {self._size:,} bytes, its tensors need {begin + end:,}; fetch it again"
            )
        return tuple(tensors)

    def _tensor(self) -> tuple[Tensor, int]:
        name = self._text(MAX_TENSOR_NAME, "a tensor’s name")
        dimension_count = self._number(_U32)
        if not 1 <= dimension_count <= MAX_DIMENSIONS:
            raise self._bad(f"the tensor {shown(name)} has {dimension_count:,} dimensions")
        dimensions = [self._number(_U64) for _ in range(dimension_count)]
        if not all(0 < dimension <= MAX_SIZE for dimension in dimensions) or prod(dimensions) > MAX_SIZE:
            raise self._bad(f"the tensor {shown(name)} has an impossible size")
        type_number = self._number(_U32)
        if type_number not in TENSOR_TYPES:
            raise self._bad(f"the tensor {shown(name)} is of type {type_number}, which is not known")
        type_name, block, block_size = TENSOR_TYPES[type_number]
        if dimensions[0] % block:
            raise self._bad(f"the rows of the tensor {shown(name)} are not whole blocks of {block}")
        elements = prod(dimensions)
        size = elements // block * block_size
        if size > MAX_SIZE:
            raise self._bad(f"the tensor {shown(name)} has an impossible size")
        return Tensor(name, type_name, elements, size), self._number(_U64)

    def _value(self, key: str) -> Value:
        type_number = self._number(_U32)
        if type_number == _ARRAY:
            return self._array(key)
        if type_number == _TEXT:
            return self._text(MAX_TEXT, f"the value of {shown(key)}")
        if type_number not in _NUMBERS:
            raise self._bad(f"the value of {shown(key)} is of type {type_number}, which is not known")
        form = _NUMBERS[type_number]
        value: int | float = form.unpack(self._take(form.size))[0]
        if type_number == _BOOL and value not in (0, 1):
            raise self._bad(f"the value of {shown(key)} is neither true nor false")
        return value

    def _array(self, key: str) -> Array:
        type_number = self._number(_U32)
        length = self._count(MAX_ELEMENTS, f"elements in {shown(key)}")
        if type_number == _TEXT:
            self._texts += length
            if self._texts > MAX_TEXTS:
                raise self._bad(f"{self._texts:,} texts in its lists are more than any model has ({MAX_TEXTS:,})")
            of_what = f"bytes in an element of {shown(key)}"
            for _ in range(length):
                self._skip(self._count(MAX_TEXT, of_what))
            return Array(ElementType.TEXT, length)
        if type_number not in _NUMBERS:
            raise self._bad(f"the elements of {shown(key)} are of type {type_number}, which is not known")
        form = _NUMBERS[type_number]
        if length > KEPT_ELEMENTS:
            self._skip(length * form.size)
            return Array(ElementType(type_number), length)
        numbers = tuple(number for (number,) in form.iter_unpack(self._take(length * form.size)))
        return Array(ElementType(type_number), length, numbers)

    def _text(self, limit: int, what: str) -> str:
        length = self._count(limit, f"bytes in {what}")
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._bad(f"{what} is not UTF-8") from error

    def _count(self, limit: int, of_what: str) -> int:
        count = self._number(_U64)
        if count > limit:
            raise self._bad(f"{count:,} {of_what} are more than any model has ({limit:,})")
        return count

    def _number(self, form: struct.Struct) -> int:
        number: int = form.unpack(self._take(form.size))[0]
        return number

    def _take(self, length: int) -> bytes:
        self._advance(length)
        taken = self._file.read(length)
        if len(taken) != length:  # it has become shorter since it was opened
            raise self._bad("it is cut off within its header; fetch it again")
        return taken

    def _skip(self, length: int) -> None:
        self._advance(length)
        self._file.seek(length, os.SEEK_CUR)

    def _advance(self, length: int) -> None:
        if length > self._end - self._at:
            if self._size > self._end:
                raise self._bad(f"its header is longer than {MAX_HEADER // 2**20} MB")
            raise self._bad("it is cut off within its header; fetch it again")
        self._at += length

    def _bad(self, reason: str) -> BadModel:
        return BadModel(self._path, reason)


def _padded(size: int, alignment: int) -> int:
    return (size + alignment - 1) // alignment * alignment


def shown(name: str) -> str:
    """A name out of the file, fit to stand in a sentence: short and without control characters."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name[:64])
    return f"“{printable}”"
