"""Tokens, `<a17>`: what people type in a round of crashes, so that it can be counted what is lost or doubled."""

from __future__ import annotations

import re

LETTERS = "ab"
RUBBED_OUT = "~"  # typed and taken back at once

Tokens = dict[str, list[int]]

_TOKEN = re.compile(r"<([ab])(\d+)>")


def tokens_of(text: str) -> Tokens:
    """The numbers of each person's tokens, in the order of the text."""
    found: Tokens = {letter: [] for letter in LETTERS}
    for letter, number in _TOKEN.findall(text):
        found[letter].append(int(number))
    return found
