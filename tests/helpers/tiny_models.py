"""Writes whole models of a few hundred kilobytes with random weights, of the kinds that engines stumble over.

What they write makes no sense, and is the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import gguf
import numpy as np

Kind = Literal["plain", "window", "hybrid", "recurrent"]

WIDTH, HEADS, KV_HEADS, INNER, LAYERS = 64, 4, 2, 128, 4
TRAINED = 1024  # tokens of context
SLIDING = 16  # tokens that the layers of a model with a window look back
CONTROLS = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>", "[INST]", "[/INST]")
PIECES = ("▁", "▁the", "▁a", "he", "er", "in", "▁and", "</", "s>", "\n", "-" * 48)
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def tiny_model(path: Path, kind: Kind = "plain", template: str = "", seed: int = 1, trained: int = TRAINED) -> Path:
    """A model of one kind, with a vocabulary of bytes and a few pieces."""
    architecture = {"plain": "llama", "window": "gemma3", "hybrid": "lfm2", "recurrent": "mamba"}[kind]
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(f"Tiny {kind}")
    writer.add_context_length(trained)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_layer_norm_rms_eps(1e-5)
    _add_vocabulary(writer)
    if template:
        writer.add_chat_template(template)
    weights = _Weights(writer, np.random.default_rng(seed))
    weights.add("token_embd.weight", _vocabulary_size(), WIDTH)
    weights.add("output.weight", _vocabulary_size(), WIDTH)
    weights.norm("token_embd_norm.weight" if kind == "hybrid" else "output_norm.weight")
    if kind == "recurrent":
        _add_recurrent(writer, weights)
    else:
        _add_attention(writer, weights, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def tiny_vocabulary(path: Path, *more: str, puts_space: bool) -> Path:
    """A file with the same vocabulary and some pieces more, and no weights.

    Args:
        puts_space: whether it puts a space before each text.
    """
    writer = gguf.GGUFWriter(path, "llama")
    _add_vocabulary(writer, more)
    writer.add_add_space_prefix(puts_space)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return path


class _Weights:
    def __init__(self, writer: gguf.GGUFWriter, chance: np.random.Generator) -> None:
        self._writer = writer
        self._chance = chance

    def add(self, name: str, *shape: int, scale: float = 0.3) -> None:
        """Random weights; the shape as numpy has it."""
        self._writer.add_tensor(name, (self._chance.standard_normal(shape) * scale).astype(np.float32))

    def norm(self, name: str, width: int = WIDTH) -> None:
        self._writer.add_tensor(name, np.ones(width, np.float32))


def _add_attention(writer: gguf.GGUFWriter, weights: _Weights, kind: Kind) -> None:
    head = WIDTH // HEADS
    convolves = [kind == "hybrid" and layer % 2 == 0 for layer in range(LAYERS)]
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(
        [0 if convolving else KV_HEADS for convolving in convolves] if any(convolves) else KV_HEADS
    )
    writer.add_feed_forward_length(INNER)
    writer.add_rope_dimension_count(head)
    if kind == "window":
        writer.add_sliding_window(SLIDING)
        writer.add_key_length(head)
        writer.add_value_length(head)
    if kind == "hybrid":
        writer.add_shortconv_l_cache(3)
    for layer, convolving in enumerate(convolves):
        block = f"blk.{layer}."
        weights.norm(f"{block}attn_norm.weight")
        if convolving:
            weights.add(f"{block}shortconv.conv.weight", WIDTH, 3)
            weights.add(f"{block}shortconv.in_proj.weight", 3 * WIDTH, WIDTH)
            weights.add(f"{block}shortconv.out_proj.weight", WIDTH, WIDTH)
        else:
            weights.add(f"{block}attn_q.weight", WIDTH, WIDTH)
            weights.add(f"{block}attn_k.weight", KV_HEADS * head, WIDTH)
            weights.add(f"{block}attn_v.weight", KV_HEADS * head, WIDTH)
            weights.add(f"{block}attn_output.weight", WIDTH, WIDTH)
            if kind != "plain":
                weights.norm(f"{block}attn_q_norm.weight", head)
                weights.norm(f"{block}attn_k_norm.weight", head)
        if kind == "window":
            weights.norm(f"{block}post_attention_norm.weight")
            weights.norm(f"{block}post_ffw_norm.weight")
        weights.norm(f"{block}ffn_norm.weight")
        weights.add(f"{block}ffn_gate.weight", INNER, WIDTH)
        weights.add(f"{block}ffn_up.weight", INNER, WIDTH)
        weights.add(f"{block}ffn_down.weight", WIDTH, INNER)


def _add_recurrent(writer: gguf.GGUFWriter, weights: _Weights) -> None:
    inner, state, rank, kernel = 2 * WIDTH, 16, 4, 4
    writer.add_head_count(0)
    writer.add_feed_forward_length(0)
    writer.add_ssm_conv_kernel(kernel)
    writer.add_ssm_inner_size(inner)
    writer.add_ssm_state_size(state)
    writer.add_ssm_time_step_rank(rank)
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        weights.norm(f"{block}attn_norm.weight")
        weights.add(f"{block}ssm_in.weight", 2 * inner, WIDTH)
        weights.add(f"{block}ssm_conv1d.weight", inner, kernel)
        weights.add(f"{block}ssm_conv1d.bias", inner)
        weights.add(f"{block}ssm_x.weight", rank + 2 * state, inner)
        weights.add(f"{block}ssm_dt.weight", inner, rank)
        weights.add(f"{block}ssm_dt.bias", inner)
        # A state must fade: the weights by which it stays are negative.
        writer.add_tensor(f"{block}ssm_a", -np.ones((inner, state), np.float32))
        weights.norm(f"{block}ssm_d", inner)
        weights.add(f"{block}ssm_out.weight", WIDTH, inner)


def _add_vocabulary(writer: gguf.GGUFWriter, more: Sequence[str] = ()) -> None:
    kinds = gguf.TokenType
    pieces = (*more, *PIECES)
    tokens = [*CONTROLS, *(f"<0x{byte:02X}>" for byte in range(256)), *pieces]
    types = [
        kinds.UNKNOWN,
        *[kinds.CONTROL] * (len(CONTROLS) - 1),
        *[kinds.BYTE] * 256,
        *[kinds.NORMAL] * (len(pieces) - 1),
    ]
    types.append(kinds.USER_DEFINED)  # the last is found whole in every text
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * (len(CONTROLS) + 256) + [-float(number) for number in range(1, len(pieces) + 1)])
    writer.add_token_types(types)
    writer.add_bos_token_id(CONTROLS.index("<s>"))
    writer.add_eos_token_id(CONTROLS.index("</s>"))
    writer.add_unk_token_id(CONTROLS.index("<unk>"))
    writer.add_add_bos_token(True)


def _vocabulary_size() -> int:
    return len(CONTROLS) + 256 + len(PIECES)
