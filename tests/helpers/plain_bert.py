"""A sentence encoder of the family BERT, computed plainly with NumPy: what llama.cpp is compared with.

Source: Devlin et al., "BERT", 2019; mean pooling as sentence-transformers has it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from helpers.bert_folder import USUAL_WORDS, shapes

HEADS = 2
_ERF = np.vectorize(math.erf)


def vector(weights: Mapping[str, Any], tokens: Sequence[int]) -> list[float]:
    """The vector of a text, of length 1.

    Args:
        weights: as `write_bert` gives them with USUAL_WORDS.
        tokens: its numbers, the marks at both ends among them.
    """
    named = {
        name: np.asarray(weights[name], np.float64).reshape(shape) for name, shape in shapes(len(USUAL_WORDS)).items()
    }

    def linear(name: str, x: Any) -> Any:
        name = f"encoder.layer.0.{name}"
        return x @ named[f"{name}.weight"].T + named[f"{name}.bias"]

    def norm(name: str, x: Any) -> Any:
        shifted = x - x.mean(-1, keepdims=True)
        scaled = shifted / np.sqrt((shifted**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * named[f"{name}.LayerNorm.weight"] + named[f"{name}.LayerNorm.bias"]

    x = named["embeddings.word_embeddings.weight"][list(tokens)]
    x = x + named["embeddings.position_embeddings.weight"][: len(tokens)]
    x = norm("embeddings", x + named["embeddings.token_type_embeddings.weight"][0])
    query, key, value = (
        np.stack(np.split(linear(f"attention.self.{part}", x), HEADS, axis=-1)) for part in ("query", "key", "value")
    )
    likely = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1]))
    mixed = np.concatenate(likely / likely.sum(-1, keepdims=True) @ value, axis=-1)
    x = norm("encoder.layer.0.attention.output", x + linear("attention.output.dense", mixed))
    inner = linear("intermediate.dense", x)
    inner = inner * 0.5 * (1 + _ERF(inner / math.sqrt(2)))
    mean = norm("encoder.layer.0.output", x + linear("output.dense", inner)).mean(0)
    return list(map(float, mean / np.linalg.norm(mean)))
