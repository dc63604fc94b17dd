"""A sentence encoder of the family BERT with a few small random tensors, as Hugging Face's libraries keep one."""

from __future__ import annotations

import json
import random
import struct
from array import array
from pathlib import Path

WIDTH, INNER, POSITIONS = 8, 16, 32
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "##s", "boat")
USUAL_WORDS = (
    *("[PAD]", *(f"[unused{number}]" for number in range(99))),
    *("[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "##s", "boat"),
)
"""The same with the marks where every vocabulary of BERT has them: llama.cpp takes that for granted."""
SPECIAL = {
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}
LAYER = {
    "attention.self.query": (WIDTH, WIDTH),
    "attention.self.key": (WIDTH, WIDTH),
    "attention.self.value": (WIDTH, WIDTH),
    "attention.output.dense": (WIDTH, WIDTH),
    "intermediate.dense": (INNER, WIDTH),
    "output.dense": (WIDTH, INNER),
}


def shapes(words: int = len(WORDS)) -> dict[str, tuple[int, ...]]:
    """Each tensor's shape, of an encoder that knows so many words."""
    found: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (words, WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "pooler.dense.weight": (WIDTH, WIDTH),
        "pooler.dense.bias": (WIDTH,),
    }
    for name, shape in LAYER.items():
        found[f"encoder.layer.0.{name}.weight"], found[f"encoder.layer.0.{name}.bias"] = shape, shape[:1]
    for name in ("embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"):
        found[f"{name}.LayerNorm.weight"] = found[f"{name}.LayerNorm.bias"] = (WIDTH,)
    return found


def write_bert(folder: Path, extra: tuple[str, ...] = (), words: tuple[str, ...] = WORDS) -> dict[str, array[float]]:
    """Writes the folder and gives the weights.

    Args:
        extra: names of more tensors, which no encoder has.
        words: its vocabulary.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance, listing, weights, body = random.Random(1), {}, {}, b""
    for name, shape in {**shapes(len(words)), **dict.fromkeys(extra, (WIDTH,))}.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        weights[name] = array("f", (chance.uniform(-1, 1) for _ in range(count)))
        data = weights[name].tobytes()
        listing[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    head = json.dumps({"__metadata__": {"format": "pt"}, **listing}).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + body)
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": POSITIONS,
        "num_attention_heads": 2,
        "num_hidden_layers": 1,
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", "utf-8")
    (folder / "special_tokens_map.json").write_text(json.dumps(SPECIAL), "utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}), "utf-8")
    return weights
