"""A sentence encoder made into a model file."""

from __future__ import annotations

import hashlib
import os
import struct
from array import array
from pathlib import Path

import pytest

from cowrite.models.bert import convert_bert
from cowrite.models.catalogue import embedders
from cowrite.models.gguf import examine
from cowrite.models.gguf_header import Array, read_header
from helpers.bert_folder import WIDTH, WORDS, write_bert


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_bert(tmp_path / "encoder")
    return tmp_path / "encoder"


def test_a_converted_encoder_is_a_sound_model_that_gives_vectors(folder: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    sha256 = convert_bert(
        folder, tmp_path / "encoder.gguf", "Encoder", "MIT", lambda done, total: told.append((done, total))
    )
    examination = examine(tmp_path / "encoder.gguf")
    assert examination.embeds
    assert (examination.name, examination.vocabulary) == ("Encoder", len(WORDS))
    assert (examination.embedding_length, examination.heads) == (WIDTH, 2)
    assert sha256 == hashlib.sha256((tmp_path / "encoder.gguf").read_bytes()).hexdigest()
    assert told[-1] == (examination.tensor_bytes, examination.tensor_bytes)


def test_the_same_encoder_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    made = {convert_bert(folder, tmp_path / f"{number}.gguf", "Encoder", "MIT") for number in range(2)}
    assert len(made) == 1


def test_words_that_begin_one_are_marked_and_signs_of_control_are_not(folder: Path, tmp_path: Path) -> None:
    convert_bert(folder, tmp_path / "encoder.gguf", "Encoder", "MIT")
    content = (tmp_path / "encoder.gguf").read_bytes()
    begin = content.index(b"tokenizer.ggml.tokens") + len("tokenizer.ggml.tokens") + 16
    tokens = []
    for _ in WORDS:
        (length,) = struct.unpack_from("<Q", content, begin)
        tokens.append(content[begin + 8 : begin + 8 + length].decode())
        begin += 8 + length
    assert tokens == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "▁the", "s", "▁boat"]
    keys = read_header(tmp_path / "encoder.gguf").keys
    kinds = keys["tokenizer.ggml.token_type"]
    assert isinstance(kinds, Array)
    assert kinds.numbers == (3, 3, 3, 3, 3, 1, 1, 1)
    assert keys["tokenizer.ggml.cls_token_id"] == 2
    assert keys["bert.pooling_type"] == 1


def test_matrices_have_16_bits_and_everything_else_32(tmp_path: Path) -> None:
    weights = write_bert(tmp_path / "encoder")
    convert_bert(tmp_path / "encoder", tmp_path / "encoder.gguf", "Encoder", "MIT")
    header = read_header(tmp_path / "encoder.gguf")
    types = {tensor.name: tensor.type for tensor in header.tensors}
    assert types["blk.0.attn_q.weight"] == types["token_embd.weight"] == "F16"
    assert types["blk.0.attn_q.bias"] == types["position_embd.weight"] == types["token_embd_norm.weight"] == "F32"
    content = (tmp_path / "encoder.gguf").read_bytes()
    exact = weights["embeddings.position_embeddings.weight"].tobytes()
    words = weights["embeddings.word_embeddings.weight"]
    assert exact in content
    assert struct.pack(f"<{len(words)}e", *words) in content


def test_the_pooler_is_left_out_and_what_is_not_known_refused(folder: Path, tmp_path: Path) -> None:
    convert_bert(folder, tmp_path / "encoder.gguf", "Encoder", "MIT")
    assert not [tensor for tensor in read_header(tmp_path / "encoder.gguf").tensors if "pooler" in tensor.name]
    write_bert(folder, extra=("encoder.layer.0.surprise.weight",))
    with pytest.raises(ValueError, match=r"tensors that are not known: encoder\.layer\.0\.surprise\.weight"):
        convert_bert(folder, tmp_path / "other.gguf", "Encoder", "MIT")


@pytest.mark.parametrize(
    ("name", "content"), [("config.json", "{}"), ("model.safetensors", "x"), ("special_tokens_map.json", "{}")]
)
def test_a_folder_that_holds_no_encoder_is_refused(folder: Path, tmp_path: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(ValueError, match="holds no model of the family BERT"):
        convert_bert(folder, tmp_path / "encoder.gguf", "Encoder", "MIT")


def test_the_real_encoder_gives_the_vectors_of_the_original() -> None:
    """Against what its makers publish of three sentences and of a fourth one's vector."""
    path = os.environ.get("COWRITE_TEST_EMBEDDER", "")
    if not path:
        pytest.skip("COWRITE_TEST_EMBEDDER does not name the file that `cowrite models pull all-minilm-l6-v2` fetches")
    llama_cpp = pytest.importorskip("llama_cpp")
    assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == embedders()[0].sha256
    model = llama_cpp.Llama(path, embedding=True, n_ctx=512, verbose=False)
    sentences = ("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.")
    lovely, sunny, stadium = (array("f", model.embed(sentence, normalize=True)) for sentence in sentences)

    def likeness(left: array[float], right: array[float]) -> float:
        return sum(one * other for one, other in zip(left, right, strict=True))

    assert likeness(lovely, sunny) == pytest.approx(0.6660, abs=0.001)
    assert likeness(lovely, stadium) == pytest.approx(0.1046, abs=0.001)
    assert likeness(sunny, stadium) == pytest.approx(0.1411, abs=0.001)
    published = (0.067657, 0.063496, 0.048713, 0.079305, 0.037448)
    assert model.embed("This is an example sentence", normalize=True)[:5] == pytest.approx(published, abs=0.001)
    model.close()
