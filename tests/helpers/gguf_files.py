"""Writes small GGUF files: sound ones, and such as no model should be."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALIGNMENT = 32
NUMBER_FORMS = {
    "u8": (0, "<B"),
    "u32": (4, "<I"),
    "i32": (5, "<i"),
    "f32": (6, "<f"),
    "bool": (7, "<B"),
    "u64": (10, "<Q"),
}
TEXT, ARRAY = 8, 9
VOCABULARY = ("<s>", "</s>", "a", "b", " c", "d")


@dataclass(frozen=True)
class Of:
    """A value with its type: `Of("u32", 7)`, `Of("f32", [0.5])`."""

    type: str
    value: Any


@dataclass(frozen=True)
class Weights:
    """A tensor as the header lists it. Left out, `offset` is where the one before ends."""

    name: str
    dimensions: Sequence[int]
    type: int = 0
    size: int = 0  # bytes that are written
    offset: int | None = None


def text(value: str | bytes) -> bytes:
    """A string as the format writes it."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def value(of: Any) -> bytes:
    """A value with its type before it: a str, a list of str, an int as u32, or an Of."""
    if isinstance(of, str):
        return struct.pack("<I", TEXT) + text(of)
    if isinstance(of, list):
        return struct.pack("<IIQ", ARRAY, TEXT, len(of)) + b"".join(map(text, of))
    of = of if isinstance(of, Of) else Of("u32", of)
    number, form = NUMBER_FORMS[of.type]
    if isinstance(of.value, list):
        return struct.pack("<IIQ", ARRAY, number, len(of.value)) + b"".join(struct.pack(form, one) for one in of.value)
    return struct.pack("<I", number) + struct.pack(form, of.value)


def keys_of_a_model(**changed: Any) -> dict[str, Any]:
    """The keys of a small sound model; `llama__block_count=2` changes one, None leaves it out."""
    keys = {
        "general.architecture": "llama",
        "general.name": "Little",
        "llama.block_count": 2,
        "llama.context_length": 128,
        "llama.embedding_length": 32,
        "llama.feed_forward_length": 64,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 2,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": list(VOCABULARY),
        "tokenizer.ggml.token_type": Of("i32", [1] * len(VOCABULARY)),
        "tokenizer.chat_template": "{{ messages }}",
    }
    keys.update({key.replace("__", "."): new for key, new in changed.items()})
    return {key: new for key, new in keys.items() if new is not None}


def weights_of_a_model() -> list[Weights]:
    """Two tensors: of 6 x 32 floats, and of 32 x 64 weights in Q4_1."""
    return [Weights("token_embd.weight", (32, 6), 0, 32 * 6 * 4), Weights("blk.0.ffn.weight", (32, 64), 3, 64 * 20)]


def gguf(
    keys: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None,
    weights: Sequence[Weights] | None = None,
    *,
    magic: bytes = b"GGUF",
    version: bytes = struct.pack("<I", 3),
    tensor_count: int | None = None,
    key_count: int | None = None,
) -> bytes:
    """A whole file."""
    keys = keys_of_a_model() if keys is None else keys
    pairs = list(keys.items() if isinstance(keys, Mapping) else keys)
    weights = weights_of_a_model() if weights is None else weights
    head = magic + version
    head += struct.pack("<Q", len(weights) if tensor_count is None else tensor_count)
    head += struct.pack("<Q", len(pairs) if key_count is None else key_count)
    head += b"".join(text(key) + value(of) for key, of in pairs)
    body = b""
    for one in weights:
        offset = len(body) if one.offset is None else one.offset
        head += text(one.name) + struct.pack("<I", len(one.dimensions))
        head += b"".join(struct.pack("<Q", dimension) for dimension in one.dimensions)
        head += struct.pack("<IQ", one.type, offset)
        body += bytes(one.size) + bytes(-one.size % ALIGNMENT)
    return head + bytes(-len(head) % ALIGNMENT) + body if weights else head


def write_gguf(path: Path, *arguments: Any, **named: Any) -> Path:
    """Writes what `gguf` gives; gives the path."""
    path.write_bytes(gguf(*arguments, **named))
    return path
