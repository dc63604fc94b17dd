"""What a model's file says of itself, and which files are refused before anything loads them."""

from __future__ import annotations

import os
import random
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cowrite.models import gguf_header
from cowrite.models.errors import BadModel
from cowrite.models.gguf import Examination, examine
from helpers.gguf_files import Of, Weights, gguf, keys_of_a_model, text, value, weights_of_a_model, write_gguf

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: bytes) -> Path:
        path = tmp_path / "model.gguf"
        path.write_bytes(content)
        return path

    return written


def test_a_sound_file_says_what_it_is(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "little.gguf")
    assert examine(path) == Examination(
        path=path,
        name="Little",
        parameters=32 * 6 + 32 * 64,
        context_length=128,
        embedding_length=32,
        feed_forward_length=64,
        heads=4,
        vocabulary=6,
        template="{{ messages }}",
        quantisation="Q4_1",
        tensor_bytes=32 * 6 * 4 + 64 * 20,
        file_size=path.stat().st_size,
        cache_bytes_per_token=2 * 2 * (8 + 8) * 2,  # layers, heads, key and value, bytes
        embeds=False,
    )


def test_no_sentence_is_made_for_the_tokens_of_a_sound_vocabulary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []
    shown = gguf_header.shown
    monkeypatch.setattr(gguf_header, "shown", lambda name: named.append(name) or shown(name))
    path = write_gguf(tmp_path / "model.gguf", keys_of_a_model(tokenizer__ggml__merges=["a b"] * 500))
    examine(path)
    assert len(named) < 100


def test_a_model_without_a_template_says_so(write: Write) -> None:
    assert not examine(write(gguf(keys_of_a_model(tokenizer__chat_template=None)))).template


def test_a_file_without_a_name_is_called_as_its_file(write: Write) -> None:
    assert examine(write(gguf(keys_of_a_model(general__name="\n\x1b")))).name == "model"


def test_heads_may_differ_from_layer_to_layer(write: Write) -> None:
    keys = keys_of_a_model(llama__attention__head_count_kv=None)
    keys["llama.attention.head_count_kv"] = Of("u32", [0, 2])
    assert examine(write(gguf(keys))).cache_bytes_per_token == 2 * 16 * 2


@pytest.mark.parametrize(
    ("changes", "attribute", "expected"),
    [
        ({"general__architecture": "bert"}, "embeds", True),
        ({"llama__pooling_type": 1}, "embeds", True),
    ],
)
def test_models_that_only_give_vectors_are_told(
    write: Write, changes: dict[str, Any], attribute: str, expected: object
) -> None:
    architecture = changes.get("general__architecture", "llama")
    keys = {key.replace("llama.", f"{architecture}."): of for key, of in keys_of_a_model(**changes).items()}
    assert getattr(examine(write(gguf(keys))), attribute) == expected


def test_the_memory_need_grows_with_each_context(write: Write) -> None:
    examination = examine(write(gguf()))
    one, two = examination.memory_need([1000]), examination.memory_need([1000, 1000])
    assert examination.tensor_bytes < one < two
    assert two - one >= 1000 * examination.cache_bytes_per_token


def changed(*leave: str, **changes: Any) -> bytes:
    return gguf(keys_of_a_model(**dict.fromkeys(leave), **changes))


def with_weights(*more: Weights) -> bytes:
    return gguf(None, [*weights_of_a_model(), *more])


def with_raw_value(raw: bytes) -> bytes:
    """A header whose last key has this as its value, type included."""
    content = gguf([*keys_of_a_model().items(), ("last", 0)], [])
    return content[: -len(value(0))] + raw


WHOLE = gguf()
EMPTY_KEY = struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + text("") + struct.pack("<IB", 7, 1)
ABSURD = {
    "bytes in the value of “last” are more": with_raw_value(struct.pack("<IQ", 8, 2**60)),
    "elements in “last” are more": with_raw_value(struct.pack("<IIQ", 9, 4, 2**60)),
    "bytes in an element": with_raw_value(struct.pack("<IIQQ", 9, 8, 1, 2**60)),
    "texts in its lists are more": with_raw_value(struct.pack("<IIQ", 9, 8, 2**22)),
    "tensors are more": gguf(tensor_count=2**40),
    "keys are more": gguf(key_count=2**63),
    "block_count is 1,000,000": changed(llama__block_count=10**6),
    "block_count is 0": changed(llama__block_count=0),
    "embedding_length is": changed(llama__embedding_length=2**31),
    "context_length is": changed(llama__context_length=2**32 - 1),
    "head_count is out of bounds": changed(llama__attention__head_count=2**31),
    "impossible size": with_weights(Weights("x", (2**33, 2**33))),
    "an impossible size": with_weights(Weights("x", (2**63,))),
    "has an impossible size": with_weights(Weights("x", (0,))),
    "has 5 dimensions": with_weights(Weights("x", (1, 1, 1, 1, 1))),
    "has 0 dimensions": with_weights(Weights("x", ())),
}


@pytest.mark.parametrize("reason", ABSURD)
def test_absurd_counts_are_refused(write: Write, reason: str) -> None:
    with pytest.raises(BadModel, match=reason):
        examine(write(ABSURD[reason]))


FLAWED = {
    "the file is empty": b"",
    "a key is empty": EMPTY_KEY,
    "not a GGUF file": gguf(magic=b"GGML"),
    "it is not a GGUF file.": b"PK\x03\x04" + WHOLE,
    "the other order of bytes": gguf(version=struct.pack(">I", 3)),
    "the other order of bytes.": gguf(magic=b"FUGG"),
    "version 1 of the format": gguf(version=struct.pack("<I", 1)),
    "version 4 of the format": gguf(version=struct.pack("<I", 4)),
    "the key “general.name” stands twice": gguf([*keys_of_a_model().items(), ("general.name", "Big")]),
    "the tensor “blk.0.ffn.weight” stands twice": with_weights(Weights("blk.0.ffn.weight", (1,), 0, 4)),
    "is of type 4, which is not known": with_weights(Weights("x", (32,), 4, 32)),
    "is of type 43, which is not known": with_weights(Weights("x", (32,), 43, 32)),
    "not whole blocks of 32": with_weights(Weights("x", (33,), 3, 64)),
    "does not stand where the one before it ends": with_weights(Weights("x", (1,), 0, 4, offset=0)),
    "not a power of two": changed(general__alignment=33),
    "a tensor’s name are more": with_weights(Weights("x" * 64, (1,), 0, 4)),
    "is of type 13, which is not known": with_raw_value(struct.pack("<I", 13)),
    "are of type 9, which is not known": with_raw_value(struct.pack("<IIQ", 9, 9, 0)),
    "neither true nor false": with_raw_value(struct.pack("<IB", 7, 2)),
    "not UTF-8": with_raw_value(struct.pack("<IQ", 8, 1) + b"\xff"),
    "what kind of model": changed("general__architecture"),
    "what kind": changed(general__architecture="../llama"),
    "“\\?\\[31mred” is inf": changed(**{"\x1b[31mred": Of("f32", float("inf"))}),
    "layer_norm_rms_epsilon” is nan": changed(llama__attention__layer_norm_rms_epsilon=Of("f32", float("nan"))),
    "layer_norm_rms_epsilon” is -1": changed(llama__attention__layer_norm_rms_epsilon=Of("f32", -1.0)),
    "freq_base” is inf": changed(llama__rope__freq_base=Of("f32", float("inf"))),
    "does not say its llama.block_count": changed("llama__block_count"),
    "no whole number": changed(llama__block_count="2"),
    "not given for each of its 2 layers": changed(llama__attention__head_count=Of("u32", [4, 4, 4])),
    "no vocabulary": changed("tokenizer__ggml__tokens"),
    "its vocabulary has 0 tokens": changed(tokenizer__ggml__tokens=[]),
    "tokens is not of the type": changed(tokenizer__ggml__tokens=Of("u32", [1])),
    "scores is not as long as": changed(tokenizer__ggml__scores=Of("f32", [1.0])),
    "token_type is not of the type": changed(tokenizer__ggml__token_type=Of("u8", [1] * 6)),
    "merges is not of the type": changed(tokenizer__ggml__merges=Of("u8", [1])),
    "chat template is not text": changed(tokenizer__chat_template=7),
    "chat template has 2,000,000 characters": changed(tokenizer__chat_template="x" * 2_000_000),
    "one of several pieces": changed(split__count=2),
    "only a vocabulary": gguf(None, []),
}


@pytest.mark.parametrize("reason", FLAWED)
def test_flawed_files_are_refused_with_the_reason(write: Write, reason: str) -> None:
    path = write(FLAWED[reason])
    with pytest.raises(BadModel, match=reason.rstrip(".")) as refused:
        examine(path)
    assert refused.value.path == path
    assert str(refused.value).startswith(f"“{path}” cannot be used as a model: ")


def test_failure_2_a_bad_gguf_is_refused_before_it_is_loaded(write: Write) -> None:
    """0 bytes, an empty key in 37 bytes, wrong magic, cut off, 10^6 layers, the eyes of a model as the model."""
    assert len(EMPTY_KEY) == 37
    last = len(WHOLE) - 64 * 20
    eyes = changed(general__architecture="clip", clip__has_vision_encoder=Of("bool", 1))
    half = WHOLE[: len(WHOLE) // 2]
    million = changed(llama__block_count=10**6)
    for content in (b"", EMPTY_KEY, b"GGUX" + WHOLE[4:], half, WHOLE[: last + 1], WHOLE[:-1], million, eyes):
        with pytest.raises(BadModel):
            examine(write(content))
    assert examine(write(WHOLE)).name == "Little"


@pytest.mark.parametrize("length", range(4, len(WHOLE), 97))
def test_a_file_that_is_cut_off_anywhere_is_refused_as_such(write: Write, length: int) -> None:
    with pytest.raises(BadModel, match="cut off"):
        examine(write(WHOLE[:length]))


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("eyes of a model", {"general__architecture": "clip"}),
        ("eyes of a model", {"general__type": "mmproj"}),
        ("eyes of a model", {"clip__vision__block_count": 2}),
        ("adapter", {"general__type": "adapter"}),
        ("adapter", {"adapter__type": "lora"}),
        ("belongs to a model", {"general__type": "imatrix"}),
    ],
)
def test_files_that_only_belong_to_a_model_are_told_from_one(
    write: Write, reason: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadModel, match=reason):
        examine(write(changed(**changes)))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="not a file"):
        examine(tmp_path)
    with pytest.raises(BadModel, match="cannot be read"):
        examine(tmp_path / "none.gguf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadModel, match="not a file"):
        examine(tmp_path / "pipe")


def mutated(chance: random.Random) -> bytes:
    """A sound file with one to four faults: bits, numbers, cuts, pieces twice or gone."""
    content = bytearray(WHOLE)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content) + 1)
        kind = chance.randrange(5)
        if kind == 0 and at < len(content):
            content[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            number = chance.choice([0, 1, 2**31, 2**32 - 1, 2**62, 2**63, 2**64 - 1, chance.getrandbits(64)])
            content[at : at + 8] = struct.pack("<Q", number)
        elif kind == 2:
            del content[at:]
        elif kind == 3:
            content[at:at] = content[at : at + chance.randrange(64)]
        else:
            del content[at : at + chance.randrange(1, 32)]
    return bytes(content)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_in_a_header_it_is_refused_or_sound(write: Write, seed: int) -> None:
    chance = random.Random(seed)
    sound = 0
    tracemalloc.start()
    try:
        for _ in range(250):
            content = mutated(chance)
            path = write(content)
            try:
                examination = examine(path)
            except BadModel:
                continue
            sound += 1
            assert 0 < examination.tensor_bytes <= len(content), content.hex()
            assert 0 < examination.memory_need([512]) < 2**63, content.hex()
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()
    assert 0 < sound < 250  # neither refuses everything nor takes everything
