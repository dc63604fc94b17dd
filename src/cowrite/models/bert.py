"""Makes a GGUF file of a sentence encoder of the family BERT, as Hugging Face's libraries keep one in a folder.

Runs anywhere; needs NumPy. The keys, names and types are those of llama.cpp's conversion/bert.py, so that llama.cpp
gives the vectors of the original: words of the vocabulary that begin one carry "▁", matrices have 16 bits, everything
else 32.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cowrite.models.gguf_writing import NewTensor, Value, write_gguf

FILES = ("config.json", "vocab.txt", "special_tokens_map.json", "tokenizer_config.json", "model.safetensors")
"""What is read of the folder."""

MEAN_POOLING = 1  # of llama.cpp: a text's vector is the mean of those of its tokens
F16_FILE = 1  # llama.cpp's number for files whose matrices have 16 bits
WORD_BEGIN = "\u2581"
NORMAL, CONTROL = 1, 3  # kinds of tokens

_TENSORS: Mapping[str, str] = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
}
_LAYER_TENSORS: Mapping[str, str] = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
_EXACT = ("position_embd", "token_types")  # matrices that stay at 32 bits
_UNUSED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")
_SPECIAL: Mapping[str, str] = {
    "unk_token": "unknown_token_id",
    "sep_token": "seperator_token_id",  # spelt so in the format
    "pad_token": "padding_token_id",
    "cls_token": "cls_token_id",
    "mask_token": "mask_token_id",
}


def convert_bert(
    folder: Path, target: Path, name: str, licence: str, told: Callable[[int, int], None] = lambda done, total: None
) -> str:
    """Makes the file and gives its SHA-256; the same input gives the same bytes everywhere.

    Args:
        folder: with FILES in it.
        told: is told how many bytes of weights are written, of how many.

    Raises:
        OSError: a file could not be read or written.
        ValueError: the folder holds no such model.
    """
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        keys = {**_keys(config, name, licence), **_vocabulary(folder)}
        weights = folder / "model.safetensors"
        with weights.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            tensors = _tensors(data, int(config["num_hidden_layers"]))
            total, done = sum(tensor.size for tensor in tensors), 0

            def written(tensor: NewTensor) -> None:
                nonlocal done
                done += tensor.size
                told(done, total)

            return write_gguf(target, keys, tensors, written)
    except (KeyError, TypeError, struct.error) as error:
        raise ValueError(f"{folder} holds no model of the family BERT: {error!r}") from error


def _keys(config: Mapping[str, Any], name: str, licence: str) -> dict[str, Value]:
    if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
        raise ValueError(f"a {config['model_type']} with {config['hidden_act']} is not one that is known")
    return {
        "general.architecture": "bert",
        "general.type": "model",
        "general.name": name,
        "general.license": licence.lower(),
        "general.file_type": F16_FILE,
        "bert.block_count": int(config["num_hidden_layers"]),
        "bert.context_length": int(config["max_position_embeddings"]),
        "bert.embedding_length": int(config["hidden_size"]),
        "bert.feed_forward_length": int(config["intermediate_size"]),
        "bert.attention.head_count": int(config["num_attention_heads"]),
        "bert.attention.layer_norm_epsilon": float(config["layer_norm_eps"]),
        "bert.attention.causal": False,
        "bert.pooling_type": MEAN_POOLING,
    }


def _vocabulary(folder: Path) -> dict[str, Value]:
    words = (folder / "vocab.txt").read_text("utf-8").rstrip("\n").split("\n")
    special = json.loads((folder / "special_tokens_map.json").read_text("utf-8"))
    lowercase = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))["do_lower_case"]
    controls = set(special.values())
    number = {word: index for index, word in enumerate(words)}
    return {
        "tokenizer.ggml.token_type_count": 2,
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.pre": "bert-bge",  # llama.cpp's name for the usual English vocabulary
        "tokenizer.ggml.tokens": [word if word in controls else _piece(word) for word in words],
        "tokenizer.ggml.token_type": [CONTROL if word in controls else NORMAL for word in words],
        **{f"tokenizer.ggml.{key}": number[special[token]] for token, key in _SPECIAL.items()},
        "tokenizer.ggml.normalizer.lowercase": bool(lowercase),
    }


def _piece(word: str) -> str:
    return word[2:] if word.startswith("##") else WORD_BEGIN + word


def _tensors(data: mmap.mmap, layers: int) -> list[NewTensor]:
    """The tensors in the order of the layers. Source: https://github.com/huggingface/safetensors#format."""
    (length,) = struct.unpack("<Q", data[:8])
    listing = json.loads(data[8 : 8 + length])
    listing.pop("__metadata__", None)
    for name in _UNUSED:
        listing.pop(name, None)
    names = dict(_TENSORS)
    for layer in range(layers):
        names.update({f"encoder.layer.{layer}.{old}": f"blk.{layer}.{new}" for old, new in _LAYER_TENSORS.items()})
    found = [
        _tensor(data, 8 + length, f"{new}.{ending}", listing.pop(f"{old}.{ending}"), is_exact=new in _EXACT)
        for old, new in names.items()
        for ending in ("weight", "bias")
        if f"{old}.{ending}" in listing
    ]
    if listing:
        raise ValueError(f"it has tensors that are not known: {', '.join(sorted(listing))}")
    return found


def _tensor(data: mmap.mmap, begin: int, name: str, about: Mapping[str, Any], *, is_exact: bool) -> NewTensor:
    import numpy as np

    if about["dtype"] != "F32":
        raise ValueError(f"{name} is of the type {about['dtype']}")
    first, last = (begin + int(offset) for offset in about["data_offsets"])
    shape = tuple(int(dimension) for dimension in about["shape"])
    if len(shape) == 1 or is_exact:
        return NewTensor(name, shape[::-1], "F32", lambda: data[first:last])
    half = np.dtype("<f2")
    return NewTensor(
        name, shape[::-1], "F16", lambda: np.frombuffer(data[first:last], dtype="<f4").astype(half).tobytes()
    )
