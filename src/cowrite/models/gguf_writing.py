"""Writes a GGUF file: keys, then tensors.

Runs anywhere; standard library only, so that what comes of a conversion is the same to the last byte everywhere and
has one SHA-256. Source: the GGUF specification, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, version 3.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite.models.gguf_header import DEFAULT_ALIGNMENT, TENSOR_TYPES, ElementType

Value = bool | int | float | str | Sequence[str] | Sequence[int]
"""An int is written as an unsigned one of 32 bits, a float with 32 bits, a sequence of ints with 32 bits and a sign."""

_ARRAY = 9
_NUMBER_OF_TYPE = {name: number for number, (name, _, _) in TENSOR_TYPES.items()}


@dataclass(frozen=True, slots=True)
class NewTensor:
    """A tensor to be written.

    Attributes:
        shape: rows last, as GGUF counts: numbers of a row first.
        type: a name of `gguf_header.TENSOR_TYPES` whose blocks are of one element.
        data: gives its bytes.
    """

    name: str
    shape: tuple[int, ...]
    type: str
    data: Callable[[], bytes]

    @property
    def size(self) -> int:
        """Bytes of its data."""
        size = TENSOR_TYPES[_NUMBER_OF_TYPE[self.type]][2]
        for dimension in self.shape:
            size *= dimension
        return size


def write_gguf(
    path: Path, keys: Mapping[str, Value], tensors: Sequence[NewTensor], written: Callable[[NewTensor], None]
) -> str:
    """Writes a file and gives its SHA-256 in hexadecimal.

    Args:
        written: is told each tensor once it is in the file.

    Raises:
        OSError: it could not be written.
    """
    digest = hashlib.sha256()
    with path.open("wb") as file:

        def put(data: bytes) -> None:
            digest.update(data)
            file.write(data)

        head = _head(keys, tensors)
        put(head + bytes(-len(head) % DEFAULT_ALIGNMENT))
        for tensor in tensors:
            data = tensor.data()
            if len(data) != tensor.size:
                raise ValueError(f"{tensor.name} has {len(data)} bytes, not {tensor.size}")
            put(data + bytes(-len(data) % DEFAULT_ALIGNMENT))
            written(tensor)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _head(keys: Mapping[str, Value], tensors: Sequence[NewTensor]) -> bytes:
    parts = [struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(keys))]
    parts += [_text(key) + _value(value) for key, value in keys.items()]
    offset = 0
    for tensor in tensors:
        parts.append(_text(tensor.name) + struct.pack("<I", len(tensor.shape)))
        parts.append(struct.pack(f"<{len(tensor.shape)}Q", *tensor.shape))
        parts.append(struct.pack("<IQ", _NUMBER_OF_TYPE[tensor.type], offset))
        offset += tensor.size + -tensor.size % DEFAULT_ALIGNMENT
    return b"".join(parts)


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<IB", ElementType.BOOL, value)
    if isinstance(value, int):
        return struct.pack("<II", ElementType.UINT32, value)
    if isinstance(value, float):
        return struct.pack("<If", ElementType.FLOAT32, value)
    if isinstance(value, str):
        return struct.pack("<I", ElementType.TEXT) + _text(value)
    if all(isinstance(one, str) for one in value):
        head = struct.pack("<IIQ", _ARRAY, ElementType.TEXT, len(value))
        return head + b"".join(_text(str(one)) for one in value)
    numbers = [int(one) for one in value]
    return struct.pack(f"<IIQ{len(numbers)}i", _ARRAY, ElementType.INT32, len(numbers), *numbers)
