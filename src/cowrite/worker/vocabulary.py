"""A model's tokens: from text and back.

Runs in the worker. What people wrote never becomes a control token here, whatever it says.
"""

from __future__ import annotations

import ctypes
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import llama_cpp.llama_cpp as llama
import numpy as np

_CACHED = 150_000  # tokens of text that was read lately; some 600 kB of English
_SPACED = frozenset({llama.LLAMA_VOCAB_TYPE_SPM, llama.LLAMA_VOCAB_TYPE_UGM})
_BREAK = "\n"


class Vocabulary:
    """The vocabulary of a loaded model.

    Attributes:
        size: how many tokens there are.
        first: with which tokens a text begins: the model's mark for the beginning, or none.
    """

    def __init__(self, model: int) -> None:
        """Args:
        model: llama.cpp's handle of it.
        """
        self.handle = llama.llama_model_get_vocab(model)
        self.size = int(llama.llama_vocab_n_tokens(self.handle))
        bos = int(llama.llama_vocab_bos(self.handle))
        self.first = (bos,) if llama.llama_vocab_get_add_bos(self.handle) and bos >= 0 else ()
        kinds = np.fromiter(
            (llama.llama_vocab_get_attr(self.handle, token) for token in range(self.size)), np.int32, self.size
        )
        controls = (kinds & llama.LLAMA_TOKEN_ATTR_CONTROL) != 0
        unusual = np.flatnonzero(kinds & ~llama.LLAMA_TOKEN_ATTR_NORMAL).tolist()
        self._ends = frozenset(token for token in unusual if llama.llama_vocab_is_eog(self.handle, token))
        ends = np.zeros(self.size, bool)
        ends[list(self._ends)] = True
        self._commands = ends | controls
        self._text_or_end = ends | ~controls
        self._pieces: dict[int, bytes] = {}
        self._read: OrderedDict[str, tuple[int, ...]] = OrderedDict()
        self._read_size = 0
        # These vocabularies put a space before each text that they are given. After a line break they cannot.
        is_spaced = llama.llama_vocab_type(self.handle) in _SPACED
        self._break = self._tokenise(_BREAK, False) if is_spaced else ()

    def scaffold(self, text: str, begins: bool = False) -> tuple[int, ...]:
        """Tokens of our own words, in which control tokens count.

        Args:
            begins: whether the prompt begins with it.
        """
        return self._joined(text, True, begins)

    def words(self, text: str, begins: bool = False) -> tuple[int, ...]:
        """Tokens of what people wrote: no control token among them."""
        if not begins and (known := self._read.get(text)) is not None:
            self._read.move_to_end(text)
            return known
        tokens = self._joined(text, False, begins)
        if tokens and self._commands[list(tokens)].any():
            tokens = self._defused(tokens)
        if not begins:
            self._remember(text, tokens)
        return tokens

    def piece(self, token: int) -> bytes:
        """A token's text in UTF-8, of which it may hold a part only; nothing for control tokens."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._piece(token, is_shown=False)
        return known

    def shown(self, token: int) -> str:
        """A token as it is written, control tokens too; empty for a number that is none."""
        return self._piece(token, is_shown=True).decode("utf-8", "replace") if token >= 0 else ""

    @property
    def beginning(self) -> str:
        """How templates write the mark of the beginning."""
        return self.shown(llama.llama_vocab_bos(self.handle))

    @property
    def ending(self) -> str:
        """How templates write the mark of the end."""
        return self.shown(llama.llama_vocab_eos(self.handle))

    def is_end(self, token: int) -> bool:
        """Whether a model ends its text with it."""
        return token in self._ends

    def is_command(self, token: int) -> bool:
        """Whether it is a control token or ends a text."""
        return bool(self._commands[token])

    def is_text_or_end(self, token: Any) -> Any:
        """Whether it is no control token but one that ends a text; for an array of tokens, an array."""
        return self._text_or_end[token]

    def splits(self, tokens: Sequence[int], at: int) -> bool:
        """Whether a cut before the token `at` would go through a character."""
        if not 0 < at < len(tokens):
            return False
        piece = self.piece(tokens[at])
        return bool(piece) and 0x80 <= piece[0] < 0xC0

    def _joined(self, text: str, special: bool, begins: bool) -> tuple[int, ...]:
        if not text:
            return ()
        if not self._break or begins:
            return self._tokenise(text, special)
        tokens = self._tokenise(_BREAK + text, special)
        if tokens[: len(self._break)] == self._break:
            return tokens[len(self._break) :]
        # The break has become one token with those at the beginning of the text, as with Gemma's vocabulary.
        tokens = self._tokenise(text, special)
        return tokens[1:] if self.piece(tokens[0]) == b" " else tokens

    def _tokenise(self, text: str, special: bool) -> tuple[int, ...]:
        plain = text.encode("utf-8", "replace")
        room = len(plain) + 8
        while True:
            buffer = (llama.llama_token * room)()
            count = llama.llama_tokenize(self.handle, plain, len(plain), buffer, room, False, special)
            if count >= 0:
                return tuple(buffer[:count])
            room = -count

    def _defused(self, tokens: Sequence[int]) -> tuple[int, ...]:
        """The same text with each control token in its place written letter by letter."""
        plain: list[int] = []
        for token in tokens:
            if not self._commands[token]:
                plain.append(token)
                continue
            for letter in self.shown(token):
                plain.extend(each for each in self._joined(letter, False, False) if not self._commands[each])
        return tuple(plain)

    def _remember(self, text: str, tokens: tuple[int, ...]) -> None:
        self._read[text] = tokens
        self._read_size += len(tokens) + 1
        while self._read_size > _CACHED and len(self._read) > 1:
            _, gone = self._read.popitem(last=False)
            self._read_size -= len(gone) + 1

    def _piece(self, token: int, is_shown: bool) -> bytes:
        room = 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            count = llama.llama_token_to_piece(self.handle, token, buffer, room, 0, is_shown)
            if count >= 0:
                return buffer.raw[:count]
            room = -count
