"""Says what a GGUF file is, before anything loads it.

Runs anywhere; standard library only. `cowrite.models.gguf_header` reads the file within bounds; here it is judged
whether this is a whole language model, and what it needs.

Source of the keys: the GGUF specification, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Final

from cowrite.assist.requests import Lane
from cowrite.models.errors import BadModel
from cowrite.models.gguf_header import Array, ElementType, Header, read_header, shown

MAX_BLOCKS = 512  # LLAMA_MAX_LAYERS of llama.cpp
MAX_CONTEXT = 2**27  # tokens; the longest known are 10 million
MAX_WIDTH = 2**20  # numbers per token, and the like
MAX_HEADS = 2**14
MAX_VOCABULARY = 2**22
MAX_TEMPLATE = 2**20  # characters
MAX_NAME = 120  # characters of the name that people are shown
CACHE_ELEMENT = 2  # bytes; the cache of keys and values holds 16-bit floats
FLOAT = 4  # bytes
MARGIN = 1.2  # of what is computed: what the library allocates beside it
BATCH = 128  # tokens that are read at once, where nothing else was measured to be better
CONTEXT, GHOST_CONTEXT, LEAST_CONTEXT = 4_096, 2_048, 256  # tokens: usually, for suggestions, and in any case

_EMBEDDERS: Final = frozenset(
    {
        "bert", "eurobert", "gemma-embedding", "jina-bert-v2", "jina-bert-v3", "llama-embed", "modern-bert", "neo-bert",
        "nomic-bert", "nomic-bert-moe", "t5encoder",
    }
)  # fmt: skip
_ARCHITECTURE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LISTS: Final = {
    # The types that llama.cpp takes for granted in the lists of a vocabulary; others make it read amiss or end.
    "tokenizer.ggml.tokens": {ElementType.TEXT},
    "tokenizer.ggml.merges": {ElementType.TEXT},
    "tokenizer.ggml.scores": {ElementType.FLOAT32, ElementType.INT32},
    "tokenizer.ggml.token_type": {ElementType.INT32, ElementType.UINT32},
    "tokenizer.ggml.precompiled_charsmap": {ElementType.UINT8, ElementType.INT8},
    "tokenizer.ggml.suppress_tokens": {ElementType.INT32, ElementType.UINT32},
}


@dataclass(frozen=True, slots=True)
class Examination:
    """What a model's file says of itself.

    Attributes:
        path: the file.
        name: as its maker calls it; the file's name where it says none.
        parameters: weights of all tensors.
        context_length: tokens that it was trained for.
        embedding_length: numbers per token between layers.
        feed_forward_length: numbers per token within a layer; the largest, 0 where it says none.
        heads: of attention, in the layer that has the most; 0 for a model without attention.
        vocabulary: tokens that it knows.
        template: how it sets a conversation, in Jinja; empty for a model that only goes on with texts.
        quantisation: the type that most of its weights have, as Q4_1.
        tensor_bytes: weights on disk and in memory.
        file_size: bytes.
        cache_bytes_per_token: what each token of a context takes beside the weights, at most.
        embeds: whether it gives vectors for texts, and writes none.
    """

    path: Path
    name: str
    parameters: int
    context_length: int
    embedding_length: int
    feed_forward_length: int
    heads: int
    vocabulary: int
    template: str
    quantisation: str
    tensor_bytes: int
    file_size: int
    cache_bytes_per_token: int
    embeds: bool

    def contexts(self, wanted: int = 0) -> Mapping[Lane, int]:
        """Tokens of the context of each lane, which the worker holds all at once.

        Args:
            wanted: the most tokens of one; 0 for the usual number.
        """
        most = min(self.context_length, max(LEAST_CONTEXT, wanted or CONTEXT))
        return {lane: min(most, GHOST_CONTEXT) if lane is Lane.GHOST else most for lane in Lane}

    def memory_need(self, contexts: Iterable[int] = (), batch: int = BATCH) -> int:
        """Bytes that it takes once it is loaded, with a fifth more than can be computed.

        People are shown this number, and loading asks for it.

        Args:
            contexts: tokens of each context that is held at once; those of `contexts()` where left out.
            batch: tokens that are read at once.
        """
        contexts = tuple(contexts) or ((self.context_length,) if self.embeds else tuple(self.contexts().values()))
        cache = sum(contexts) * self.cache_bytes_per_token
        widths = self.vocabulary + 8 * self.embedding_length + 3 * self.feed_forward_length
        scores = self.heads * max(contexts, default=0)
        buffers = len(contexts) * batch * (widths + scores) * FLOAT
        return int((self.tensor_bytes + cache + buffers) * MARGIN)


def examine(path: Path) -> Examination:
    """Reads what a model's file says of itself, and refuses what llama.cpp should not be given.

    Memory and time are bounded whatever the file holds. The weights are not read.

    Raises:
        BadModel: it is no sound, whole language model in one file.
    """
    return _Judge(path, read_header(path)).examination()


class _Judge:
    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._header = header
        self._architecture = ""

    def examination(self) -> Examination:
        self._architecture = self._name_of_architecture()
        self._refuse_other_kinds()
        self._check_fractions()
        blocks = self._number("block_count", 1, MAX_BLOCKS)
        width = self._number("embedding_length", 1, MAX_WIDTH)
        heads = self._per_block("attention.head_count", blocks, MAX_HEADS)
        kv_heads = (
            self._per_block("attention.head_count_kv", blocks, MAX_HEADS)
            if self._has("attention.head_count_kv")
            else heads
        )
        tensors = self._header.tensors
        bytes_of_type: Counter[str] = Counter()
        for tensor in tensors:
            bytes_of_type[tensor.type] += tensor.size
        return Examination(
            path=self._path,
            name=self._name(),
            parameters=sum(tensor.elements for tensor in tensors),
            context_length=self._number("context_length", 1, MAX_CONTEXT),
            embedding_length=width,
            feed_forward_length=max(self._per_block("feed_forward_length", blocks, MAX_WIDTH)),
            heads=max(heads),
            vocabulary=self._vocabulary(),
            template=self._template(),
            quantisation=max(bytes_of_type, key=lambda name: bytes_of_type[name]),
            tensor_bytes=sum(tensor.size for tensor in tensors),
            file_size=self._header.file_size,
            cache_bytes_per_token=sum(kv_heads) * self._head_widths(width, max(heads)) * CACHE_ELEMENT,
            embeds=self._architecture in _EMBEDDERS or self._number("pooling_type", 0, 4, default=0) > 0,
        )

    def _name_of_architecture(self) -> str:
        keys = self._header.keys
        if keys.get("general.type") == "adapter" or any(key.startswith("adapter.") for key in keys):
            raise self._bad("it is an adapter (LoRA), which changes a model and is not one itself")
        architecture = keys.get("general.architecture")
        if not isinstance(architecture, str) or not _ARCHITECTURE.fullmatch(architecture):
            raise self._bad("it does not say what kind of model it is")
        return architecture

    def _refuse_other_kinds(self) -> None:
        keys, tensors = self._header.keys, self._header.tensors
        kind = keys.get("general.type", "model")
        if self._architecture == "clip" or kind == "mmproj" or any(key.startswith("clip.") for key in keys):
            raise self._bad("it holds only the eyes of a model (mmproj); choose the model’s main file")
        if kind != "model":
            raise self._bad("it holds something that belongs to a model, not a model")
        if self._number_at("split.count", 0, 2**16, default=0) > 1:
            raise self._bad("it is one of several pieces; join them to one file with llama-gguf-split --merge")
        if not tensors:
            raise self._bad("it holds no weights, only a vocabulary")

    def _check_fractions(self) -> None:
        """llama.cpp ends the process where an epsilon is negative or no number."""
        for key, value in self._header.keys.items():
            if not isinstance(value, float):
                continue
            if not isfinite(value) or (key.endswith("_epsilon") and not 0 <= value <= 1):
                raise self._bad(f"its {shown(key)} is {value:g}, which no model has")

    def _vocabulary(self) -> int:
        keys = self._header.keys
        for key, types in _LISTS.items():
            value = keys.get(key)
            if value is not None and not (isinstance(value, Array) and value.type in types):
                raise self._bad(f"its list {key} is not of the type that it has to be")
        tokens = keys.get("tokenizer.ggml.tokens")
        if not isinstance(tokens, Array):
            if isinstance(keys.get("tokenizer.ggml.model"), str) and self._has("vocab_size"):
                return self._number("vocab_size", 1, MAX_VOCABULARY)
            raise self._bad("it has no vocabulary")
        if not 1 <= tokens.length <= MAX_VOCABULARY:
            raise self._bad(f"its vocabulary has {tokens.length:,} tokens")
        for key in ("tokenizer.ggml.scores", "tokenizer.ggml.token_type"):
            value = keys.get(key)
            if isinstance(value, Array) and value.length != tokens.length:
                raise self._bad(f"its list {key} is not as long as its vocabulary")
        return tokens.length

    def _name(self) -> str:
        name = self._header.keys.get("general.name")
        name = name.strip() if isinstance(name, str) else ""
        name = "".join(letter for letter in name if letter.isprintable())[:MAX_NAME]
        return name or self._path.stem

    def _template(self) -> str:
        template = self._header.keys.get("tokenizer.chat_template", "")
        if not isinstance(template, str):
            raise self._bad("its chat template is not text")
        if len(template) > MAX_TEMPLATE:
            raise self._bad(f"its chat template has {len(template):,} characters")
        return template

    def _head_widths(self, width: int, heads: int) -> int:
        """Numbers that one head keeps of one token: of its key and its value."""
        usual = width // heads if heads else 0
        key = self._number("attention.key_length", 0, MAX_WIDTH, default=usual)
        return key + self._number("attention.value_length", 0, MAX_WIDTH, default=usual)

    def _per_block(self, key: str, blocks: int, limit: int) -> tuple[int, ...]:
        """One number for each layer: 0 where there is no such key."""
        value = self._header.keys.get(f"{self._architecture}.{key}", 0)
        numbers = value.numbers if isinstance(value, Array) else (value,) * blocks
        if len(numbers) != blocks:
            raise self._bad(f"{key} is not given for each of its {blocks} layers")
        whole = tuple(number for number in numbers if isinstance(number, int) and 0 <= number <= limit)
        if len(whole) != blocks:
            raise self._bad(f"its {key} is out of bounds")
        return whole

    def _has(self, key: str) -> bool:
        return f"{self._architecture}.{key}" in self._header.keys

    def _number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        return self._number_at(f"{self._architecture}.{key}", least, most, default)

    def _number_at(self, key: str, least: int, most: int, default: int | None = None) -> int:
        value = self._header.keys.get(key, default)
        if value is None:
            raise self._bad(f"it does not say its {key}")
        if isinstance(value, Array) and value.numbers:
            value = max(value.numbers)
        if not isinstance(value, int) or not least <= value <= most:
            said = f"{value:,}" if isinstance(value, int) else "no whole number"
            raise self._bad(f"its {key} is {said}, which no model has")
        return value

    def _bad(self, reason: str) -> BadModel:
        return BadModel(self._path, reason)
